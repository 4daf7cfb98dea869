//! A CUPS `page_log` as a source.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use platen_collect::joblog::page_log::{
    FormQuestion, PageLog, PageLogFormat, Recognised, Recogniser,
};
use platen_collect::joblog::tail::{self, Tail};
use platen_collect::joblog::{Entry, ReadError};
use platen_domain::clock::Timestamp;
use platen_domain::print_gaps::{Gap, GapReason};
use platen_domain::print_jobs::PrintRecord;

use super::{Look, PIECE_RECORDS, Piece, Refusals, Sink, SourceError};

/// Where the lines may stand that tell the form, while the log itself has none yet: what it was
/// rotated to last.
const ROTATED: [&str; 3] = ["", ".O", ".1"];

/// A `page_log`, followed through rotations.
pub struct PageLogFile {
    path: PathBuf,
    instance: String,
    format: Option<PageLogFormat>,
    /// The reading under way, and the cursor that was kept with it.
    following: Option<Box<(String, Following)>>,
    /// Whether it was said that lines are waited for.
    is_waiting_told: bool,
}

/// A log that is read, and the jobs whose lines still come.
struct Following {
    tail: Tail,
    parser: PageLog<'static>,
    form: Option<Recognised>,
}

/// What one stretch of the log brought.
struct Stretch {
    following: Following,
    records: Vec<PrintRecord>,
    refused: u64,
    gap: Option<tail::Gap>,
    more: bool,
}

impl PageLogFile {
    /// The log at this path. `instance` keys its jobs where they have no UUID: the same as that of
    /// the server's IPP. Where `format` is not given, the lines tell it.
    pub const fn new(path: PathBuf, instance: String, format: Option<PageLogFormat>) -> Self {
        Self {
            path,
            instance,
            format,
            following: None,
            is_waiting_told: false,
        }
    }

    pub(super) fn name(&self) -> String {
        format!("page_log|{}", self.instance)
    }

    /// By which form its lines are read that are there; `None` where there is none yet.
    pub fn form(&self) -> io::Result<Option<Result<Recognised, FormQuestion>>> {
        match &self.format {
            Some(format) => Ok(Recogniser::recognised(format.as_str()).map(Ok)),
            None => recognise(&self.path, true),
        }
    }

    pub(super) async fn look<S: Sink>(
        &mut self,
        sink: &S,
        now: Timestamp,
    ) -> Result<Look, SourceError> {
        let source = self.name();
        let kept = sink.cursor(&source).await?;
        let read_at = kept.as_deref().and_then(|text| text.split_once(' '));
        let read_at = read_at.and_then(|(at, _)| at.parse().ok());
        let read_at = read_at.map_or(now, Timestamp::from_millis);
        let mut look = Look::default();
        let Some(mut following) = self.follow(kept.clone().unwrap_or_default()).await? else {
            return Ok(look);
        };
        let mut kept = kept.unwrap_or_default();
        loop {
            let place = following.tail.cursor();
            let stretch = self.stretch(following, now).await?;
            following = stretch.following;
            look.records += stretch.records.len() as u64;
            look.refused += stretch.refused;
            let tail = following.tail.cursor();
            if let Some(tail) =
                tail.filter(|tail| Some(tail) != place.as_ref() || !stretch.records.is_empty())
            {
                let gap = stretch.gap.map(|gap| Gap {
                    source: source.clone(),
                    from: read_at,
                    until: now,
                    jobs: None,
                    reason: match gap {
                        tail::Gap::Truncated => GapReason::LogCut,
                        tail::Gap::Lost => GapReason::LogRotated,
                    },
                });
                kept = cursor(now, &tail, following.form.as_ref());
                let piece = Piece {
                    source: source.clone(),
                    records: stretch.records,
                    cursor: kept.clone(),
                    gaps: gap.into_iter().collect(),
                };
                sink.take(piece).await?;
            }
            if !stretch.more {
                self.following = Some(Box::new((kept, following)));
                return Ok(look);
            }
        }
    }

