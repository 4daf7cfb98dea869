//! Print logs that are tables: CSV and its kin, by a [`ColumnMap`].
//!
//! A table is read twice: once for what only the whole of it tells (`TableSurvey`: where its
//! columns are, which number of its dates is the day, which way it runs), and once for its jobs.

use std::borrow::Cow;

use encoding_rs::Encoding;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{PrintRecord, TimeQuality};

pub use super::column_map::{ColumnMap, MapError};
use super::csv_line::CsvLine;
use super::date_order::{DateOrder, DateSurvey, OrderError, SettledDates};
use super::fields::{Draft, Field, RecordError};
use super::line_keys::LineKeys;
use super::local_clock;
use super::table_layout::{HEADER_LINES_MAX, Layout, LayoutSearch, Places, is_preamble};
use super::table_times::{TimeReader, is_blank};
use super::written_time::Written;
use super::{Entry, LineParser, ReadError, Reason, Sink, cells, counts, texts, times};

/// A table that is to be read.
#[derive(Debug)]
pub(super) struct TableForm {
    /// Of its jobs' keys.
    pub(super) source: String,
    pub(super) map: ColumnMap,
    /// UTF-8, else windows-1252, where it is not told.
    pub(super) encoding: Option<&'static Encoding>,
    /// Of times without offset; UTC where it is not known.
    pub(super) zone: TimeZone,
    /// Whether it is known: a table that has such times is refused otherwise.
    pub(super) is_zone_known: bool,
    /// Octets of a size without a unit.
    pub(super) size_unit: u64,
    /// Lines that must run in time before their course tells the order of dates: few of a log,
    /// which is written as time passes, more of a table, which may be sorted by anything.
    pub(super) course_lines_min: u64,
    /// Fields of which one must be there, where the map is not strict.
    pub(super) one_of: &'static [Field],
}

/// What is known of its dates from elsewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct DateHints {
    /// The order, as somebody says.
    pub(super) said: Option<DateOrder>,
    /// The order of the logs beside this one.
    pub(super) neighbours: Option<DateOrder>,
    /// Instants after which no line was written, the surest first.
    pub(super) not_after: Vec<Timestamp>,
}

/// What only the whole of a table tells.
#[derive(Debug)]
pub(super) struct TablePlan {
    /// `None` for a table without a line.
    layout: Option<Layout>,
    pub(super) dates: SettledDates,
}

impl TableForm {
    fn decode<'a>(&self, number: u64, line: &'a [u8]) -> Cow<'a, str> {
        let line = match number {
            1 => line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line),
            _ => line,
        };
        match self.encoding {
            Some(encoding) => encoding.decode_without_bom_handling(line).0,
            None => texts::decode(line),
        }
    }

    /// Local time in its zone, a day later: clocks of servers and of devices differ.
    fn day_after(&self, at: Timestamp) -> Option<DateTime> {
        let instant = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
        let day = jiff::Span::new().days(1);
        self.zone.to_datetime(instant).checked_add(day).ok()
    }
}

/// Finds out what only the whole of a table tells.
pub(super) struct TableSurvey<'a> {
    form: &'a TableForm,
    search: LayoutSearch<'a>,
    layout: Option<Layout>,
    csv: CsvLine,
    dates: DateSurvey,
    /// Whether there is a time that needs a zone.
    has_local: bool,
}

impl<'a> TableSurvey<'a> {
    pub(super) fn new(form: &'a TableForm) -> Self {
        Self {
            form,
            search: LayoutSearch::new(&form.map),
            layout: None,
            csv: CsvLine::new(b','),
            dates: DateSurvey::new(),
            has_local: false,
        }
    }

    pub(super) fn plan(self, hints: &DateHints) -> Result<TablePlan, ReadError> {
        let form = self.form;
        match (&self.layout, self.search.missing()) {
            (None, Some(missing)) => return Err(ReadError::NoColumns(missing)),
            (Some(layout), _) if !form.one_of.is_empty() => {
                let has = |field: &Field| layout.columns.iter().any(|it| it.field == *field);
                if !form.one_of.iter().any(has) {
                    return Err(ReadError::NoJobs);
                }
            }
            _ => {}
        }
        if self.has_local && !form.is_zone_known {
            return Err(ReadError::NoZone);
        }
        let limits = hints.not_after.iter();
        let limits: Vec<_> = limits.filter_map(|at| form.day_after(*at)).collect();
        let said = form.map.date_order.or(hints.said);
        let dates = self
            .dates
            .settle(said, &limits, form.course_lines_min, hints.neighbours)
            .map_err(|error| match error {
                OrderError::Open(question) => ReadError::DateOrder(question),
                OrderError::Conflict(conflict) => ReadError::DateConflict(conflict),
            })?;
        Ok(TablePlan {
            layout: self.layout,
            dates,
        })
    }

