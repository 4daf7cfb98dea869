//! Instants in an organization's time zone, written as RFC 3339 with their offset.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use platen_domain::clock::Timestamp;

/// The text names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone '{0}': expected an IANA name such as Europe/Berlin or UTC")]
pub struct UnknownTimeZone(String);

/// Octets of `"2026-11-23T17:02:11.123+01:00"`, quotes included.
pub(crate) const QUOTED_OCTETS: usize = 31;

/// Milliseconds of a day without a change of offset.
const DAY_MILLIS: i64 = 86_400_000;

/// Writes instants in one zone. Reading the zone's rules is the costly part, and then finding
/// the date; neighbouring rows share both. So the stretch between two changes of offset is
/// remembered, and the day within it.
#[derive(Debug, Clone)]
pub struct InstantWriter {
    zone: TimeZone,
    stretch: Option<Stretch>,
    day: Option<Day>,
}

/// A span of milliseconds, half open, in which the zone keeps one offset.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: i64,
    until: i64,
    offset: Offset,
}

/// A local day, or the part of it with one offset: half open, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Day {
    from: i64,
    until: i64,
    /// Where the day begins or, without a change of offset, would begin.
    midnight: i64,
    /// Its midnight as a JSON string, of which only the time changes.
    quoted: [u8; QUOTED_OCTETS],
}

impl InstantWriter {
    /// A writer for the zone with this IANA name.
    pub fn new(zone: &str) -> Result<Self, UnknownTimeZone> {
        match TimeZone::get(zone) {
            Ok(zone) => Ok(Self {
                zone,
                stretch: None,
                day: None,
            }),
            Err(_not_listed) => Err(UnknownTimeZone(zone.to_owned())),
        }
    }

    /// Appends `2026-11-23T17:02:11.123+01:00`. Returns `false` and appends nothing when the
    /// instant lies outside the years 0 to 9999, which RFC 3339 cannot write.
    pub fn write(&mut self, at: Timestamp, out: &mut Vec<u8>) -> bool {
        let mut quoted = [0; QUOTED_OCTETS];
        let written = self.quote(at, &mut quoted);
        if let (true, [_, text @ .., _]) = (written, quoted) {
            out.extend_from_slice(&text);
        }
        written
    }

    /// Writes the instant as a JSON string with its quotes; `false` where [`Self::write`]
    /// refuses.
    pub(crate) fn quote(&mut self, at: Timestamp, to: &mut [u8; QUOTED_OCTETS]) -> bool {
        let millis = at.as_millis();
        if !self.day.is_some_and(|day| day.covers(millis)) {
            self.day = self.day_of(millis);
        }
        if let Some(day) = &self.day {
            day.quote(millis, to);
        }
        self.day.is_some()
    }

    fn day_of(&mut self, millis: i64) -> Option<Day> {
        let instant = jiff::Timestamp::from_millisecond(millis).ok()?;
        let stretch = self.stretch_of(instant);
        let date = stretch.offset.to_datetime(instant).date();
        let year = u32::try_from(date.year()).ok()?;
        let local = millis + i64::from(stretch.offset.seconds()) * 1_000;
        let midnight = millis - local.rem_euclid(DAY_MILLIS);
        // Behind the last instant that can be written, the day ends.
        let end = jiff::Timestamp::MAX.as_millisecond() + 1;
        Some(Day {
            from: midnight.max(stretch.from),
            until: (midnight + DAY_MILLIS).min(stretch.until).min(end),
            midnight,
            quoted: quoted_day(year, date, stretch.offset),
        })
    }

