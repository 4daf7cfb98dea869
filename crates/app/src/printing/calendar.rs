//! Days and months in an organization's time zone.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::organizations::Organization;
use platen_domain::print_months::MonthNo;

use crate::AppError;

/// Tells in which day and month instants lie. Neighbouring instants share them, so the last day
/// and month are remembered.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    day: Option<Day>,
    month: Option<Month>,
}

/// A day, half open between two instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

/// A month, half open between two instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its number.
    pub number: MonthNo,
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

impl Calendar {
    /// The calendar of a zone.
    pub const fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            day: None,
            month: None,
        }
    }

    /// The calendar of an organization. Its zone was checked when it was made; a time-zone
    /// database that lost it is a defect of the installation.
    pub fn of(organization: &Organization) -> Result<Self, AppError> {
        let zone = TimeZone::get(&organization.time_zone);
        let zone = zone.map_err(|error| AppError::Interrupted(Box::new(error)))?;
        Ok(Self::new(zone))
    }

    /// The month of `at`; `None` outside the years that calendars know.
    pub fn month_of(&mut self, at: Timestamp) -> Option<Month> {
        if let Some(month) = self.month
            && (month.from..month.until).contains(&at)
        {
            return Some(month);
        }
        let first = self.date_of(at)?.first_of_month();
        let year = u32::try_from(first.year()).ok()?;
        let month = Month {
            number: year * 100 + u32::try_from(first.month()).ok()?,
            from: self.begin_of(first.into())?,
            until: self.begin_of(first.checked_add(1.month()).ok()?.into())?,
        };
        self.month = Some(month);
        Some(month)
    }

    /// The day of `at`; `None` outside the years that calendars know.
    pub fn day_of(&mut self, at: Timestamp) -> Option<Day> {
        if let Some(day) = self.day
            && (day.from..day.until).contains(&at)
        {
            return Some(day);
        }
        let date = self.date_of(at)?;
        let day = Day {
            from: self.begin_of(date.into())?,
            until: self.begin_of(date.tomorrow().ok()?.into())?,
        };
        self.day = Some(day);
        Some(day)
    }

    fn date_of(&self, at: Timestamp) -> Option<Date> {
        let at = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
        Some(self.zone.to_datetime(at).date())
    }

    /// Where clocks skip midnight, the first instant after the gap.
    fn begin_of(&self, midnight: DateTime) -> Option<Timestamp> {
        let at = self.zone.to_timestamp(midnight).ok()?;
        Some(Timestamp::from_millis(at.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn calendar(zone: &str) -> Calendar {
        Calendar::new(TimeZone::get(zone).unwrap())
    }

    fn at(text: &str) -> Timestamp {
        let at: jiff::Timestamp = text.parse().unwrap();
        Timestamp::from_millis(at.as_millisecond())
    }

    #[test]
    fn days_follow_each_other_through_a_change_of_clocks() {
        let mut berlin = calendar("Europe/Berlin");
        let short = berlin.day_of(at("2026-03-29T12:00:00Z")).unwrap();
        assert_eq!(short.until.since(short.from), Duration::from_hours(23));
        let next = berlin.day_of(short.until).unwrap();
        assert_eq!(next.from, short.until);
        let mut cairo = calendar("Africa/Cairo");
        let gap = cairo.day_of(at("2026-04-24T10:00:00Z")).unwrap();
        assert_eq!(gap.from, at("2026-04-23T22:00:00Z"));
    }

    #[test]
    fn a_month_begins_where_its_zone_says() {
        let mut berlin = calendar("Europe/Berlin");
        let late = at("2026-10-31T23:30:00Z");
        let month = berlin.month_of(late).unwrap();
        assert_eq!(
            (month.number, month.from),
            (202_611, at("2026-10-31T23:00:00Z"))
        );
        assert_eq!(month.until, at("2026-11-30T23:00:00Z"));
        assert_eq!(berlin.month_of(month.until).unwrap().number, 202_612);
        assert_eq!(calendar("UTC").month_of(late).unwrap().number, 202_610);
        assert_eq!(berlin.month_of(Timestamp::from_millis(i64::MAX)), None);
    }
}
