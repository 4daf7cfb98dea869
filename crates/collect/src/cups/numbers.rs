//! Every job number must turn up: as a job that is over, or as one that waits. What never does was
//! lost.
//!
//! CUPS numbers jobs upwards without a hole and purges by number when its history is full, so the
//! numbers tell what the times cannot: how many jobs came and went while nobody read.
//! A number may be nowhere for a moment, while its job ends between two questions; it is called
//! missing when the next reading does not have it either.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

/// Most numbers suspected at a time: jobs that end between two questions are a few. When more are
/// nowhere, a history was too short, and it is said at once.
const SUSPECTS_MAX: usize = 50;

/// Most waiting jobs remembered: those of a server whose printers all stand still for a day.
const WAITING_MAX: usize = 5_000;

/// The numbers known of a spooler.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Numbers {
    /// The highest number seen; 0 before the first reading.
    highest: u32,
    /// Jobs that waited at the last reading.
    waiting: BTreeSet<u32>,
    /// Numbers that were nowhere at the last reading.
    suspects: BTreeSet<u32>,
}

/// What one reading says of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All are accounted for, as far as can be told.
    Whole,
    /// So many never turned up.
    Missing(u64),
    /// The spooler counts from the beginning again.
    Restarted,
}

/// What one reading saw.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// Numbers of jobs that are over.
    pub(super) over: HashSet<u32>,
    /// Numbers of jobs that wait, asked for first.
    pub(super) waiting: BTreeSet<u32>,
    /// Whether jobs came that were made since the last reading, with numbers up to this.
    pub(super) newest_made: Option<u32>,
}

impl Numbers {
    /// Accounts for what was seen.
    pub(super) fn account(&mut self, mut seen: Seen) -> Verdict {
        // What ended between the two questions waits no longer.
        seen.waiting.retain(|n| !seen.over.contains(n));
        let over = seen.over.iter().copied().max();
        let highest = over.max(seen.waiting.last().copied()).unwrap_or(0);
        let first_reading = self.highest == 0;
        let restarted = !first_reading && seen.newest_made.is_some_and(|n| n < self.highest);
        if first_reading || (restarted && highest < self.highest) {
            *self = Self {
                highest,
                waiting: bounded(seen.waiting, WAITING_MAX),
                suspects: BTreeSet::new(),
            };
            return if restarted {
                Verdict::Restarted
            } else {
                Verdict::Whole
            };
        }
        self.compare(&seen, highest)
    }

    fn compare(&mut self, seen: &Seen, highest: u32) -> Verdict {
        let there = |n: &u32| seen.over.contains(n) || seen.waiting.contains(n);
        let new = self.highest.saturating_add(1)..=highest.max(self.highest);
        // The numbers between are counted, not listed: a hostile spooler may claim billions.
        let seen_new = seen.over.iter().chain(&seen.waiting);
        let seen_new: HashSet<u32> = seen_new.copied().filter(|n| new.contains(n)).collect();
        let absent_new = new.size_hint().0.saturating_sub(seen_new.len());
        let lost = self.suspects.iter().filter(|n| !there(n)).count();
        let vanished = self.waiting.iter().filter(|n| !there(n)).copied();
        let mut suspects: BTreeSet<u32> = vanished.collect();
        let mut missing = u64::try_from(lost).unwrap_or(u64::MAX);
        if suspects.len().saturating_add(absent_new) > SUSPECTS_MAX {
            let absent = suspects.len().saturating_add(absent_new);
            missing = missing.saturating_add(u64::try_from(absent).unwrap_or(u64::MAX));
            suspects.clear();
        } else {
            let listed = new.filter(|n| !seen_new.contains(n));
            suspects.extend(listed.take(absent_new));
        }
        *self = Self {
            highest: self.highest.max(highest),
            waiting: bounded(seen.waiting.clone(), WAITING_MAX),
            suspects,
        };
        if missing == 0 {
            Verdict::Whole
        } else {
            Verdict::Missing(missing)
        }
    }

