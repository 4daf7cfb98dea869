//! Days of the calendar, without a time and without a zone.

use std::fmt;
use std::str::FromStr;

/// A day of the proleptic Gregorian calendar, from 0001-01-01 to 9999-12-31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: u16,
    month: u8,
    of_month: u8,
}

/// The text or the numbers name no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a day as YYYY-MM-DD, such as 2026-09-01")]
pub struct ParseDayError;

impl Day {
    /// The first one that calendars know here.
    pub const FIRST: Self = Self {
        year: 1,
        month: 1,
        of_month: 1,
    };

    /// The day with these numbers; an error where there is none.
    pub const fn new(year: u16, month: u8, day: u8) -> Result<Self, ParseDayError> {
        if year == 0 || year > 9999 || day == 0 || day > days_in_month(year, month) {
            return Err(ParseDayError);
        }
        Ok(Self {
            year,
            month,
            of_month: day,
        })
    }

    /// Its year, 1 to 9999.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Its month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// Its day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.of_month
    }

    /// Year x 10,000 + month x 100 + day: the form the store keeps, in the order of time.
    pub fn number(self) -> u32 {
        u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.of_month)
    }

    /// The day with this [`number`](Self::number).
    pub fn from_number(number: u32) -> Option<Self> {
        let part = |n: u32| u8::try_from(n % 100).ok();
        let year = u16::try_from(number / 10_000).ok()?;
        Self::new(year, part(number / 100)?, part(number)?).ok()
    }
}

/// How many days the month has; 0 for what is no month.
pub const fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

impl FromStr for Day {
    type Err = ParseDayError;

    fn from_str(text: &str) -> Result<Self, ParseDayError> {
        let mut parts = text.split('-');
        let mut next = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits)?;
            let plain = part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<u16>().ok()).flatten()
        };
        let (Some(year), Some(month), Some(day)) = (next(4), next(2), next(2)) else {
            return Err(ParseDayError);
        };
        if parts.next().is_some() {
            return Err(ParseDayError);
        }
        let short = |n| u8::try_from(n).map_err(|_large| ParseDayError);
        Self::new(year, short(month)?, short(day)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_back_in_both_forms() {
        let day: Day = "2024-02-29".parse().unwrap();
        assert_eq!(day.to_string(), "2024-02-29");
        assert_eq!(
            (day.number(), Day::from_number(20_240_229)),
            (20_240_229, Some(day))
        );
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-1-01",
            "2026-01-011",
            "2026-01-01-",
            "+026-01-01",
            "0000-01-01",
            "",
        ] {
            assert_eq!(text.parse::<Day>(), Err(ParseDayError), "{text}");
        }
        assert_eq!(Day::from_number(20_260_931), None);
    }
}
