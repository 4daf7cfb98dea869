//! Instants as logs write them.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use platen_domain::clock::Timestamp;

/// Months as CUPS and the Common Log Format abbreviate them, whatever the locale.
const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// The first and the last millisecond that RFC 3339 can write: years 0 and 9999.
pub(crate) const WRITABLE: (i64, i64) = (-62_167_219_200_000, 253_402_300_799_999);

/// Reads RFC 3339 with its offset, to the millisecond. The usual spelling is read by hand, a
/// tenth of the cost; whatever else the standard allows is left to jiff.
pub(crate) fn rfc3339(text: &str) -> Option<Timestamp> {
    usual_rfc3339(text.as_bytes()).or_else(|| {
        let parsed: jiff::Timestamp = text.parse().ok()?;
        Some(Timestamp::from_millis(parsed.as_millisecond()))
    })
}

fn usual_rfc3339(text: &[u8]) -> Option<Timestamp> {
    let (head, rest) = text.split_first_chunk::<19>()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', clock @ ..] = head else {
        return None;
    };
    let year = digits(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
    let (nanos, rest) = fraction(rest)?;
    let civil = civil(year, month, day, *clock, nanos)?;
    let offset = match rest {
        b"Z" => Offset::UTC,
        [sign, h1, h2, b':', m1, m2] => offset(*sign, [*h1, *h2, *m1, *m2])?,
        _ => return None,
    };
    instant(civil, offset)
}

/// Reads `2026-11-23 17:02:11` or the same with a `T`: local time as most tables have it.
pub(crate) fn iso_local(text: &str) -> Option<DateTime> {
    let head: &[u8; 19] = text.as_bytes().try_into().ok()?;
    let [
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b' ' | b'T',
        clock @ ..,
    ] = head
    else {
        return None;
    };
    let year = digits(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
    civil(year, month, day, *clock, 0)
}

/// Reads the time of a `page_log` line without its brackets, as cupsd writes it with
/// `LogTimeFormat standard` or `usecs`: `23/Nov/2026:07:45:50.371746 -0500`.
pub(crate) fn page_log(text: &str) -> Option<Timestamp> {
    let (head, rest) = text.as_bytes().split_first_chunk::<20>()?;
    let [
        d1,
        d2,
        b'/',
        month @ ..,
        b'/',
        y1,
        y2,
        y3,
        y4,
        b':',
        h1,
        h2,
        b':',
        m1,
        m2,
        b':',
        s1,
        s2,
    ] = head
    else {
        return None;
    };
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let clock = [*h1, *h2, b':', *m1, *m2, b':', *s1, *s2];
    let (nanos, rest) = fraction(rest)?;
    let [b' ', sign, zone @ ..] = rest else {
        return None;
    };
    let offset = offset(*sign, zone.try_into().ok()?)?;
    let year = digits(&[*y1, *y2, *y3, *y4])?;
    let civil = civil(year, month, digits(&[*d1, *d2])?, clock, nanos)?;
    instant(civil, offset)
}

fn instant(civil: DateTime, offset: Offset) -> Option<Timestamp> {
    let instant = offset.to_timestamp(civil).ok()?;
    Some(Timestamp::from_millis(instant.as_millisecond()))
}

fn civil(year: i32, month: i32, day: i32, clock: [u8; 8], nanos: i32) -> Option<DateTime> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = clock else {
        return None;
    };
    DateTime::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        i8::try_from(digits(&[h1, h2])?).ok()?,
        i8::try_from(digits(&[m1, m2])?).ok()?,
        i8::try_from(digits(&[s1, s2])?).ok()?,
        nanos,
    )
    .ok()
}

/// `+0130` as an offset; the sign stands alone.
fn offset(sign: u8, zone: [u8; 4]) -> Option<Offset> {
    let [h1, h2, m1, m2] = zone;
    let seconds = digits(&[h1, h2])? * 3_600 + digits(&[m1, m2])? * 60;
    match sign {
        b'+' => Offset::from_seconds(seconds).ok(),
        b'-' => Offset::from_seconds(-seconds).ok(),
        _ => None,
    }
}

/// Nanoseconds of `.371746`, and what follows; 0 where there is no fraction. Digits beyond the
/// ninth are dropped.
fn fraction(text: &[u8]) -> Option<(i32, &[u8])> {
    let Some(text) = text.strip_prefix(b".") else {
        return Some((0, text));
    };
    let length = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let (fraction, rest) = text.split_at_checked(length)?;
    let kept = fraction.iter().copied().chain(std::iter::repeat(b'0'));
    let nanos = kept.take(9).fold(0, |n, c| n * 10 + i32::from(c - b'0'));
    (length > 0).then_some((nanos, rest))
}

fn digits(text: &[u8]) -> Option<i32> {
    text.iter().try_fold(0_i32, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        Some(number * 10 + i32::from(digit))
    })
}

/// Writes RFC 3339 in UTC, to the millisecond. An instant outside the years 0 to 9999, which it
/// cannot write, becomes the nearest within.
pub(crate) fn write_rfc3339(at: Timestamp) -> String {
    let millis = at.as_millis().clamp(WRITABLE.0, WRITABLE.1);
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    let civil = Offset::UTC.to_datetime(instant);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
        civil.millisecond(),
    )
}

/// The day of an instant in UTC: `2026-11-23`.
pub(crate) fn utc_day(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    Offset::UTC.to_datetime(instant).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_usual_spellings() {
        let read = |text| rfc3339(text).map(Timestamp::as_millis);
        assert_eq!(read("1970-01-01T00:00:01Z"), Some(1_000));
        assert_eq!(read("1970-01-01T01:00:01.5+01:00"), Some(1_500));
        assert_eq!(
            read("2026-03-02T08:15:11.2000000Z"),
            Some(1_772_439_311_200)
        );
        assert_eq!(read("1970-01-01t00:00:01z"), Some(1_000));
        for not in [
            "",
            "1970-01-01T00:00:01",
            "1970-02-30T00:00:01Z",
            "1 70-0!-01T00:00:01Z",
        ] {
            assert_eq!(read(not), None, "{not}");
        }
    }

    #[test]
    fn the_time_of_a_page_log_line_has_its_offset() {
        let read = |text| page_log(text).map(Timestamp::as_millis);
        let summer = read("23/Nov/2026:07:45:50.371746 -0500");
        assert_eq!(summer, read("23/Nov/2026:12:45:50.371 +0000"));
        assert_eq!(read("01/Jan/1970:01:00:00 +0100"), Some(0));
        for not in ["23/Nov/2026:07:45:50", "23/Foo/2026:07:45:50 +0000", "é"] {
            assert_eq!(read(not), None, "{not}");
        }
    }

    proptest! {
        #[test]
        fn what_is_no_time_is_read_without_a_panic(text in "[0-9 /:.TZ+-]{0,32}") {
            let _no_panic = (rfc3339(&text), page_log(&text));
        }

        #[test]
        fn by_hand_as_by_jiff(millis in -62_135_596_800_000_i64..253_402_300_799_999) {
            let text = jiff::Timestamp::from_millisecond(millis).unwrap().to_string();
            prop_assert_eq!(usual_rfc3339(text.as_bytes()), Some(Timestamp::from_millis(millis)));
        }
    }
}