    fn stretch_of(&mut self, instant: jiff::Timestamp) -> Stretch {
        let millis = instant.as_millisecond();
        if let Some(stretch) = self.stretch
            && (stretch.from..stretch.until).contains(&millis)
        {
            return stretch;
        }
        // Changes happen at whole seconds; one at this very instant begins the stretch.
        let just_after = jiff::Timestamp::from_millisecond(millis + 1).unwrap_or(instant);
        let began = self.zone.preceding(just_after).next();
        let ends = self.zone.following(instant).next();
        let stretch = Stretch {
            from: began.map_or(i64::MIN, |change| change.timestamp().as_millisecond()),
            until: ends.map_or(i64::MAX, |change| change.timestamp().as_millisecond()),
            offset: self.zone.to_offset(instant),
        };
        self.stretch = Some(stretch);
        stretch
    }
}

impl Day {
    const fn covers(&self, millis: i64) -> bool {
        self.from <= millis && millis < self.until
    }

    /// Writes `millis`, which this day covers.
    fn quote(&self, millis: i64, text: &mut [u8; QUOTED_OCTETS]) {
        let of_day = u32::try_from(millis - self.midnight).unwrap_or(0);
        let (seconds, millis) = (of_day / 1_000, of_day % 1_000);
        let (minutes, second) = (seconds / 60, seconds % 60);
        let (hour, minute) = (minutes / 60, minutes % 60);
        *text = self.quoted;
        [text[12], text[13]] = pair(hour);
        [text[15], text[16]] = pair(minute);
        [text[18], text[19]] = pair(second);
        text[21] = digit(millis / 100);
        [text[22], text[23]] = pair(millis % 100);
    }
}

/// The text of midnight of this day.
fn quoted_day(year: u32, date: Date, offset: Offset) -> [u8; QUOTED_OCTETS] {
    let mut text = *br#""0000-00-00T00:00:00.000+00:00""#;
    let [month, day] = [date.month(), date.day()].map(|number| u32::from(number.unsigned_abs()));
    let minutes = offset.seconds() / 60;
    let (hours, minute) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
    [text[1], text[2]] = pair(year / 100);
    [text[3], text[4]] = pair(year % 100);
    [text[6], text[7]] = pair(month);
    [text[9], text[10]] = pair(day);
    text[24] = if minutes < 0 { b'-' } else { b'+' };
    [text[25], text[26]] = pair(hours);
    [text[28], text[29]] = pair(minute);
    text
}

/// The two decimal digits of a number below 100.
const fn pair(number: u32) -> [u8; 2] {
    // number / 10, exact below 100, in one multiplication.
    let tens = (number * 103) >> 10;
    [digit(tens), digit(number - tens * 10)]
}

