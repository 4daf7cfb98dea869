//! The spool, shared by those who fill and empty it, and its waits kept off the runtime.

use std::sync::{Arc, Mutex, PoisonError};

use platen_store::{Spool, SpoolError};
use tokio::sync::Notify;

/// A spool that several tasks use by turns.
#[derive(Clone)]
pub(super) struct SharedSpool(Arc<Shared>);

struct Shared {
    /// Gone once it is closed.
    spool: Mutex<Option<Spool>>,
    filled: Notify,
    fenced: Notify,
}

impl SharedSpool {
    pub(super) fn new(spool: Spool) -> Self {
        Self(Arc::new(Shared {
            spool: Mutex::new(Some(spool)),
            filled: Notify::new(),
            fenced: Notify::new(),
        }))
    }

    /// Runs `work` on a thread that may wait for the disk. A caller that stops waiting does not
    /// stop the work.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, SpoolError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Spool) -> Result<T, SpoolError> + Send + 'static,
    {
        let shared = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || {
            let mut spool = shared.spool.lock().unwrap_or_else(PoisonError::into_inner);
            let done = spool.as_mut().map_or(Err(SpoolError::Fenced), work);
            if let Err(SpoolError::Fenced) = done {
                shared.fenced.notify_one();
            }
            done
        });
        done.await.unwrap_or(Err(SpoolError::Fenced))
    }

    /// Says that there is something to send.
    pub(super) fn fill(&self) {
        self.0.filled.notify_one();
    }

    /// Resolves when there is something to send.
    pub(super) async fn filled(&self) {
        self.0.filled.notified().await;
    }

    /// Resolves when the spool can keep nothing more.
    pub(super) async fn fenced(&self) {
        self.0.fenced.notified().await;
    }

    /// Closes it, after the work that is under way.
    pub(super) async fn close(&self) -> Result<(), SpoolError> {
        let shared = Arc::clone(&self.0);
        let closed = tokio::task::spawn_blocking(move || {
            let mut spool = shared.spool.lock().unwrap_or_else(PoisonError::into_inner);
            spool.take().map_or(Ok(()), Spool::close)
        });
        closed.await.unwrap_or(Err(SpoolError::Fenced))
    }
}
