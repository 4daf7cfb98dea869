//! A directory into which logs and exports are put, as a source.
//!
//! Files are left where they are and as they are. Lines are read as soon as they are ended; what
//! is no line, and a last line without an end, is read once two looks found the file unchanged. A
//! file that grew is read on, one that was replaced is read anew: keys make that harmless.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platen_collect::joblog::{DateOrder, Kind, Options, ReadError};
use platen_domain::clock::Timestamp;
use tokio::sync::mpsc;

use super::drop_file::{self, Chunk, Place, Sight, Task};
use super::{Look, Piece, Sink, SinkError, SourceError};

/// Files of a directory that are looked at: thirty years of daily logs. More are named in the log.
const FILES_MAX: usize = 10_000;

/// Files that are read for what their dates tell of another's: the nearest by name, which are the
/// nearest in time where names are dates.
const NEIGHBOURS_MAX: usize = 20;

/// Pieces of a file that wait for the sink.
const PIECES_WAITING: usize = 2;

/// Endings of names under which programs write what is not ready.
const UNREADY: [&str; 4] = [".part", ".tmp", ".partial", ".crdownload"];

/// A directory of print logs.
pub struct DropDirectory {
    directory: PathBuf,
    /// `None` tells the format of each file by what it holds.
    kind: Option<Kind>,
    options: Arc<Options>,
    /// How each file was last seen.
    seen: BTreeMap<String, Sight>,
    /// Files that are not read, as they were when that was said.
    passed_over: BTreeMap<String, Sight>,
    /// Those of them whose dates another file may explain.
    questions: BTreeSet<String>,
}

impl DropDirectory {
    /// Reads the files in `directory`; without a `kind`, each by what it holds.
    pub fn new(directory: PathBuf, kind: Option<Kind>, options: Options) -> Self {
        Self {
            directory,
            kind,
            options: Arc::new(options),
            seen: BTreeMap::new(),
            passed_over: BTreeMap::new(),
            questions: BTreeSet::new(),
        }
    }

    pub(super) fn name(&self) -> String {
        format!("drop|{}", self.options.instance)
    }

