//! Bodies of requests.

use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::strict_json::Strict;
use super::wire::Sent;
use crate::policy::Call;
use crate::problem_kinds;
use crate::problems::Problem;

/// What a patch is sent as (RFC 7396 4); plain JSON will do too.
const PATCH: &[&str] = &["application/merge-patch+json", "application/json"];

const JSON: &[&str] = &["application/json"];

/// The body as a `T`.
pub(super) fn read<T: Sent>(call: &Call) -> Result<T, Problem> {
    check_type(call, JSON)?;
    if is_empty(call) {
        return Err(missing(T::EXAMPLE));
    }
    decode(&call.body)
}

/// The same, where all of it may be left out.
pub(super) fn read_or_default<T: Sent + Default>(call: &Call) -> Result<T, Problem> {
    if is_empty(call) {
        return Ok(T::default());
    }
    read(call)
}

/// Nothing, or an object with nothing in it.
pub(super) fn read_nothing(call: &Call) -> Result<(), Problem> {
    if is_empty(call) {
        return Ok(());
    }
    check_type(call, JSON)?;
    if parse(&call.body)?
        .as_object()
        .is_some_and(serde_json::Map::is_empty)
    {
        return Ok(());
    }
    Err(problem_kinds::INVALID.because("This request takes no body."))
}

/// The body as a merge patch of an object.
pub(super) fn read_patch(call: &Call) -> Result<Value, Problem> {
    const EXAMPLE: &str = r#"{"name":"another one","description":null}"#;
    check_type(call, PATCH)?;
    if is_empty(call) {
        return Err(missing(EXAMPLE));
    }
    let patch = parse(&call.body)?;
    if patch.is_object() {
        return Ok(patch);
    }
    let detail = format!("Expected a merge patch (RFC 7396): an object such as {EXAMPLE}.");
    Err(problem_kinds::INVALID.because(detail))
}

/// A JSON text as a `T`. The problem names the line where the text is none, and the member where
/// it holds something else.
pub(super) fn decode<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    interpret(parse(text)?)
}

fn parse(text: &[u8]) -> Result<Value, Problem> {
    let parsed: Result<Strict, serde_json::Error> = serde_json::from_slice(text);
    let parsed = parsed.map(|Strict(value)| value);
    parsed.map_err(|error| match error.classify() {
        // The one thing that is refused of a JSON text: a member that is there twice.
        Category::Data => problem_kinds::INVALID.because(format!("The body has a {error}.")),
        _ => problem_kinds::BAD_JSON.because(format!("The body is no JSON: {error}.")),
    })
}

/// A value as a `T`. What is asked for is always an object; a list of its members without their
/// names would do for serde.
pub(super) fn interpret<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(problem_kinds::INVALID.because("The body: expected an object."));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let reason = error.inner().to_string();
        match field_of(&error.path().to_string(), &reason) {
            Some(field) => {
                let problem = problem_kinds::INVALID.because(format!("{field}: {reason}."));
                problem.with_field(field)
            }
            None => problem_kinds::INVALID.because(format!("The body: {reason}.")),
        }
    })
}

/// The member that an error is about; `None` is the body as a whole. One that is unknown or missing
/// is named by the error, and only at times by the path as well.
fn field_of(path: &str, reason: &str) -> Option<String> {
    let kinds = ["unknown field `", "missing field `"];
    let named = kinds.iter().find_map(|kind| reason.strip_prefix(kind));
    let name = named.and_then(|rest| rest.split_once('`'));
    match (path, name.map(|(name, _)| name)) {
        (".", name) => name.map(ToOwned::to_owned),
        (path, Some(name)) if path != name && !path.ends_with(&format!(".{name}")) => {
            Some(format!("{path}.{name}"))
        }
        (path, _) => Some(path.to_owned()),
    }
}

fn missing(example: &str) -> Problem {
    let detail = format!("The request has no body. Expected JSON such as {example}.");
    problem_kinds::BAD_JSON.because(detail)
}

fn is_empty(call: &Call) -> bool {
    call.body.iter().all(u8::is_ascii_whitespace)
}

