//! What was printed on each printer up to any instant.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::{Date, date};
use platen_domain::clock::Timestamp;

use super::Traffic;
use super::days::{self, Slot};
use super::prints::Print;
use crate::pages::Pages;

/// The first day whose jobs count: a year before the lives of simulated printers begin, so that
/// at any time since then the meters explain a year of jobs. A later first day would leave older
/// jobs uncounted, an earlier one would only cost time to begin with.
const FIRST_DAY: Date = date(2025, 1, 1);

/// The pages that traffic put on its printers since 2025-01-01, those included that bypassed the
/// print server.
///
/// Each day is counted once, when an instant in it is first asked for; afterwards to ask is a
/// search among the printer's jobs. A job takes 24 bytes.
#[derive(Debug)]
pub struct Printed {
    traffic: Arc<Traffic>,
    counted: Mutex<Counted>,
}

#[derive(Debug)]
struct Counted {
    /// The first day that is not counted yet.
    next: Option<Date>,
    printers: Vec<Vec<Mark>>,
    /// Room for the jobs of a day.
    day: Vec<Slot>,
}

/// A job on a printer.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: Timestamp,
    /// All pages up to and with this job.
    pages: Pages,
}

impl Printed {
    /// Counts what `traffic` printed before `now`: the costly part, a fraction of a second for a
    /// few hundred people and a year.
    pub fn new(traffic: Arc<Traffic>, now: Timestamp) -> Self {
        let counted = Counted {
            next: Some(FIRST_DAY),
            printers: vec![Vec::new(); traffic.printers.len()],
            day: Vec::new(),
        };
        let printed = Self {
            traffic,
            counted: Mutex::new(counted),
        };
        drop(printed.counted_until(now));
        printed
    }

    /// What was printed before `at` on the printer at `place`.
    pub fn before(&self, place: usize, at: Timestamp) -> Pages {
        let counted = self.counted_until(at);
        let marks = counted.marks(place);
        let number = marks.partition_point(|mark| mark.at < at);
        let last = number.checked_sub(1).and_then(|last| marks.get(last));
        last.map_or_else(Pages::default, |mark| mark.pages)
    }

    /// When the pages on the printer at `place` first were `reached`, which they stay. `None`
    /// where they are not yet, or were before the first job.
    pub(crate) fn first(&self, place: usize, reached: impl Fn(Pages) -> bool) -> Option<Timestamp> {
        if reached(Pages::default()) {
            return None;
        }
        let counted = self.counted();
        let marks = counted.marks(place);
        let number = marks.partition_point(|mark| !reached(mark.pages));
        marks.get(number).map(|mark| mark.at)
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counted_until(&self, at: Timestamp) -> MutexGuard<'_, Counted> {
        let today = self.traffic.local_date(at);
        let mut counted = self.counted();
        while let Some(day) = counted.next.filter(|next| *next <= today) {
            counted.add(&self.traffic, day);
            counted.next = day.tomorrow().ok();
        }
        counted
    }
}

impl Counted {
    fn marks(&self, place: usize) -> &[Mark] {
        self.printers
            .get(place)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    fn add(&mut self, traffic: &Traffic, day: Date) {
        days::fill(&mut self.day, traffic, day);
        for slot in &self.day {
            if let Some((print, _)) = Print::of(traffic, slot)
                && let Some(marks) = self.printers.get_mut(print.printer)
            {
                let before = marks.last().map_or_else(Pages::default, |mark| mark.pages);
                marks.push(Mark {
                    at: slot.at,
                    pages: before + print.marked(),
                });
            }
        }
    }
}

#[cfg(test)]
#[path = "printed_tests.rs"]
mod tests;
