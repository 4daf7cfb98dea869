//! Instants as people read them: in the organization's time zone, to the minute.

use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;

/// An instant, ready for a `<time>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// For machines: RFC 3339 in UTC.
    pub(crate) iso: String,
    /// To the minute.
    pub(crate) text: String,
    /// To the second, with the time zone.
    pub(crate) exact: String,
}

/// Shows instants in one time zone.
#[derive(Debug, Clone)]
pub(crate) struct Moments(TimeZone);

impl Moments {
    /// In the zone with this IANA name; in UTC where the name is not known, which `exact` shows.
    pub(crate) fn new(zone: &str) -> Self {
        Self(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
    }

    /// The instant as people read it. Instants past the year 9999 are shown as its end.
    pub(crate) fn show(&self, at: Timestamp) -> Moment {
        let instant = jiff::Timestamp::from_millisecond(at.as_millis());
        let instant = instant.unwrap_or(jiff::Timestamp::MAX);
        let zoned = instant.to_zoned_datetime(self.0.clone());
        Moment {
            iso: instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            text: zoned.strftime("%Y-%m-%d %H:%M").to_string(),
            exact: zoned.strftime("%Y-%m-%d %H:%M:%S %Z").to_string(),
        }
    }

    /// The day alone.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        self.show(at)
            .text
            .chars()
            .take_while(|c| *c != ' ')
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_shown_in_the_organizations_zone() {
        let at = Timestamp::from_millis(1_795_452_000_000);
        let shown = Moments::new("Europe/Berlin").show(at);
        assert_eq!(shown.iso, "2026-11-23T16:40:00Z");
        assert_eq!(shown.text, "2026-11-23 17:40");
        assert_eq!(shown.exact, "2026-11-23 17:40:00 CET");
        assert_eq!(
            Moments::new("Mars/Olympus").show(at).exact,
            "2026-11-23 16:40:00 UTC"
        );
    }

    #[test]
    fn no_instant_is_too_far_away() {
        let moments = Moments::new("UTC");
        assert!(
            moments
                .show(Timestamp::from_millis(i64::MAX))
                .text
                .starts_with("9999-12-3")
        );
        assert_eq!(moments.day(Timestamp::from_millis(0)), "1970-01-01");
    }
}
