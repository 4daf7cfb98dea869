//! The real collector with the real store behind it, driven as fast as it goes.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use platen_collect::printer::Profiles;
use platen_collect::snmp::{Client, ClientOptions, Credential, Version};
use platen_collect::{Collector, DeviceMemory};
use platen_domain::clock::Clock as _;
use platen_domain::ids::{Ids, OrganizationId, SeededIds};
use platen_domain::organizations::Organization;
use platen_domain::readings::Observation;
use platen_domain::scope::{Actor, Scope};
use platen_domain::secret::Secret;
use platen_store::{Store, StoreOptions};
use tokio::task::JoinSet;

use crate::clock::WallClock;

/// Devices worked on at once: as many as the client has sockets, and as many again that wait
/// for the disk meanwhile.
const WORKERS: usize = 1_024;

/// A device, and what the collector remembers of it.
pub(super) struct Target {
    pub address: SocketAddr,
    memory: Option<DeviceMemory>,
}

impl Target {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            memory: None,
        }
    }
}

/// One pass over all targets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sweep {
    /// Devices read and kept.
    pub read: usize,
    /// Devices that did not answer.
    pub failed: usize,
    /// Until the last device that answers was on disk.
    pub wall_answered: Duration,
    /// Until the last device was given up.
    pub wall: Duration,
    /// Of this process alone, the store's writer included.
    pub cpu: Duration,
}

/// A collector with its store.
#[derive(Clone)]
pub(super) struct Bench {
    collector: Collector,
    credential: Arc<Credential>,
    store: Store,
    scope: Scope,
    ids: Arc<dyn Ids>,
}

impl Bench {
    /// Opens a new store in `directory`.
    pub(super) async fn open(directory: &Path) -> Result<Self> {
        let now = WallClock.now();
        let ids: Arc<dyn Ids> = Arc::new(SeededIds::new(1));
        let store = Store::open(
            directory,
            StoreOptions {
                now,
                ..StoreOptions::default()
            },
        )?;
        let organization = Organization {
            id: OrganizationId::new(now, &*ids),
            name: "Bench".to_owned(),
            time_zone: "Etc/UTC".to_owned(),
            created_at: now,
        };
        let scope = scope(organization.id);
        store
            .write(move |writer| writer.insert_organization(&organization))
            .await?;
        let client = Client::new(ClientOptions::default(), Arc::clone(&ids));
        let profiles = Arc::new(Profiles::built_in());
        let community = Secret::new("public".to_owned());
        Ok(Self {
            collector: Collector::new(client, profiles, Arc::new(WallClock)),
            credential: Arc::new(Credential::Community {
                version: Version::V2c,
                community,
            }),
            store,
            scope,
            ids,
        })
    }

    /// Discovers the targets that are new and polls the others; every observation is on disk
    /// before its device counts.
    pub(super) async fn sweep(&self, targets: &mut Vec<Target>) -> Result<Sweep> {
        let all = targets.len();
        let queue = Arc::new(Mutex::new(std::mem::take(targets).into_iter()));
        let (cpu_before, started) = (cpu()?, Instant::now());
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS.min(all) {
            let (bench, queue) = (self.clone(), Arc::clone(&queue));
            workers.spawn(async move { bench.work(&queue).await });
        }
        let (mut read, mut last_answer) = (0, started);
        while let Some(done) = workers.join_next().await {
            let done = done.context("a worker panicked")?;
            read += done.read;
            last_answer = last_answer.max(done.last_answer.unwrap_or(started));
            targets.extend(done.targets);
        }
        targets.sort_unstable_by_key(|target| target.address);
        Ok(Sweep {
            read,
            failed: all - read,
            wall_answered: last_answer - started,
            wall: started.elapsed(),
            cpu: cpu()?.saturating_sub(cpu_before),
        })
    }

    async fn work(&self, queue: &Mutex<impl Iterator<Item = Target>>) -> Done {
        let mut done = Done {
            targets: Vec::new(),
            read: 0,
            last_answer: None,
        };
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(mut target) = next else {
                return done;
            };
            if self.read(&mut target).await {
                done.read += 1;
                done.last_answer = Some(Instant::now());
            }
            done.targets.push(target);
        }
    }

    /// Reads one device and keeps what it said; says whether both went well.
    async fn read(&self, target: &mut Target) -> bool {
        let credential = &self.credential;
        match &mut target.memory {
            Some(memory) => {
                match self
                    .collector
                    .poll(target.address, credential, memory)
                    .await
                {
                    Ok(observation) => self.keep(observation, None).await,
                    Err(_) => false,
                }
            }
            None => match self.collector.discover(target.address, credential).await {
                Ok((observation, memory)) => {
                    let bytes = memory.to_bytes();
                    target.memory = Some(memory);
                    self.keep(observation, Some(bytes)).await
                }
                Err(_) => false,
            },
        }
    }

    async fn keep(&self, observation: Observation, memory: Option<Vec<u8>>) -> bool {
        let (scope, ids) = (self.scope.clone(), Arc::clone(&self.ids));
        let received_at = WallClock.now();
        let kept = self.store.write(move |writer| {
            writer.record_observation(&scope, &observation, received_at, &*ids, memory.as_deref())
        });
        kept.await.is_ok()
    }

    /// Writes everything back and closes the store.
    pub(super) async fn close(self) {
        self.store.close().await;
    }
}

/// What one worker did.
struct Done {
    targets: Vec<Target>,
    read: usize,
    last_answer: Option<Instant>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "nobody signs in to a measurement"
)]
fn scope(organization: OrganizationId) -> Scope {
    Scope::grant(organization, Actor::System("bench"))
}

/// User and system time of this process so far.
fn cpu() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros).unwrap_or(0)))
}
