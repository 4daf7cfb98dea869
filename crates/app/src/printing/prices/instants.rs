//! From when on prices hold: days and instants in an organization's time zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;

/// Characters of a day: `2026-01-31`.
const DAY_CHARS: usize = 10;

/// Reads a day as its first instant in `zone`, or an instant of RFC 3339.
pub(super) fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if text.len() == DAY_CHARS {
        return begin(text.parse().ok()?, zone);
    }
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(instant.as_millisecond()))
}

/// The day that begins at `at` in `zone`, or the instant with its offset.
pub(super) fn text(at: Timestamp, zone: &TimeZone) -> String {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.as_millis()) else {
        return format!("{at:?}");
    };
    let day = zone.to_datetime(instant).date();
    if begin(day, zone) == Some(at) {
        return day.to_string();
    }
    let offset = zone.to_offset(instant);
    instant.display_with_offset(offset).to_string()
}

/// Whether a month begins at `at` in `zone`.
pub(super) fn begins_month(at: Timestamp, zone: &TimeZone) -> bool {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis());
    let first = instant.map(|instant| zone.to_datetime(instant).date().first_of_month());
    first.is_ok_and(|first| begin(first, zone) == Some(at))
}

/// The first instant of a day. Where midnight is skipped, the day begins behind the gap.
fn begin(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let instant = zone.to_timestamp(day.into()).ok()?;
    Some(Timestamp::from_millis(instant.as_millisecond()))
}
