//! Lets the writer start the log anew while nobody reads. Read transactions that begin wait for
//! that short moment; the writer does not wait for those that go on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Counts the read transactions that may be open, and holds new ones back while it is closed.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
    /// Whether read transactions must end now.
    leave: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    inside: usize,
    closed: bool,
}

/// Held while a read transaction may be open.
#[derive(Debug)]
pub(crate) struct Inside<'g>(&'g Gate);

/// Held by the writer while no read transaction may begin.
struct Closed<'g>(&'g Gate);

impl Gate {
    /// Waits while the gate is closed.
    pub(crate) fn enter(&self) -> Inside<'_> {
        let mut state = self.lock();
        while state.closed {
            state = self.wait(state);
        }
        state.inside += 1;
        Inside(self)
    }

    /// Runs `work` while no read transaction is open; `None` where one goes on for longer than
    /// `patience`.
    pub(crate) fn alone<T>(&self, patience: Duration, work: impl FnOnce() -> T) -> Option<T> {
        let closed = self.close();
        closed.is_empty_within(patience).then(work)
    }

    /// The same, but tells read transactions that go on for longer than `patience` to end, and
    /// waits for that as long again.
    pub(crate) fn alone_by_force<T>(
        &self,
        patience: Duration,
        work: impl FnOnce() -> T,
    ) -> Option<T> {
        let closed = self.close();
        if !closed.is_empty_within(patience) {
            self.leave.store(true, Ordering::Release);
        }
        closed.is_empty_within(patience).then(work)
    }

    /// Whether read transactions must end now, at once.
    pub(crate) fn must_leave(&self) -> bool {
        self.leave.load(Ordering::Acquire)
    }

    fn close(&self) -> Closed<'_> {
        self.lock().closed = true;
        Closed(self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Closed<'_> {
    fn is_empty_within(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        let mut state = self.0.lock();
        while state.inside > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.0.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.leave.store(false, Ordering::Release);
        self.0.lock().closed = false;
        self.0.changed.notify_all();
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.inside -= 1;
        let last = state.inside == 0;
        drop(state);
        if last {
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    /// Longer than any test takes.
    const LONG: Duration = Duration::from_mins(5);

    #[test]
    fn nobody_is_alone_beside_a_reader_that_goes_on() {
        let gate = Gate::default();
        let inside = gate.enter();
        assert_eq!(gate.alone(Duration::ZERO, || ()), None);
        let also = gate.enter();
        drop((inside, also));
        assert_eq!(gate.alone(Duration::ZERO, || ()), Some(()));
        drop(gate.enter());
    }

    #[test]
    fn who_comes_while_it_is_closed_waits_until_it_opens() {
        let gate = Arc::new(Gate::default());
        let (came, waiting) = mpsc::channel();
        let reader = gate.alone(Duration::ZERO, || {
            let gate = Arc::clone(&gate);
            let reader = thread::spawn(move || {
                came.send(()).unwrap();
                drop(gate.enter());
            });
            waiting.recv().unwrap();
            reader
        });
        reader.unwrap().join().unwrap();
        assert_eq!(gate.lock().inside, 0);
    }

    #[test]
    fn the_writer_goes_on_as_soon_as_the_last_reader_left() {
        let gate = Arc::new(Gate::default());
        let inside = Arc::clone(&gate);
        let (came, is_inside) = mpsc::channel();
        let reader = thread::spawn(move || {
            let held = inside.enter();
            came.send(()).unwrap();
            while !inside.lock().closed {
                thread::yield_now();
            }
            drop(held);
        });
        is_inside.recv().unwrap();
        assert_eq!(gate.alone(LONG, || ()), Some(()));
        reader.join().unwrap();
    }

    #[test]
    fn readers_are_told_to_leave_and_only_those_that_were_inside() {
        let gate = Arc::new(Gate::default());
        let inside = Arc::clone(&gate);
        let (came, is_inside) = mpsc::channel();
        let reader = thread::spawn(move || {
            let _held = inside.enter();
            came.send(()).unwrap();
            while !inside.must_leave() {
                thread::yield_now();
            }
        });
        is_inside.recv().unwrap();
        // However short the patience: the second wait may have to be tried again.
        let patience = Duration::from_millis(1);
        while gate.alone_by_force(patience, || ()).is_none() {}
        reader.join().unwrap();
        assert!(!gate.must_leave());
    }

    #[test]
    fn work_that_panics_leaves_the_gate_open() {
        let gate = Gate::default();
        let work = || gate.alone(Duration::ZERO, || panic!("as it may"));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err());
        drop(gate.enter());
    }
}
