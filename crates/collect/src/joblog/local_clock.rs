//! Bare local times of a log as instants.
//!
//! The hour that autumn repeats is in the log twice. Where the lines go back within it the second
//! pass begins, or ends where the log runs backwards; where they do not, all of them are of the
//! first. That is a guess all the same, so both are [`TimeQuality::Ambiguous`]. The hour that
//! spring skips is moved behind the gap.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp as Instant};
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::TimeQuality;

/// Least step back that begins a second pass: lines that end together may stand in either order.
const STEP_MIN: SignedDuration = SignedDuration::from_mins(1);

/// Which lines of a log are in the second pass of a repeated hour, by the day of that hour.
#[derive(Debug, Clone, Default)]
pub(super) struct Passes(BTreeMap<Date, RangeInclusive<u64>>);

impl Passes {
    /// The instant of a local time that stands in this line.
    pub(super) fn instant(
        &self,
        line: u64,
        civil: DateTime,
        zone: &TimeZone,
    ) -> Option<(Timestamp, TimeQuality)> {
        let instants = zone.to_ambiguous_timestamp(civil);
        let (instant, quality) = match instants.offset() {
            AmbiguousOffset::Unambiguous { .. } => {
                (instants.compatible(), TimeQuality::AssumedZone)
            }
            AmbiguousOffset::Gap { .. } => (instants.compatible(), TimeQuality::Gap),
            AmbiguousOffset::Fold { .. } => {
                let second = self.0.get(&civil.date());
                let is_second = second.is_some_and(|lines| lines.contains(&line));
                let instant = if is_second {
                    instants.later()
                } else {
                    instants.earlier()
                };
                (instant, TimeQuality::Ambiguous)
            }
        };
        Some((timestamp(instant.ok()?), quality))
    }
}

/// The last instant of a local time that is not after `limit`, or else its first: when a job was
/// sent that ended then.
pub(super) fn instant_until(
    civil: DateTime,
    zone: &TimeZone,
    limit: Timestamp,
) -> Option<Timestamp> {
    let instants = zone.to_ambiguous_timestamp(civil);
    let later = instants.later().ok().map(timestamp);
    let later = later.filter(|later| *later <= limit);
    later.or_else(|| instants.earlier().ok().map(timestamp))
}

fn timestamp(instant: Instant) -> Timestamp {
    Timestamp::from_millis(instant.as_millisecond())
}

/// Where the lines of a log step within repeated hours.
#[derive(Debug, Clone, Default)]
pub(super) struct FoldSurvey(BTreeMap<Date, Fold>);

#[derive(Debug, Clone)]
struct Fold {
    last: DateTime,
    /// The longest step back, and the line behind it.
    back: Option<(SignedDuration, u64)>,
    /// The longest step forward, and the line behind it.
    forward: Option<(SignedDuration, u64)>,
}

impl FoldSurvey {
    /// Takes in a line, and says whether it is within the hour in which the last one was.
    pub(super) fn see(&mut self, line: u64, civil: DateTime, zone: &TimeZone) -> bool {
        let instants = zone.to_ambiguous_timestamp(civil);
        if !matches!(instants.offset(), AmbiguousOffset::Fold { .. }) {
            return false;
        }
        let Some(fold) = self.0.get_mut(&civil.date()) else {
            let fold = Fold {
                last: civil,
                back: None,
                forward: None,
            };
            self.0.insert(civil.date(), fold);
            return false;
        };
        let step = fold.last.duration_until(civil);
        fold.last = civil;
        let length = step.abs();
        if length < STEP_MIN {
            return true;
        }
        // Of equal steps the one that is first in time: the first of a log that runs forwards,
        // the last of one that runs backwards.
        let longest = |known: Option<(SignedDuration, u64)>| known.map(|(length, _)| length);
        if step.is_negative() && Some(length) > longest(fold.back) {
            fold.back = Some((length, line));
        } else if step.is_positive() && Some(length) >= longest(fold.forward) {
            fold.forward = Some((length, line));
        }
        true
    }

    /// The lines of second passes.
    pub(super) fn passes(&self, runs_backwards: bool) -> Passes {
        let second = |(date, fold): (&Date, &Fold)| {
            let lines = if runs_backwards {
                let (_, line) = fold.forward?;
                0..=line.saturating_sub(1)
            } else {
                let (_, line) = fold.back?;
                line..=u64::MAX
            };
            Some((*date, lines))
        };
        Passes(self.0.iter().filter_map(second).collect())
    }
}

/// Reads bare local times of a log that is read once and runs forwards: times that go back within
/// the repeated hour have entered its second pass.
#[derive(Debug, Clone)]
pub(super) struct LocalClock {
    zone: TimeZone,
    pass: Option<Pass>,
}

#[derive(Debug, Clone, Copy)]
struct Pass {
    last: DateTime,
    second_pass: bool,
}

impl LocalClock {
    pub(super) const fn new(zone: TimeZone) -> Self {
        Self { zone, pass: None }
    }

