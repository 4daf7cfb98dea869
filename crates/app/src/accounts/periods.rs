//! The periods of accounts in an organization's time zone. A period begins with a day, wherever
//! clocks are changed on it.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday as JiffWeekday};
use jiff::tz::TimeZone;
use platen_domain::account_limits::{AccountCalendar, Period, PeriodSpan, Weekday};
use platen_domain::clock::Timestamp;
use platen_domain::days::Day;
use platen_domain::organizations::Organization;

use crate::AppError;

/// The calendar of an organization.
#[derive(Debug, Clone)]
pub(crate) struct ZoneCalendar(TimeZone);

impl ZoneCalendar {
    /// Its zone was checked when the organization was made; a time-zone database that lost it is
    /// a defect of the installation.
    pub(crate) fn of(organization: &Organization) -> Result<Self, AppError> {
        let zone = TimeZone::get(&organization.time_zone);
        zone.map(Self)
            .map_err(|error| AppError::Interrupted(Box::new(error)))
    }

    fn date_of(&self, at: Timestamp) -> Option<Date> {
        let at = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
        Some(self.0.to_datetime(at).date())
    }

    /// Where clocks skip midnight, the first instant after the gap.
    fn begin_of(&self, date: Date) -> Option<Timestamp> {
        let at = self.0.to_timestamp(date.into()).ok()?;
        Some(Timestamp::from_millis(at.as_millisecond()))
    }

    fn between(&self, (first, next): (Date, Option<Date>)) -> Option<PeriodSpan> {
        Some(PeriodSpan {
            from: self.begin_of(first)?,
            until: next.and_then(|next| self.begin_of(next)),
        })
    }
}

impl AccountCalendar for ZoneCalendar {
    fn day_of(&self, at: Timestamp) -> Option<Day> {
        let date = self.date_of(at)?;
        let part = |n: i8| u8::try_from(n).ok();
        let year = u16::try_from(date.year()).ok()?;
        Day::new(year, part(date.month())?, part(date.day())?).ok()
    }

    fn span(&self, period: &Period, at: Timestamp) -> PeriodSpan {
        let dates = self.date_of(at).and_then(|today| match period {
            Period::None => None,
            Period::Daily => Some((today, today.tomorrow().ok())),
            Period::Weekly(begins) => week(today, *begins),
            Period::Monthly(day) => month(today, *day),
            Period::Term(begins) => term(today, begins),
        });
        let span = dates.and_then(|dates| self.between(dates));
        span.unwrap_or(PeriodSpan::ALWAYS)
    }
}

/// The first day of a period and that of the next one.
type Dates = (Date, Option<Date>);

fn week(today: Date, begins: Weekday) -> Option<Dates> {
    let begins = match begins {
        Weekday::Monday => JiffWeekday::Monday,
        Weekday::Tuesday => JiffWeekday::Tuesday,
        Weekday::Wednesday => JiffWeekday::Wednesday,
        Weekday::Thursday => JiffWeekday::Thursday,
        Weekday::Friday => JiffWeekday::Friday,
        Weekday::Saturday => JiffWeekday::Saturday,
        Weekday::Sunday => JiffWeekday::Sunday,
    };
    let gone = i64::from(today.weekday().since(begins));
    let first = today.checked_sub(gone.days()).ok()?;
    Some((first, first.checked_add(7.days()).ok()))
}

fn month(today: Date, day: u8) -> Option<Dates> {
    let this = begin_in_month(today, day)?;
    let first_of_this = today.first_of_month();
    if this <= today {
        let next = first_of_this.checked_add(1.month()).ok();
        return Some((this, next.and_then(|next| begin_in_month(next, day))));
    }
    let last = first_of_this.checked_sub(1.month()).ok()?;
    Some((begin_in_month(last, day)?, Some(this)))
}

/// The day of `date`'s month on which a period begins: `day`, or the last one of a shorter month.
fn begin_in_month(date: Date, day: u8) -> Option<Date> {
    let day = i8::try_from(day).ok()?.clamp(1, date.days_in_month());
    date.with().day(day).build().ok()
}

/// Before the first term there is no period.
fn term(today: Date, begins: &BTreeSet<Day>) -> Option<Dates> {
    let mut begun = None;
    for day in begins {
        let date = date(*day)?;
        if date > today {
            return begun.map(|begun| (begun, Some(date)));
        }
        begun = Some(date);
    }
    begun.map(|begun| (begun, None))
}

fn date(day: Day) -> Option<Date> {
    let part = |n: u8| i8::try_from(n).ok();
    let year = i16::try_from(day.year()).ok()?;
    Date::new(year, part(day.month())?, part(day.day())?).ok()
}

#[cfg(test)]
#[path = "periods_tests.rs"]
mod tests;
