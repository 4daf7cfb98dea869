//! Groups: columns that take few values together, kept once for each distinct tuple of them, so
//! that a row holds one small number for a group.

use std::borrow::Cow;

use platen_domain::environment::co2_milligrams;
use platen_domain::print_jobs::{
    ColorMode, CountFlags, Counts, Evidence, JobFunction, JobState, SheetsQuality, Sides,
    TimeQuality,
};

use super::Block;
use super::ints::{known, unzigzag};
use crate::cell::Cell;
use crate::decimal::Decimal;
use crate::print_jobs::Field;

/// Between remarks in one column.
const LIST_SEPARATOR: &str = "; ";

/// Which columns are kept together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// User with domain, account, computer, and the account that is charged.
    Who,
    /// The job's id at its source, which hardly repeats.
    SourceJob,
    /// The title, which hardly repeats.
    Document,
    /// The program.
    Application,
    /// Queue and device.
    Printer,
    /// Everything that takes one of few words, and the media.
    How,
    /// Counts and what is computed from them.
    Counts,
}

/// How many groups there are.
pub(super) const GROUPS: usize = 7;

impl Group {
    pub(super) const ALL: [Self; GROUPS] = [
        Self::Who,
        Self::SourceJob,
        Self::Document,
        Self::Application,
        Self::Printer,
        Self::How,
        Self::Counts,
    ];

    /// How many numbers make a tuple.
    pub(super) const fn slots(self) -> usize {
        match self {
            Self::Who => who::SLOTS,
            Self::SourceJob => source_job::SLOTS,
            Self::Document | Self::Application => 1,
            Self::Printer => printer::SLOTS,
            Self::How => how::SLOTS,
            Self::Counts => counts::SLOTS,
        }
    }
}

/// Where a column's values are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a tuple of this group.
    Group(Group),
    /// In the row itself.
    Row(RowValue),
}

/// What hardly any two rows share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowValue {
    CompletedAt,
    SubmittedAt,
    Bytes,
    TransactionId,
}

/// Places of a number in the tuples of [`Group::Who`].
pub(super) mod who {
    pub(in super::super) const USER: usize = 0;
    pub(in super::super) const USER_DOMAIN: usize = 1;
    pub(in super::super) const ACCOUNT: usize = 2;
    pub(in super::super) const CLIENT: usize = 3;
    pub(in super::super) const CHARGED: usize = 4;
    pub(in super::super) const SLOTS: usize = 5;
}

/// Places of a number in the tuples of [`Group::SourceJob`]: a text, or a UUID in two halves. They are
/// read in this order.
pub(super) mod source_job {
    pub(in super::super) const TEXT: usize = 0;
    pub(in super::super) const IS_UUID: usize = 1;
    pub(in super::super) const HIGH: usize = 2;
    pub(in super::super) const LOW: usize = 3;
    pub(in super::super) const SLOTS: usize = 4;
}

/// Places of a number in the tuples of [`Group::Printer`].
pub(super) mod printer {
    pub(in super::super) const QUEUE: usize = 0;
    pub(in super::super) const SERIAL: usize = 1;
    pub(in super::super) const MANUFACTURER: usize = 2;
    pub(in super::super) const MODEL: usize = 3;
    pub(in super::super) const LOCATION: usize = 4;
    pub(in super::super) const DEVICE: usize = 5;
    pub(in super::super) const SOURCE: usize = 6;
    pub(in super::super) const SLOTS: usize = 7;
}

/// Places of a number in the tuples of [`Group::How`].
pub(super) mod how {
    pub(in super::super) const TIME_QUALITY: usize = 0;
    pub(in super::super) const FUNCTION: usize = 1;
    pub(in super::super) const STATE: usize = 2;
    pub(in super::super) const SHEETS_QUALITY: usize = 3;
    pub(in super::super) const COLOR_MODE: usize = 4;
    pub(in super::super) const SIDES: usize = 5;
    pub(in super::super) const MEDIA: usize = 6;
    pub(in super::super) const EVIDENCE: usize = 7;
    pub(in super::super) const FLAGS: usize = 8;
    pub(in super::super) const REVISION: usize = 9;
    pub(in super::super) const SLOTS: usize = 10;
}

