//! Pauses between attempts: longer each time, and never the same for two collectors.

use std::sync::Arc;
use std::time::Duration;

use platen_domain::ids::Ids;

/// First pause.
const FIRST: Duration = Duration::from_secs(1);

/// Longest pause: a server that comes back hears of every collector within five minutes.
pub(super) const LONGEST: Duration = Duration::from_mins(5);

/// Pauses that double, each by chance between its half and its whole.
pub(super) struct Backoff {
    ids: Arc<dyn Ids>,
    next: Duration,
}

impl Backoff {
    pub(super) const fn new(ids: Arc<dyn Ids>) -> Self {
        Self { ids, next: FIRST }
    }

    /// After a success.
    pub(super) const fn reset(&mut self) {
        self.next = FIRST;
    }

    /// The next pause.
    pub(super) fn next(&mut self) -> Duration {
        let whole = self.next;
        self.next = (whole * 2).min(LONGEST);
        self.jittered(whole)
    }

    /// A pause that the server asked for; not much longer than it said, nor for ever.
    pub(super) fn asked(&self, pause: Duration) -> Duration {
        let pause = pause.min(LONGEST);
        pause + self.jittered(pause / 4)
    }

    fn jittered(&self, whole: Duration) -> Duration {
        let mut random = [0; 4];
        self.ids.fill(&mut random);
        let share = f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX);
        whole.mul_f64(0.5 + share / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::ids::SeededIds;

    #[test]
    fn pauses_double_to_a_cap_and_differ() {
        let mut backoff = Backoff::new(Arc::new(SeededIds::new(1)));
        let mut whole = FIRST;
        for _ in 0..20 {
            let pause = backoff.next();
            assert!(
                (whole / 2..=whole).contains(&pause),
                "{pause:?} of {whole:?}"
            );
            whole = (whole * 2).min(LONGEST);
        }
        backoff.reset();
        assert!(backoff.next() <= FIRST);
        let asked = backoff.asked(Duration::from_secs(8));
        assert!((8..=10).contains(&asked.as_secs()), "{asked:?}");
        assert!(backoff.asked(Duration::from_hours(99)) < LONGEST * 2);
    }
}