    /// The reading that goes on from what was kept; `None` where the form is not known yet.
    async fn follow(&mut self, kept: String) -> Result<Option<Following>, SourceError> {
        if let Some(known) = self.following.take()
            && known.0 == kept
        {
            return Ok(Some(known.1));
        }
        let (place, form) = read_cursor(&kept);
        let form = match (&self.format, form) {
            (Some(_), _) => None,
            (None, Some(form)) => Some(form),
            (None, None) => match self.recognised().await? {
                Some(form) => Some(form),
                None => return Ok(None),
            },
        };
        let parser = match &form {
            Some(form) => PageLog::recognised(&self.instance, form.clone()),
            None => PageLog::new(&self.instance, self.format.clone()),
        };
        let tail = match place.map(|place| Tail::resume(self.path.clone(), place)) {
            Some(Ok(tail)) => tail,
            // From the beginning: keys make it harmless.
            None | Some(Err(_)) => Tail::from_start(self.path.clone()),
        };
        Ok(Some(Following { tail, parser, form }))
    }

    async fn recognised(&mut self) -> Result<Option<Recognised>, SourceError> {
        let path = self.path.clone();
        let told = tokio::task::spawn_blocking(move || recognise(&path, false)).await;
        let told = told.map_err(|_panic| SourceError::Interrupted)?;
        let path = self.path.display().to_string();
        match told {
            Ok(Some(Ok(form))) => {
                let source = self.name();
                tracing::info!(source, read_as = form.words(), "a form is recognised");
                Ok(Some(form))
            }
            Ok(Some(Err(question))) => Err(SourceError::Format {
                path,
                source: ReadError::PageLogForm(question),
            }),
            Ok(None) => {
                if !std::mem::replace(&mut self.is_waiting_told, true) {
                    let source = self.name();
                    tracing::info!(
                        source,
                        "no line tells the form of the log yet; say it with format, or wait for \
                         more lines"
                    );
                }
                Ok(None)
            }
            Err(source) => Err(SourceError::File { path, source }),
        }
    }

    async fn stretch(&self, following: Following, now: Timestamp) -> Result<Stretch, SourceError> {
        let shown = self.path.display().to_string();
        let path = shown.clone();
        let read = tokio::task::spawn_blocking(move || read(&shown, following, now));
        let read = read.await.map_err(|_panic| SourceError::Interrupted)?;
        read.map_err(|source| SourceError::File { path, source })
    }
}

/// A time, a space, and the place that the log's own reader wrote; on a second line the form that
/// was recognised.
fn cursor(now: Timestamp, tail: &str, form: Option<&Recognised>) -> String {
    let now = now.as_millis();
    match form {
        Some(form) => format!("{now} {tail}\n{}", form.to_text()),
        None => format!("{now} {tail}"),
    }
}

fn read_cursor(text: &str) -> (Option<&str>, Option<Recognised>) {
    let (first, form) = match text.split_once('\n') {
        Some((first, form)) => (first, Recogniser::recognised(form)),
        None => (text, None),
    };
    (first.split_once(' ').map(|(_, place)| place), form)
}

/// The form that the first lines tell.
fn recognise(path: &Path, is_whole: bool) -> io::Result<Option<Result<Recognised, FormQuestion>>> {
    for ending in ROTATED {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let file = match File::open(name) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if let Some(told) = Recogniser::read(&mut BufReader::new(file), is_whole)? {
            return Ok(Some(told));
        }
    }
    Ok(None)
}

fn read(shown: &str, mut following: Following, now: Timestamp) -> io::Result<Stretch> {
    let (mut records, mut refusals) = (Vec::new(), Refusals::default());
    let Following { tail, parser, .. } = &mut following;
    let mut sink = |entry| match entry {
        Entry::Record(record) => records.push(*record),
        Entry::Skipped { .. } => {}
        Entry::Refused { line, reason } => refusals.note(shown, line, &reason),
    };
    let progress = tail.poll(PIECE_RECORDS as u64, parser, &mut sink)?;
    if !progress.more {
        parser.pause(now, &mut sink);
    }
    Ok(Stretch {
        following,
        records,
        refused: refusals.count,
        gap: progress.gap,
        more: progress.more,
    })
}

#[cfg(test)]
#[path = "page_log_tests.rs"]
mod tests;