    /// Whether there are numbers that the next reading must settle.
    pub(super) fn has_suspects(&self) -> bool {
        !self.suspects.is_empty()
    }

    /// The lowest number of which news may come: of a job that waited or was nowhere, or the next.
    pub(super) fn lowest_open(&self) -> u32 {
        let open = [self.waiting.first(), self.suspects.first()];
        let lowest = open.into_iter().flatten().min().copied();
        lowest.unwrap_or(self.highest.saturating_add(1))
    }

    /// Gives up accounting for what lies between, up to a number.
    pub(super) fn skip_to(&mut self, seen: Seen) {
        let over = seen.over.iter().copied().max();
        let highest = over.max(seen.waiting.last().copied()).unwrap_or(0);
        *self = Self {
            highest: self.highest.max(highest),
            waiting: bounded(seen.waiting, WAITING_MAX),
            suspects: BTreeSet::new(),
        };
    }
}

fn bounded(numbers: BTreeSet<u32>, max: usize) -> BTreeSet<u32> {
    if numbers.len() <= max {
        return numbers;
    }
    numbers.into_iter().take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(over: impl IntoIterator<Item = u32>, waiting: &[u32], newest_made: u32) -> Seen {
        Seen {
            over: over.into_iter().collect(),
            waiting: waiting.iter().copied().collect(),
            newest_made: Some(newest_made).filter(|n| *n > 0),
        }
    }

    fn after(readings: &[Seen]) -> Vec<Verdict> {
        let mut numbers = Numbers::default();
        let account = |seen: &Seen| numbers.account(seen.clone());
        readings.iter().map(account).collect()
    }

    #[test]
    fn jobs_that_are_over_or_wait_are_accounted_for() {
        let verdicts = after(&[
            seen(40..=50, &[45, 51], 51),
            // 51 waits still, 52 and 54 are over, 53 waits.
            seen([52, 54], &[51, 53], 54),
            seen([51, 53], &[], 54),
        ]);
        assert_eq!(verdicts, [const { Verdict::Whole }; 3]);
    }

    #[test]
    fn a_job_that_ends_between_two_questions_is_not_missing() {
        let verdicts = after(&[
            seen([1], &[2], 1),
            // 2 was no longer waiting and not yet over; 3 came later and is over.
            seen([3], &[], 3),
            seen([2, 3], &[], 3),
        ]);
        assert_eq!(verdicts, [const { Verdict::Whole }; 3]);
    }

    #[test]
    fn what_never_turns_up_is_counted_once() {
        let verdicts = after(&[
            seen([1], &[2], 1),
            seen([4], &[], 4),
            seen([4], &[], 4),
            seen([5], &[], 5),
        ]);
        let (whole, missing) = (Verdict::Whole, Verdict::Missing(2));
        assert_eq!(verdicts, [whole.clone(), whole.clone(), missing, whole]);
    }

    #[test]
    fn a_history_that_was_too_short_is_said_at_once() {
        let verdicts = after(&[seen(1..=6, &[], 6), seen(107..=606, &[], 606)]);
        assert_eq!(verdicts, [Verdict::Whole, Verdict::Missing(100)]);
        let hostile = after(&[seen([1], &[], 1), seen([u32::MAX], &[], u32::MAX)]);
        assert_eq!(hostile.last(), Some(&Verdict::Missing(4_294_967_293)));
    }

    #[test]
    fn numbers_that_begin_again_are_no_hole_of_numbers() {
        let verdicts = after(&[
            seen(400..=500, &[501], 500),
            seen([1, 2], &[3], 2),
            seen([3, 4], &[], 4),
        ]);
        assert_eq!(
            verdicts,
            [Verdict::Whole, Verdict::Restarted, Verdict::Whole]
        );
    }

    #[test]
    fn a_purged_history_that_was_read_is_no_hole() {
        let verdicts = after(&[seen(1..=9, &[], 9), seen([], &[], 0), seen([10], &[], 10)]);
        assert_eq!(verdicts, [const { Verdict::Whole }; 3]);
    }
}
