//! Batches of print records that collectors push.
//!
//! A batch has a name. Sent again under it, the same records change nothing and are answered
//! anew; other records under it are refused. What is answered is on disk: the batch's name, its
//! records and the monthly sums are one write.

use platen_collect::joblog::record_json;
use platen_collect::privacy;
use platen_domain::collectors::BatchId;
use platen_domain::print_jobs::PrintRecord;
use platen_domain::scope::{Actor, Scope};
use platen_store::{BatchSeen, StoreError};
use sha2::{Digest as _, Sha256};

use super::Printing;
use super::held_jobs::warn_of_held;
use super::print_jobs::{Intake, Verdict, merge};
use crate::AppError;

/// Records of a batch at most: one commit, which others wait for.
pub const RECORDS_PER_BATCH_MAX: usize = 5_000;

/// Octets of one record at most. The longest texts in every field need less than a tenth.
pub const RECORD_OCTETS_MAX: usize = 64 * 1024;

/// What is said of a record that waits.
const HELD: &str = "completed_at lies more than a day ahead of this server's clock: the record is \
                    kept and counts once the clock has come so far";

/// Why a batch was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BatchRefusal {
    /// Its name stands for other records already.
    #[error(
        "this batch id was used for other records: the collector was restored or copied; begin \
         a new epoch"
    )]
    Different,
    /// It has too many records.
    #[error("a batch has {RECORDS_PER_BATCH_MAX} records at most")]
    TooMany,
    /// The writer has more to do than it can queue.
    #[error("the server has more to write than it accepts; send the batch again shortly")]
    Busy,
    /// Who asks is no collector.
    #[error("only a collector may push records")]
    NoCollector,
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// What became of one record of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAnswer {
    /// `accepted`, `revised`, `duplicate`, `held` or `rejected`.
    pub outcome: &'static str,
    /// Why it is held or was rejected: names the field and what was expected.
    pub reason: Option<String>,
}

/// What a line of a batch turned out to be.
enum Line {
    Record,
    Refused(String),
}

impl Printing<'_> {
    /// Takes a batch in: `body` holds one record a line (NDJSON, see
    /// [`record_json`]). Answers each line in its order once all of it is on disk.
    pub async fn ingest(
        self,
        scope: &Scope,
        batch: BatchId,
        body: &[u8],
    ) -> Result<Vec<RecordAnswer>, BatchRefusal> {
        let Actor::Collector { id: collector } = *scope.actor() else {
            return Err(BatchRefusal::NoCollector);
        };
        let content: [u8; 32] = Sha256::digest(body).into();
        let (lines, records) = self.read_batch(scope, body).await?;
        let organization = self.app.access().organization(scope).await?;
        let (placed, judged) = Intake::new(&organization, self.app.now())?.place(records);
        let taking_in = self.taking_in(scope, &organization)?;
        let units = self.app.store.of(scope).with_rows(placed.len());
        let within = scope.clone();
        let written = units.try_write(move |writer| {
            let seen = writer.note_batch(&within, collector, batch, &content, taking_in.now)?;
            if seen == BatchSeen::Different {
                return Ok(None);
            }
            taking_in.keep(writer, &placed).map(Some)
        });
        let kept = match written.await {
            Ok(kept) => kept.ok_or(BatchRefusal::Different)?,
            Err(StoreError::Busy) => return Err(BatchRefusal::Busy),
            Err(error) => return Err(AppError::from(error).into()),
        };
        self.app.printing.late_jobs.add(kept.late);
        let verdicts = merge(judged, kept);
        let held = verdicts.iter().filter(|verdict| **verdict == Verdict::Held);
        warn_of_held("a collector", held.count());
        let mut verdicts = verdicts.into_iter();
        let answer = |line: Line| match line {
            Line::Refused(reason) => Some(RecordAnswer {
                outcome: "rejected",
                reason: Some(reason),
            }),
            Line::Record => verdicts.next().map(answer_to),
        };
        Ok(lines.into_iter().filter_map(answer).collect())
    }

    /// The lines of a batch, and the records among them after the organization's privacy: a
    /// collector applies it too, but not every program that pushes knows how.
    async fn read_batch(
        self,
        scope: &Scope,
        body: &[u8],
    ) -> Result<(Vec<Line>, Vec<PrintRecord>), BatchRefusal> {
        let kept = self.app.people().privacy(scope).await?;
        let (mut lines, mut records) = (Vec::new(), Vec::new());
        for line in body.split(|octet| *octet == b'\n') {
            if line.trim_ascii().is_empty() {
                continue;
            }
            if lines.len() == RECORDS_PER_BATCH_MAX {
                return Err(BatchRefusal::TooMany);
            }
            if line.len() > RECORD_OCTETS_MAX {
                let reason = format!("a record has {RECORD_OCTETS_MAX} octets at most");
                lines.push(Line::Refused(reason));
                continue;
            }
            match record_json::decode(line) {
                Ok(mut record) => {
                    privacy::apply(&kept.policy, &kept.key, &kept.names, &mut record);
                    records.push(record);
                    lines.push(Line::Record);
                }
                Err(error) => lines.push(Line::Refused(error.to_string())),
            }
        }
        Ok((lines, records))
    }
}

fn answer_to(verdict: Verdict) -> RecordAnswer {
    RecordAnswer {
        outcome: verdict.keyword(),
        reason: match verdict {
            Verdict::Taken(_) => None,
            Verdict::Held => Some(HELD.to_owned()),
            Verdict::Rejected(rejection) => Some(rejection.to_string()),
        },
    }
}