    pub(super) async fn look<S: Sink>(
        &mut self,
        sink: &S,
        now: Timestamp,
    ) -> Result<Look, SourceError> {
        let directory = self.directory.clone();
        let listed = blocking(move || list(&directory)).await?;
        let names = listed.map_err(|source| SourceError::File {
            path: self.directory.display().to_string(),
            source,
        })?;
        self.seen.retain(|name, _| names.contains(name));
        self.passed_over.retain(|name, _| names.contains(name));
        let options = self.options(sink).await?;
        let mut look = Look::default();
        for name in &names {
            match self.look_at(name, &names, sink, &options, now).await {
                Ok(one) => {
                    if one.records > 0 {
                        // Its dates may tell how those of other files are to be read.
                        for name in std::mem::take(&mut self.questions) {
                            self.passed_over.remove(&name);
                        }
                    }
                    look.add(one);
                }
                // One bad file must not keep the others from being read.
                Err(
                    error @ (SourceError::Format { .. }
                    | SourceError::Unknown(_)
                    | SourceError::File { .. }),
                ) => {
                    tracing::warn!(%error, "a file is passed over");
                    look.refused += 1;
                    if !matches!(error, SourceError::File { .. })
                        && let Some(sight) = self.seen.get(name)
                    {
                        // Said once; it is looked at again when it was changed.
                        self.passed_over.insert(name.clone(), *sight);
                        if is_question(&error) {
                            self.questions.insert(name.clone());
                        }
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(look)
    }

    /// The options of this look: where no time zone is said, times are those of the organization.
    async fn options<S: Sink>(&self, sink: &S) -> Result<Arc<Options>, SourceError> {
        if self.options.zone.is_some() {
            return Ok(Arc::clone(&self.options));
        }
        let zone = sink.time_zone().await?;
        let options = (*self.options).clone();
        Ok(Arc::new(Options { zone, ..options }))
    }

    async fn look_at<S: Sink>(
        &mut self,
        name: &str,
        names: &[String],
        sink: &S,
        options: &Arc<Options>,
        now: Timestamp,
    ) -> Result<Look, SourceError> {
        let path = self.directory.join(name);
        let shown = path.display().to_string();
        let unread = |source| SourceError::File {
            path: shown.clone(),
            source,
        };
        let opened = blocking(move || open(&path)).await?;
        let Some((file, sight)) = opened.map_err(unread)? else {
            self.seen.remove(name);
            return Ok(Look::default());
        };
        if self.passed_over.get(name) == Some(&sight) {
            return Ok(Look::default());
        }
        let settled = self.seen.insert(name.to_owned(), sight) == Some(sight);
        let source = format!("{}|{name}", self.name());
        let place: Option<Place> = sink
            .cursor(&source)
            .await?
            .and_then(|text| text.parse().ok());
        let find = Find {
            name: name.to_owned(),
            kind: self.kind,
            place,
            settled,
            options: Arc::clone(options),
        };
        let task = blocking(move || find.task(file)).await?;
        let mut look = Look {
            unsettled: !settled,
            ..Look::default()
        };
        let task = match task.map_err(unread)? {
            Prospect::Unknown if settled && sight.octets > 0 => {
                return Err(SourceError::Unknown(shown));
            }
            Prospect::Unknown | Prospect::Nothing => None,
            Prospect::Task(task) => Some(task),
        };
        if let Some(mut task) = task {
            let (sender, mut chunks) = mpsc::channel(PIECES_WAITING);
            let (options, file_name) = (Arc::clone(options), shown.clone());
            let neighbours = self.neighbours(name, names);
            let is_kind_said = self.kind.is_some();
            let reading = tokio::task::spawn_blocking(move || {
                let kind = task.kind;
                let read = task.run(&file_name, &options, now, &sender);
                let Err(ReadError::DateOrder(question)) = read else {
                    return read;
                };
                let tell =
                    |path: &PathBuf| drop_file::date_order(path, kind, is_kind_said, &options, now);
                let Some(order) = agreed(neighbours.iter().filter_map(tell)) else {
                    return Err(ReadError::DateOrder(question));
                };
                let options = Options {
                    neighbours_date_order: Some(order),
                    ..(*options).clone()
                };
                task.run(&file_name, &options, now, &sender)
            });
            let taken = take(&source, &mut chunks, sink, &mut look).await;
            // Nobody receives any more: the reading ends at once.
            drop(chunks);
            let read: Result<(), ReadError> =
                reading.await.map_err(|_panic| SourceError::Interrupted)?;
            taken?;
            match read {
                // The header may still be on its way.
                Err(ReadError::NoColumns(_)) if !settled => {}
                read => read.map_err(|error| unreadable(shown, error))?,
            }
        }
        Ok(look)
    }

    /// The files beside this one, the nearest by name first.
    fn neighbours(&self, name: &str, names: &[String]) -> Vec<PathBuf> {
        let at = names.iter().position(|other| other == name).unwrap_or(0);
        let mut others: Vec<_> = (0..names.len()).filter(|other| *other != at).collect();
        others.sort_unstable_by_key(|other| other.abs_diff(at));
        others.truncate(NEIGHBOURS_MAX);
        let names = others.into_iter().filter_map(|other| names.get(other));
        names.map(|name| self.directory.join(name)).collect()
    }
}

/// The one of these that all of them are.
fn agreed(mut orders: impl Iterator<Item = DateOrder>) -> Option<DateOrder> {
    let first = orders.next()?;
    orders.all(|order| order == first).then_some(first)
}

const fn is_question(error: &SourceError) -> bool {
    matches!(
        error,
        SourceError::Format {
            source: ReadError::DateOrder(_),
            ..
        }
    )
}

/// What there is to do with a file.
enum Prospect {
    /// To read it.
    Task(Task),
    /// Nothing new.
    Nothing,
    /// Nobody knows what it is.
    Unknown,
}

/// What is known of a file before it is looked into.
struct Find {
    name: String,
    kind: Option<Kind>,
    place: Option<Place>,
    settled: bool,
    options: Arc<Options>,
}

impl Find {
    fn task(self, mut file: std::fs::File) -> io::Result<Prospect> {
        let kind = match self.kind {
            Some(kind) => Some(kind),
            None => drop_file::detect(&mut file, &self.name, &self.options)?,
        };
        let Some(kind) = kind else {
            return Ok(Prospect::Unknown);
        };
        let task = Task::of(file, kind, self.place, self.settled)?;
        Ok(task.map_or(Prospect::Nothing, Prospect::Task))
    }
}

fn unreadable(path: String, error: ReadError) -> SourceError {
    match error {
        ReadError::Io(source) => SourceError::File { path, source },
        source => SourceError::Format { path, source },
    }
}

async fn take<S: Sink>(
    source: &str,
    chunks: &mut mpsc::Receiver<Chunk>,
    sink: &S,
    look: &mut Look,
) -> Result<(), SinkError> {
    while let Some(chunk) = chunks.recv().await {
        let records = chunk.records.len() as u64;
        let piece = Piece {
            source: source.to_owned(),
            records: chunk.records,
            cursor: chunk.place.to_string(),
            gaps: Vec::new(),
        };
        sink.take(piece).await?;
        look.records += records;
        look.refused += chunk.refused;
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, SourceError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_panic| SourceError::Interrupted)
}

/// `None` for what is gone since it was listed, and for what is no file.
fn open(path: &Path) -> io::Result<Option<(std::fs::File, Sight)>> {
    match drop_file::open(path) {
        Ok(Some(file)) => {
            let sight = Sight::of(&file)?;
            Ok(Some((file, sight)))
        }
        Ok(None) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The names of what is ready to be read, in their order: dated names are read oldest first.
fn list(directory: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let Ok(name) = entry?.file_name().into_string() else {
            tracing::warn!(directory = %directory.display(), "a name that is not UTF-8 is passed over");
            continue;
        };
        let unready = name.starts_with('.') || UNREADY.iter().any(|end| name.ends_with(end));
        if !unready {
            names.push(name);
        }
    }
    names.sort_unstable();
    if names.len() > FILES_MAX {
        let files = names.len();
        tracing::warn!(directory = %directory.display(), files, "more files than are read: move old ones away");
        names.drain(..files - FILES_MAX);
    }
    Ok(names)
}

#[cfg(test)]
#[path = "drop_directory_tests.rs"]
mod tests;
