//! How often and how many at a time one key may ask.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::ids::KeyId;
use platen_domain::scope::{Actor, Scope};

use crate::minutes::Minute;
use crate::problem_kinds;
use crate::problems::Problem;

/// What one key may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyLimits {
    /// Answers within a minute.
    pub requests_per_minute: u32,
    /// Answers at the same time. A slow reader holds its place until it has everything.
    pub requests_at_once: u32,
}

impl Default for KeyLimits {
    /// A refresh every half second is far beyond any report, and a spreadsheet opens two answers
    /// for one refresh.
    fn default() -> Self {
        Self {
            requests_per_minute: 120,
            requests_at_once: 2,
        }
    }
}

/// When every place is taken, one is free again after about this long.
const CONCURRENT_RETRY_AFTER: Duration = Duration::from_secs(1);

/// Keys remembered before those without a recent request are forgotten.
const KEYS_REMEMBERED: usize = 1_024;

type Counters = Arc<Mutex<HashMap<KeyId, Counter>>>;

#[derive(Debug, Clone, Copy)]
struct Counter {
    minute: Minute,
    running: u32,
}

/// Counts the requests of each key.
#[derive(Debug)]
pub(crate) struct KeyThrottle {
    limits: KeyLimits,
    counters: Counters,
}

/// A key's place among its concurrent requests; free again when dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    key: Option<KeyId>,
    counters: Counters,
}

impl KeyThrottle {
    pub(crate) fn new(limits: KeyLimits) -> Self {
        Self {
            limits,
            counters: Counters::default(),
        }
    }

    /// Counts one request of the key that acts in `scope`, or refuses it with 429.
    pub(crate) fn admit(&self, scope: &Scope, now: Timestamp) -> Result<Slot, Problem> {
        let slot = |key| Slot {
            key,
            counters: Arc::clone(&self.counters),
        };
        let Actor::Key { id, .. } = scope.actor() else {
            return Ok(slot(None));
        };
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= KEYS_REMEMBERED {
            counters.retain(|_, counter| counter.running > 0 || !counter.minute.is_over(now));
        }
        let counter = counters.entry(*id).or_insert(Counter {
            minute: Minute::beginning(now),
            running: 0,
        });
        let limits = self.limits;
        let begun = counter.begin(now, limits);
        begun.map_err(|wait| too_many(limits, wait))?;
        Ok(slot(Some(*id)))
    }
}

impl Counter {
    /// Takes one request in, or says how long to wait.
    fn begin(&mut self, now: Timestamp, limits: KeyLimits) -> Result<(), Duration> {
        if self.running >= limits.requests_at_once {
            return Err(CONCURRENT_RETRY_AFTER);
        }
        self.minute.admit(now, limits.requests_per_minute)?;
        self.running += 1;
        Ok(())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Some(key) = self.key else { return };
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = counters.get_mut(&key) {
            counter.running = counter.running.saturating_sub(1);
        }
    }
}

fn too_many(limits: KeyLimits, wait: Duration) -> Problem {
    let KeyLimits {
        requests_per_minute,
        requests_at_once,
    } = limits;
    let detail = format!(
        "This key asked too often: at most {requests_per_minute} requests a minute and \
         {requests_at_once} at the same time."
    );
    problem_kinds::TOO_MANY_REQUESTS
        .because(detail)
        .with_retry_after(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(counter: &mut Counter, seconds: i64) -> Result<(), Duration> {
        counter.begin(at(seconds), KeyLimits::default())
    }

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn counter() -> Counter {
        Counter {
            minute: Minute::beginning(at(0)),
            running: 0,
        }
    }

    #[test]
    fn a_minute_has_its_requests_and_then_a_new_minute_begins() {
        let mut counter = counter();
        for _ in 0..KeyLimits::default().requests_per_minute {
            begin(&mut counter, 10).unwrap();
            counter.running = 0;
        }
        assert_eq!(begin(&mut counter, 20), Err(Duration::from_secs(40)));
        assert_eq!(begin(&mut counter, 60), Ok(()));
    }

    #[test]
    fn only_so_many_run_at_the_same_time() {
        let mut counter = counter();
        for _ in 0..KeyLimits::default().requests_at_once {
            begin(&mut counter, 0).unwrap();
        }
        assert_eq!(begin(&mut counter, 0), Err(CONCURRENT_RETRY_AFTER));
        counter.running -= 1;
        assert_eq!(begin(&mut counter, 0), Ok(()));
    }
}
