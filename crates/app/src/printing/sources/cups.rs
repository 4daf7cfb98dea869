//! A CUPS server as a source.

use platen_collect::cups::{Cursor, Spooler};
use platen_domain::clock::Timestamp;

use super::{Look, Piece, Sink, SourceError};

/// A CUPS server, read by IPP.
pub struct CupsServer {
    spooler: Spooler,
}

impl CupsServer {
    /// Reads this spooler.
    pub const fn new(spooler: Spooler) -> Self {
        Self { spooler }
    }

    pub(super) fn name(&self) -> String {
        self.spooler.source()
    }

    pub(super) async fn look<S: Sink>(
        &mut self,
        sink: &S,
        now: Timestamp,
    ) -> Result<Look, SourceError> {
        let source = self.name();
        let kept = sink.cursor(&source).await?;
        let mut cursor = kept.as_deref().and_then(Cursor::from_text);
        let mut look = Look::default();
        loop {
            let from = cursor.unwrap_or_else(Cursor::start);
            let harvest = self.spooler.new_jobs(&from, now).await?;
            if harvest.withheld > 0 {
                let jobs = harvest.withheld;
                tracing::warn!(
                    source,
                    jobs,
                    "the spooler withholds who printed: give this collector a user of its \
                     JobPrivateAccess"
                );
            }
            look.records += harvest.records.len() as u64;
            look.refused += harvest.refused;
            if harvest.cursor != from || !harvest.records.is_empty() {
                let piece = Piece {
                    source: source.clone(),
                    records: harvest.records,
                    cursor: harvest.cursor.to_text(),
                    gaps: harvest.gaps,
                };
                sink.take(piece).await?;
            }
            if !harvest.more {
                return Ok(look);
            }
            cursor = Some(harvest.cursor);
        }
    }
}
