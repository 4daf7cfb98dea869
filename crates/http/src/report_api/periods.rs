//! The period of a dated report: two days or two months, both included, in a time zone.

use std::ops::Range;

use http::HeaderValue;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use platen_domain::clock::Timestamp as Instant;

use crate::problem_kinds;
use crate::problems::Problem;

/// Longest period in days, both ends included: a year and the day that leap years add.
const DAYS_MAX: i32 = 366;

/// Longest period in months, both ends included: ten years.
const MONTHS_MAX: i32 = 120;

/// Days or months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// `YYYY-MM-DD`.
    Days,
    /// `YYYY-MM`.
    Months,
}

/// A period, half open between two instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    from: Timestamp,
    until: Timestamp,
    zone: TimeZone,
}

impl Period {
    /// Reads both ends in `unit`.
    pub(crate) fn parse(
        unit: Unit,
        from: &str,
        to: &str,
        zone: &TimeZone,
    ) -> Result<Self, Problem> {
        let first = unit
            .parse(from)
            .ok_or_else(|| unit.misspelt("first", from))?;
        let last = unit.parse(to).ok_or_else(|| unit.misspelt("second", to))?;
        if last < first {
            let detail = format!("The period ends before it begins: {to} comes before {from}.");
            return Err(problem_kinds::BAD_RANGE.because(detail));
        }
        if unit.count(first, last) > unit.longest() {
            let (longest, name) = (unit.longest(), unit.name());
            let detail = format!("The period is too long: at most {longest} {name}.");
            return Err(problem_kinds::BAD_RANGE.because(detail));
        }
        let bounds = unit
            .after(last)
            .and_then(|end| Some((begin_of(first, zone)?, begin_of(end, zone)?)));
        let (from, until) = bounds.ok_or_else(|| unit.misspelt("second", to))?;
        Ok(Self {
            from,
            until,
            zone: zone.clone(),
        })
    }

    /// From its first instant until before the one after it.
    pub(crate) fn instants(&self) -> Range<Instant> {
        let instant = |at: Timestamp| Instant::from_millis(at.as_millisecond());
        instant(self.from)..instant(self.until)
    }

    /// The zone its days begin in.
    pub(super) const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// `from/until` for `X-Report-Period`: the first instant and the first one after it.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let written = |at: Timestamp| at.display_with_offset(self.zone.to_offset(at));
        let text = format!("{}/{}", written(self.from), written(self.until));
        HeaderValue::from_str(&text).ok()
    }
}

impl Unit {
    /// The unit that `text` is written in, judged by its length alone.
    pub(super) const fn of(text: &str) -> Self {
        if text.len() == "YYYY-MM".len() {
            Self::Months
        } else {
            Self::Days
        }
    }

    const fn form(self) -> &'static str {
        match self {
            Self::Days => "YYYY-MM-DD",
            Self::Months => "YYYY-MM",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Months => "months",
        }
    }

    const fn longest(self) -> i32 {
        match self {
            Self::Days => DAYS_MAX,
            Self::Months => MONTHS_MAX,
        }
    }

    /// The first day of what `text` names.
    fn parse(self, text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            let part = parts.next()?;
            let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<i16>().ok()).flatten()
        };
        let (year, month) = (number(4)?, number(2)?);
        let day = match self {
            Self::Days => number(2)?,
            Self::Months => 1,
        };
        if parts.next().is_some() {
            return None;
        }
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// How many days or months from `first` to `last`, both included.
    fn count(self, first: Date, last: Date) -> i32 {
        let months = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        1 + match self {
            Self::Days => first
                .until(last)
                .map_or(i32::MAX - 1, |span| span.get_days()),
            Self::Months => months(last) - months(first),
        }
    }

    /// The first day after what begins with `date`.
    fn after(self, date: Date) -> Option<Date> {
        let step = match self {
            Self::Days => 1.day(),
            Self::Months => 1.month(),
        };
        date.checked_add(step).ok()
    }

    fn misspelt(self, which: &str, text: &str) -> Problem {
        let form = self.form();
        let detail = format!("The {which} date '{text}' is not a date of the form {form}.");
        problem_kinds::BAD_DATE.because(detail)
    }
}

/// When the day begins; where clocks skip midnight, the first instant after the gap.
fn begin_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(DateTime::from(day)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(from: &str, to: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        match Period::parse(Unit::of(from), from, to, &zone) {
            Ok(period) => period.header().unwrap().to_str().unwrap().to_owned(),
            Err(problem) => problem.detail.into_owned(),
        }
    }

    #[test]
    fn both_ends_are_included() {
        insta::assert_snapshot!(header("2026-03-28", "2026-03-29", "Europe/Berlin"), @"2026-03-28T00:00:00+01:00/2026-03-30T00:00:00+02:00");
        insta::assert_snapshot!(header("2024-02-29", "2024-02-29", "UTC"), @"2024-02-29T00:00:00+00:00/2024-03-01T00:00:00+00:00");
        insta::assert_snapshot!(header("2026-01", "2026-12", "America/New_York"), @"2026-01-01T00:00:00-05:00/2027-01-01T00:00:00-05:00");
        // Midnight of this day does not exist in Cairo.
        insta::assert_snapshot!(header("2026-04-24", "2026-04-24", "Africa/Cairo"), @"2026-04-24T01:00:00+03:00/2026-04-25T00:00:00+03:00");
    }

    #[test]
    fn the_longest_period() {
        assert!(header("2024-01-01", "2024-12-31", "UTC").contains('/'));
        insta::assert_snapshot!(header("2024-01-01", "2025-01-01", "UTC"), @"The period is too long: at most 366 days.");
        assert!(header("2017-01", "2026-12", "UTC").contains('/'));
        insta::assert_snapshot!(header("2017-01", "2027-01", "UTC"), @"The period is too long: at most 120 months.");
    }

    #[test]
    fn a_refusal_says_which_date_and_which_form() {
        insta::assert_snapshot!(header("2026-02-30", "2026-03-01", "UTC"), @"The first date '2026-02-30' is not a date of the form YYYY-MM-DD.");
        insta::assert_snapshot!(header("2026-02-01", "2026-03", "UTC"), @"The second date '2026-03' is not a date of the form YYYY-MM-DD.");
        insta::assert_snapshot!(header("2026-02", "2026-13", "UTC"), @"The second date '2026-13' is not a date of the form YYYY-MM.");
        insta::assert_snapshot!(header("2026-02-02", "2026-02-01", "UTC"), @"The period ends before it begins: 2026-02-01 comes before 2026-02-02.");
        for odd in [
            "26-1-1",
            "2026-1-001",
            "+026-01-01",
            "2026-01-01-01",
            "9999-12-31",
        ] {
            assert!(!header(odd, odd, "UTC").contains("T00"), "{odd}");
        }
    }
}