    fn row(&mut self, number: u64, layout: &Layout) {
        let times = TimeReader::new(&self.form.map);
        for places in &layout.columns {
            if !matches!(places.field, Field::CompletedAt | Field::SubmittedAt) {
                continue;
            }
            let (first, second, _) = places.time_cells(&self.csv);
            let Some(written) = times.read(first, second) else {
                continue;
            };
            self.has_local |= written.offset.is_none();
            if places.field == Field::CompletedAt {
                self.dates.see(number, first, &written, &self.form.zone);
            } else {
                self.dates.weigh(number, first, &written);
            }
        }
    }
}

impl LineParser for TableSurvey<'_> {
    fn line(&mut self, number: u64, raw: &[u8], _sink: &mut Sink<'_>) {
        let line = self.form.decode(number, raw);
        if line.trim().is_empty() {
            return;
        }
        match self.layout.take() {
            Some(layout) => {
                self.csv.parse(&line);
                self.row(number, &layout);
                self.layout = Some(layout);
            }
            None if number <= HEADER_LINES_MAX => {
                let Some(layout) = self.search.see(number, &line) else {
                    return;
                };
                self.csv = CsvLine::new(layout.delimiter);
                if layout.header.is_none() {
                    self.csv.parse(&line);
                    self.row(number, &layout);
                }
                self.layout = Some(layout);
            }
            None => {}
        }
    }
}

/// Reads the jobs of a table.
#[derive(Debug)]
pub(super) struct Table<'a> {
    form: &'a TableForm,
    dates: SettledDates,
    layout: Option<Layout>,
    csv: CsvLine,
    keys: LineKeys,
    /// Whether the first job's line was reached.
    has_begun: bool,
}

/// When a job ended.
struct Ended {
    at: Timestamp,
    quality: TimeQuality,
    /// The day by the table's own clock.
    day: String,
}

impl<'a> Table<'a> {
    pub(super) fn new(form: &'a TableForm, plan: TablePlan) -> Self {
        let delimiter = plan.layout.as_ref().map_or(b',', |layout| layout.delimiter);
        Self {
            form,
            dates: plan.dates,
            layout: plan.layout,
            csv: CsvLine::new(delimiter),
            keys: LineKeys::default(),
            has_begun: false,
        }
    }

    /// Whether a line stands above the jobs, and what it is.
    fn above(&mut self, number: u64, line: &str) -> Option<Reason> {
        if self.has_begun {
            return None;
        }
        let layout = self.layout.as_ref()?;
        match layout.header {
            Some(header) if number == header => {
                self.has_begun = true;
                Some(self.header_told(layout).into())
            }
            Some(_) => Some("before the header".into()),
            None => {
                let first = layout.columns.iter();
                let mut first = first.filter(|places| places.field == Field::CompletedAt);
                let is_row = first.any(|places| {
                    let (first, second, _) = places.time_cells(&self.csv);
                    TimeReader::new(&self.form.map)
                        .read(first, second)
                        .is_some()
                });
                self.has_begun = is_row;
                (!is_row || is_preamble(line)).then_some("before the first job".into())
            }
        }
    }

    /// What was found out, for people.
    fn header_told(&self, layout: &Layout) -> String {
        let mut text = "header".to_owned();
        for places in &layout.columns {
            if let Some((_, name)) = &places.beside {
                text.push_str("; the time of day for ");
                text.push_str(places.field.name());
                text.push_str(" stands beside its date, in '");
                text.push_str(name);
                text.push('\'');
            }
        }
        if let Some((order, because)) = self.dates.order {
            text.push_str("; dates have ");
            text.push_str(order.words());
            text.push_str(", ");
            text.push_str(&because.to_string());
        }
        text
    }

    fn record(&mut self, number: u64, raw: &[u8]) -> Result<PrintRecord, Reason> {
        let layout = self.layout.as_ref().ok_or("no header")?;
        let width = match layout.header {
            Some(_) => layout.width.unwrap_or(usize::MAX),
            None => usize::MAX,
        };
        let mut behind = width..self.csv.len();
        if behind.any(|at| self.csv.get(at) != Some("")) {
            return Err("more fields than the header has".into());
        }
        let mut draft = Draft::new();
        let mut day = String::new();
        let mut submitted = None;
        let mut has_id = false;
        for places in &layout.columns {
            match places.field {
                Field::CompletedAt => {
                    let Some(ended) = self.ended(number, places)? else {
                        continue;
                    };
                    draft.completed(ended.at, ended.quality).map_err(reason)?;
                    day = ended.day;
                }
                Field::SubmittedAt => submitted = self.written(places),
                field if cells::is_count(field) => self.count(&mut draft, places)?,
                field => {
                    let cell = places.at.first().and_then(|at| self.csv.get(*at));
                    let text = self.form.map.meaning(field, cell.unwrap_or_default());
                    if is_blank(text) {
                        continue;
                    }
                    has_id |= field == Field::Id;
                    if field == Field::Bytes {
                        draft.record().bytes = cells::size(text, self.form.size_unit);
                    } else {
                        cells::set(&mut draft, field, text)
                            .map_err(|error| unknown_word(field, text, &error))?;
                    }
                }
            }
        }
        for (field, text) in &self.form.map.constants {
            cells::set(&mut draft, *field, text).map_err(reason)?;
        }
        draft
            .text(Field::Source, &self.form.source)
            .map_err(reason)?;
        if !has_id {
            let id = self.keys.id(&day, raw);
            draft.text(Field::Id, &id).map_err(reason)?;
        }
        let record = draft.record();
        record.submitted_at = submitted.and_then(|it| self.submitted(&it, record.completed_at));
        let counted = record.counts;
        if counted.impressions.is_none() {
            counts::of_one_copy(record, counted.pages, counted.copies);
        }
        draft.finish().map_err(reason)
    }

