//! Times in the cells of tables.

use jiff::civil::Time;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;

use super::column_map::ColumnMap;
use super::times;
use super::written_time::{self, Written, WrittenDate};

/// Reads times by the formats of a map or, where it has none, as they are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeReader<'a> {
    formats: &'a [String],
}

impl<'a> TimeReader<'a> {
    pub(super) const fn new(map: &'a ColumnMap) -> Self {
        Self {
            formats: map.time_formats.as_slice(),
        }
    }

    /// Reads a time from its cell, or from the cells of its date and its time of day. A date
    /// beside which no time of day stands is a bare one.
    pub(super) fn read(&self, first: &str, second: Option<&str>) -> Option<Written> {
        let Some(second) = second.map(str::trim).filter(|second| !is_blank(second)) else {
            return self.read_one(first);
        };
        if !self.formats.is_empty()
            && let Some(written) = self.read_one(&format!("{first} {second}"))
        {
            return Some(written);
        }
        let date = self.read_one(first)?;
        let time = written_time::time_of_day(second)
            .or_else(|| Written::read(second).and_then(|written| written.time))?;
        // Spreadsheets write midnight behind every date.
        let is_bare = date.time.is_none_or(|time| time == Time::midnight());
        is_bare.then_some(Written {
            time: Some(time),
            ..date
        })
    }

    fn read_one(&self, text: &str) -> Option<Written> {
        if self.formats.is_empty() {
            return as_written(text);
        }
        let mut formats = self.formats.iter();
        formats.find_map(|format| by_format(format, text))
    }
}

/// Whether a cell says nothing.
pub(super) fn is_blank(cell: &str) -> bool {
    matches!(cell, "" | "-")
}

fn as_written(text: &str) -> Option<Written> {
    if let Some(civil) = times::iso_local(text) {
        return Some(plain(civil.date(), Some(civil.time()), None));
    }
    Written::read(text).or_else(|| {
        // What else the standards allow.
        let at = times::rfc3339(text)?;
        let instant = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
        let civil = Offset::UTC.to_datetime(instant);
        Some(plain(civil.date(), Some(civil.time()), Some(Offset::UTC)))
    })
}

fn by_format(format: &str, text: &str) -> Option<Written> {
    let broken = BrokenDownTime::parse(format, text).ok()?;
    let date = broken.to_date().ok()?;
    let has_time = broken.hour().is_some();
    let time = has_time.then(|| broken.to_time().ok()).flatten();
    Some(plain(date, time, broken.offset()))
}

const fn plain(date: jiff::civil::Date, time: Option<Time>, offset: Option<Offset>) -> Written {
    Written {
        date: WrittenDate::Plain(date),
        time,
        offset,
        is_day_first: false,
    }
}
