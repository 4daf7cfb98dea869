//! The fields of a print record by name, and a record filled in field by field.
//!
//! [`record_json`](super::record_json) and the column maps of tables share both, so that a field
//! is called and checked alike wherever it comes from.

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{
    ColorMode, CountFlags, Evidence, JobFunction, JobState, PrintRecord, SOURCE_ID_MAX_OCTETS,
    SOURCE_MAX_OCTETS, SheetsQuality, Sides, SourceKey, TimeQuality,
};

use super::{texts, times};

macro_rules! fields {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// One field of a print record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Field { $($variant),+ }

        impl Field {
            /// Every field.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name, in JSON and in column maps.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The field with this name.
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

fields! {
    Source = "source",
    Id = "id",
    Function = "function",
    State = "state",
    CompletedAt = "completed_at",
    TimeQuality = "time_quality",
    SubmittedAt = "submitted_at",
    User = "user",
    Account = "account",
    Client = "client",
    Document = "document",
    Application = "application",
    Queue = "queue",
    PrinterAddress = "printer_address",
    PrinterSerial = "printer_serial",
    PrinterUuid = "printer_uuid",
    Pages = "pages",
    Copies = "copies",
    Impressions = "impressions",
    ColorImpressions = "color_impressions",
    Sheets = "sheets",
    SheetsQuality = "sheets_quality",
    Evidence = "evidence",
    ColorMode = "color_mode",
    Sides = "sides",
    Media = "media",
    Bytes = "bytes",
    Flags = "flags",
}

/// Why something is no print record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// No JSON object, or more than one.
    #[error("not one JSON object: {0}")]
    Json(String),
    /// A field that no record has.
    #[error("unknown field '{0}'")]
    Unknown(String),
    /// A field stands there twice.
    #[error("field '{0}': given twice")]
    Twice(&'static str),
    /// A required field is absent or null.
    #[error("field '{0}': missing")]
    Missing(&'static str),
    /// A value is not what its field holds.
    #[error("field '{field}': expected {expected}")]
    Expected {
        /// The field.
        field: &'static str,
        /// The form expected.
        expected: String,
    },
}

impl RecordError {
    /// The value of this field is not of its form.
    pub(crate) fn expected(field: Field) -> Self {
        Self::Expected {
            field: field.name(),
            expected: form(field),
        }
    }
}

/// The form of a field's value, for people.
fn form(field: Field) -> String {
    match field {
        Field::Source => octets(SOURCE_MAX_OCTETS),
        Field::Id => octets(SOURCE_ID_MAX_OCTETS),
        Field::CompletedAt | Field::SubmittedAt => {
            "an RFC 3339 time with offset such as 2026-11-23T17:02:11.123+01:00".to_owned()
        }
        Field::Function => one_of(JobFunction::ALL, JobFunction::keyword),
        Field::State => one_of(JobState::ALL, JobState::keyword),
        Field::TimeQuality => one_of(TimeQuality::ALL, TimeQuality::keyword),
        Field::SheetsQuality => one_of(SheetsQuality::ALL, SheetsQuality::keyword),
        Field::Evidence => one_of(Evidence::ALL, Evidence::keyword),
        Field::ColorMode => one_of(ColorMode::ALL, ColorMode::keyword),
        Field::Sides => one_of(Sides::ALL, Sides::keyword),
        Field::Flags => format!("a list of {}", one_of(CountFlags::NAMED, |(_, word)| word)),
        Field::PrinterAddress => "an IP address".to_owned(),
        Field::Bytes => format!("a whole number from 0 to {}", u64::MAX),
        Field::Pages
        | Field::Copies
        | Field::Impressions
        | Field::ColorImpressions
        | Field::Sheets => format!("a whole number from 0 to {}", u32::MAX),
        _ => "a text".to_owned(),
    }
}

fn octets(max: usize) -> String {
    format!("a text of 1 to {max} octets without control characters")
}

fn one_of<T: Copy>(words: &[T], keyword: impl Fn(T) -> &'static str) -> String {
    let words: Vec<_> = words.iter().map(|word| keyword(*word)).collect();
    format!("one of {}", words.join(", "))
}

/// A record of which some fields are filled in.
#[derive(Debug)]
pub(crate) struct Draft {
    record: PrintRecord,
    /// A bit for each [`Field`] with a value.
    seen: u32,
}

impl Draft {
    pub(crate) fn new() -> Self {
        let key = SourceKey::new(String::new(), String::new());
        Self {
            record: PrintRecord::new(key, Timestamp::from_millis(0)),
            seen: 0,
        }
    }

    const fn has(&self, field: Field) -> bool {
        self.seen & (1 << field as u32) != 0
    }

    /// Notes that a field has a value, which it may have once.
    pub(crate) fn see(&mut self, field: Field) -> Result<(), RecordError> {
        if self.has(field) {
            return Err(RecordError::Twice(field.name()));
        }
        self.seen |= 1 << field as u32;
        Ok(())
    }

    /// The record under way, for what is not one field's value.
    pub(crate) const fn record(&mut self) -> &mut PrintRecord {
        &mut self.record
    }

    /// Sets when the job ended.
    pub(crate) fn completed(
        &mut self,
        at: Timestamp,
        quality: TimeQuality,
    ) -> Result<(), RecordError> {
        self.see(Field::CompletedAt)?;
        (self.record.completed_at, self.record.time_quality) = (at, quality);
        Ok(())
    }

    /// Sets a field from a text.
    pub(crate) fn text(&mut self, field: Field, text: &str) -> Result<(), RecordError> {
        self.see(field)?;
        let record = &mut self.record;
        let is_read = match field {
            Field::Source => set(&mut record.key.source, Some(text.to_owned())),
            Field::Id => set(&mut record.key.id, Some(text.to_owned())),
            Field::CompletedAt => set(&mut record.completed_at, times::rfc3339(text)),
            Field::SubmittedAt => fill(&mut record.submitted_at, times::rfc3339(text)),
            Field::Function => set(&mut record.function, JobFunction::from_keyword(text)),
            Field::State => set(&mut record.state, JobState::from_keyword(text)),
            Field::TimeQuality => set(&mut record.time_quality, TimeQuality::from_keyword(text)),
            Field::SheetsQuality => set(
                &mut record.counts.sheets_quality,
                SheetsQuality::from_keyword(text),
            ),
            Field::Evidence => set(&mut record.counts.evidence, Evidence::from_keyword(text)),
            Field::ColorMode => fill(&mut record.color_mode, ColorMode::from_keyword(text)),
            Field::Sides => fill(&mut record.sides, Sides::from_keyword(text)),
            Field::PrinterAddress => fill(&mut record.printer.address, text.parse().ok()),
            Field::Document => {
                texts::set_title(record, text);
                true
            }
            Field::User => {
                record.user = texts::user(text);
                true
            }
            _ => match free_text(record, field) {
                Some(place) => {
                    *place = texts::tidy(text);
                    true
                }
                None => false,
            },
        };
        is_read
            .then_some(())
            .ok_or_else(|| RecordError::expected(field))
    }

    /// Sets a field from a number.
    pub(crate) fn number(&mut self, field: Field, number: u64) -> Result<(), RecordError> {
        self.see(field)?;
        let counts = &mut self.record.counts;
        let place = match field {
            Field::Pages => &mut counts.pages,
            Field::Copies => &mut counts.copies,
            Field::Impressions => &mut counts.impressions,
            Field::ColorImpressions => &mut counts.color_impressions,
            Field::Sheets => &mut counts.sheets,
            Field::Bytes => {
                self.record.bytes = Some(number);
                return Ok(());
            }
            _ => return Err(RecordError::expected(field)),
        };
        *place = u32::try_from(number).ok();
        place.map(drop).ok_or_else(|| RecordError::expected(field))
    }

    /// Adds a remark.
    pub(crate) fn flag(&mut self, keyword: &str) -> Result<(), RecordError> {
        let flag = CountFlags::from_keyword(keyword);
        let flag = flag.ok_or_else(|| RecordError::expected(Field::Flags))?;
        self.record.flags = self.record.flags.with(flag);
        Ok(())
    }

    /// The record, if its key and its time are there. What follows from the fields that are given
    /// is filled in: who counted, and how many sheets.
    pub(crate) fn finish(mut self) -> Result<PrintRecord, RecordError> {
        for field in [Field::Source, Field::Id, Field::CompletedAt] {
            if !self.has(field) {
                return Err(RecordError::Missing(field.name()));
            }
        }
        if !self.record.key.is_well_formed() {
            let key = SourceKey::new(self.record.key.source, "-");
            let is_source = !key.is_well_formed();
            let field = if is_source { Field::Source } else { Field::Id };
            return Err(RecordError::expected(field));
        }
        let has_quality = self.has(Field::SheetsQuality);
        let has_evidence = self.has(Field::Evidence);
        let counts = &mut self.record.counts;
        if !has_evidence && counts.impressions.is_some() {
            counts.evidence = Evidence::Spooler;
        }
        match counts.sheets {
            None => counts.sheets_quality = SheetsQuality::Unknown,
            Some(_) if !has_quality => counts.sheets_quality = SheetsQuality::Measured,
            Some(_) => {}
        }
        self.record.derive_sheets();
        Ok(self.record)
    }
}

/// The place of a field that holds any text.
fn free_text(record: &mut PrintRecord, field: Field) -> Option<&mut Option<String>> {
    Some(match field {
        Field::Account => &mut record.account,
        Field::Client => &mut record.client,
        Field::Application => &mut record.application,
        Field::Queue => &mut record.queue,
        Field::PrinterSerial => &mut record.printer.serial,
        Field::PrinterUuid => &mut record.printer.uuid,
        Field::Media => &mut record.media,
        _ => return None,
    })
}

fn set<T>(place: &mut T, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    *place = value;
    true
}

fn fill<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}
