//! Print logs that are tables: CSV and its kin, with a header line and a [`ColumnMap`].

use std::borrow::Cow;

use encoding_rs::Encoding;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{PrintRecord, TimeQuality};

pub use super::column_map::{ColumnMap, MapError};
use super::csv_line::CsvLine;
use super::fields::{Draft, Field, RecordError};
use super::line_keys::LineKeys;
use super::times::{self, LocalClock};
use super::{Entry, LineParser, Reason, Sink, counts, media, texts, words};

/// Lines in which the header is looked for: banners and blank lines stand above it.
const HEADER_LINES_MAX: u64 = 20;

/// Octets of the units in which logs write sizes.
const UNITS: [(&str, u64); 5] = [
    ("kb", 1_024),
    ("mb", 1_024 * 1_024),
    ("k", 1_024),
    ("m", 1_024 * 1_024),
    ("b", 1),
];

/// Reads a table.
#[derive(Debug)]
pub struct Table {
    source: String,
    map: ColumnMap,
    encoding: Option<&'static Encoding>,
    completed: LocalClock,
    submitted: LocalClock,
    csv: CsvLine,
    header: Option<Header>,
    keys: LineKeys,
    /// Octets of a size without a unit.
    size_unit: u64,
}

/// Which field stands where.
#[derive(Debug)]
struct Header {
    columns: Vec<(usize, Field)>,
    width: usize,
}

/// A time as the table has it.
struct Time {
    at: Timestamp,
    quality: TimeQuality,
    /// The day by the table's own clock.
    day: String,
}

impl Table {
    /// Reads a table by this map. `instance` names the log among all, for ever; `zone` is that of
    /// times without offset where the map names none, and `encoding` that of texts likewise
    /// (UTF-8, else windows-1252, where neither names one).
    pub fn new(
        instance: &str,
        map: ColumnMap,
        zone: &TimeZone,
        encoding: Option<&'static Encoding>,
    ) -> Self {
        Self::of_kind("table", instance, map, zone, encoding)
    }

    pub(super) fn of_kind(
        kind: &str,
        instance: &str,
        map: ColumnMap,
        zone: &TimeZone,
        encoding: Option<&'static Encoding>,
    ) -> Self {
        let zone = map.zone.as_ref().unwrap_or(zone);
        Self {
            source: format!("{kind}|{instance}"),
            encoding: map.encoding.or(encoding),
            completed: LocalClock::new(zone.clone()),
            submitted: LocalClock::new(zone.clone()),
            csv: CsvLine::new(map.delimiter),
            header: None,
            keys: LineKeys::default(),
            size_unit: 1,
            map,
        }
    }

    /// As it is, with sizes without a unit in units of this many octets.
    #[must_use]
    pub(super) const fn with_size_unit(mut self, octets: u64) -> Self {
        self.size_unit = octets;
        self
    }

    fn decode<'a>(&self, line: &'a [u8]) -> Cow<'a, str> {
        match self.encoding {
            Some(encoding) => encoding.decode_without_bom_handling(line).0,
            None => texts::decode(line),
        }
    }

    fn find_header(&mut self, number: u64, sink: &mut Sink<'_>) {
        let csv = &self.csv;
        let place = |header: &str| {
            let is = |at: &usize| csv.get(*at).is_some_and(|it| same_header(it, header));
            (0..csv.len()).find(is)
        };
        let columns = self.map.columns.iter();
        let (found, missing): (Vec<_>, Vec<_>) = columns
            .map(|(field, header)| (place(header), *field, header.as_str()))
            .partition(|(place, ..)| place.is_some());
        if !found
            .iter()
            .any(|(_, field, _)| *field == Field::CompletedAt)
        {
            return sink(if number < HEADER_LINES_MAX {
                Entry::skipped(number, "before the header")
            } else {
                Entry::refused(number, "no header in the first lines")
            });
        }
        if self.map.is_strict
            && let Some((_, _, header)) = missing.first()
        {
            let reason = format!("the header has no column '{header}'");
            return sink(Entry::refused(number, reason));
        }
        let columns = found.into_iter();
        self.header = Some(Header {
            columns: columns
                .filter_map(|(place, field, _)| Some((place?, field)))
                .collect(),
            width: self.csv.len(),
        });
        sink(Entry::skipped(number, "header"));
    }

    fn record(&mut self, raw: &[u8]) -> Result<PrintRecord, Reason> {
        let header = self.header.as_ref().ok_or("no header")?;
        let behind = header.width..self.csv.len();
        if behind.into_iter().any(|at| self.csv.get(at) != Some("")) {
            return Err("more fields than the header has".into());
        }
        let mut draft = Draft::new();
        let mut day = String::new();
        let mut has_id = false;
        for (at, field) in &header.columns {
            let text = self.csv.get(*at).unwrap_or_default();
            if matches!(text, "" | "-") {
                continue;
            }
            has_id |= *field == Field::Id;
            match field {
                Field::CompletedAt => {
                    let time = time(&self.map, &mut self.completed, text);
                    let time = time.ok_or("a time that is not read by the time format")?;
                    draft.completed(time.at, time.quality).map_err(reason)?;
                    day = time.day;
                }
                Field::SubmittedAt => {
                    let time = time(&self.map, &mut self.submitted, text);
                    draft.record().submitted_at = time.map(|time| time.at);
                }
                Field::Bytes => draft.record().bytes = size(text, self.size_unit),
                _ => set(&mut draft, *field, text).map_err(reason)?,
            }
        }
        for (field, text) in &self.map.constants {
            set(&mut draft, *field, text).map_err(reason)?;
        }
        draft.text(Field::Source, &self.source).map_err(reason)?;
        if !has_id {
            let id = self.keys.id(&day, raw);
            draft.text(Field::Id, &id).map_err(reason)?;
        }
        let record = draft.record();
        let counted = record.counts;
        if counted.impressions.is_none() {
            counts::of_one_copy(record, counted.pages, counted.copies);
        }
        draft.finish().map_err(reason)
    }
}

