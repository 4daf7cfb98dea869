//! How often somebody asks within a minute.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use platen_domain::clock::Timestamp;

/// The window in which requests are counted.
pub(crate) const WINDOW: Duration = Duration::from_mins(1);

/// Callers remembered before those without a recent request are forgotten.
const CALLERS_REMEMBERED: usize = 1_024;

/// One caller's minute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Minute {
    since: Timestamp,
    requests: u32,
}

impl Minute {
    /// A minute that begins now, without a request so far.
    pub(crate) const fn beginning(now: Timestamp) -> Self {
        Self {
            since: now,
            requests: 0,
        }
    }

    /// Counts one request of at most `most`, or says how long to wait for the next minute.
    pub(crate) fn admit(&mut self, now: Timestamp, most: u32) -> Result<(), Duration> {
        // A clock that was set back locks nobody out.
        if self.is_over(now) || now < self.since {
            *self = Self::beginning(now);
        }
        if self.requests >= most {
            return Err(WINDOW.saturating_sub(now.since(self.since)));
        }
        self.requests += 1;
        Ok(())
    }

    /// Whether nothing of it counts any more.
    pub(crate) fn is_over(self, now: Timestamp) -> bool {
        now.since(self.since) >= WINDOW
    }
}

/// Counts the requests of each caller. Callers have shown who they are: strangers cannot fill it.
#[derive(Debug)]
pub(crate) struct Minutes<K> {
    most: u32,
    minutes: Mutex<HashMap<K, Minute>>,
}

impl<K: Eq + Hash> Minutes<K> {
    /// At most `most` requests of each caller within a minute.
    pub(crate) fn new(most: u32) -> Self {
        Self {
            most,
            minutes: Mutex::default(),
        }
    }

    /// How many requests each caller has.
    pub(crate) const fn most(&self) -> u32 {
        self.most
    }

    /// Counts one request of `caller`, or says how long to wait.
    pub(crate) fn admit(&self, caller: K, now: Timestamp) -> Result<(), Duration> {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.len() >= CALLERS_REMEMBERED {
            minutes.retain(|_, minute| !minute.is_over(now));
        }
        let minute = minutes.entry(caller).or_insert(Minute::beginning(now));
        minute.admit(now, self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn each_caller_has_its_requests_and_then_a_new_minute_begins() {
        let minutes = Minutes::new(3);
        for _ in 0..3 {
            minutes.admit("one", at(10)).unwrap();
        }
        assert_eq!(minutes.admit("one", at(20)), Err(Duration::from_secs(50)));
        assert_eq!(minutes.admit("other", at(20)), Ok(()));
        assert_eq!(minutes.admit("one", at(70)), Ok(()));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let minutes = Minutes::new(1);
        minutes.admit("one", at(1_000_000)).unwrap();
        assert_eq!(minutes.admit("one", at(0)), Ok(()));
    }

    #[test]
    fn who_has_been_quiet_for_a_minute_is_forgotten() {
        let minutes = Minutes::new(1);
        for caller in 0..CALLERS_REMEMBERED {
            minutes.admit(caller, at(0)).unwrap();
        }
        minutes.admit(CALLERS_REMEMBERED, at(60)).unwrap();
        assert_eq!(minutes.minutes.lock().unwrap().len(), 1);
    }
}
