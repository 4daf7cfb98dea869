//! Three records of a log as they would be kept: what a person looks at before the log is taken in.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use platen_domain::print_jobs::PrintRecord;

/// Records held to find the one in the middle: enough that it stands within a tenth of it.
const HELD_MAX: usize = 32;

/// The first record, the last one, and every n-th between them.
#[derive(Debug, Default)]
pub(super) struct Samples {
    records: u64,
    /// Every `stride`-th record, the first one included.
    held: Vec<(u64, PrintRecord)>,
    stride: u64,
    last: Option<PrintRecord>,
}

impl Samples {
    pub(super) fn add(&mut self, record: &PrintRecord) {
        if self.held.len() >= HELD_MAX {
            self.stride *= 2;
            let stride = self.stride;
            self.held.retain(|(place, _)| place % stride == 0);
        }
        self.stride = self.stride.max(1);
        if self.records.is_multiple_of(self.stride) {
            self.held.push((self.records, record.clone()));
        }
        self.last = Some(record.clone());
        self.records += 1;
    }

    /// For people.
    pub(super) fn text(&self, zone: &TimeZone) -> String {
        let mut text = String::new();
        let mut show = |which: &str, record: &PrintRecord| {
            write!(
                text,
                "  {which} record, as it would be kept:\n{}",
                shown(record, zone)
            )
            .ok();
        };
        if let Some((_, first)) = self.held.first() {
            show("first", first);
        }
        let middle = self
            .held
            .iter()
            .min_by_key(|(place, _)| place.abs_diff(self.records / 2));
        if let Some((_, middle)) = middle.filter(|_| self.records > 2) {
            show("a middle", middle);
        }
        if let Some(last) = self.last.as_ref().filter(|_| self.records > 1) {
            show("last", last);
        }
        text
    }
}

/// A record as lines of a name and a value. What is not known is not told but for what people count.
fn shown(record: &PrintRecord, zone: &TimeZone) -> String {
    let mut lines = Lines::default();
    lines.add("when", Some(when(record, zone)));
    lines.add("user", Some(or_unknown(record.user.clone())));
    lines.add("printer", Some(or_unknown(record.queue.clone())));
    lines.add("pages", Some(counts(record)));
    lines.add("colour", Some(color(record)));
    lines.add(
        "sides",
        record.sides.map(|sides| sides.keyword().to_owned()),
    );
    lines.add("document", record.document.clone());
    lines.add("computer", record.client.clone());
    lines.add("account", record.account.clone());
    lines.add("paper", record.media.clone());
    lines.add("state", Some(record.state.keyword().to_owned()));
    let remarks: Vec<_> = record.flags.keywords().collect();
    lines.add(
        "remarks",
        Some(remarks.join(", ")).filter(|text| !text.is_empty()),
    );
    lines.add("key", Some(record.key.to_string()));
    lines.0
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            // Writing to a String cannot fail.
            writeln!(self.0, "    {name:<9} {value}").ok();
        }
    }
}

/// A record in one line: when, who, where.
pub(super) fn in_short(record: &PrintRecord, zone: &TimeZone) -> String {
    let user = or_unknown(record.user.clone());
    let printer = or_unknown(record.queue.clone());
    let (when, key) = (when(record, zone), &record.key);
    format!("{when}; user {user}; printer {printer}; key {key}")
}

/// `2026-05-29 17:50:10 +02:00 Europe/Berlin, time quality: exact`.
fn when(record: &PrintRecord, zone: &TimeZone) -> String {
    let quality = record.time_quality.keyword();
    let Ok(instant) = jiff::Timestamp::from_millisecond(record.completed_at.as_millis()) else {
        return quality.to_owned();
    };
    let local = zone.to_datetime(instant).strftime("%Y-%m-%d %H:%M:%S");
    let (offset, name) = (
        zone.to_offset(instant),
        zone.iana_name().unwrap_or_default(),
    );
    format!("{local} {offset} {name}, time quality: {quality}")
}

fn counts(record: &PrintRecord) -> String {
    let counts = &record.counts;
    let known = |count: Option<u32>| or_unknown(count.map(|count| count.to_string()));
    format!(
        "{}, copies {}, sides marked {}, sheets {}",
        known(counts.pages),
        known(counts.copies),
        known(counts.impressions),
        known(counts.sheets),
    )
}

fn color(record: &PrintRecord) -> String {
    let mode = or_unknown(record.color_mode.map(|mode| mode.keyword().to_owned()));
    match record.counts.color_impressions {
        Some(sides) => format!("{mode}, {sides} sides counted in colour"),
        None => mode,
    }
}

fn or_unknown(text: Option<String>) -> String {
    text.unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use platen_domain::clock::Timestamp;
    use platen_domain::print_jobs::SourceKey;

    use super::*;

    fn record(number: u64) -> PrintRecord {
        let key = SourceKey::new("test", number.to_string());
        PrintRecord::new(key, Timestamp::from_millis(1_780_000_000_000))
    }

    #[test]
    fn the_middle_is_about_the_middle() {
        for records in [1_u64, 2, 3, 10, 31, 32, 33, 1_000, 12_345] {
            let mut samples = Samples::default();
            for number in 0..records {
                samples.add(&record(number));
            }
            assert!(samples.held.len() <= HELD_MAX);
            let text = samples.text(&TimeZone::UTC);
            let keys: Vec<u64> = text
                .lines()
                .filter_map(|line| line.trim().strip_prefix("key       test|"))
                .map(|number| number.parse().unwrap())
                .collect();
            assert_eq!(keys.first(), Some(&0));
            assert_eq!(keys.last(), Some(&(records - 1)));
            assert_eq!(keys.len() as u64, records.min(3));
            let middle = keys[keys.len() / 2];
            assert!(
                middle.abs_diff(records / 2) <= records / 10 + 1,
                "{middle} of {records}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_called_unknown() {
        let mut samples = Samples::default();
        samples.add(&record(7));
        insta::assert_snapshot!(samples.text(&TimeZone::UTC), @r"
        first record, as it would be kept:
          when      2026-05-28 20:26:40 +00 UTC, time quality: exact
          user      unknown
          printer   unknown
          pages     unknown, copies unknown, sides marked unknown, sheets unknown
          colour    unknown
          state     completed
          key       test|7
        ");
    }
}
