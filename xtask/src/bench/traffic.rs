//! The site that prints in measurements.

use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::PrintRecord;
use platen_simfleet::print_traffic::{PrintedOn, Traffic, TrafficOptions, TrafficSource};
use platen_store::PlacedRecord;

/// People and printers: about 20,000 jobs a working day, five million a year.
const USERS: u32 = 5_000;
const PRINTERS: u32 = 300;
const PAGES_PER_USER_DAY: f64 = 14.5;

/// The traffic of the site, its jobs numbered by `source`: `agent|…` counts upwards, `cups|…`
/// has random UUIDs.
pub(super) fn site(source: &str) -> Traffic {
    let source = match source.split_once('|') {
        Some(("cups", instance)) => TrafficSource::cups(instance),
        Some((_, install)) => TrafficSource::agent(install),
        None => TrafficSource::agent(source),
    };
    let options = TrafficOptions {
        seed: 7,
        users: USERS,
        pages_per_user_day: PAGES_PER_USER_DAY,
        time_zone: TimeZone::UTC,
        source,
    };
    Traffic::new(options, PrintedOn::invented(PRINTERS))
}

/// A record with its month in UTC.
pub(super) fn placed(record: PrintRecord) -> PlacedRecord {
    PlacedRecord {
        month: month_of(record.completed_at),
        record,
    }
}

fn month_of(at: Timestamp) -> u32 {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    let date = TimeZone::UTC.to_datetime(instant).date();
    u32::from(date.year().unsigned_abs()) * 100 + u32::from(date.month().unsigned_abs())
}
