//! How many of something each caller has at the same time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts what each caller has. Who has nothing is not remembered.
#[derive(Debug)]
pub(crate) struct Seats<K> {
    most: usize,
    counts: Arc<Mutex<HashMap<K, usize>>>,
}

/// One seat of a caller; free again when dropped.
#[derive(Debug)]
pub(crate) struct Seat<K: Eq + Hash> {
    caller: K,
    counts: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Copy + Eq + Hash> Seats<K> {
    /// At most `most` seats for each caller.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            counts: Arc::default(),
        }
    }

    /// How many seats each caller has.
    pub(crate) const fn most(&self) -> usize {
        self.most
    }

    /// A seat for the caller; `None` where all of the caller's are taken.
    pub(crate) fn take(&self, caller: K) -> Option<Seat<K>> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = counts.get(&caller).copied().unwrap_or(0);
        if taken >= self.most {
            return None;
        }
        counts.insert(caller, taken + 1);
        Some(Seat {
            caller,
            counts: Arc::clone(&self.counts),
        })
    }
}

impl<K: Eq + Hash> Drop for Seat<K> {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_seats_and_gives_them_back() {
        let seats = Seats::new(2);
        let (first, second) = (seats.take(1).unwrap(), seats.take(1).unwrap());
        assert!(seats.take(1).is_none());
        assert!(seats.take(2).is_some(), "others have their own");
        drop(first);
        assert!(seats.take(1).is_some());
        drop(second);
        assert!(seats.counts.lock().unwrap().is_empty());
    }
}
