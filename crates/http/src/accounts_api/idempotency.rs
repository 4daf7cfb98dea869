//! Requests that may be sent twice (draft-ietf-httpapi-idempotency-key-header-06).

use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use platen_app::operation::idempotency::{Answered, Attempt, KEY_OCTETS_MAX, Once};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::answers::{self, Answer};
use crate::policy::Call;
use crate::problem_kinds;
use crate::problems::Problem;

/// The name under which a program repeats a request.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Says that the answer is one that was given before.
pub(super) const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// How `call`, which came to `path`, is answered that makes a `T`.
pub(super) fn once<T>(
    call: &Call,
    path: &str,
    answer: impl Fn(&T) -> Answered + Send + Sync + 'static,
) -> Result<Once<T>, Problem> {
    let key = key(&call.headers)?;
    let attempt = key.map(|key| Attempt {
        key,
        request: digest(call, path),
    });
    Ok(Once::new(attempt, answer))
}

/// What makes a request the same one. Each part comes with its length, so that no two requests
/// run together into one.
fn digest(call: &Call, path: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    let parameters = call.parameters.iter().map(|(_, value)| value.as_bytes());
    let parts = [call.method.as_str(), path, &call.query];
    for part in parts.map(str::as_bytes).into_iter().chain(parameters) {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    digest.update(&call.body);
    digest.finalize().into()
}

/// The key: a string of structured fields (RFC 9651 3.3.3), or the same without its quotes.
fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut fields = headers.get_all(IDEMPOTENCY_KEY).iter();
    let field = match (fields.next(), fields.next()) {
        (None, _) => return Ok(None),
        (Some(field), None) => field,
        (Some(_), Some(_)) => return Err(problem_kinds::BAD_IDEMPOTENCY_KEY.told()),
    };
    let text = field.to_str().unwrap_or_default().trim();
    let key = match text.strip_prefix('"') {
        Some(rest) => unquoted(rest),
        None => text.bytes().all(is_bare).then(|| text.to_owned()),
    };
    let key = key.filter(|key| (1..=KEY_OCTETS_MAX).contains(&key.len()));
    let key = key.ok_or_else(|| problem_kinds::BAD_IDEMPOTENCY_KEY.told())?;
    Ok(Some(key))
}

/// What stands between quotes, of which the first is gone already.
fn unquoted(rest: &str) -> Option<String> {
    let mut key = String::new();
    let mut characters = rest.chars();
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then_some(key),
            '\\' => match characters.next()? {
                escaped @ ('"' | '\\') => key.push(escaped),
                _ => return None,
            },
            plain @ ' '..='~' => key.push(plain),
            _ => return None,
        }
    }
}

/// Octets of tokens (RFC 9651 3.3.4): UUIDs and document numbers, in whatever order.
fn is_bare(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&octet)
}

/// What is kept of something with this `id`, where one can ask for it, that was made or changed.
pub(super) fn record(
    id: Option<String>,
    revision: Option<u64>,
    document: &impl Serialize,
) -> Answered {
    Answered {
        id,
        revision,
        // Our own structures of texts and numbers always have a JSON form.
        document: serde_json::to_vec(document).unwrap_or_default(),
        is_refused: false,
        replayed: false,
    }
}

/// The answer about something that was made, and is found below `path` if it has an id.
pub(super) fn created(path: &str, mut answered: Answered) -> Answer {
    let location = answered.id.take().map(|id| format!("{path}/{id}"));
    sent(StatusCode::CREATED, location, answered)
}

/// The answer about something that was changed.
pub(super) fn changed(answered: Answered) -> Answer {
    answer(StatusCode::OK, answered)
}

/// The answer that says only what was done.
pub(super) fn answer(status: StatusCode, answered: Answered) -> Answer {
    sent(status, None, answered)
}

fn sent(status: StatusCode, location: Option<String>, answered: Answered) -> Answer {
    let mut answer = answers::with_status(status, answers::body(answered.document));
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, json);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let etag = answered.revision.map(super::preconditions::etag);
    for (name, value) in [(LOCATION, location), (ETAG, etag)] {
        let value = value.and_then(|value| HeaderValue::from_str(&value).ok());
        headers.extend(value.map(|value| (name, value)));
    }
    if answered.replayed {
        headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(fields: &[&str]) -> Result<Option<String>, &'static str> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_str(field).unwrap());
        }
        key(&headers).map_err(|problem| problem.code)
    }

    #[test]
    fn keys_come_with_quotes_and_without() {
        let some = |key: &str| Ok(Some(key.to_owned()));
        assert_eq!(read(&[]), Ok(None));
        for field in [
            "8e03978e-40d5-43dd-bc93-6894a57f9324",
            "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
        ] {
            assert_eq!(read(&[field]), some("8e03978e-40d5-43dd-bc93-6894a57f9324"));
        }
        assert_eq!(read(&[r#""a \"b\" \\ c""#]), some(r#"a "b" \ c"#));
        let longest = "x".repeat(KEY_OCTETS_MAX);
        assert_eq!(read(&[&longest]), some(&longest));
    }

    #[test]
    fn other_keys_are_refused() {
        let long = "x".repeat(KEY_OCTETS_MAX + 1);
        for fields in [
            &[""][..],
            &["\"\""],
            &["\"a"],
            &["\"a\"b"],
            &["\"a\";p=1"],
            &["\"a\\b\""],
            &["a b"],
            &["a, b"],
            &[&long],
            &["a", "a"],
        ] {
            assert_eq!(read(fields), Err("bad-idempotency-key"), "{fields:?}");
        }
    }

    proptest! {
        #[test]
        fn every_printable_key_can_be_quoted(key in "[ -~]{1,255}") {
            let quoted = format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""));
            prop_assert_eq!(read(&[&quoted]), Ok(Some(key)));
        }
    }

    #[test]
    fn an_answer_that_was_kept_says_so() {
        let kept = Answered {
            replayed: true,
            ..record(Some("x".to_owned()), Some(1), &"x")
        };
        let answer = created("/accounts/v1/accounts", kept);
        assert_eq!(answer.status(), StatusCode::CREATED);
        insta::assert_debug_snapshot!(answer.headers(), @r#"
        {
            "content-type": "application/json; charset=utf-8",
            "cache-control": "no-store",
            "location": "/accounts/v1/accounts/x",
            "etag": "\"1\"",
            "idempotency-replayed": "true",
        }
        "#);
    }
}