impl LineParser for Table {
    fn line(&mut self, number: u64, raw: &[u8], sink: &mut Sink<'_>) {
        let raw = match number {
            1 => raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw),
            _ => raw,
        };
        let line = self.decode(raw);
        if line.trim().is_empty() {
            return sink(Entry::skipped(number, "blank"));
        }
        self.csv.parse(&line);
        if self.header.is_none() {
            return self.find_header(number, sink);
        }
        sink(match self.record(raw) {
            Ok(record) => Entry::Record(Box::new(record)),
            Err(reason) => Entry::refused(number, reason),
        });
    }
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn reason(error: RecordError) -> Reason {
    error.to_string().into()
}

/// Sets a field from a cell.
pub(super) fn set(draft: &mut Draft, field: Field, text: &str) -> Result<(), RecordError> {
    match field {
        Field::User => draft.record().user = texts::user(text),
        Field::Client => draft.record().client = texts::client(text),
        Field::Media => draft.record().media = texts::tidy(media::self_describing(text)),
        // What is asked for in unknown words is unknown; the job is none the worse.
        Field::ColorMode => draft.record().color_mode = words::color_mode(text),
        Field::Sides => draft.record().sides = words::sides(text),
        Field::Bytes => draft.record().bytes = size(text, 1),
        Field::Function | Field::State | Field::TimeQuality | Field::Evidence => {
            return draft.text(field, &text.to_ascii_lowercase());
        }
        Field::Pages
        | Field::Copies
        | Field::Impressions
        | Field::ColorImpressions
        | Field::Sheets => {
            let number = text
                .parse()
                .map_err(|_error| RecordError::expected(field))?;
            return draft.number(field, number);
        }
        _ => return draft.text(field, text),
    }
    Ok(())
}

fn time(map: &ColumnMap, clock: &mut LocalClock, text: &str) -> Option<Time> {
    let exact = |at| Time {
        at,
        quality: TimeQuality::Exact,
        day: times::utc_day(at),
    };
    if map.time_formats.is_empty() {
        if let Some(at) = times::rfc3339(text) {
            return Some(exact(at));
        }
        return local(clock, text.parse().ok()?);
    }
    map.time_formats.iter().find_map(|format| {
        if format.contains("%z") || format.contains("%:z") {
            let at = jiff::Timestamp::strptime(format, text).ok()?;
            return Some(exact(Timestamp::from_millis(at.as_millisecond())));
        }
        local(clock, DateTime::strptime(format, text).ok()?)
    })
}

fn local(clock: &mut LocalClock, civil: DateTime) -> Option<Time> {
    let (at, quality) = clock.instant(civil)?;
    let day = civil.date().to_string();
    Some(Time { at, quality, day })
}

/// Octets of `19kb`, `1.5 MB` or a bare number; `None` for anything else.
fn size(text: &str, unit: u64) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let named = UNITS.iter().find_map(|(name, octets)| {
        let number = lower.strip_suffix(name)?;
        Some((number.trim_end(), *octets))
    });
    let (number, octets) = named.unwrap_or((&lower, unit));
    let (whole, tenths) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, fraction.get(..1)?.parse::<u64>().ok()?),
        None => (number, 0),
    };
    let whole: u64 = whole.parse().ok()?;
    whole.checked_mul(octets)?.checked_add(octets * tenths / 10)
}

/// Whether a cell is the header that the map names, but for case.
fn same_header(cell: &str, header: &str) -> bool {
    cell.eq_ignore_ascii_case(header.trim())
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