/// Places of a number in the tuples of [`Group::Counts`].
pub(super) mod counts {
    pub(in super::super) const PAGES: usize = 0;
    pub(in super::super) const COPIES: usize = 1;
    pub(in super::super) const IMPRESSIONS: usize = 2;
    pub(in super::super) const COLOR: usize = 3;
    pub(in super::super) const SHEETS: usize = 4;
    pub(in super::super) const COST: usize = 5;
    pub(in super::super) const CURRENCY: usize = 6;
    pub(in super::super) const PAPER: usize = 7;
    pub(in super::super) const SLOTS: usize = 8;
}

impl Field {
    pub(super) const fn place(self) -> Place {
        match self {
            Self::CompletedAt => Place::Row(RowValue::CompletedAt),
            Self::SubmittedAt => Place::Row(RowValue::SubmittedAt),
            Self::Bytes => Place::Row(RowValue::Bytes),
            Self::TransactionId => Place::Row(RowValue::TransactionId),
            Self::UserName
            | Self::UserDomain
            | Self::Account
            | Self::ClientName
            | Self::ChargedAccount => Place::Group(Group::Who),
            Self::SourceJobId => Place::Group(Group::SourceJob),
            Self::Document => Place::Group(Group::Document),
            Self::Application => Place::Group(Group::Application),
            Self::QueueName
            | Self::SerialNumber
            | Self::Manufacturer
            | Self::Model
            | Self::Location
            | Self::DeviceId
            | Self::Source => Place::Group(Group::Printer),
            Self::TimeQuality
            | Self::JobType
            | Self::JobState
            | Self::SheetsQuality
            | Self::ColorMode
            | Self::Sides
            | Self::PaperSize
            | Self::CountEvidence
            | Self::Remarks
            | Self::Revision => Place::Group(Group::How),
            Self::Pages
            | Self::Copies
            | Self::Impressions
            | Self::ImpressionsMono
            | Self::ImpressionsColor
            | Self::Sheets
            | Self::Cost
            | Self::Currency
            | Self::PaperGrams
            | Self::Co2Grams => Place::Group(Group::Counts),
        }
    }
}