/// Which of these types the body is said to be of, whatever their parameters.
pub(super) fn check_type(call: &Call, expected: &[&'static str]) -> Result<&'static str, Problem> {
    let stated = call.headers.get(CONTENT_TYPE);
    let stated = stated.map_or("", |field| field.to_str().unwrap_or("?"));
    let essence = stated.split(';').next().unwrap_or_default().trim();
    let mut known = expected.iter().copied();
    if let Some(known) = known.find(|known| essence.eq_ignore_ascii_case(known)) {
        return Ok(known);
    }
    let expected = expected.join(" or ");
    let detail = if stated.is_empty() {
        format!("The request does not say what its body is: send Content-Type: {expected}.")
    } else {
        format!("Content-Type '{essence}' is not taken here: send {expected}.")
    };
    Err(problem_kinds::UNSUPPORTED_MEDIA_TYPE.because(detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts_api::wire::access::AccessInput;
    use crate::accounts_api::wire::accounts::AccountInput;
    use crate::accounts_api::wire::bulk::LineInput;
    use crate::accounts_api::wire::charges::ChargeInput;
    use crate::accounts_api::wire::limits::LimitForm;
    use crate::accounts_api::wire::point_rules::PointRulesForm;
    use proptest::prelude::*;
    use std::fmt::Debug;

    fn told<T: DeserializeOwned + Debug>(json: &str) -> String {
        let problem = decode::<T>(json.as_bytes()).unwrap_err();
        format!(
            "{} {}: {}",
            problem.status.as_u16(),
            problem.code,
            problem.detail
        )
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        insta::assert_snapshot!(told::<AccountInput>("{\n  \"code\": BIO"), @"400 bad-json: The body is no JSON: expected value at line 2 column 11.");
        insta::assert_snapshot!(told::<AccountInput>("{\"code\":\"a\","), @"400 bad-json: The body is no JSON: EOF while parsing a value at line 1 column 12.");
        insta::assert_snapshot!(told::<AccountInput>("{\"code\":\"a\",\"name\":\"b\"}]"), @"400 bad-json: The body is no JSON: trailing characters at line 1 column 24.");
    }

    #[test]
    fn what_is_something_else_is_told_with_its_member() {
        insta::assert_snapshot!(told::<AccountInput>(r#"{"code":"a","name":"b","colour":"red"}"#), @"422 invalid: colour: unknown field `colour`, expected one of `code`, `name`, `description`, `external_id`, `parent`, `valid_from`, `valid_until`, `state`, `tags`.");
        insta::assert_snapshot!(told::<AccountInput>(r#"{"code":"a"}"#), @"422 invalid: name: missing field `name`.");
        insta::assert_snapshot!(told::<AccountInput>(r#"{"code":"a","code":"b"}"#), @"422 invalid: The body has a duplicate field `code` at line 1 column 23.");
        insta::assert_snapshot!(told::<AccountInput>(r#"{"code":7,"name":"b"}"#), @"422 invalid: code: invalid type: integer `7`, expected a string.");
        insta::assert_snapshot!(told::<AccountInput>(r#"{"code":"a","name":"b","state":"closed"}"#), @r#"422 invalid: state: invalid value: string "closed", expected active, suspended or archived."#);
        insta::assert_snapshot!(told::<ChargeInput>(r#"{"account":"a","user":"u","job":{"pages":-1}}"#), @"422 invalid: job.pages: invalid value: integer `-1`, expected u32.");
        insta::assert_snapshot!(told::<ChargeInput>(r#"{"account":"a","user":"u","job":{"sheet":1}}"#), @"422 invalid: job.sheet: unknown field `sheet`, expected one of `function`, `pages`, `copies`, `impressions`, `color_impressions`, `color_mode`, `sides`, `sheets`, `media`.");
        insta::assert_snapshot!(told::<AccessInput>(r#"{"entries":[{"subject":{"user":"a"},"verbs":["print"]}]}"#), @r#"422 invalid: entries[0].verbs[0]: invalid value: string "print", expected charge, view or manage."#);
        insta::assert_snapshot!(told::<AccessInput>(r#"{"entries":[{"subject":{"users":"a"},"verbs":[]}]}"#), @"422 invalid: entries[0].subject: unknown variant `users`, expected one of `everyone`, `group`, `user`.");
        insta::assert_snapshot!(told::<PointRulesForm>(r#"{"by_media":{"a":{},"a":{}}}"#), @"422 invalid: The body has a duplicate field `a` at line 1 column 27.");
        insta::assert_snapshot!(told::<AccessInput>(r#"{"entries":[{"subject":{"user":"a","everyone":true},"verbs":[]}]}"#), @"422 invalid: entries[0].subject: invalid value: map, expected map with a single key.");
        insta::assert_snapshot!(told::<AccountInput>("7"), @"422 invalid: The body: expected an object.");
        insta::assert_snapshot!(told::<AccountInput>("[]"), @"422 invalid: The body: expected an object.");
    }

    #[test]
    fn no_depth_of_nesting_is_too_deep_to_refuse() {
        let deep = "[".repeat(100_000);
        assert_eq!(parse(deep.as_bytes()).unwrap_err().code, "bad-json");
    }

    fn json() -> impl Strategy<Value = Value> {
        let names = prop_oneof![
            Just("account"),
            Just("user"),
            Just("points"),
            Just("job"),
            Just("pages"),
            Just("entries"),
            Just("subject"),
            Just("verbs"),
            Just("period"),
            Just("limit"),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, move |inner| {
            let name = names.clone().prop_map(ToOwned::to_owned);
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::btree_map(name, inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(value in json(), cut in any::<usize>()) {
            let text = value.to_string().into_bytes();
            let cut = text.get(..cut % (text.len() + 1)).unwrap_or_default();
            for text in [&text, cut] {
                for refused in [
                    decode::<ChargeInput>(text).err(),
                    decode::<AccessInput>(text).err(),
                    decode::<LineInput>(text).err(),
                    decode::<LimitForm>(text).err(),
                ] {
                    let code = refused.map_or("", |problem| problem.code);
                    prop_assert!(matches!(code, "" | "bad-json" | "invalid"), "{code}");
                }
            }
        }
    }
}