    /// The instant of the log's next time.
    pub(super) fn instant(&mut self, civil: DateTime) -> Option<(Timestamp, TimeQuality)> {
        let instants = self.zone.to_ambiguous_timestamp(civil);
        let (instant, quality) = match instants.offset() {
            AmbiguousOffset::Unambiguous { .. } => {
                (instants.compatible(), TimeQuality::AssumedZone)
            }
            AmbiguousOffset::Gap { .. } => (instants.compatible(), TimeQuality::Gap),
            AmbiguousOffset::Fold { .. } if self.is_second_pass(civil) => {
                (instants.later(), TimeQuality::Ambiguous)
            }
            AmbiguousOffset::Fold { .. } => (instants.earlier(), TimeQuality::Ambiguous),
        };
        if quality != TimeQuality::Ambiguous {
            self.pass = None;
        }
        Some((timestamp(instant.ok()?), quality))
    }

    fn is_second_pass(&mut self, civil: DateTime) -> bool {
        // Half a day and more apart is another year's fold, not this one.
        let same = self.pass.filter(|pass| pass.last.date() == civil.date());
        let second_pass = same.is_some_and(|pass| pass.second_pass || civil < pass.last);
        self.pass = Some(Pass {
            last: civil,
            second_pass,
        });
        second_pass
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    /// The minutes of these times since the first of them in time, line by line.
    fn minutes(times: &[&str]) -> Vec<i64> {
        let civil = |time: &&str| format!("2026-10-25T{time}").parse::<DateTime>().unwrap();
        let times: Vec<DateTime> = times.iter().map(civil).collect();
        instants(&times, times.first() > times.last())
            .into_iter()
            .map(|(at, _)| (at.as_millis() - 1_792_886_400_000) / 60_000)
            .collect()
    }

    fn instants(times: &[DateTime], runs_backwards: bool) -> Vec<(Timestamp, TimeQuality)> {
        let (zone, mut survey) = (berlin(), FoldSurvey::default());
        let lines = || (1..).zip(times.iter().copied());
        lines().for_each(|(line, civil)| {
            survey.see(line, civil, &zone);
        });
        let passes = survey.passes(runs_backwards);
        lines()
            .map(|(line, civil)| passes.instant(line, civil, &zone).unwrap())
            .collect()
    }

    #[test]
    fn the_repeated_hour_goes_by_the_order_of_the_log_whichever_way_it_runs() {
        let mut times = ["02:10", "02:50", "02:05", "02:55", "03:01"];
        assert_eq!(minutes(&times), [10, 50, 65, 115, 121]);
        times.reverse();
        assert_eq!(minutes(&times), [121, 115, 65, 50, 10]);
        // Nothing goes back: all of it is of the first pass, both ways.
        assert_eq!(minutes(&["01:50", "02:10", "02:50"]), [-10, 10, 50]);
        assert_eq!(minutes(&["02:50", "02:10", "01:50"]), [50, 10, -10]);
    }

    #[test]
    fn a_log_that_is_read_once_runs_forwards() {
        let mut clock = LocalClock::new(berlin());
        let read = |time: &str| {
            let civil = format!("2026-10-25T{time}").parse().unwrap();
            let (at, _) = clock.instant(civil).unwrap();
            (at.as_millis() - 1_792_886_400_000) / 60_000
        };
        let times = ["01:59", "02:10", "02:50", "02:05", "02:55", "03:01"];
        assert_eq!(times.map(read), [-1, 10, 50, 65, 115, 121]);
    }

    #[test]
    fn the_skipped_hour_is_moved_behind_the_gap() {
        let passes = Passes::default();
        let read = |text: &str| {
            let civil = text.parse().unwrap();
            passes.instant(1, civil, &berlin()).unwrap()
        };
        let (skipped, quality) = read("2026-03-29T02:30:00");
        assert_eq!(quality, TimeQuality::Gap);
        assert_eq!(read("2026-03-29T03:30:00").0, skipped);
    }

    #[test]
    fn a_job_is_not_sent_after_its_end() {
        let sent = "2026-10-25T02:30:00".parse().unwrap();
        let minutes = |limit: i64| {
            let limit = Timestamp::from_millis(1_792_886_400_000 + limit * 60_000);
            let at = instant_until(sent, &berlin(), limit).unwrap();
            (at.as_millis() - 1_792_886_400_000) / 60_000
        };
        assert_eq!((minutes(40), minutes(95)), (30, 90));
    }

    proptest! {
        #[test]
        fn reading_backwards_gives_the_same_instants(
            first in proptest::collection::vec(0_i8..60, 0..6),
            second in proptest::collection::vec(0_i8..60, 0..6),
        ) {
            let (mut first, mut second) = (first, second);
            first.sort_unstable();
            second.sort_unstable();
            let all = first.into_iter().chain(second);
            let day = Date::constant(2026, 10, 25);
            let mut times: Vec<DateTime> = all.map(|minute| day.at(2, minute, 0, 0)).collect();
            times.insert(0, day.at(1, 30, 0, 0));
            let mut forwards = instants(&times, false);
            times.reverse();
            let backwards = instants(&times, true);
            forwards.reverse();
            prop_assert_eq!(forwards, backwards);
        }
    }
}
