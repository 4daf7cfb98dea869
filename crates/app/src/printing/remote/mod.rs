//! The collector at another site: it reads its sources into a spool on disk and sends what is in
//! it to the server, at least once; the records' keys make it exactly once.
//!
//! Nothing that was read depends on this process: it may be killed at any moment. Before the
//! server has told its privacy policy nothing is read, so that nothing is ever kept that the
//! organization does not want.

mod backoff;
mod push;
mod sink;
mod spool;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use platen_collect::ingest::{IngestError, IngestServer};
use platen_domain::clock::Clock;
use platen_domain::ids::Ids;
use platen_domain::secret::Secret;
use platen_store::{Spool, SpoolError};
use tokio::task::JoinSet;

use crate::printing::sources::{Source, SourceError, report};
use backoff::Backoff;
use push::Pusher;
use sink::SpoolSink;
use spool::SharedSpool;

/// How often the server is asked for its privacy policy.
const POLICY_EVERY: Duration = Duration::from_hours(1);

/// Pause between two looks at a file that may still be written, where reading is to end.
const SETTLE: Duration = Duration::from_secs(1);

/// Looks at sources that never come to rest, where reading is to end.
const LOOKS_MAX: u32 = 10;

/// Why a collector ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Its spool.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// The server will not have it.
    #[error(transparent)]
    Server(IngestError),
    /// Sources that could not be read; what the others gave was sent.
    #[error("not read: {0}")]
    Unread(String),
    /// A part of it panicked.
    #[error("the collector stopped in a defect")]
    Defect,
}

/// A collector at another site.
pub struct Remote {
    spool: SharedSpool,
    server: IngestServer,
    credential: Secret<String>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Remote {
    /// A collector that keeps in `spool` what `server` does not have yet.
    pub fn new(
        spool: Spool,
        server: IngestServer,
        credential: Secret<String>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self {
            spool: SharedSpool::new(spool),
            server,
            credential,
            clock,
            ids,
        }
    }

    /// Reads and sends until `stop` resolves; an error is a spool that can keep nothing more.
    pub async fn run(
        self,
        sources: Vec<Source>,
        every: Duration,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<(), RemoteError> {
        let mut work = JoinSet::new();
        let (pusher, clock) = (self.pusher(), Arc::clone(&self.clock));
        work.spawn(async move { pusher.run().await });
        let (sink, keeper) = (SpoolSink::new(self.spool.clone(), clock), self.keeper());
        let clock = Arc::clone(&self.clock);
        work.spawn(async move {
            keeper.first_policy().await?;
            let mut followed = JoinSet::new();
            for source in sources {
                followed.spawn(source.follow(sink.clone(), Arc::clone(&clock), every));
            }
            keeper.keep_policy().await
        });
        let ended = tokio::select! {
            () = stop => Ok(()),
            ended = work.join_next() => outcome(ended),
            () = self.spool.fenced() => Err(SpoolError::Fenced.into()),
        };
        work.shutdown().await;
        let closed = self.spool.close().await;
        ended?;
        Ok(closed?)
    }

    /// Reads every source to its end and sends until the server has everything.
    pub async fn run_once(self, sources: Vec<Source>) -> Result<(), RemoteError> {
        let keeper = self.keeper();
        keeper.first_policy().await?;
        let sink = SpoolSink::new(self.spool.clone(), Arc::clone(&self.clock));
        let mut unread = Vec::new();
        for mut source in sources {
            loop {
                match self.read_once(&mut source, &sink).await {
                    Ok(()) => break,
                    // Room is made by sending.
                    Err(SourceError::Sink(crate::printing::sources::SinkError::Full(_))) => {
                        self.pusher().run_until_empty().await?;
                    }
                    Err(error) => {
                        unread.push(format!("{}: {error}", source.name()));
                        break;
                    }
                }
            }
        }
        self.pusher().run_until_empty().await?;
        self.spool.close().await?;
        if unread.is_empty() {
            Ok(())
        } else {
            Err(RemoteError::Unread(unread.join("; ")))
        }
    }

    async fn read_once(&self, source: &mut Source, sink: &SpoolSink) -> Result<(), SourceError> {
        for _ in 0..LOOKS_MAX {
            let looked = source.look(sink, self.clock.now()).await;
            report(&source.name(), &looked);
            if !looked?.unsettled {
                break;
            }
            tokio::time::sleep(SETTLE).await;
        }
        Ok(())
    }

    fn pusher(&self) -> Pusher {
        Pusher::new(
            self.spool.clone(),
            self.server.clone(),
            self.credential.clone(),
            Arc::clone(&self.clock),
            Arc::clone(&self.ids),
        )
    }

    fn keeper(&self) -> PolicyKeeper {
        PolicyKeeper {
            spool: self.spool.clone(),
            server: self.server.clone(),
            credential: self.credential.clone(),
            ids: Arc::clone(&self.ids),
        }
    }
}

/// Asks the server for its privacy policy and keeps it in the spool.
struct PolicyKeeper {
    spool: SharedSpool,
    server: IngestServer,
    credential: Secret<String>,
    ids: Arc<dyn Ids>,
}

impl PolicyKeeper {
    /// Returns when a policy is known: the server's newest, or the one it told before.
    async fn first_policy(&self) -> Result<(), RemoteError> {
        let mut backoff = Backoff::new(Arc::clone(&self.ids));
        loop {
            let Err(error) = self.ask().await else {
                return Ok(());
            };
            if let RemoteError::Spool(SpoolError::Fenced) = error {
                return Err(error);
            }
            if self.spool.run(|spool| spool.privacy()).await?.is_some() {
                return Ok(());
            }
            log(
                &error,
                "nothing is read before the server tells its privacy policy",
            );
            tokio::time::sleep(backoff.next()).await;
        }
    }

    /// Keeps the policy current, for ever.
    async fn keep_policy(&self) -> Result<(), RemoteError> {
        loop {
            tokio::time::sleep(POLICY_EVERY).await;
            match self.ask().await {
                Ok(()) => {}
                Err(error @ RemoteError::Spool(SpoolError::Fenced)) => return Err(error),
                Err(error) => log(&error, "the privacy policy stays as it was last told"),
            }
        }
    }

    async fn ask(&self) -> Result<(), RemoteError> {
        let asked = self.server.policy(&self.credential).await;
        let told = asked.map_err(RemoteError::Server)?;
        let kept = self.spool.run(move |spool| {
            let zone = told.time_zone.as_ref().and_then(TimeZone::iana_name);
            if let Some(zone) = zone
                && spool.time_zone()?.as_deref() != Some(zone)
            {
                spool.set_time_zone(zone)?;
            }
            if spool.privacy()? == Some((told.privacy, told.key.clone(), told.names.clone())) {
                return Ok(());
            }
            spool.set_privacy(&told.privacy, told.key.as_ref(), &told.names)
        });
        Ok(kept.await?)
    }
}

fn outcome(
    ended: Option<Result<Result<(), RemoteError>, tokio::task::JoinError>>,
) -> Result<(), RemoteError> {
    match ended {
        Some(Ok(Err(error))) => Err(error),
        _ => Err(RemoteError::Defect),
    }
}

fn log(error: &RemoteError, consequence: &str) {
    let error = error as &dyn std::error::Error;
    tracing::warn!(error, "{consequence}");
}
