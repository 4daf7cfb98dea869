//! Sending what is spooled, batch after batch, until each is acknowledged.

use std::sync::Arc;
use std::time::Duration;

use platen_collect::ingest::{IngestError, IngestServer, Outcome, Pushed};
use platen_domain::clock::Clock;
use platen_domain::ids::Ids;
use platen_domain::secret::Secret;
use platen_store::{SpoolError, SpooledBatch};

use super::RemoteError;
use super::backoff::Backoff;
use super::spool::SharedSpool;

/// Records of a batch: a commit of the server's that others hardly notice.
const BATCH_RECORDS: u32 = 1_000;

/// Octets of a batch before compression: a hundred kilobytes on the line.
const BATCH_OCTETS: u64 = 1024 * 1024;

/// Longest time without a look at the queue, should a wake-up be missed.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Attempts without an answer after which a run that is to end gives up; some three minutes.
const ATTEMPTS_MAX: u32 = 9;

/// What came of an attempt.
enum Attempt {
    /// The queue moved on.
    Done,
    /// Nothing is queued.
    Empty,
    /// It is to be tried again after a pause.
    Pause(Option<Duration>, IngestTrouble),
}

/// Why it is to be tried again.
enum IngestTrouble {
    DiskFull,
    Busy,
    OtherRecords,
    Error(IngestError),
}

/// Sends batches.
pub(super) struct Pusher {
    spool: SharedSpool,
    server: IngestServer,
    credential: Secret<String>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    backoff: Backoff,
    /// Records of the next batch; less after one was too large.
    records_max: u32,
}

impl Pusher {
    pub(super) fn new(
        spool: SharedSpool,
        server: IngestServer,
        credential: Secret<String>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            spool,
            server,
            credential,
            clock,
            backoff: Backoff::new(Arc::clone(&ids)),
            ids,
            records_max: BATCH_RECORDS,
        }
    }

    /// Sends for ever. Only a spool that fails ends it.
    pub(super) async fn run(mut self) -> Result<(), RemoteError> {
        loop {
            match self.attempt_or_wait().await? {
                Attempt::Done => self.backoff.reset(),
                Attempt::Empty => {
                    let filled = self.spool.filled();
                    // Either way there is a look.
                    tokio::time::timeout(LOOK_EVERY, filled).await.ok();
                }
                Attempt::Pause(asked, trouble) => self.pause(asked, &trouble).await,
            }
        }
    }

    /// Sends until the server has everything. A credential that opens nothing ends it, and so do
    /// many attempts without an answer.
    pub(super) async fn run_until_empty(mut self) -> Result<(), RemoteError> {
        let mut attempts = 0;
        loop {
            match self.attempt_or_wait().await? {
                Attempt::Done => {
                    attempts = 0;
                    self.backoff.reset();
                }
                Attempt::Empty => return Ok(()),
                Attempt::Pause(_, IngestTrouble::Error(error @ IngestError::Unauthorized)) => {
                    return Err(RemoteError::Server(error));
                }
                Attempt::Pause(asked, trouble) => {
                    attempts += 1;
                    match trouble {
                        IngestTrouble::Error(error) if attempts >= ATTEMPTS_MAX => {
                            return Err(RemoteError::Server(error));
                        }
                        trouble => self.pause(asked, &trouble).await,
                    }
                }
            }
        }
    }

    async fn pause(&mut self, asked: Option<Duration>, trouble: &IngestTrouble) {
        let own = self.backoff.next();
        let pause = asked.map_or(own, |asked| self.backoff.asked(asked));
        let seconds = pause.as_secs_f64();
        match trouble {
            IngestTrouble::DiskFull => {
                let error = SpoolError::DiskFull;
                tracing::error!(%error, seconds, "nothing can be sent");
            }
            IngestTrouble::Busy => tracing::info!(seconds, "the server asks to wait"),
            IngestTrouble::OtherRecords => tracing::warn!(
                seconds,
                "the server knows other records under this spool's batches: the spool was \
                 restored or copied; a new epoch begins"
            ),
            IngestTrouble::Error(error) => {
                let error = error as &dyn std::error::Error;
                tracing::warn!(error, seconds, "not sent; it will be tried again");
            }
        }
        tokio::time::sleep(pause).await;
    }

    /// As [`Pusher::attempt`], with a full disk as something that passes.
    async fn attempt_or_wait(&mut self) -> Result<Attempt, SpoolError> {
        match self.attempt().await {
            Err(SpoolError::DiskFull) => Ok(Attempt::Pause(None, IngestTrouble::DiskFull)),
            attempted => attempted,
        }
    }

    async fn attempt(&mut self) -> Result<Attempt, SpoolError> {
        let records_max = self.records_max;
        let next = self
            .spool
            .run(move |spool| spool.next_batch(records_max, BATCH_OCTETS));
        let Some(batch) = next.await? else {
            return Ok(Attempt::Empty);
        };
        let pushed = self.server.push(&self.credential, batch.id, &batch.records);
        match pushed.await {
            Ok(Pushed::Taken(outcomes)) => {
                let rejected = outcomes.into_iter().enumerate().filter_map(rejected);
                self.acknowledge(&batch, rejected.collect()).await?;
                self.records_max = (self.records_max * 2).min(BATCH_RECORDS);
                Ok(Attempt::Done)
            }
            Ok(Pushed::OtherRecords) => {
                let ids = Arc::clone(&self.ids);
                self.spool
                    .run(move |spool| spool.begin_epoch(&*ids))
                    .await?;
                Ok(Attempt::Pause(None, IngestTrouble::OtherRecords))
            }
            Ok(Pushed::TooLarge) => self.make_smaller(&batch).await,
            Ok(Pushed::Later(asked)) => Ok(Attempt::Pause(asked, IngestTrouble::Busy)),
            Err(error) => Ok(Attempt::Pause(None, IngestTrouble::Error(error))),
        }
    }

    async fn acknowledge(
        &self,
        batch: &SpooledBatch,
        rejected: Vec<(usize, String)>,
    ) -> Result<(), SpoolError> {
        let (sequence, now) = (batch.id.sequence, self.clock.now());
        let (records, refused) = (batch.records.len(), rejected.len());
        let kept = self
            .spool
            .run(move |spool| spool.acknowledge(sequence, &rejected, now));
        kept.await?;
        if refused == 0 {
            tracing::debug!(sequence, records, "the server has a batch");
        } else {
            tracing::warn!(sequence, records, refused, "the server refused records");
        }
        Ok(())
    }

    /// Half as many records in the next batch; one that is too large alone is set aside.
    async fn make_smaller(&mut self, batch: &SpooledBatch) -> Result<Attempt, SpoolError> {
        if batch.records.len() <= 1 {
            let reason = "too large for the server".to_owned();
            self.acknowledge(batch, vec![(0, reason)]).await?;
            return Ok(Attempt::Done);
        }
        let half = batch.records.len() / 2;
        self.records_max = u32::try_from(half).unwrap_or(1).max(1);
        let sequence = batch.id.sequence;
        self.spool
            .run(move |spool| spool.dissolve(sequence))
            .await?;
        Ok(Attempt::Done)
    }
}

fn rejected((place, outcome): (usize, Outcome)) -> Option<(usize, String)> {
    match outcome {
        Outcome::Taken => None,
        Outcome::Rejected(reason) => Some((place, reason)),
    }
}

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;
