//! Slows down guessing: per name and address, doubling from the fifth failure on.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use platen_domain::clock::Timestamp;

/// Attempts that cost nothing: a person mistypes.
const FREE_ATTEMPTS: u32 = 5;

/// The wait after the last free attempt; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_secs(1);

/// The longest wait. Longer would let a stranger lock a person out for good.
const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// After this long without an attempt all is forgotten.
const FORGET_AFTER: Duration = Duration::from_hours(1);

/// Pairs of name and address remembered at once, about 100 bytes each. When there are more, the
/// one that was quiet longest is forgotten.
const ENTRIES_MAX: usize = 10_000;

/// Bytes of a name that count; longer ones are no names.
const NAME_BYTES_MAX: usize = 254;

/// Who tries: a name without regard to case, from an address. Addresses of version 6 count by
/// their /64, which one customer has to itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Caller {
    name: String,
    network: IpAddr,
}

impl Caller {
    pub(crate) fn new(name: &str, peer: IpAddr) -> Self {
        let name = name.to_lowercase();
        let end = name.floor_char_boundary(NAME_BYTES_MAX);
        let network = match peer.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
            v4 @ IpAddr::V4(_) => v4,
        };
        Self {
            name: name.get(..end).unwrap_or_default().to_owned(),
            network,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Attempts {
    count: u32,
    last: Timestamp,
}

impl Attempts {
    /// How long after the last attempt the next one may come.
    fn delay(self) -> Duration {
        let Some(over) = self.count.checked_sub(FREE_ATTEMPTS) else {
            return Duration::ZERO;
        };
        let doubled = FIRST_DELAY.saturating_mul(1_u32.checked_shl(over).unwrap_or(u32::MAX));
        doubled.min(LONGEST_DELAY)
    }
}

/// Remembers attempts that did not succeed.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Entries>);

impl Throttle {
    /// Admits an attempt and counts it as failed until [`Self::forgive`] says otherwise, so that
    /// attempts sent at the same time count too. `Err` is how long to wait.
    pub(crate) fn admit(&self, caller: &Caller, now: Timestamp) -> Result<(), Duration> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wait(&entries, caller, now)?;
        count(&mut entries, caller, now);
        Ok(())
    }

    /// Says how long a caller has to wait, and counts nothing: for secrets that no number of
    /// guesses finds, where right attempts at the same time must not hold up each other.
    pub(crate) fn wait(&self, caller: &Caller, now: Timestamp) -> Result<(), Duration> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wait(&entries, caller, now)
    }

    /// Counts an attempt that failed.
    pub(crate) fn count(&self, caller: &Caller, now: Timestamp) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        count(&mut entries, caller, now);
    }

    /// Takes an admitted attempt back: nobody looked at it.
    pub(crate) fn take_back(&self, caller: &Caller) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(attempts) = entries.get_mut(caller) {
            attempts.count = attempts.count.saturating_sub(1);
        }
    }

    /// Forgets a caller who turned out to be right.
    pub(crate) fn forgive(&self, caller: &Caller) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(caller);
    }
}

type Entries = HashMap<Caller, Attempts>;

/// The attempts of a caller that are not forgotten yet.
fn known(entries: &Entries, caller: &Caller, now: Timestamp) -> Option<Attempts> {
    let known = entries.get(caller).copied();
    known.filter(|attempts| now.since(attempts.last) < FORGET_AFTER)
}

fn wait(entries: &Entries, caller: &Caller, now: Timestamp) -> Result<(), Duration> {
    let Some(attempts) = known(entries, caller, now) else {
        return Ok(());
    };
    let (delay, waited) = (attempts.delay(), now.since(attempts.last));
    if waited < delay {
        return Err(delay.saturating_sub(waited));
    }
    Ok(())
}

fn count(entries: &mut Entries, caller: &Caller, now: Timestamp) {
    let before = known(entries, caller, now).map_or(0, |attempts| attempts.count);
    if entries.len() >= ENTRIES_MAX && !entries.contains_key(caller) {
        forget_one(entries);
    }
    let count = before.saturating_add(1);
    entries.insert(caller.clone(), Attempts { count, last: now });
}

fn forget_one(entries: &mut Entries) {
    let quietest = entries.iter().min_by_key(|(_, attempts)| attempts.last);
    if let Some(caller) = quietest.map(|(caller, _)| caller.clone()) {
        entries.remove(&caller);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn caller(name: &str, peer: &str) -> Caller {
        Caller::new(name, peer.parse().unwrap())
    }

    #[test]
    fn the_wait_doubles_from_the_fifth_failure_and_ends_at_fifteen_minutes() {
        let (throttle, ada) = (Throttle::default(), caller("ada", "192.0.2.1"));
        let mut now = START;
        let mut waits = Vec::new();
        for _ in 0..18 {
            while let Err(wait) = throttle.admit(&ada, now) {
                waits.push(wait.as_secs());
                now = now.plus(wait);
            }
        }
        assert_eq!(
            waits,
            [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
        );
    }

    #[test]
    fn at_most_twenty_guesses_in_ten_minutes() {
        let (throttle, ada) = (Throttle::default(), caller("ada", "192.0.2.1"));
        let seconds = 0..600_u64;
        let admitted = seconds.filter(|s| {
            let now = START.plus(Duration::from_secs(*s));
            (0..10).any(|_| throttle.admit(&ada, now).is_ok())
        });
        assert!(admitted.count() <= 20);
    }

    #[test]
    fn success_and_an_hour_of_quiet_both_forget() {
        let (throttle, ada) = (Throttle::default(), caller("ada", "192.0.2.1"));
        let exhaust = |at| while throttle.admit(&ada, at).is_ok() {};
        exhaust(START);
        throttle.forgive(&ada);
        assert!(throttle.admit(&ada, START).is_ok());
        exhaust(START);
        assert!(throttle.admit(&ada, START.plus(FORGET_AFTER)).is_ok());
    }

    #[test]
    fn an_attempt_taken_back_counts_for_nothing_and_forgives_nothing() {
        let (throttle, ada) = (Throttle::default(), caller("ada", "192.0.2.1"));
        for _ in 0..100 {
            throttle.admit(&ada, START).unwrap();
            throttle.take_back(&ada);
        }
        while throttle.admit(&ada, START).is_ok() {}
        throttle.take_back(&caller("bob", "192.0.2.1"));
        let wait = throttle.admit(&ada, START).unwrap_err();
        assert_eq!(wait, FIRST_DELAY);
    }

    #[test]
    fn another_address_or_name_is_not_held_up() {
        let throttle = Throttle::default();
        while throttle.admit(&caller("ada", "2001:db8::1"), START).is_ok() {}
        let refused = [("ADA", "2001:db8::1"), ("ada", "2001:db8::ffff:1")];
        let admitted = [("bob", "2001:db8::1"), ("ada", "2001:db8:0:1::1")];
        for (name, peer) in refused {
            assert!(
                throttle.admit(&caller(name, peer), START).is_err(),
                "{name} {peer}"
            );
        }
        for (name, peer) in admitted {
            assert!(
                throttle.admit(&caller(name, peer), START).is_ok(),
                "{name} {peer}"
            );
        }
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..u32::try_from(ENTRIES_MAX).unwrap() + 50 {
            let now = START.plus(Duration::from_millis(n.into()));
            throttle
                .admit(&Caller::new("ada", IpAddr::V4(n.into())), now)
                .unwrap();
        }
        assert_eq!(throttle.0.lock().unwrap().len(), ENTRIES_MAX);
    }
}
