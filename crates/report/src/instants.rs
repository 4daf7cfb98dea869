//! Instants in an organization's time zone, written as RFC 3339 with their offset.

use jiff::tz::{Offset, TimeZone};
use platen_domain::clock::Timestamp;

/// The text names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone '{0}': expected an IANA name such as Europe/Berlin or UTC")]
pub struct UnknownTimeZone(String);

/// Writes instants in one zone. Reading the zone's rules is the costly part, and neighbouring
/// rows share an offset, so the stretch between two changes of offset is remembered.
#[derive(Debug, Clone)]
pub struct InstantWriter {
    zone: TimeZone,
    stretch: Option<Stretch>,
}

/// A span of milliseconds, half open, in which the zone keeps one offset.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: i64,
    until: i64,
    offset: Offset,
}

impl InstantWriter {
    /// A writer for the zone with this IANA name.
    pub fn new(zone: &str) -> Result<Self, UnknownTimeZone> {
        match TimeZone::get(zone) {
            Ok(zone) => Ok(Self {
                zone,
                stretch: None,
            }),
            Err(_not_listed) => Err(UnknownTimeZone(zone.to_owned())),
        }
    }

    /// Appends `2026-11-23T17:02:11.123+01:00`. Returns `false` and appends nothing when the
    /// instant lies outside the years 0 to 9999, which RFC 3339 cannot write.
    pub fn write(&mut self, at: Timestamp, out: &mut Vec<u8>) -> bool {
        let Ok(instant) = jiff::Timestamp::from_millisecond(at.as_millis()) else {
            return false;
        };
        let offset = self.offset(instant);
        let civil = offset.to_datetime(instant);
        if civil.year() < 0 {
            return false;
        }
        digits(out, i32::from(civil.year()), 4);
        out.push(b'-');
        digits(out, civil.month().into(), 2);
        out.push(b'-');
        digits(out, civil.day().into(), 2);
        out.push(b'T');
        digits(out, civil.hour().into(), 2);
        out.push(b':');
        digits(out, civil.minute().into(), 2);
        out.push(b':');
        digits(out, civil.second().into(), 2);
        out.push(b'.');
        digits(out, civil.millisecond().into(), 3);
        write_offset(offset, out);
        true
    }

    fn offset(&mut self, instant: jiff::Timestamp) -> Offset {
        let millis = instant.as_millisecond();
        if let Some(stretch) = self.stretch
            && (stretch.from..stretch.until).contains(&millis)
        {
            return stretch.offset;
        }
        let offset = self.zone.to_offset(instant);
        // Changes happen at whole seconds; one at this very instant begins the stretch.
        let just_after = jiff::Timestamp::from_millisecond(millis + 1).unwrap_or(instant);
        let began = self.zone.preceding(just_after).next();
        let ends = self.zone.following(instant).next();
        self.stretch = Some(Stretch {
            from: began.map_or(i64::MIN, |change| change.timestamp().as_millisecond()),
            until: ends.map_or(i64::MAX, |change| change.timestamp().as_millisecond()),
            offset,
        });
        offset
    }
}

fn write_offset(offset: Offset, out: &mut Vec<u8>) {
    let minutes = offset.seconds() / 60;
    out.push(if minutes < 0 { b'-' } else { b'+' });
    digits(out, minutes.abs() / 60, 2);
    out.push(b':');
    digits(out, minutes.abs() % 60, 2);
}

/// Appends `value`, not negative, with leading zeros up to `width`.
fn digits(out: &mut Vec<u8>, value: i32, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10_i32.pow(place) % 10;
        out.push(b'0' + u8::try_from(digit).unwrap_or(0));
    }
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

    proptest! {
        #[test]
        fn every_written_instant_reads_back(
            instants in prop::collection::vec(-62_000_000_000_000..253_000_000_000_000_i64, 1..20),
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/Caracas", "Australia/Lord_Howe"]),
        ) {
            let mut writer = InstantWriter::new(zone).unwrap();
            for millis in instants {
                // Offsets before the standard times carry seconds, which RFC 3339 cannot write.
                prop_assume!(millis > 0);
                let text = written(&mut writer, millis);
                let read: jiff::Timestamp = text.parse().unwrap();
                prop_assert_eq!(read.as_millisecond(), millis, "{}", text);
            }
        }
    }
}
