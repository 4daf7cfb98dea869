//! A CUPS `page_log` as a source.

use std::path::PathBuf;

use platen_collect::joblog::Entry;
use platen_collect::joblog::page_log::{PageLog, PageLogFormat};
use platen_collect::joblog::tail::{self, Tail};
use platen_domain::clock::Timestamp;
use platen_domain::print_gaps::{Gap, GapReason};
use platen_domain::print_jobs::PrintRecord;

use super::{Look, PIECE_RECORDS, Piece, Refusals, Sink, SourceError};

/// A `page_log`, followed through rotations.
pub struct PageLogFile {
    /// Where it is.
    pub path: PathBuf,
    /// What keys its jobs where they have no UUID; the same as that of the server's IPP.
    pub instance: String,
    /// Its format, where it is neither the recommended nor the standard one.
    pub format: Option<PageLogFormat>,
}

/// What one stretch of the log brought.
struct Stretch {
    records: Vec<PrintRecord>,
    refused: u64,
    tail: Option<String>,
    gap: Option<tail::Gap>,
    more: bool,
}

impl PageLogFile {
    pub(super) fn name(&self) -> String {
        format!("page_log|{}", self.instance)
    }

    pub(super) async fn look<S: Sink>(
        &mut self,
        sink: &S,
        now: Timestamp,
    ) -> Result<Look, SourceError> {
        let source = self.name();
        let kept = sink.cursor(&source).await?;
        // A time, a space, and the place that the log's own reader wrote.
        let kept = kept.as_deref().and_then(|text| text.split_once(' '));
        let read_at = kept.and_then(|(at, _)| at.parse().ok());
        let read_at = read_at.map_or(now, Timestamp::from_millis);
        let mut place = kept.map(|(_, place)| place.to_owned());
        let mut look = Look::default();
        loop {
            let stretch = self.stretch(place.clone()).await?;
            look.records += stretch.records.len() as u64;
            look.refused += stretch.refused;
            if let Some(tail) = stretch.tail
                && Some(&tail) != place.as_ref()
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
                let piece = Piece {
                    source: source.clone(),
                    records: stretch.records,
                    cursor: format!("{} {tail}", now.as_millis()),
                    gaps: gap.into_iter().collect(),
                };
                sink.take(piece).await?;
                place = Some(tail);
            }
            if !stretch.more {
                return Ok(look);
            }
        }
    }

    async fn stretch(&self, place: Option<String>) -> Result<Stretch, SourceError> {
        let (path, instance) = (self.path.clone(), self.instance.clone());
        let format = self.format.clone();
        let shown = path.display().to_string();
        let read = tokio::task::spawn_blocking(move || read(path, &instance, format, place));
        let read = read.await.map_err(|_panic| SourceError::Interrupted)?;
        read.map_err(|source| SourceError::File {
            path: shown,
            source,
        })
    }
}

fn read(
    path: PathBuf,
    instance: &str,
    format: Option<PageLogFormat>,
    place: Option<String>,
) -> std::io::Result<Stretch> {
    let shown = path.display().to_string();
    let mut tail = match place.map(|place| Tail::resume(path.clone(), &place)) {
        Some(Ok(tail)) => tail,
        // From the beginning: keys make it harmless.
        None | Some(Err(_)) => Tail::from_start(path),
    };
    let (mut records, mut refusals) = (Vec::new(), Refusals::default());
    let mut parser = PageLog::new(instance, format);
    let progress = tail.poll(
        PIECE_RECORDS as u64,
        &mut parser,
        &mut |entry| match entry {
            Entry::Record(record) => records.push(*record),
            Entry::Skipped { .. } => {}
            Entry::Refused { line, reason } => refusals.note(&shown, line, &reason),
        },
    )?;
    Ok(Stretch {
        records,
        refused: refusals.count,
        tail: tail.cursor(),
        gap: progress.gap,
        more: progress.more,
    })
}
