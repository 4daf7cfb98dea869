//! Programs that push: each batch again and again until it is acknowledged, and now and then one
//! that was acknowledged long ago.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use platen_collect::http::Client;
use platen_collect::ingest::{IngestError, IngestServer, Outcome, Pushed};
use platen_domain::collectors::BatchId;
use platen_domain::secret::Secret;
use tokio::task::JoinSet;

use super::installation::Installation;
use super::ledger::Ledger;
use super::{CLIENTS, Chance};

/// Records of a batch at most: few, so that most kills fall between a batch and its answer.
const BATCH_RECORDS_MAX: u64 = 8;

/// Pause after an attempt without an answer: the server is being started.
const PAUSE: Duration = Duration::from_millis(15);

/// How long a client goes on after it was told to finish, for the answer to its last batch.
const PATIENCE: Duration = Duration::from_mins(1);

/// One in so many batches is an old one, sent again.
const AGAIN_ONE_IN: u64 = 8;

/// A record with this name, as it is sent. Every record of the oracle ends in January 2026.
pub(super) fn record(phase: &str, source: &str, name: &str, number: u64) -> Vec<u8> {
    let (day, hour) = (1 + number % 31, number / 31 % 24);
    let pages = 1 + number % 9;
    format!(
        "{{\"source\":\"agent|{source}\",\"id\":\"{name}\",\
         \"completed_at\":\"2026-01-{day:02}T{hour:02}:00:00Z\",\"document\":\"{name}\",\
         \"user\":\"user{}\",\"queue\":\"{phase}\",\"impressions\":{pages}}}",
        number % 7
    )
    .into_bytes()
}

/// Clients at work.
pub(super) struct Clients {
    work: JoinSet<Result<()>>,
    stop: Arc<AtomicBool>,
    batches: Arc<AtomicU32>,
}

struct PushClient {
    phase: String,
    source: String,
    server: IngestServer,
    credential: Secret<String>,
    ledger: Ledger,
    chance: Chance,
    epoch: u64,
}

struct Batch {
    id: BatchId,
    names: Vec<String>,
    records: Vec<Vec<u8>>,
}

impl Clients {
    /// Enrols them at the server itself and lets them push at `address`.
    pub(super) fn start(
        phase: &str,
        address: SocketAddr,
        installation: &Installation,
        ledger: &Ledger,
        chance: &Chance,
    ) -> Result<Self> {
        let mut clients = Self {
            work: JoinSet::new(),
            stop: Arc::default(),
            batches: Arc::default(),
        };
        let at = |address: SocketAddr| -> Result<IngestServer> {
            let endpoint = format!("http://{address}").parse()?;
            Ok(IngestServer::new(Client::plain(), endpoint)?)
        };
        for number in 0..CLIENTS {
            let (direct, server) = (at(installation.address)?, at(address)?);
            let (code, name) = (installation.code()?, format!("{phase}-{number}"));
            let (ledger, chance, phase) = (ledger.clone(), chance.clone(), phase.to_owned());
            let (stop, batches) = (Arc::clone(&clients.stop), Arc::clone(&clients.batches));
            clients.work.spawn(async move {
                let credential = enrol(&direct, &code, &name).await?;
                let client = PushClient {
                    epoch: chance.below(u64::MAX),
                    source: name,
                    phase,
                    server,
                    credential,
                    ledger,
                    chance,
                };
                client.push_on(&stop, &batches).await
            });
        }
        Ok(clients)
    }

    /// Waits until so many batches were acknowledged, all clients together.
    pub(super) async fn wait_for(&self, batches: u32) {
        while self.batches.load(Ordering::Relaxed) < batches.saturating_mul(CLIENTS) {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Lets each of them bring its batch to its end.
    pub(super) async fn finish(mut self) -> Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        let all = async {
            while let Some(ended) = self.work.join_next().await {
                ended??;
            }
            Ok(())
        };
        let in_time = tokio::time::timeout(PATIENCE, all).await;
        in_time.context("a batch was not acknowledged in the end")?
    }
}

/// The code is used up by an answer that a kill may swallow: the first life is waited for.
async fn enrol(server: &IngestServer, code: &str, name: &str) -> Result<Secret<String>> {
    loop {
        match server.enrol(code, name).await {
            Err(IngestError::Http(_)) => tokio::time::sleep(PAUSE).await,
            enrolled => return enrolled.context("a client could not enrol"),
        }
    }
}

impl PushClient {
    async fn push_on(&self, stop: &AtomicBool, batches: &AtomicU32) -> Result<()> {
        let mut last: Option<Batch> = None;
        let mut sequence = 0;
        while !stop.load(Ordering::Relaxed) {
            if let Some(old) = &last
                && self.chance.below(AGAIN_ONE_IN) == 0
            {
                self.push(old).await?;
                continue;
            }
            sequence += 1;
            let batch = self.batch(sequence);
            self.ledger.make(&batch.names);
            self.push(&batch).await?;
            self.ledger.acknowledge(&batch.names);
            batches.fetch_add(1, Ordering::Relaxed);
            last = Some(batch);
        }
        Ok(())
    }

    fn batch(&self, sequence: u64) -> Batch {
        let count = 1 + self.chance.below(BATCH_RECORDS_MAX);
        let made = (0..count).map(|place| {
            let name = format!("{}-{sequence:06}-{place:03}", self.source);
            let record = record(&self.phase, &self.source, &name, sequence * 41 + place);
            (name, record)
        });
        let (names, records) = made.unzip();
        Batch {
            id: BatchId {
                epoch: self.epoch,
                sequence,
            },
            names,
            records,
        }
    }

    /// Sends until it is acknowledged, always the same.
    async fn push(&self, batch: &Batch) -> Result<()> {
        let Batch { id, records, .. } = batch;
        loop {
            match self.server.push(&self.credential, *id, records).await {
                Ok(Pushed::Taken(outcomes)) => {
                    let taken = outcomes.iter().all(|outcome| *outcome == Outcome::Taken);
                    anyhow::ensure!(taken, "a good record was refused: {outcomes:?}");
                    return Ok(());
                }
                Ok(Pushed::OtherRecords | Pushed::TooLarge) => {
                    bail!("the server knows batch {} otherwise", id.sequence)
                }
                Ok(Pushed::Later(_)) | Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}