impl Block {
    /// The value of `field` in the tuple `code` of the group it is kept in; null for what is
    /// kept in the row itself.
    pub(super) fn cell(&self, field: Field, code: usize) -> Cell<'_> {
        let text = |group, slot| Cell::text(self.text(self.number(group, slot, code)));
        let how = |slot| self.small(Group::How, slot, code);
        let count = |slot| self.number(Group::Counts, slot, code);
        match field {
            Field::CompletedAt | Field::SubmittedAt | Field::Bytes | Field::TransactionId => {
                Cell::Null
            }
            Field::UserName => text(Group::Who, who::USER),
            Field::UserDomain => text(Group::Who, who::USER_DOMAIN),
            Field::Account => text(Group::Who, who::ACCOUNT),
            Field::ClientName => text(Group::Who, who::CLIENT),
            Field::ChargedAccount => text(Group::Who, who::CHARGED),
            Field::SourceJobId => self.source_job(code),
            Field::Document => text(Group::Document, 0),
            Field::Application => text(Group::Application, 0),
            Field::QueueName => text(Group::Printer, printer::QUEUE),
            Field::SerialNumber => text(Group::Printer, printer::SERIAL),
            Field::Manufacturer => text(Group::Printer, printer::MANUFACTURER),
            Field::Model => text(Group::Printer, printer::MODEL),
            Field::Location => text(Group::Printer, printer::LOCATION),
            Field::DeviceId => text(Group::Printer, printer::DEVICE),
            Field::Source => text(Group::Printer, printer::SOURCE),
            Field::TimeQuality => word(
                how(how::TIME_QUALITY),
                TimeQuality::from_number,
                TimeQuality::keyword,
            ),
            Field::JobType => word(
                how(how::FUNCTION),
                JobFunction::from_number,
                JobFunction::keyword,
            ),
            Field::JobState => word(how(how::STATE), JobState::from_number, JobState::keyword),
            Field::SheetsQuality => word(
                how(how::SHEETS_QUALITY),
                SheetsQuality::from_number,
                SheetsQuality::keyword,
            ),
            Field::ColorMode => word(
                how(how::COLOR_MODE),
                ColorMode::from_number,
                ColorMode::keyword,
            ),
            Field::Sides => word(how(how::SIDES), Sides::from_number, Sides::keyword),
            Field::PaperSize => text(Group::How, how::MEDIA),
            Field::CountEvidence => {
                word(how(how::EVIDENCE), Evidence::from_number, Evidence::keyword)
            }
            Field::Remarks => remarks(self.small(Group::How, how::FLAGS, code)),
            Field::Revision => Cell::integer(self.number(Group::How, how::REVISION, code)),
            Field::Pages => Cell::integer(count(counts::PAGES)),
            Field::Copies => Cell::integer(count(counts::COPIES)),
            Field::Impressions => Cell::integer(count(counts::IMPRESSIONS)),
            Field::ImpressionsMono => Cell::integer(self.mono_impressions(code)),
            Field::ImpressionsColor => Cell::integer(count(counts::COLOR)),
            Field::Sheets => Cell::integer(count(counts::SHEETS)),
            Field::Cost => decimal(count(counts::COST), |cost| Decimal::money(unzigzag(cost))),
            Field::Currency => text(Group::Counts, counts::CURRENCY),
            Field::PaperGrams => decimal(count(counts::PAPER), grams),
            Field::Co2Grams => decimal(count(counts::PAPER), |paper| grams(co2_milligrams(paper))),
        }
    }

    /// A number of a tuple that may be unknown.
    fn number(&self, group: Group, slot: usize, code: usize) -> Option<u64> {
        known(self.slot(group, slot)?.get(code))
    }

    /// A number of a tuple that stands for a word or for a set of them.
    fn small<T: TryFrom<u64>>(&self, group: Group, slot: usize, code: usize) -> Option<T> {
        T::try_from(self.number(group, slot, code)?).ok()
    }

    fn source_job(&self, code: usize) -> Cell<'_> {
        let slots = self.tuples(Group::SourceJob).slots.first_chunk();
        let Some([text, is_uuid, high, low]) = slots else {
            return Cell::Null;
        };
        if is_uuid.get(code) == 0 {
            return Cell::text(self.text(known(text.get(code))));
        }
        let [high, low] = [high, low].map(|half| u128::from(half.get(code)));
        Cell::Uuid((high << u64::BITS | low).to_be_bytes())
    }

    fn mono_impressions(&self, code: usize) -> Option<u32> {
        let counts = Counts {
            impressions: self.small(Group::Counts, counts::IMPRESSIONS, code),
            color_impressions: self.small(Group::Counts, counts::COLOR, code),
            ..Counts::default()
        };
        counts.mono_impressions()
    }
}

/// The word with this number.
fn word<W>(
    number: Option<u8>,
    from_number: fn(u8) -> Option<W>,
    keyword: fn(W) -> &'static str,
) -> Cell<'static> {
    Cell::text(number.and_then(from_number).map(keyword))
}

fn remarks(bits: Option<u16>) -> Cell<'static> {
    let flags = bits.map(CountFlags::from_bits);
    flags.map_or(Cell::Null, |flags| {
        let mut keywords = flags.keywords();
        match (keywords.next(), keywords.next()) {
            (None, _) => Cell::Text(Cow::Borrowed("")),
            (Some(only), None) => Cell::Text(Cow::Borrowed(only)),
            _ => Cell::Text(Cow::Owned(
                flags.keywords().collect::<Vec<_>>().join(LIST_SEPARATOR),
            )),
        }
    })
}

fn decimal(number: Option<u64>, decimal: impl FnOnce(u64) -> Decimal) -> Cell<'static> {
    number.map_or(Cell::Null, |number| Cell::Decimal(decimal(number)))
}

fn grams(milligrams: u64) -> Decimal {
    Decimal::grams(i64::try_from(milligrams).unwrap_or(i64::MAX))
}
