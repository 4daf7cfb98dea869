//! Keywords of the domain as JSON strings.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use platen_domain::account_access::Verb;
use platen_domain::account_limits::{ColorLimit, Enforcement, Weekday};
use platen_domain::accounts::AccountState;
use platen_domain::charges::{ChargeOrigin, ChargeProblem, ChargeState};
use platen_domain::holds::HoldState;
use platen_domain::ledger::EntryKind;
use platen_domain::print_jobs::{ColorMode, JobFunction, Sides};
use platen_domain::print_users::PrintUserState;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An enumeration of the domain whose variants have keywords.
pub(crate) trait Vocabulary: Copy + 'static {
    /// Its name in the documentation.
    const NAME: &'static str;

    /// Every variant.
    const WORDS: &'static [Self];

    /// The spelling of a variant.
    fn spelling(self) -> &'static str;

    /// The variant with this spelling.
    fn spelt(text: &str) -> Option<Self> {
        let mut words = Self::WORDS.iter().copied();
        words.find(|word| word.spelling() == text)
    }

    /// `active, suspended or archived`, for who wrote something else.
    fn choices() -> String {
        let words: Vec<_> = Self::WORDS.iter().map(|word| word.spelling()).collect();
        match words.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        }
    }
}

macro_rules! vocabularies {
    ($($type:ident,)+) => {$(
        impl Vocabulary for $type {
            const NAME: &'static str = stringify!($type);
            const WORDS: &'static [Self] = Self::ALL;

            fn spelling(self) -> &'static str {
                self.keyword()
            }
        }
    )+};
}

vocabularies! {
    AccountState,
    ChargeOrigin,
    ChargeProblem,
    ChargeState,
    ColorLimit,
    ColorMode,
    Enforcement,
    EntryKind,
    HoldState,
    JobFunction,
    PrintUserState,
    Sides,
    Verb,
    Weekday,
}

/// A keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word<T>(pub(crate) T);

impl<T: Vocabulary> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.spelling())
    }
}

impl<'de, T: Vocabulary> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Spelling<T>(PhantomData<T>);

        impl<T: Vocabulary> Visitor<'_> for Spelling<T> {
            type Value = Word<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&T::choices())
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Word<T>, E> {
                let word = T::spelt(text).map(Word);
                word.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Spelling(PhantomData))
    }
}

impl<T: Vocabulary> JsonSchema for Word<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<_> = T::WORDS.iter().map(|word| word.spelling()).collect();
        json_schema!({"type": "string", "enum": words})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_spelt_one_way() {
        let read: Word<Sides> = serde_json::from_str("\"two-sided\"").unwrap();
        assert_eq!(read.0, Sides::TwoSided);
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"two-sided\"");
        let error = serde_json::from_str::<Word<AccountState>>("\"Active\"").unwrap_err();
        insta::assert_snapshot!(error, @r#"invalid value: string "Active", expected active, suspended or archived at line 1 column 8"#);
    }
}
