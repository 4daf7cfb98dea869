//! JSON in which no object has two members of one name: programs disagree which of them counts
//! (RFC 8259 4), and what one of them checked another might not have read. NUL in
//! a text becomes U+FFFD: databases do not keep it.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use crate::fields::without_nul;

/// The largest number up to which doubles tell all integers apart (RFC 8259 6).
const INTEGER_MAX: f64 = 9_007_199_254_740_991.0;

/// A value whose objects have no member twice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Strict(pub(super) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any).map(Self)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// A number without a fraction is an integer, however it is written (JSON Schema 6.1.1): some
    /// programs write `24.0`.
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        if value.fract() == 0.0 && value.abs() <= INTEGER_MAX {
            // A double of this size is one integer, whose decimal form is that integer's.
            let integer = format!("{value:.0}").parse::<i64>();
            return integer.map(Value::from).map_err(E::custom);
        }
        let number = Number::from_f64(value).map(Value::Number);
        number.ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(without_nul(value).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let Strict(value) = members.next_value()?;
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_they_are() {
        let json = r#"{"a":[null,true,-1,2,0.5,"x"],"b":{"a":1}}"#;
        let Strict(value) = serde_json::from_str(json).unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(json).unwrap());
    }

    #[test]
    fn a_number_without_a_fraction_is_an_integer() {
        let read = |json: &str| serde_json::from_str::<Strict>(json).unwrap().0;
        for (json, integer) in [("24.0", 24), ("1e3", 1_000), ("-0.0", 0), ("-2.0", -2)] {
            assert_eq!(read(json), Value::from(integer), "{json}");
        }
        for json in ["0.5", "1e300"] {
            assert!(read(json).is_f64(), "{json}");
        }
    }

    #[test]
    fn no_text_holds_nul() {
        let Strict(value) = serde_json::from_str(r#"{"a":["b\u0000"]}"#).unwrap();
        assert_eq!(value, serde_json::json!({"a": ["b\u{FFFD}"]}));
    }

    #[test]
    fn a_member_may_stand_once() {
        let error = serde_json::from_str::<Strict>(r#"{"a":{"b":1,"b":2}}"#).unwrap_err();
        insta::assert_snapshot!(error, @"duplicate field `b` at line 1 column 18");
    }
}
