//! Print records as JSON objects: the body of ingest, the collector's spool, and NDJSON imports.
//!
//! A field is named as in [`PrintRecord`]; `source` and `id` are its key, `printer_address`,
//! `printer_serial` and `printer_uuid` its printer, `flags` a list of words. Times are RFC 3339
//! with offset, to the millisecond. Only `source`, `id` and `completed_at` are required; absent
//! and null both mean unknown. A name that no record has is refused: a misspelt field would
//! otherwise be lost without a word.
//!
//! What is left out is filled in: `function` print, `state` completed, `time_quality` exact,
//! `evidence` spooler where there are impressions, `sheets_quality` measured where there are
//! sheets, and sheets by the rule where there are none.

use std::fmt;

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{
    ColorMode, Evidence, JobFunction, JobState, PrintRecord, SheetsQuality, Sides, TimeQuality,
};
use serde::Deserializer as _;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

pub use super::fields::RecordError;
use super::fields::{Draft, Field};
use super::times;

/// Reads one record.
pub fn decode(json: &[u8]) -> Result<PrintRecord, RecordError> {
    let mut reading = Reading {
        draft: Draft::new(),
        error: None,
    };
    let mut json = serde_json::Deserializer::from_slice(json);
    let read = json
        .deserialize_map(ObjectVisitor(&mut reading))
        .and_then(|()| json.end());
    match (reading.error, read) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(RecordError::Json(error.to_string())),
        (None, Ok(())) => reading.draft.finish(),
    }
}

/// A record under way, and the error that ended it, which serde could carry as a text only.
struct Reading {
    draft: Draft,
    error: Option<RecordError>,
}

impl Reading {
    fn note<E: de::Error>(&mut self, read: Result<(), RecordError>) -> Result<(), E> {
        read.map_err(|error| {
            self.error = Some(error);
            E::custom("no print record")
        })
    }
}

struct ObjectVisitor<'a>(&'a mut Reading);

impl<'de> Visitor<'de> for ObjectVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(reading) = self;
        while let Some(field) = map.next_key_seed(Name(reading))? {
            map.next_value_seed(Value { reading, field })?;
        }
        Ok(())
    }
}

/// Reads a field's name.
struct Name<'a>(&'a mut Reading);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Field;

    fn deserialize<D: de::Deserializer<'de>>(self, name: D) -> Result<Field, D::Error> {
        name.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Field, E> {
        if let Some(field) = Field::from_name(name) {
            return Ok(field);
        }
        let shown = super::texts::tidy(name).unwrap_or_default();
        self.0.error = Some(RecordError::Unknown(shown));
        Err(E::custom("unknown field"))
    }
}

/// Reads a field's value into the draft.
struct Value<'a> {
    reading: &'a mut Reading,
    field: Field,
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl Value<'_> {
    fn unexpected<E: de::Error>(self) -> Result<(), E> {
        let error = RecordError::expected(self.field);
        self.reading.note(Err(error))
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        let read = self.reading.draft.text(self.field, text);
        self.reading.note(read)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        let read = self.reading.draft.number(self.field, number);
        self.reading.note(read)
    }

    fn visit_i64<E: de::Error>(self, _negative: i64) -> Result<(), E> {
        self.unexpected()
    }

    fn visit_f64<E: de::Error>(self, _fraction: f64) -> Result<(), E> {
        self.unexpected()
    }

    fn visit_bool<E: de::Error>(self, _truth: bool) -> Result<(), E> {
        self.unexpected()
    }

    fn visit_map<A: MapAccess<'de>>(self, _map: A) -> Result<(), A::Error> {
        self.unexpected()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut words: A) -> Result<(), A::Error> {
        if self.field != Field::Flags {
            return self.unexpected();
        }
        let read = self.reading.draft.see(self.field);
        self.reading.note(read)?;
        while words.next_element_seed(Flag(self.reading))?.is_some() {}
        Ok(())
    }
}

/// Reads one word of `flags`.
struct Flag<'a>(&'a mut Reading);

impl<'de> DeserializeSeed<'de> for Flag<'_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, word: D) -> Result<(), D::Error> {
        word.deserialize_str(self)
    }
}

impl Visitor<'_> for Flag<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word in flags")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<(), E> {
        let read = self.0.draft.flag(word);
        self.0.note(read)
    }
}

