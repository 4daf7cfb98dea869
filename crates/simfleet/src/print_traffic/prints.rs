//! What a printer marks for a job: drawn before anything else of the job, so that printers can
//! count it without its texts.

use platen_domain::print_jobs::{JobState, Sides};

use super::days::Slot;
use super::draws::{Draws, whole};
use super::users::User;
use super::{JOBS, PrintedOn, Traffic};
use crate::pages::Pages;

/// Pages of one copy are log-normal, rounded up: 3.1 on average, a third of the jobs has one.
const PAGES_MU: f64 = 0.42;
const PAGES_SIGMA: f64 = 1.05;

/// Longest document, in pages.
const PAGES_MAX: u32 = 600;

/// Of the jobs, those with more than one copy (assumed: nobody published it).
const SEVERAL_COPIES: f64 = 0.07;

/// Exponent of the number of further copies.
const COPIES_ALPHA: f64 = 1.3;

/// Most copies.
const COPIES_MAX: u32 = 50;

/// Of the jobs on a printer that can, those that ask for colour: with 45 % of such printers, a
/// fifth of the volume (Print Audit 2014 to 2017: 18 to 22 %).
const COLOR: f64 = 0.42;

/// Of the jobs with several pages, those on both sides: with [`DUPLEX_OF_ONE`] about 30 % of the
/// volume (Print Audit 2017: 31 %).
const DUPLEX: f64 = 0.32;

/// Of the jobs with one page, those that ask for both sides all the same.
const DUPLEX_OF_ONE: f64 = 0.05;

/// Of the jobs on both sides, those bound at the short edge.
const SHORT_EDGE: f64 = 0.08;

/// How jobs end, of a thousand (assumed: nobody published it).
const STATES: [(JobState, u32); 3] = [
    (JobState::Completed, 972),
    (JobState::Canceled, 20),
    (JobState::Aborted, 8),
];

/// To which of the user's printers a job goes, of a hundred.
const FAVOURITES: [(usize, u32); 3] = [(0, 85), (1, 13), (2, 2)];

/// Of the jobs on a printer with a bypassed queue, those that computers send straight to it
/// (assumed): enough for the printer to stand out among those that only have walk-up prints and
/// copies, few enough for its queue to look alive.
const BYPASSES: f64 = 0.6;

/// What is printed for a slot.
#[derive(Debug)]
pub(super) struct Print {
    /// Its printer's place in the traffic.
    pub(super) printer: usize,
    pub(super) state: JobState,
    /// Of one copy.
    pub(super) pages: u32,
    pub(super) copies: u32,
    pub(super) color: bool,
    pub(super) sides: Sides,
    /// Whether the print server never heard of it.
    pub(super) bypasses: bool,
}

impl Print {
    /// The print of this slot. Its chances are its own, so that it is the same in every window;
    /// they are handed on for the rest of the job.
    pub(super) fn of(traffic: &Traffic, slot: &Slot) -> Option<(Self, Draws)> {
        let user = traffic.users.get(slot.user as usize)?;
        let [date, place] = [slot.date, slot.place].map(u64::from);
        let mut draws = Draws::of(&[traffic.options.seed, JOBS, date, place]);
        let number = printer(user, &mut draws)?;
        let printer = traffic.printers.get(number)?;
        let print = Self::draw(number, printer, &mut draws);
        Some((print, draws))
    }

    fn draw(number: usize, printer: &PrintedOn, draws: &mut Draws) -> Self {
        let state = draws.weighted(&STATES).copied().unwrap_or_default();
        let pages = whole(draws.log_normal(PAGES_MU, PAGES_SIGMA).ceil()).clamp(1, PAGES_MAX);
        let copies = if draws.happens(SEVERAL_COPIES) {
            (1 + whole(draws.pareto(COPIES_ALPHA))).min(COPIES_MAX)
        } else {
            1
        };
        Self {
            printer: number,
            state,
            pages,
            copies,
            color: draws.happens(COLOR) && printer.color,
            sides: sides(pages, draws),
            bypasses: printer.bypassed && draws.happens(BYPASSES),
        }
    }

    /// Impressions: a job that did not end well marked nothing, as far as its spooler knows, and
    /// neither did the printer.
    pub(super) fn impressions(&self) -> u32 {
        if self.state == JobState::Completed {
            self.pages * self.copies
        } else {
            0
        }
    }

    /// What the printer counts of it.
    pub(super) fn marked(&self) -> Pages {
        if self.state == JobState::Completed {
            Pages::of_document(self.pages, self.copies, self.color, self.sides.is_duplex())
        } else {
            Pages::default()
        }
    }
}

fn printer(user: &User, draws: &mut Draws) -> Option<usize> {
    let wanted = draws.weighted(&FAVOURITES).copied().unwrap_or(0);
    let number = user.printers.get(wanted).or(user.printers.first())?;
    Some(*number as usize)
}

fn sides(pages: u32, draws: &mut Draws) -> Sides {
    let share = if pages == 1 { DUPLEX_OF_ONE } else { DUPLEX };
    if !draws.happens(share) {
        Sides::OneSided
    } else if draws.happens(SHORT_EDGE) {
        Sides::TwoSidedShortEdge
    } else {
        Sides::TwoSidedLongEdge
    }
}
