//! The order in which jobs become known: most at once, some days later.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::iter::Peekable;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::PrintRecord;

use super::days::{Slot, Slots};
use super::draws::{Draws, whole};
use super::{LATE, Traffic};

/// Of the jobs, those that become known late (assumed): a laptop away, a server cut off.
const LATE_SHARE: f64 = 0.01;

/// Exponent of how late they are: the longer, the rarer, without a usual length.
const LATE_ALPHA: f64 = 0.7;

/// How late the promptest of them are, in seconds.
const LATE_SHORTEST: f64 = 600.0;

/// How late the latest are: longer than a holiday, short enough to be remembered.
const LATE_LONGEST: Duration = Duration::from_hours(24 * 30);

/// Jobs with the instants at which they become known, in that order. Of the late ones no more
/// than their slots are held meanwhile.
#[derive(Debug)]
pub struct Deliveries<'a> {
    traffic: &'a Traffic,
    slots: Peekable<Slots<'a>>,
    late: BinaryHeap<Reverse<(Timestamp, Slot)>>,
}

impl<'a> Deliveries<'a> {
    pub(super) fn new(traffic: &'a Traffic, slots: Slots<'a>) -> Self {
        Self {
            traffic,
            slots: slots.peekable(),
            late: BinaryHeap::new(),
        }
    }

    fn next_slot(&mut self) -> Option<(Timestamp, Slot)> {
        loop {
            let due = self.late.peek().map(|Reverse((at, _))| *at);
            let next = self.slots.peek().map(|slot| slot.at);
            if due.is_some_and(|due| next.is_none_or(|next| due <= next)) {
                return self.late.pop().map(|Reverse(late)| late);
            }
            let slot = self.slots.next()?;
            match lateness(self.traffic.options.seed, &slot) {
                Duration::ZERO => return Some((slot.at, slot)),
                late => self.late.push(Reverse((slot.at.plus(late), slot))),
            }
        }
    }
}

impl Iterator for Deliveries<'_> {
    type Item = (Timestamp, PrintRecord);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (at, slot) = self.next_slot()?;
            if let Some(record) = self.traffic.record(&slot) {
                return Some((at, record));
            }
        }
    }
}

/// How long after its completion a job becomes known; zero for most.
fn lateness(seed: u64, slot: &Slot) -> Duration {
    let mut draws = Draws::of(&[seed, LATE, slot.date.into(), slot.place.into()]);
    if !draws.happens(LATE_SHARE) {
        return Duration::ZERO;
    }
    let seconds = whole(draws.pareto(LATE_ALPHA) * LATE_SHORTEST);
    Duration::from_secs(seconds.into()).min(LATE_LONGEST)
}
