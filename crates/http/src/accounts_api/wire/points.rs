//! Points as JSON numbers.

use std::borrow::Cow;
use std::fmt;

use platen_domain::points::{POINTS_MAX, ParsePointsError, Points};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

/// A number of points: a JSON number with six decimals at most.
///
/// Within a thousand million points a double is exact to the millionth, so nothing is lost on
/// the way, whichever program reads it. Digits that a double cannot hold are no decimals of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PointsNumber(pub(crate) Points);

impl From<Points> for PointsNumber {
    fn from(points: Points) -> Self {
        Self(points)
    }
}

impl PointsNumber {
    /// Reads a JSON number. Its shortest decimal form has no exponent here.
    pub(super) fn read<E: Error>(number: &impl fmt::Display) -> Result<Self, E> {
        let read = number.to_string().parse().map(Self);
        read.map_err(|error: ParsePointsError| E::custom(format_args!("{number}: {error}")))
    }
}

impl Serialize for PointsNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.to_string();
        if let Ok(whole) = text.parse() {
            return serializer.serialize_i64(whole);
        }
        // The double next to these decimals, which is written as the same decimals again.
        let number = text.parse().map_err(serde::ser::Error::custom)?;
        serializer.serialize_f64(number)
    }
}

impl<'de> Deserialize<'de> for PointsNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = PointsNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a JSON number: {ParsePointsError}")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<PointsNumber, E> {
                PointsNumber::read(&number)
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<PointsNumber, E> {
                PointsNumber::read(&number)
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<PointsNumber, E> {
                PointsNumber::read(&number)
            }
        }

        deserializer.deserialize_any(Number)
    }
}

impl JsonSchema for PointsNumber {
    fn schema_name() -> Cow<'static, str> {
        "Points".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "number",
            "description": "A number of points with six decimals at most.",
        })
    }
}

/// What the documentation says of points that requests name; the types are never made.
macro_rules! points {
    ($($(#[$doc:meta])* $name:ident: $least:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "number",
                    "minimum": PointsNumber($least),
                    "maximum": PointsNumber(POINTS_MAX),
                    "multipleOf": PointsNumber(Points::from_millionths(1)),
                    "description": "A number of points with six decimals at most.",
                })
            }
        }
    )+};
}

points! {
    /// Points that are due or allowed: 0 or more.
    PointsDue: Points::ZERO;
    /// Points that move: more than 0.
    PointsMoved: Points::from_millionths(1);
    /// Points that are given, or taken where they are negative.
    PointsAdjusted: POINTS_MAX.negated();
}

/// Says of a form that it states either points or a job.
///
/// As a condition, not as a choice (`oneOf`): of a choice, generators of clients make a type for each
/// branch, which lacks the members of the form itself.
pub(super) fn points_or_job(schema: &mut Schema) {
    not_points_and_job(schema);
    let points = json!({"properties": {"points": {"type": "number"}}, "required": ["points"]});
    schema.insert("else".to_owned(), points);
}

/// Says of a form that it states points or a job, or neither.
pub(super) fn not_points_and_job(schema: &mut Schema) {
    let job = json!({"properties": {"job": {"type": "object"}}, "required": ["job"]});
    schema.insert("if".to_owned(), job);
    let no_points = json!({"properties": {"points": {"type": "null"}}});
    schema.insert("then".to_owned(), no_points);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(json: &str) -> Result<Points, String> {
        let read: Result<PointsNumber, _> = serde_json::from_str(json);
        read.map(|number| number.0)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn points_are_read_to_the_millionth() {
        for (json, millionths) in [
            ("0", 0),
            ("-0.0", 0),
            ("12", 12_000_000),
            ("12.50", 12_500_000),
            ("1e3", 1_000_000_000),
            ("0.1", 100_000),
            ("-0.000001", -1),
            ("999999999.999999", 999_999_999_999_999),
        ] {
            assert_eq!(
                read(json),
                Ok(Points::from_millionths(millionths)),
                "{json}"
            );
        }
    }

    #[test]
    fn what_is_no_number_of_points_is_refused() {
        for json in ["0.1234567", "1000000001", "1e300", "18446744073709551615"] {
            assert!(read(json).unwrap_err().contains("six decimals"), "{json}");
        }
        insta::assert_snapshot!(read("\"12\"").unwrap_err(), @r#"invalid type: string "12", expected a JSON number: expected a number of points such as 12 or 0.25, six decimals and 1000000000 at most at line 1 column 4"#);
        insta::assert_snapshot!(read("0.1234567").unwrap_err(), @"0.1234567: expected a number of points such as 12 or 0.25, six decimals and 1000000000 at most at line 1 column 9");
    }

    #[test]
    fn whole_numbers_have_no_decimal_point() {
        let written = |text: &str| {
            let points: Points = text.parse().unwrap();
            serde_json::to_string(&PointsNumber(points)).unwrap()
        };
        assert_eq!(written("12"), "12");
        assert_eq!(written("-0.25"), "-0.25");
        assert_eq!(written("999999999.999999"), "999999999.999999");
    }

    proptest! {
        #[test]
        fn points_survive_the_way_through_json(
            millionths in -POINTS_MAX.millionths()..=POINTS_MAX.millionths()
        ) {
            let points = Points::from_millionths(millionths);
            let json = serde_json::to_string(&PointsNumber(points)).unwrap();
            prop_assert_eq!(read(&json), Ok(points));
        }
    }
}
