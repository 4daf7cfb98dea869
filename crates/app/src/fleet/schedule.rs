//! When each device is asked for what: pure arithmetic, no waiting.

use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;

/// How often what is asked. The defaults are those the published product documents for its
/// Device Scout: discovery weekly, usage daily, status every two hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Looking for devices over all ranges. The first time is at once.
    pub discovery: Duration,
    /// Identity, capabilities and everything that seldom changes.
    pub static_set: Duration,
    /// Status, meters, levels and alerts.
    pub dynamic_set: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            discovery: Duration::from_hours(7 * 24),
            static_set: Duration::from_hours(24),
            dynamic_set: Duration::from_hours(2),
        }
    }
}

/// The shortest interval that can be configured: less would keep a printer's own controller
/// from its work.
pub const INTERVAL_MIN: Duration = Duration::from_secs(1);

/// The longest interval that can be configured.
pub const INTERVAL_MAX: Duration = Duration::from_hours(366 * 24);

/// A device that does not answer is asked again after the dynamic interval, then after twice
/// that, and so on up to this many doublings.
const BACK_OFF_DOUBLINGS_MAX: u32 = 4;

/// … and never later than this, unless the interval itself is longer. Less than a working day: a
/// printer that is switched off every night would else be asked at night only, for days.
const BACK_OFF_MAX: Duration = Duration::from_hours(6);

/// Intervals vary by up to a tenth either way, so that devices found together do not answer
/// together for ever.
const JITTER_PARTS: u32 = 10;

/// What a device is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Work {
    /// The static and the dynamic set.
    Static,
    /// The dynamic set.
    Dynamic,
}

/// When it is one device's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    next_static: Timestamp,
    next_dynamic: Timestamp,
    failures: u32,
}

impl Turn {
    /// The turn of a device that was last read at these times, as the store knows it. What was
    /// never read, or is overdue, is due now.
    pub(crate) fn resume(
        schedule: &Schedule,
        last_static: Option<Timestamp>,
        last_dynamic: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let next = |last: Option<Timestamp>, interval| {
            // A clock that was set back must not keep a device from being read.
            let latest = now.plus(interval);
            last.map_or(now, |last| last.plus(interval).clamp(now, latest))
        };
        Self {
            next_static: next(last_static, schedule.static_set),
            next_dynamic: next(last_dynamic, schedule.dynamic_set),
            failures: 0,
        }
    }

    /// The same for a device that failed `failures` times, last at `last`: it goes on waiting.
    pub(crate) fn resume_failing(
        schedule: &Schedule,
        failures: u32,
        last: Timestamp,
        now: Timestamp,
    ) -> Self {
        let wait = back_off(schedule.dynamic_set, failures.saturating_sub(1));
        let next = last.plus(wait).clamp(now, now.plus(wait));
        Self {
            next_static: next,
            next_dynamic: next,
            failures,
        }
    }

    /// The turn of a device whose static set was read just now.
    pub(crate) fn read(schedule: &Schedule, now: Timestamp, ids: &dyn Ids) -> Self {
        Self {
            next_static: now.plus(jittered(schedule.static_set, ids)),
            next_dynamic: now.plus(jittered(schedule.dynamic_set, ids)),
            failures: 0,
        }
    }

    /// When the device is next due, and for what.
    pub(crate) fn due(&self) -> (Timestamp, Work) {
        if self.next_static <= self.next_dynamic {
            (self.next_static, Work::Static)
        } else {
            (self.next_dynamic, Work::Dynamic)
        }
    }

