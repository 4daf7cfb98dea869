//! What the documentation says of texts: the checks of `platen_app::accounts`, as JSON Schemas.
//!
//! The types here are never made; they stand in `#[schemars(with = …)]` of the members whose text
//! the use cases check. The patterns read alike to ECMA 262, Python and Rust.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A character that is seen: no control character, no white space, no direction override.
macro_rules! seen {
    ($and:literal) => {
        concat!(
            r"[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f",
            r"\u2066-\u2069\u3000",
            $and,
            "]"
        )
    };
}

/// A character that may stand in prose: those that are seen, and white space but for line breaks.
macro_rules! plain {
    () => {
        r"[^\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
    };
}

const LINE: &str = concat!("^", seen!(""), "+( ", seen!(""), "+)*$");
const TAG: &str = concat!("^", seen!(";"), "+( ", seen!(";"), "+)*$");
const REASON: &str = concat!("^ *", seen!(""), "+( ", seen!(""), "+)* *$");
const PROSE: &str = concat!("^", plain!(), "*", seen!(""), plain!(), "*$");
const NO_CONTROLS: &str = r"^[^\u0000-\u001f\u007f-\u009f]+$";

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $pattern:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name<const CHARS_MAX: usize>;

        impl<const CHARS_MAX: usize> JsonSchema for $name<CHARS_MAX> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "minLength": 1,
                    "maxLength": CHARS_MAX,
                    "pattern": $pattern,
                })
            }
        }
    )+};
}

texts! {
    /// One line: visible from end to end, single blanks within.
    Line: LINE;
    /// A tag: a line without the semicolon that parts tags in tables.
    Tag: TAG;
    /// A line whose blanks at the ends do not count.
    Reason: REASON;
    /// Several sentences, which say something.
    Prose: PROSE;
    /// Part of a print job's name, as its source gave it.
    JobNamePart: NO_CONTROLS;
}

/// An identifier: a UUID.
#[derive(Debug)]
pub(crate) struct Identifier;

impl JsonSchema for Identifier {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Identifier".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "uuid"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::text::{is_plain, tidy_foreign};
    use proptest::prelude::*;
    use proptest::string::string_regex;

    /// Texts that a pattern allows.
    fn allowed(pattern: &str) -> impl Strategy<Value = String> {
        let unanchored = pattern.trim_start_matches('^').trim_end_matches('$');
        string_regex(unanchored).unwrap()
    }

    proptest! {
        #[test]
        fn what_the_patterns_allow_the_use_cases_take(
            line in allowed(LINE),
            tag in allowed(TAG),
            reason in allowed(REASON),
            prose in allowed(PROSE),
            part in allowed(NO_CONTROLS),
        ) {
            let reason = reason.trim();
            for text in [&line, &tag, reason] {
                // Longer ones are cut, and forbidden by `maxLength`.
                let short = text.chars().count() <= 255;
                prop_assert!(!text.is_empty() && (!short || tidy_foreign(text) == text));
            }
            prop_assert!(!tag.contains(';'));
            prop_assert!(is_plain(&prose) && !prose.trim().is_empty());
            prop_assert!(!part.chars().any(char::is_control));
        }
    }
}