/// The decimal digit of a number below 10.
const fn digit(number: u32) -> u8 {
    let [low, ..] = number.to_le_bytes();
    b'0' + low
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(writer: &mut InstantWriter, millis: i64) -> String {
        let mut out = Vec::new();
        assert!(writer.write(Timestamp::from_millis(millis), &mut out));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn summer_time_begins_and_ends_within_one_writer() {
        let mut berlin = InstantWriter::new("Europe/Berlin").unwrap();
        let spring = 1_774_746_000_000; // 2026-03-29T01:00:00Z
        assert_eq!(
            written(&mut berlin, spring - 1),
            "2026-03-29T01:59:59.999+01:00"
        );
        assert_eq!(
            written(&mut berlin, spring),
            "2026-03-29T03:00:00.000+02:00"
        );
        assert_eq!(
            written(&mut berlin, spring - 1),
            "2026-03-29T01:59:59.999+01:00"
        );
        let autumn = 1_792_890_000_000; // 2026-10-25T01:00:00Z
        assert_eq!(
            written(&mut berlin, autumn - 1),
            "2026-10-25T02:59:59.999+02:00"
        );
        assert_eq!(
            written(&mut berlin, autumn),
            "2026-10-25T02:00:00.000+01:00"
        );
    }

    #[test]
    fn offsets_west_of_greenwich_and_of_half_hours() {
        let at = |zone| written(&mut InstantWriter::new(zone).unwrap(), 1_780_000_000_000);
        assert_eq!(at("America/St_Johns"), "2026-05-28T17:56:40.000-02:30");
        assert_eq!(at("Asia/Kathmandu"), "2026-05-29T02:11:40.000+05:45");
        assert_eq!(at("UTC"), "2026-05-28T20:26:40.000+00:00");
    }

    #[test]
    fn what_rfc_3339_cannot_write_is_left_out() {
        let mut utc = InstantWriter::new("UTC").unwrap();
        let mut out = Vec::new();
        assert!(!utc.write(Timestamp::from_millis(i64::MAX), &mut out));
        assert!(!utc.write(Timestamp::from_millis(i64::MIN), &mut out));
        assert!(out.is_empty());
    }

    #[test]
    fn an_unknown_zone_is_named() {
        let error = InstantWriter::new("Europe/Berlim").unwrap_err();
        insta::assert_snapshot!(error, @"unknown time zone 'Europe/Berlim': expected an IANA name such as Europe/Berlin or UTC");
    }

    /// Written without anything remembered, field by field.
    fn plain(zone: &str, millis: i64) -> Option<String> {
        let instant = jiff::Timestamp::from_millisecond(millis).ok()?;
        let offset = TimeZone::get(zone).unwrap().to_offset(instant);
        let (civil, offset) = (offset.to_datetime(instant), offset.seconds() / 60);
        (civil.year() >= 0).then(|| {
            format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}:{:02}",
                civil.year(),
                civil.month(),
                civil.day(),
                civil.hour(),
                civil.minute(),
                civil.second(),
                civil.millisecond(),
                if offset < 0 { '-' } else { '+' },
                offset.abs() / 60,
                offset.abs() % 60,
            )
        })
    }

    const ZONES: [&str; 9] = [
        "UTC",
        "Europe/Berlin",
        "America/Caracas",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Africa/Cairo",
        "Pacific/Apia",
        "America/Sao_Paulo",
    ];

    /// Instants in clusters, as rows have them: some minutes or hours apart, around changes of
    /// offset and the ends of what can be written.
    fn instants() -> impl Strategy<Value = Vec<i64>> {
        let anchors = prop_oneof![
            Just(-62_167_219_200_000_i64), // 0000-01-01T00:00:00Z
            Just(jiff::Timestamp::MAX.as_millisecond()),
            Just(1_774_746_000_000), // 2026-03-29T01:00:00Z, Berlin
            Just(1_792_890_000_000), // 2026-10-25T01:00:00Z, Berlin
            Just(1_777_005_600_000), // 2026-04-23T22:00:00Z, Cairo
            Just(1_325_239_200_000), // 2011-12-30T10:00:00Z, Apia skips a day
            -62_300_000_000_000..254_000_000_000_000_i64,
            any::<i64>(),
        ];
        let steps = prop::collection::vec(-100_000_000..100_000_000_i64, 1..30);
        (anchors, steps).prop_map(|(anchor, steps)| {
            let moved = |step: i64| anchor.saturating_add(step);
            steps.into_iter().map(moved).collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_remembered_changes_nothing(
            instants in instants(),
            zone in prop::sample::select(ZONES.to_vec()),
        ) {
            let mut writer = InstantWriter::new(zone).unwrap();
            for millis in instants {
                let mut out = Vec::new();
                let done = writer.write(Timestamp::from_millis(millis), &mut out);
                let text = done.then(|| String::from_utf8(out.clone()).unwrap());
                prop_assert_eq!(text, plain(zone, millis));
                prop_assert!(done || out.is_empty());
            }
        }

        #[test]
        fn every_written_instant_reads_back(
            // Offsets before the standard times carry seconds, which RFC 3339 cannot write.
            instants in prop::collection::vec(0..253_000_000_000_000_i64, 1..20),
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/Caracas", "Australia/Lord_Howe"]),
        ) {
            let mut writer = InstantWriter::new(zone).unwrap();
            for millis in instants {
                let text = written(&mut writer, millis);
                let read: jiff::Timestamp = text.parse().unwrap();
                prop_assert_eq!(read.as_millisecond(), millis, "{}", text);
            }
        }
    }
}
