//! SIGINT and SIGTERM: the first asks to stop, the second stops.

use std::future::Future;

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Both signals, listened to from the moment this is made.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let on = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            interrupt: on(SignalKind::interrupt())?,
            terminate: on(SignalKind::terminate())?,
        })
    }

    /// Resolves at the next of the two.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Runs `work`, which gets a future that resolves at the first signal. At the second, `work` is
/// dropped where it stands, which the store is made for.
pub(crate) async fn until_signalled<W, T>(
    work: impl FnOnce(std::pin::Pin<Box<dyn Future<Output = ()> + Send>>) -> W,
) -> anyhow::Result<T>
where
    W: Future<Output = anyhow::Result<T>>,
{
    let mut signals = Signals::listen()?;
    let (first, asked) = tokio::sync::oneshot::channel::<()>();
    let stop = Box::pin(async move {
        asked.await.ok();
    });
    let second = async move {
        signals.next().await;
        first.send(()).ok();
        signals.next().await;
    };
    tokio::select! {
        result = work(stop) => result,
        () = second => anyhow::bail!("stopped at once by a second signal"),
    }
}
