//! The queue before the writer. Units of work wait in one line for each organization, and the
//! lines take turns: however much one organization sends, a unit of another one is next but few.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use platen_domain::ids::OrganizationId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::StoreError;
use crate::sqlite::group::Job;

/// Which part of the whole queue one line may fill, so that others find room.
const LINE_PART: usize = 4;

/// Who a unit of work is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Line {
    /// What belongs to no organization: sign-in, tokens, housekeeping over all of them.
    Server,
    /// An organization.
    Organization(OrganizationId),
}

/// The sending end. The receiving one ends when every clone is gone and all is taken.
#[derive(Clone)]
pub(crate) struct Queue(Arc<Sender>);

/// What is gone when the last clone is.
struct Sender(Arc<Shared>);

/// The receiving end, of the writer's thread.
pub(crate) struct Receiver(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
    /// For every unit that waits, whosever it is.
    room: Arc<Semaphore>,
    capacity: usize,
}

#[derive(Default)]
struct State {
    lines: HashMap<Line, VecDeque<Waiting>>,
    /// The lines in which somebody waits, the next one first.
    turns: VecDeque<Line>,
    /// Room in each line that is in use.
    rooms: HashMap<Line, Arc<Semaphore>>,
    /// No sender is left.
    ended: bool,
    /// The receiver is gone.
    abandoned: bool,
}

/// A unit with its room, which is free again when it is taken.
struct Waiting {
    job: Box<dyn Job>,
    _room: [OwnedSemaphorePermit; 2],
}

/// A queue for `capacity` units of work, a quarter of them for one line.
pub(crate) fn queue(capacity: usize) -> (Queue, Receiver) {
    let shared = Arc::new(Shared {
        state: Mutex::default(),
        arrived: Condvar::new(),
        room: Arc::new(Semaphore::new(capacity)),
        capacity,
    });
    let sender = Sender(Arc::clone(&shared));
    (Queue(Arc::new(sender)), Receiver(shared))
}

impl Queue {
    /// Queues a unit of work, once its line and the whole have room.
    pub(crate) async fn send(&self, line: Line, job: Box<dyn Job>) -> Result<(), StoreError> {
        let own = self.shared().room_in(line).acquire_owned().await;
        let own = own.map_err(|_closed| StoreError::Closed)?;
        let all = Arc::clone(&self.shared().room).acquire_owned().await;
        let all = all.map_err(|_closed| StoreError::Closed)?;
        let room = [own, all];
        self.shared().push(line, Waiting { job, _room: room })
    }

    /// The same at once, or [`StoreError::Busy`].
    pub(crate) fn try_send(&self, line: Line, job: Box<dyn Job>) -> Result<(), StoreError> {
        use tokio::sync::TryAcquireError;
        let refused = |error| match error {
            TryAcquireError::NoPermits => StoreError::Busy,
            TryAcquireError::Closed => StoreError::Closed,
        };
        let own = self.shared().room_in(line).try_acquire_owned();
        let own = own.map_err(refused)?;
        let all = Arc::clone(&self.shared().room).try_acquire_owned();
        let room = [own, all.map_err(refused)?];
        self.shared().push(line, Waiting { job, _room: room })
    }

    /// Units that wait now.
    pub(crate) fn waiting(&self) -> usize {
        let shared = self.shared();
        let free = shared.room.available_permits();
        shared.capacity.saturating_sub(free)
    }

    fn shared(&self) -> &Shared {
        &self.0.0
    }
}

impl Receiver {
    /// The next unit, waiting for one; `None` at the end.
    pub(crate) fn next(&self) -> Option<Box<dyn Job>> {
        let mut state = self.0.lock();
        loop {
            if let Some(job) = state.next() {
                return Some(job);
            }
            if state.ended {
                return None;
            }
            let woken = self.0.arrived.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next unit, where there is one now and it may share a transaction.
    pub(crate) fn next_to_share(&self) -> Option<Box<dyn Job>> {
        let mut state = self.0.lock();
        let next = state.turns.front().and_then(|line| state.lines.get(line));
        let shares = next.and_then(VecDeque::front)?.job.shares_transaction();
        if shares { state.next() } else { None }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn room_in(&self, line: Line) -> Arc<Semaphore> {
        let most = (self.capacity / LINE_PART).max(1);
        let mut state = self.lock();
        let room = state.rooms.entry(line);
        Arc::clone(room.or_insert_with(|| Arc::new(Semaphore::new(most))))
    }

    fn push(&self, line: Line, waiting: Waiting) -> Result<(), StoreError> {
        let mut state = self.lock();
        if state.abandoned {
            return Err(StoreError::Closed);
        }
        let units = state.lines.entry(line).or_default();
        units.push_back(waiting);
        if units.len() == 1 {
            state.turns.push_back(line);
        }
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }
}

impl State {
    /// Takes the next unit of the line whose turn it is; the line is last then.
    fn next(&mut self) -> Option<Box<dyn Job>> {
        let line = self.turns.pop_front()?;
        let units = self.lines.get_mut(&line)?;
        let job = units.pop_front().map(|waiting| waiting.job);
        if !units.is_empty() {
            self.turns.push_back(line);
            return job;
        }
        self.lines.remove(&line);
        // Nobody else is about to take room in it.
        if self.rooms.get(&line).map(Arc::strong_count) == Some(1) {
            self.rooms.remove(&line);
        }
        job
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.arrived.notify_one();
    }
}

impl Drop for Receiver {
    /// Who waits for an answer, or for room, hears that none comes.
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.abandoned = true;
        let (lines, rooms) = (
            std::mem::take(&mut state.lines),
            std::mem::take(&mut state.rooms),
        );
        state.turns.clear();
        drop(state);
        self.0.room.close();
        for room in rooms.values() {
            room.close();
        }
        drop(lines);
    }
}

#[cfg(test)]
mod tests;