    /// Whether the last attempt failed.
    pub(crate) const fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// The turn after `work` succeeded.
    pub(crate) fn after(
        self,
        work: Work,
        schedule: &Schedule,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Self {
        let read = Self::read(schedule, now, ids);
        match work {
            Work::Static => read,
            Work::Dynamic => Self {
                next_static: self.next_static,
                ..read
            },
        }
    }

    /// The same turn where the clock was set back to `now`: no later than an interval away.
    pub(crate) fn pulled_in(self, schedule: &Schedule, now: Timestamp) -> Self {
        Self {
            next_static: self.next_static.min(now.plus(schedule.static_set)),
            next_dynamic: self.next_dynamic.min(now.plus(schedule.dynamic_set)),
            ..self
        }
    }

    /// The turn after an attempt that failed through no fault of the device: as after any other
    /// attempt, and then for the static set, since what was remembered is gone.
    pub(crate) fn postponed(self, schedule: &Schedule, now: Timestamp, ids: &dyn Ids) -> Self {
        let next = now.plus(jittered(schedule.dynamic_set, ids));
        Self {
            next_static: next,
            next_dynamic: next,
            ..self
        }
    }

    /// The turn after an attempt failed: later each time, and then for the static set, which
    /// starts from nothing that was remembered.
    pub(crate) fn after_failure(self, schedule: &Schedule, now: Timestamp, ids: &dyn Ids) -> Self {
        let wait = back_off(schedule.dynamic_set, self.failures);
        let next = now.plus(jittered(wait, ids));
        Self {
            next_static: next,
            next_dynamic: next,
            failures: self.failures.saturating_add(1),
        }
    }
}

/// The wait after `failures` failures before this one.
pub(crate) fn back_off(interval: Duration, failures: u32) -> Duration {
    let doublings = failures.min(BACK_OFF_DOUBLINGS_MAX);
    let wait = interval.saturating_mul(1 << doublings);
    wait.min(BACK_OFF_MAX.max(interval))
}

/// `interval`, up to a tenth shorter or longer.
pub(crate) fn jittered(interval: Duration, ids: &dyn Ids) -> Duration {
    let mut random = [0; 4];
    ids.fill(&mut random);
    let spread = interval / JITTER_PARTS * 2;
    let share = spread.mul_f64(f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX));
    let shortest = interval.saturating_sub(interval / JITTER_PARTS);
    shortest.saturating_add(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::ids::SeededIds;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    /// No randomness: every interval is a tenth shorter than configured.
    struct Shortest;

    impl Ids for Shortest {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn hours(hours: u64) -> Duration {
        Duration::from_secs(hours * 60 * 60)
    }

    #[test]
    fn a_new_device_is_due_at_once_and_then_by_its_intervals() {
        let schedule = Schedule::default();
        let turn = Turn::resume(&schedule, None, None, NOW);
        assert_eq!(turn.due(), (NOW, Work::Static));
        let mut turn = turn.after(Work::Static, &schedule, NOW, &Shortest);
        let mut asked = Vec::new();
        for _ in 0..14 {
            let (at, work) = turn.due();
            asked.push((at.since(NOW).as_secs() / 360, work));
            turn = turn.after(work, &schedule, at, &Shortest);
        }
        // Tenths of an hour: every 1.8 hours, and once in 21.6 hours for everything.
        let dynamic = (1..12).map(|n| (n * 18, Work::Dynamic));
        let expected: Vec<_> = dynamic
            .chain([
                (216, Work::Static),
                (234, Work::Dynamic),
                (252, Work::Dynamic),
            ])
            .collect();
        assert_eq!(asked, expected);
    }

    #[test]
    fn a_restart_keeps_what_is_not_due() {
        let schedule = Schedule::default();
        let read = NOW.minus(hours(1));
        let turn = Turn::resume(&schedule, Some(read), Some(read), NOW);
        assert_eq!(turn.due(), (NOW.plus(hours(1)), Work::Dynamic));
        let overdue = Turn::resume(&schedule, Some(read), Some(NOW.minus(hours(9))), NOW);
        assert_eq!(overdue.due(), (NOW, Work::Dynamic));
    }

    #[test]
    fn a_clock_set_back_delays_by_one_interval_at_most() {
        let schedule = Schedule::default();
        let ahead = NOW.plus(hours(24 * 365));
        let turn = Turn::resume(&schedule, Some(ahead), Some(ahead), NOW);
        assert_eq!(turn.due(), (NOW.plus(hours(2)), Work::Dynamic));
    }

    #[test]
    fn failures_back_off_and_success_ends_it() {
        let schedule = Schedule::default();
        let mut turn = Turn::resume(&schedule, None, None, NOW);
        let mut waits = Vec::new();
        for _ in 0..6 {
            turn = turn.after_failure(&schedule, NOW, &Shortest);
            let (at, work) = turn.due();
            assert_eq!((work, turn.is_failing()), (Work::Static, true));
            waits.push(at.since(NOW).as_secs() / 360);
        }
        assert_eq!(waits, [18, 36, 54, 54, 54, 54]);
        let restarted = Turn::resume_failing(&schedule, 6, NOW, NOW.plus(hours(1)));
        assert_eq!(restarted.due(), (NOW.plus(hours(6)), Work::Static));
        let turn = turn.after(Work::Static, &schedule, NOW, &Shortest);
        assert!(!turn.is_failing());
        assert_eq!(turn.due().0.since(NOW).as_secs() / 360, 18);
    }

    #[test]
    fn what_is_our_fault_holds_no_device_back() {
        let schedule = Schedule::default();
        let mut turn = Turn::resume(&schedule, None, None, NOW);
        for _ in 0..6 {
            turn = turn.postponed(&schedule, NOW, &Shortest);
        }
        assert!(!turn.is_failing());
        assert_eq!(turn.due().0.since(NOW).as_secs() / 360, 18);
    }

    proptest! {
        #[test]
        fn jitter_stays_within_a_tenth(seconds in 1_u64..1_000_000, seed: u64) {
            let interval = Duration::from_secs(seconds);
            let moved = jittered(interval, &SeededIds::new(seed));
            prop_assert!(moved >= interval.mul_f64(0.899) && moved <= interval.mul_f64(1.101));
        }
    }
}
