//! Places that callers wait for: each caller in a line of its own, and the lines take turns, so
//! that one who sends much does not keep out those who send little.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// A number of places.
#[derive(Debug, Clone)]
pub(crate) struct Turns<K: Copy + Eq + Hash>(Arc<Mutex<State<K>>>);

/// A place; the next one who waits has it when this is dropped.
#[derive(Debug)]
pub(crate) struct Turn<K: Copy + Eq + Hash>(Turns<K>);

#[derive(Debug)]
struct State<K: Copy + Eq + Hash> {
    free: usize,
    /// How many more may wait.
    room: usize,
    lines: HashMap<K, VecDeque<oneshot::Sender<Turn<K>>>>,
    /// The callers who wait, the next one first.
    next: VecDeque<K>,
}

impl<K: Copy + Eq + Hash> Turns<K> {
    /// So many places, for which so many requests may wait.
    pub(crate) fn new(places: usize, waiting: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            free: places,
            room: waiting,
            lines: HashMap::new(),
            next: VecDeque::new(),
        })))
    }

    /// A place, once it is the caller's turn; `None` where too many wait already.
    pub(crate) async fn place(&self, caller: K) -> Option<Turn<K>> {
        let turn = {
            let mut state = self.lock();
            if state.free > 0 {
                state.free -= 1;
                return Some(Turn(self.clone()));
            }
            state.wait(caller)?
        };
        turn.await.ok()
    }

    fn lock(&self) -> MutexGuard<'_, State<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> State<K> {
    fn wait(&mut self, caller: K) -> Option<oneshot::Receiver<Turn<K>>> {
        self.room = self.room.checked_sub(1)?;
        let (sender, turn) = oneshot::channel();
        let line = self.lines.entry(caller).or_default();
        line.push_back(sender);
        if line.len() == 1 {
            self.next.push_back(caller);
        }
        Some(turn)
    }

    /// The first of the line whose turn it is; the line is last then.
    fn next(&mut self) -> Option<oneshot::Sender<Turn<K>>> {
        let caller = self.next.pop_front()?;
        let line = self.lines.get_mut(&caller)?;
        let waiting = line.pop_front();
        if line.is_empty() {
            self.lines.remove(&caller);
        } else {
            self.next.push_back(caller);
        }
        self.room += 1;
        waiting
    }
}

impl<K: Copy + Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        let next = {
            let mut state = self.0.lock();
            let next = state.next();
            if next.is_none() {
                state.free += 1;
            }
            next
        };
        if let Some(waiting) = next {
            // Where nobody waits any more the place comes back, and is handed on as this one was.
            drop(waiting.send(Self(self.0.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    /// What a future came to, if it was not left waiting.
    fn now<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn callers_take_turns_however_many_one_of_them_waits_for() {
        let turns = Turns::new(1, 8);
        let mut first = pin!(turns.place('a'));
        let Poll::Ready(Some(held)) = now(first.as_mut()) else {
            panic!("there is a place");
        };
        let callers = ['a', 'a', 'b', 'a', 'c'];
        let mut waiting: Vec<_> = callers
            .into_iter()
            .map(|caller| (caller, Box::pin(turns.place(caller))))
            .collect();
        for (_, place) in &mut waiting {
            assert!(now(place.as_mut()).is_pending());
        }
        let (mut served, mut held) = (String::new(), Some(held));
        while !waiting.is_empty() {
            drop(held.take());
            let ready = waiting.iter_mut().position(|(_, place)| {
                if let Poll::Ready(place) = now(place.as_mut()) {
                    held = place;
                }
                held.is_some()
            });
            served.push(waiting.remove(ready.unwrap()).0);
        }
        assert_eq!(served, "abcaa");
        drop(held);
        assert_eq!(turns.lock().free, 1);
    }

    #[test]
    fn who_gave_up_is_passed_over_and_the_number_of_those_who_wait_is_limited() {
        let turns = Turns::new(1, 2);
        let mut first = pin!(turns.place('a'));
        let held = now(first.as_mut());
        assert!(held.is_ready());
        let mut gave_up = Box::pin(turns.place('b'));
        let mut waits = pin!(turns.place('c'));
        assert!(now(gave_up.as_mut()).is_pending() && now(waits.as_mut()).is_pending());
        let mut too_many = pin!(turns.place('d'));
        assert!(matches!(now(too_many.as_mut()), Poll::Ready(None)));
        drop(gave_up);
        drop(held);
        assert!(matches!(now(waits.as_mut()), Poll::Ready(Some(_))));
    }

    #[test]
    fn a_place_that_was_given_to_one_who_left_is_free_again() {
        let turns = Turns::new(1, 2);
        let mut first = pin!(turns.place('a'));
        let held = now(first.as_mut());
        let mut second = Box::pin(turns.place('b'));
        assert!(now(second.as_mut()).is_pending());
        drop(held);
        drop(second);
        assert_eq!(turns.lock().free, 1);
    }
}
