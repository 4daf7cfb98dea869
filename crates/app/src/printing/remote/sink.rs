//! The spool as a sink: privacy first, then to disk.

use std::sync::Arc;

use jiff::tz::TimeZone;
use platen_collect::joblog::record_json;
use platen_collect::privacy;
use platen_domain::clock::Clock;
use platen_domain::secret::Secret;
use platen_store::{SpoolError, SpoolInput};

use super::spool::SharedSpool;
use crate::printing::sources::{Piece, Sink, SinkError};

/// Keeps records in a spool.
#[derive(Clone)]
pub(super) struct SpoolSink {
    spool: SharedSpool,
    clock: Arc<dyn Clock>,
}

impl SpoolSink {
    pub(super) const fn new(spool: SharedSpool, clock: Arc<dyn Clock>) -> Self {
        Self { spool, clock }
    }
}

impl Sink for SpoolSink {
    async fn cursor(&self, source: &str) -> Result<Option<String>, SinkError> {
        let source = source.to_owned();
        let read = self.spool.run(move |spool| {
            if !spool.has_room()? {
                return Err(SpoolError::Full);
            }
            spool.cursor(&source)
        });
        read.await.map_err(refused)
    }

    async fn time_zone(&self) -> Result<Option<TimeZone>, SinkError> {
        let read = self.spool.run(|spool| spool.time_zone());
        let name = read.await.map_err(refused)?;
        // A zone was known when it was kept; a machine that forgot it knows none.
        Ok(name.and_then(|name| TimeZone::get(&name).ok()))
    }

    async fn take(&self, piece: Piece) -> Result<(), SinkError> {
        for gap in &piece.gaps {
            let (reason, jobs) = (gap.reason.keyword(), gap.jobs);
            tracing::warn!(source = piece.source, reason, jobs, "jobs may be missing");
        }
        let now = self.clock.now();
        let kept = self.spool.run(move |spool| {
            let Some((policy, key, names)) = spool.privacy()? else {
                return Ok(false);
            };
            // Without a key nothing is hashed; a policy that hashes comes with one.
            let key = key.unwrap_or(Secret::new([0; 32]));
            let records = piece.records.into_iter().map(|mut record| {
                privacy::apply(&policy, &key, &names, &mut record);
                let mut json = Vec::new();
                record_json::encode(&record, &mut json);
                json
            });
            let input = SpoolInput {
                source: piece.source,
                records: records.collect(),
                cursor: piece.cursor,
                gaps: piece.gaps,
            };
            spool.append(&input, now).map(|()| true)
        });
        if !kept.await.map_err(refused)? {
            let text = "the server has not told its privacy policy yet".to_owned();
            return Err(SinkError::Full(text));
        }
        self.spool.fill();
        Ok(())
    }
}

fn refused(error: SpoolError) -> SinkError {
    match error {
        SpoolError::Full | SpoolError::DiskFull => SinkError::Full(error.to_string()),
        other => SinkError::Failed(Box::new(other)),
    }
}
