//! A job written out: what it is, what was counted, and on what it was printed.

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{
    ColorMode, Counts, Evidence, JobState, PrintRecord, PrinterHint, Sides, SourceKey,
};

use super::days::Slot;
use super::digits::push_digits;
use super::documents::document;
use super::draws::{Draws, whole};
use super::users::User;
use super::{JOBS, PrintedOn, Traffic, TrafficSource};

/// Digits of a job's place in its day, in the key of an agent: a hundred million jobs a day.
const PLACE_DIGITS: usize = 8;

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

/// Media (PWG 5101.1), of a thousand jobs.
const MEDIA: [(&str, u32); 4] = [
    ("iso_a4_210x297mm", 955),
    ("iso_a3_297x420mm", 25),
    ("iso_a5_148x210mm", 10),
    ("na_letter_8.5x11in", 10),
];

/// To which of the user's printers a job goes, of a hundred.
const FAVOURITES: [(usize, u32); 3] = [(0, 85), (1, 13), (2, 2)];

/// Octets of a page are log-normal, in kilobytes.
const PAGE_KILOBYTES_MU: f64 = 3.4;
const PAGE_KILOBYTES_SIGMA: f64 = 0.9;

/// Fewest octets of a job: the driver's prologue.
const BYTES_MIN: f64 = 4_096.0;

/// How long a job takes from being sent to being done, in milliseconds.
const SHORTEST_MILLIS: u32 = 2_000;
const LONGEST_MILLIS: u32 = 90_000;

/// Of the jobs of a user with an account, those that name it.
const NAMES_ACCOUNT: f64 = 0.8;

impl Traffic {
    /// The job of this slot. Its chances are its own, so that it is the same in every window.
    pub(super) fn record(&self, slot: &Slot) -> Option<PrintRecord> {
        let user = self.users.get(slot.user as usize)?;
        let options = &self.options;
        let [date, place] = [slot.date, slot.place].map(u64::from);
        let mut draws = Draws::of(&[options.seed, JOBS, date, place]);
        let printer = self.printer(user, &mut draws)?;
        let took = SHORTEST_MILLIS + draws.below(LONGEST_MILLIS - SHORTEST_MILLIS);
        let submitted_at = slot.at.as_millis() - i64::from(took);
        let state = draws.weighted(&STATES).copied().unwrap_or_default();
        let counts = counts(state, &mut draws);
        let pages = counts.pages.unwrap_or(0);
        let (document, application) = document(&mut draws);
        let names_account = draws.happens(NAMES_ACCOUNT);
        let key = options.source.key(slot, &mut draws);
        let mut record = PrintRecord {
            state,
            submitted_at: Some(options.source.rounded(Timestamp::from_millis(submitted_at))),
            user: Some(user.name.clone()),
            account: user.account.filter(|_| names_account).map(str::to_owned),
            client: Some(user.client.clone()),
            document: Some(document),
            application: Some(application.to_owned()),
            queue: Some(printer.queue.clone()),
            printer: PrinterHint {
                address: printer.address,
                serial: printer.serial.clone(),
                uuid: None,
            },
            counts,
            color_mode: Some(color_mode(printer, &mut draws)),
            sides: Some(sides(pages, &mut draws)),
            media: draws.weighted(&MEDIA).map(|media| (*media).to_owned()),
            bytes: Some(bytes(pages, &mut draws)),
            ..PrintRecord::new(key, slot.at)
        };
        record.derive_sheets();
        Some(record)
    }

    fn printer(&self, user: &User, draws: &mut Draws) -> Option<&PrintedOn> {
        let wanted = draws.weighted(&FAVOURITES).copied().unwrap_or(0);
        let number = user.printers.get(wanted).or(user.printers.first())?;
        self.printers.get(*number as usize)
    }
}

/// A job that did not end well marked nothing, as far as its spooler knows.
fn counts(state: JobState, draws: &mut Draws) -> Counts {
    let pages = whole(draws.log_normal(PAGES_MU, PAGES_SIGMA).ceil()).clamp(1, PAGES_MAX);
    let copies = if draws.happens(SEVERAL_COPIES) {
        (1 + whole(draws.pareto(COPIES_ALPHA))).min(COPIES_MAX)
    } else {
        1
    };
    let marked = state == JobState::Completed;
    Counts {
        pages: Some(pages),
        copies: Some(copies),
        impressions: Some(if marked { pages * copies } else { 0 }),
        evidence: Evidence::Spooler,
        ..Counts::default()
    }
}

fn color_mode(printer: &PrintedOn, draws: &mut Draws) -> ColorMode {
    if draws.happens(COLOR) && printer.color {
        ColorMode::Color
    } else {
        ColorMode::Monochrome
    }
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

fn bytes(pages: u32, draws: &mut Draws) -> u64 {
    let page = draws.log_normal(PAGE_KILOBYTES_MU, PAGE_KILOBYTES_SIGMA) * 1_024.0;
    u64::from(whole((f64::from(pages) * page).max(BYTES_MIN)))
}

impl TrafficSource {
    /// The job's name: of an agent it counts upwards, of CUPS it is a random UUID.
    fn key(&self, slot: &Slot, draws: &mut Draws) -> SourceKey {
        match self {
            Self::Agent(source) => {
                let mut id = String::with_capacity(9 + PLACE_DIGITS);
                push_digits(&mut id, slot.date, 8);
                id.push('-');
                push_digits(&mut id, slot.place, PLACE_DIGITS);
                SourceKey::new(source.as_str(), id)
            }
            Self::Cups(source) => {
                let bits = u128::from(draws.bits()) << 64 | u128::from(draws.bits());
                let uuid = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid();
                let mut buffer = uuid::Uuid::encode_buffer();
                SourceKey::new(source.as_str(), &*uuid.urn().encode_lower(&mut buffer))
            }
        }
    }

    /// The instant as the source states it: CUPS knows whole seconds.
    pub(super) fn rounded(&self, at: Timestamp) -> Timestamp {
        match self {
            Self::Agent(_) => at,
            Self::Cups(_) => Timestamp::from_millis(at.as_millis().div_euclid(1_000) * 1_000),
        }
    }
}
