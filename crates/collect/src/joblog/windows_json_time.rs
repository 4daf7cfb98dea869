//! Instants as programs write them into JSON.

use jiff::civil::DateTime;
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::TimeQuality;

use super::local_clock::LocalClock;
use super::times::rfc3339;

/// Length of `2026-05-10T14:43:17`, in octets.
const CIVIL_OCTETS: usize = 19;

/// Reads RFC 3339, with a blank or without a colon in the offset as some write it; `/Date(…)/` of
/// Windows `PowerShell` (milliseconds since 1970, UTC); and bare local time, which `clock` tells.
pub(super) fn instant(text: &str, clock: &mut LocalClock) -> Option<(Timestamp, TimeQuality)> {
    let exact = |at| (at, TimeQuality::Exact);
    if let Some(millis) = text.strip_prefix("/Date(") {
        // What may follow, `+0200`, is where the program ran; the number is UTC all the same.
        let sign = usize::from(millis.starts_with('-'));
        let digits = millis.bytes().skip(sign).take_while(u8::is_ascii_digit);
        let end = sign + digits.count();
        let millis = millis.get(..end)?.parse().ok()?;
        return Some(exact(Timestamp::from_millis(millis)));
    }
    if let Some(at) = rfc3339(text) {
        return Some(exact(at));
    }
    let (civil, rest) = text.split_at_checked(CIVIL_OCTETS)?;
    let civil = civil.replace('/', "-").replacen(' ', "T", 1);
    let digits = rest.bytes().take_while(|c| matches!(c, b'.' | b'0'..=b'9'));
    let (fraction, offset) = rest.split_at_checked(digits.count())?;
    let offset = match offset.trim() {
        "" => {
            let civil: DateTime = format!("{civil}{fraction}").parse().ok()?;
            return clock.instant(civil);
        }
        "UTC" | "GMT" => "Z".to_owned(),
        offset => match offset.split_at_checked(3) {
            Some((hours, minutes)) if !minutes.starts_with(':') => format!("{hours}:{minutes}"),
            _ => offset.to_owned(),
        },
    };
    rfc3339(&format!("{civil}{fraction}{offset}")).map(exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn the_spellings_of_programs_are_one_instant() {
        let mut clock = LocalClock::new(TimeZone::get("Europe/Berlin").unwrap());
        let mut read = |text: &str| {
            let read = instant(text, &mut clock);
            read.map(|(at, quality)| (at.as_millis(), quality))
        };
        let exact = Some((1_778_424_197_333, TimeQuality::Exact));
        for text in [
            "2026-05-10T14:43:17.3335114Z",
            "2026-05-10 14:43:17.333511 UTC",
            "2026-05-10T16:43:17.3335114+02:00",
            "2026-05-10 16:43:17.333 +0200",
            "2026/05/10 16:43:17.333 +0200",
            "/Date(1778424197333)/",
            "/Date(1778424197333+0200)/",
        ] {
            assert_eq!(read(text), exact, "{text}");
        }
        let assumed = Some((1_778_424_197_000, TimeQuality::AssumedZone));
        assert_eq!(read("2026-05-10 16:43:17"), assumed);
        for not in [
            "",
            "/Date()/",
            "10.05.2026 16:43:17",
            "2026-05-10",
            "/Date(-)/",
        ] {
            assert_eq!(read(not), None, "{not}");
        }
    }
}
