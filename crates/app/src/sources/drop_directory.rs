//! A directory into which logs and exports are put, as a source.
//!
//! Files are left where they are and as they are. Lines are read as soon as they are ended; what
//! is no line, and a last line without an end, is read once two looks found the file unchanged. A
//! file that grew is read on, one that was replaced is read anew: keys make that harmless.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platen_collect::joblog::{Kind, Options, ReadError};
use tokio::sync::mpsc;

use super::drop_file::{self, Chunk, Place, Sight, Task};
use super::{Look, Piece, Sink, SinkError, SourceError};

/// Files of a directory that are looked at: thirty years of daily logs. More are named in the log.
const FILES_MAX: usize = 10_000;

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
    /// Files whose format is not read, as they were when that was said.
    passed_over: BTreeMap<String, Sight>,
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
        }
    }

    pub(super) fn name(&self) -> String {
        format!("drop|{}", self.options.instance)
    }

    pub(super) async fn look<S: Sink>(&mut self, sink: &S) -> Result<Look, SourceError> {
        let directory = self.directory.clone();
        let listed = blocking(move || list(&directory)).await?;
        let names = listed.map_err(|source| SourceError::File {
            path: self.directory.display().to_string(),
            source,
        })?;
        self.seen.retain(|name, _| names.contains(name));
        self.passed_over.retain(|name, _| names.contains(name));
        let mut look = Look::default();
        for name in names {
            match self.look_at(&name, sink).await {
                Ok(one) => look.add(one),
                // One bad file must not keep the others from being read.
                Err(
                    error @ (SourceError::Format { .. }
                    | SourceError::Unknown(_)
                    | SourceError::File { .. }),
                ) => {
                    tracing::warn!(%error, "a file is passed over");
                    look.refused += 1;
                    if !matches!(error, SourceError::File { .. })
                        && let Some(sight) = self.seen.get(&name)
                    {
                        // Said once; it is looked at again when it was changed.
                        self.passed_over.insert(name, *sight);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(look)
    }

    async fn look_at<S: Sink>(&mut self, name: &str, sink: &S) -> Result<Look, SourceError> {
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
        let (kind, file_name) = (self.kind, name.to_owned());
        let task = blocking(move || task(file, &file_name, kind, place, settled)).await?;
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
        if let Some(task) = task {
            let (sender, mut chunks) = mpsc::channel(PIECES_WAITING);
            let (options, file_name) = (Arc::clone(&self.options), shown.clone());
            let reading =
                tokio::task::spawn_blocking(move || task.run(&file_name, &options, &sender));
            let taken = take(&source, &mut chunks, sink, &mut look).await;
            // Nobody receives any more: the reading ends at once.
            drop(chunks);
            let read: Result<(), ReadError> =
                reading.await.map_err(|_panic| SourceError::Interrupted)?;
            taken?;
            read.map_err(|error| unreadable(shown, error))?;
        }
        Ok(look)
    }
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

fn task(
    mut file: std::fs::File,
    name: &str,
    kind: Option<Kind>,
    place: Option<Place>,
    settled: bool,
) -> io::Result<Prospect> {
    let kind = match kind {
        Some(kind) => Some(kind),
        None => drop_file::detect(&mut file, name)?,
    };
    let Some(kind) = kind else {
        return Ok(Prospect::Unknown);
    };
    let task = Task::of(file, kind, place, settled)?;
    Ok(task.map_or(Prospect::Nothing, Prospect::Task))
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
