//! Instants and days as JSON strings.

use std::borrow::Cow;

use platen_domain::clock::Timestamp;
use platen_domain::days::Day;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant: RFC 3339 in UTC, with as many decimals of a second as it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant(pub(crate) Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Instants past the year 9999 are shown as its end.
        let instant = jiff::Timestamp::from_millisecond(self.0.as_millis());
        serializer.collect_str(&instant.unwrap_or(jiff::Timestamp::MAX))
    }
}

impl JsonSchema for Instant {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

/// The instant that an RFC 3339 text names, in whatever offset.
pub(crate) fn read_instant(text: &str) -> Option<Timestamp> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(instant.as_millisecond()))
}

/// A day: `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DayText(pub(crate) Day);

impl Serialize for DayText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DayText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for DayText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_told_in_utc_and_read_in_any_offset() {
        let told = |millis| serde_json::to_string(&Instant(Timestamp::from_millis(millis)));
        assert_eq!(told(1_795_431_600_000).unwrap(), "\"2026-11-23T11:00:00Z\"");
        assert_eq!(told(1_250).unwrap(), "\"1970-01-01T00:00:01.25Z\"");
        let read = read_instant("2026-11-23T12:00:00+01:00");
        assert_eq!(read, Some(Timestamp::from_millis(1_795_431_600_000)));
        assert_eq!(read_instant("2026-11-23T12:00:00"), None);
        assert_eq!(read_instant("2026-11-23"), None);
    }

    #[test]
    fn days_are_read_as_they_are_told() {
        let day: DayText = serde_json::from_str("\"2026-09-01\"").unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-09-01\"");
        let error = serde_json::from_str::<DayText>("\"01.09.2026\"").unwrap_err();
        insta::assert_snapshot!(error, @"expected a day as YYYY-MM-DD, such as 2026-09-01");
    }
}