    fn written(&self, places: &Places) -> Option<Written> {
        let (first, second, _) = places.time_cells(&self.csv);
        TimeReader::new(&self.form.map).read(first, second)
    }

    /// The date in the table's order.
    fn date(&self, written: &Written) -> Option<Date> {
        match self.dates.order {
            Some((order, _)) => written.date.by(order),
            // No line needs one: all orders say the same.
            None => DateOrder::ALL
                .into_iter()
                .find_map(|order| written.date.by(order)),
        }
    }

    fn ended(&self, number: u64, places: &Places) -> Result<Option<Ended>, Reason> {
        let (first, _, _) = places.time_cells(&self.csv);
        if is_blank(first) {
            return Ok(None);
        }
        let written = self.written(places);
        let written = written.ok_or_else(|| match self.form.map.time_formats.first() {
            Some(format) => Reason::from(format!("a time that is not of the form {format}")),
            None => "a time that is not understood".into(),
        })?;
        let date = self.date(&written).ok_or_else(|| {
            let order = self.dates.order.map_or("", |(order, _)| order.words());
            Reason::from(format!("no date where dates have {order}"))
        })?;
        let out_of_range = || Reason::from("a time out of range");
        let Some(time) = written.time else {
            let noon = date.at(12, 0, 0, 0);
            let (at, _) = self
                .dates
                .passes
                .instant(number, noon, &self.form.zone)
                .ok_or_else(out_of_range)?;
            return Ok(Some(Ended {
                at,
                quality: TimeQuality::Day,
                day: date.to_string(),
            }));
        };
        let civil = date.to_datetime(time);
        if let Some(offset) = written.offset {
            let instant = offset
                .to_timestamp(civil)
                .map_err(|_error| out_of_range())?;
            let at = Timestamp::from_millis(instant.as_millisecond());
            return Ok(Some(Ended {
                at,
                quality: TimeQuality::Exact,
                day: times::utc_day(at),
            }));
        }
        let (at, quality) = self
            .dates
            .passes
            .instant(number, civil, &self.form.zone)
            .ok_or_else(out_of_range)?;
        Ok(Some(Ended {
            at,
            quality,
            day: date.to_string(),
        }))
    }

    /// When a job was sent that ended then; of a bare date that is not known.
    fn submitted(&self, written: &Written, ended: Timestamp) -> Option<Timestamp> {
        let civil = self.date(written)?.to_datetime(written.time?);
        match written.offset {
            Some(offset) => {
                let instant = offset.to_timestamp(civil).ok()?;
                Some(Timestamp::from_millis(instant.as_millisecond()))
            }
            None => local_clock::instant_until(civil, &self.form.zone, ended),
        }
    }

    /// Sets a count from its column, or from the sum of its columns.
    fn count(&self, draft: &mut Draft, places: &Places) -> Result<(), Reason> {
        let mut sum = None;
        for at in &places.at {
            let cell = self.csv.get(*at).unwrap_or_default();
            let text = self.form.map.meaning(places.field, cell);
            if is_blank(text) {
                continue;
            }
            let count = cells::count(text);
            let count = count.ok_or_else(|| reason(RecordError::expected(places.field)))?;
            sum = Some(sum.unwrap_or(0_u64).saturating_add(count));
        }
        let Some(sum) = sum else { return Ok(()) };
        draft.number(places.field, sum).map_err(reason)
    }
}

impl LineParser for Table<'_> {
    fn line(&mut self, number: u64, raw: &[u8], sink: &mut Sink<'_>) {
        let form = self.form;
        let line = form.decode(number, raw);
        if line.trim().is_empty() {
            return sink(Entry::skipped(number, "blank"));
        }
        self.csv.parse(&line);
        if let Some(told) = self.above(number, &line) {
            return sink(Entry::skipped(number, told));
        }
        let raw = if number == 1 {
            raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw)
        } else {
            raw
        };
        sink(match self.record(number, raw) {
            Ok(record) => Entry::Record(Box::new(record)),
            Err(reason) => Entry::refused(number, reason),
        });
    }
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn reason(error: RecordError) -> Reason {
    error.to_string().into()
}

/// A word of a device's own that nobody explained.
fn unknown_word(field: Field, text: &str, error: &RecordError) -> Reason {
    match field {
        Field::Function | Field::State => {
            let name = field.name();
            let word: String = text.chars().take(40).collect();
            format!("{error}, found '{word}'; say what it means in the column map: [words.{name}]")
                .into()
        }
        _ => error.to_string().into(),
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
