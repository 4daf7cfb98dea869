//! A job written out: what it is, what was counted, and on what it was printed.

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{ColorMode, Counts, Evidence, PrintRecord, PrinterHint, SourceKey};

use super::days::Slot;
use super::digits::push_digits;
use super::documents::document;
use super::draws::{Draws, whole};
use super::prints::Print;
use super::{Traffic, TrafficSource};

/// Digits of a job's place in its day, in the key of an agent: a hundred million jobs a day.
const PLACE_DIGITS: usize = 8;

/// Media (PWG 5101.1), of a thousand jobs.
const MEDIA: [(&str, u32); 4] = [
    ("iso_a4_210x297mm", 955),
    ("iso_a3_297x420mm", 25),
    ("iso_a5_148x210mm", 10),
    ("na_letter_8.5x11in", 10),
];

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
    /// The job of this slot; `None` where its print server never heard of it.
    pub(super) fn record(&self, slot: &Slot) -> Option<PrintRecord> {
        let (print, mut draws) = Print::of(self, slot)?;
        if print.bypasses {
            return None;
        }
        let user = self.users.get(slot.user as usize)?;
        let printer = self.printers.get(print.printer)?;
        let source = &self.options.source;
        let took = SHORTEST_MILLIS + draws.below(LONGEST_MILLIS - SHORTEST_MILLIS);
        let submitted_at = slot.at.as_millis() - i64::from(took);
        let (document, application) = document(&mut draws);
        let names_account = draws.happens(NAMES_ACCOUNT);
        let key = source.key(slot, &mut draws);
        let mut record = PrintRecord {
            state: print.state,
            submitted_at: Some(source.rounded(Timestamp::from_millis(submitted_at))),
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
            counts: Counts {
                pages: Some(print.pages),
                copies: Some(print.copies),
                impressions: Some(print.impressions()),
                evidence: Evidence::Spooler,
                ..Counts::default()
            },
            color_mode: Some(if print.color {
                ColorMode::Color
            } else {
                ColorMode::Monochrome
            }),
            sides: Some(print.sides),
            media: draws.weighted(&MEDIA).map(|media| (*media).to_owned()),
            bytes: Some(bytes(print.pages, &mut draws)),
            ..PrintRecord::new(key, slot.at)
        };
        record.derive_sheets();
        Some(record)
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
