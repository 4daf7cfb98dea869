//! Programs that push: each batch again and again until it is acknowledged, and now and then one
//! that was acknowledged long ago.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use platen_domain::collectors::BatchId;
use tokio::task::JoinSet;

use super::CLIENTS;
use super::ledger::Ledger;
use crate::chance::Chance;
use crate::collector::Collector;
use crate::installation::Installation;

/// Records of a batch at most: few, so that most kills fall between a batch and its answer.
const BATCH_RECORDS_MAX: u64 = 8;

/// Pause between two looks at what was acknowledged.
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
    collector: Collector,
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
        for number in 0..CLIENTS {
            let direct = installation.address;
            let (code, name) = (installation.code()?, format!("{phase}-{number}"));
            let (ledger, chance, phase) = (ledger.clone(), chance.clone(), phase.to_owned());
            let (stop, batches) = (Arc::clone(&clients.stop), Arc::clone(&clients.batches));
            clients.work.spawn(async move {
                let collector = Collector::enrol(direct, address, &code, &name).await?;
                let client = PushClient {
                    epoch: chance.below(u64::MAX),
                    source: name,
                    phase,
                    collector,
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

impl PushClient {
    async fn push_on(&self, stop: &AtomicBool, batches: &AtomicU32) -> Result<()> {
        let mut last: Option<Batch> = None;
        let mut sequence = 0;
        while !stop.load(Ordering::Relaxed) {
            if let Some(old) = &last
                && self.chance.below(AGAIN_ONE_IN) == 0
            {
                self.collector.push(old.id, &old.records).await?;
                continue;
            }
            sequence += 1;
            let batch = self.batch(sequence);
            self.ledger.make(&batch.names);
            self.collector.push(batch.id, &batch.records).await?;
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
}
