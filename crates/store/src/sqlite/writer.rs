//! The writer: one thread behind the queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use tokio::sync::{oneshot, watch};

use crate::access::Writer;
use crate::error::StoreError;
use crate::sqlite::group::{Engine, Fence, Job, Ran, Verdict};
use crate::sqlite::lock::DirectoryLock;
use crate::sqlite::queue::{Queue, Receiver, queue};

/// What a caller of `write` waits for.
pub(crate) type Answer<T> = oneshot::Receiver<Result<T, StoreError>>;

/// Whether, and why, the writer stopped.
#[derive(Debug)]
pub(crate) struct FenceSign {
    raised: watch::Sender<bool>,
    reason: OnceLock<String>,
}

impl FenceSign {
    pub(crate) fn new() -> Self {
        Self {
            raised: watch::Sender::new(false),
            reason: OnceLock::new(),
        }
    }

    fn raise(&self, Fence(reason): Fence) {
        tracing::error!(%reason, "a write failed; nothing more is acknowledged until a restart");
        self.reason.get_or_init(|| reason);
        self.raised.send_replace(true);
    }

    pub(crate) fn is_raised(&self) -> bool {
        *self.raised.borrow()
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.get().map(String::as_str)
    }

    /// Resolves when the sign is raised.
    pub(crate) async fn wait(&self) {
        // The sender lives as long as `self`: waiting cannot fail.
        self.raised
            .subscribe()
            .wait_for(|raised| *raised)
            .await
            .ok();
    }
}

/// Starts the thread. It ends, and gives the lock back, when every sending end is gone.
pub(crate) fn start(
    engine: Engine,
    lock: DirectoryLock,
    sign: Arc<FenceSign>,
    capacity: usize,
) -> std::io::Result<(Queue, JoinHandle<()>)> {
    let (queue, jobs) = queue(capacity);
    let thread = thread::Builder::new()
        .name("platen-writer".to_owned())
        .spawn(move || {
            // A writer that is gone must not look like one that is idle.
            if catch_unwind(AssertUnwindSafe(|| serve(engine, &jobs, &sign))).is_err() {
                sign.raise(Fence("the writer met an internal error".to_owned()));
            }
            drop(lock);
        })?;
    Ok((queue, thread))
}

fn serve(engine: Engine, jobs: &Receiver, sign: &FenceSign) {
    while let Some(first) = jobs.next() {
        if sign.is_raised() {
            first.finish(Verdict::Fenced);
        } else if let Err(fence) = engine.run_group(first, || jobs.next_to_share()) {
            sign.raise(fence);
        }
    }
    if sign.is_raised() {
        return;
    }
    if let Err(fence) = engine.close() {
        sign.raise(fence);
    }
}

/// How a closure of [`crate::Store::change`] ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<T, U> {
    /// Its changes are kept.
    Keep(T),
    /// Its changes are undone.
    Undo(U),
}

/// Whether a unit of work is run with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// In one transaction with those that wait beside it, in a savepoint.
    Group,
    /// In a transaction of its own, which its failure ends.
    Alone,
}

/// Whether every unit of work is run once and undone before it is run. An engine may run a unit
/// again after a lost connection or a conflict of transactions; builds for tests do it always, so
/// that a unit which cannot bear it is found.
const REHEARSES: bool = cfg!(debug_assertions);

/// A caller's closure with its way back.
struct Task<T, F> {
    sharing: Sharing,
    work: F,
    /// Whether what it answered says that its changes are kept.
    keeps: fn(&T) -> bool,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

/// Packs a closure for the queue.
pub(crate) fn task<T, F>(work: F, sharing: Sharing) -> (Box<dyn Job>, Answer<T>)
where
    T: Send + 'static,
    F: Fn(&Writer<'_>) -> Result<T, StoreError> + Send + 'static,
{
    packed(work, |_| true, sharing)
}

/// Packs a closure that may have its changes undone.
pub(crate) fn change<T, U, F>(work: F, sharing: Sharing) -> (Box<dyn Job>, Answer<Change<T, U>>)
where
    T: Send + 'static,
    U: Send + 'static,
    F: Fn(&Writer<'_>) -> Result<Change<T, U>, StoreError> + Send + 'static,
{
    packed(work, |change| matches!(change, Change::Keep(_)), sharing)
}

fn packed<T, F>(work: F, keeps: fn(&T) -> bool, sharing: Sharing) -> (Box<dyn Job>, Answer<T>)
where
    T: Send + 'static,
    F: Fn(&Writer<'_>) -> Result<T, StoreError> + Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    let task = Task {
        sharing,
        work,
        keeps,
        result: None,
        answer,
    };
    (Box::new(task), receiver)
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: Fn(&Writer<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, writer: &Writer<'_>) -> Ran {
        // Nothing of a panicking closure is seen again: what it did is rolled back.
        let once = |writer: &Writer<'_>| {
            catch_unwind(AssertUnwindSafe(|| (self.work)(writer)))
                .unwrap_or_else(|_panic| Err(StoreError::Panicked))
        };
        let rehearsed = REHEARSES.then(|| writer.rehearse(once));
        // Where the engine failed there is nothing to run again in.
        let over = rehearsed.filter(|ended| {
            let broke = |error| Verdict::of_job(error).is_some();
            !writer.is_open() || ended.as_ref().is_err_and(broke)
        });
        let result = over.unwrap_or_else(|| once(writer));
        let ran = match &result {
            Ok(value) if (self.keeps)(value) => Ran::Kept,
            Ok(_) => Ran::Failed,
            Err(error) => Verdict::of_job(error).map_or(Ran::Failed, Ran::Broken),
        };
        self.result = Some(result);
        ran
    }

    fn shares_transaction(&self) -> bool {
        self.sharing == Sharing::Group
    }

    fn finish(self: Box<Self>, verdict: Verdict) {
        let result = match (self.result, verdict.error()) {
            (Some(Err(own)), _) => Err(own),
            (_, Some(error)) => Err(error),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(StoreError::Closed),
        };
        // A caller that no longer waits is no reason to fail.
        drop(self.answer.send(result));
    }
}