/// Appends the record as one JSON object without a line end. What [`decode`] fills in by itself
/// is left out. An instant outside the years 0 to 9999, which RFC 3339 cannot write, becomes the
/// nearest within.
pub fn encode(record: &PrintRecord, out: &mut Vec<u8>) {
    let mut object = Object { out, first: true };
    object.text(Field::Source, Some(&record.key.source));
    object.text(Field::Id, Some(&record.key.id));
    object.word(
        Field::Function,
        unless_default(record.function).map(JobFunction::keyword),
    );
    object.word(
        Field::State,
        unless_default(record.state).map(JobState::keyword),
    );
    object.instant(Field::CompletedAt, Some(record.completed_at));
    object.word(
        Field::TimeQuality,
        unless_default(record.time_quality).map(TimeQuality::keyword),
    );
    object.instant(Field::SubmittedAt, record.submitted_at);
    object.text(Field::User, record.user.as_deref());
    object.text(Field::Account, record.account.as_deref());
    object.text(Field::Client, record.client.as_deref());
    object.text(Field::Document, record.document.as_deref());
    object.text(Field::Application, record.application.as_deref());
    object.text(Field::Queue, record.queue.as_deref());
    let address = record.printer.address.map(|address| address.to_string());
    object.text(Field::PrinterAddress, address.as_deref());
    object.text(Field::PrinterSerial, record.printer.serial.as_deref());
    object.text(Field::PrinterUuid, record.printer.uuid.as_deref());
    encode_counts(record, &mut object);
    object.word(Field::ColorMode, record.color_mode.map(ColorMode::keyword));
    object.word(Field::Sides, record.sides.map(Sides::keyword));
    object.text(Field::Media, record.media.as_deref());
    object.number(Field::Bytes, record.bytes);
    object.flags(record);
    object.out.push(b'}');
}

fn encode_counts(record: &PrintRecord, object: &mut Object<'_>) {
    let counts = &record.counts;
    object.number(Field::Pages, counts.pages);
    object.number(Field::Copies, counts.copies);
    object.number(Field::Impressions, counts.impressions);
    object.number(Field::ColorImpressions, counts.color_impressions);
    object.number(Field::Sheets, counts.sheets);
    let quality = counts.sheets_quality;
    let filled_in = counts.sheets.is_none() || quality == SheetsQuality::Measured;
    object.word(
        Field::SheetsQuality,
        (!filled_in).then(|| quality.keyword()),
    );
    let filled_in = match counts.impressions {
        Some(_) => Evidence::Spooler,
        None => Evidence::None,
    };
    let evidence = Some(counts.evidence).filter(|evidence| *evidence != filled_in);
    object.word(Field::Evidence, evidence.map(Evidence::keyword));
}

fn unless_default<T: Default + PartialEq>(value: T) -> Option<T> {
    Some(value).filter(|value| *value != T::default())
}

/// A JSON object under way.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl Object<'_> {
    fn name(&mut self, field: Field) {
        self.out.push(if self.first { b'{' } else { b',' });
        self.first = false;
        self.quoted(field.name());
        self.out.push(b':');
    }

    /// A text that needs no escape.
    fn quoted(&mut self, plain: &str) {
        self.out.push(b'"');
        self.out.extend(plain.as_bytes());
        self.out.push(b'"');
    }

    fn word(&mut self, field: Field, word: Option<&str>) {
        if let Some(word) = word {
            self.name(field);
            self.quoted(word);
        }
    }

    fn text(&mut self, field: Field, text: Option<&str>) {
        if let Some(text) = text {
            self.name(field);
            // A text has no way to fail, and neither has a vector.
            serde_json::to_writer(&mut *self.out, text).unwrap_or_default();
        }
    }

    fn number(&mut self, field: Field, number: Option<impl Into<u64>>) {
        if let Some(number) = number {
            self.name(field);
            serde_json::to_writer(&mut *self.out, &number.into()).unwrap_or_default();
        }
    }

    fn instant(&mut self, field: Field, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.word(field, Some(&times::write_rfc3339(at)));
        }
    }

    fn flags(&mut self, record: &PrintRecord) {
        let mut separator = b'[';
        for keyword in record.flags.keywords() {
            if separator == b'[' {
                self.name(Field::Flags);
            }
            self.out.push(separator);
            self.quoted(keyword);
            separator = b',';
        }
        if separator == b',' {
            self.out.push(b']');
        }
    }
}

#[cfg(test)]
#[path = "record_json_tests.rs"]
mod tests;
