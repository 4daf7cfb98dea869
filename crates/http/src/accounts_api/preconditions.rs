//! Conditions of requests (RFC 9110 13): what a change is based on, and what a reader has.

use std::future::Future;

use http::HeaderMap;
use http::header::{ETAG, IF_MATCH};
use http::{HeaderValue, StatusCode};
use platen_app::accounts::AccountsRefusal;

use super::refusals;
use crate::answers::{self, Answer};
use crate::entity_tags;
use crate::problem_kinds;
use crate::problems::Problem;

/// The strong entity tag of a revision.
pub(super) fn etag(revision: u64) -> String {
    format!("\"{revision}\"")
}

/// A revision that nothing has: they count from 0 or 1, one for each change.
const NEVER: u64 = u64::MAX;

/// Which revisions `If-Match` lets a change be based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum IfMatch {
    /// Any: it is missing, or `*`. What does not exist is not found then.
    Any,
    /// These. A tag that is weak or none of ours is no revision and matches nothing.
    These(Vec<u64>),
}

impl IfMatch {
    /// Reads the header.
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let fields: Vec<_> = headers.get_all(IF_MATCH).iter().collect();
        if fields.is_empty() {
            return Ok(Self::Any);
        }
        let mut revisions = Vec::new();
        for field in fields {
            let field = field.to_str().map_err(|_not_ascii| malformed())?;
            if field.trim() == "*" {
                return Ok(Self::Any);
            }
            let mut rest = separated(field);
            while !rest.is_empty() {
                let (revision, after) = revision_of(rest)?;
                revisions.extend(revision);
                rest = separated(after);
            }
        }
        Ok(Self::These(revisions))
    }

    /// The revision that a change must find, where one is stated. `current` is asked for where
    /// there is a choice. Whether it is the one is for the change to judge, after it has looked
    /// whether the request was answered before.
    pub(super) async fn expected(
        &self,
        current: impl Future<Output = Result<u64, AccountsRefusal>>,
    ) -> Result<Option<u64>, Problem> {
        match self {
            Self::Any => Ok(None),
            Self::These(revisions) if revisions.len() == 1 => Ok(revisions.first().copied()),
            Self::These(revisions) => {
                let current = current.await?;
                let is_meant = revisions.contains(&current);
                Ok(Some(if is_meant { current } else { NEVER }))
            }
        }
    }

    /// Whether a change may be based on this revision.
    pub(super) fn check(&self, revision: u64) -> Result<(), Problem> {
        match self {
            Self::These(revisions) if !revisions.contains(&revision) => Err(failed()),
            _ => Ok(()),
        }
    }

    /// What a refusal means to who stated this condition.
    pub(super) fn problem(&self, refusal: AccountsRefusal) -> Problem {
        match (self, refusal) {
            (Self::These(_), AccountsRefusal::Changed) => failed(),
            (_, refusal) => refusals::problem(refusal),
        }
    }
}

/// Behind commas and blanks: elements of a list may be empty (RFC 9110 5.6.1.2).
fn separated(list: &str) -> &str {
    list.trim_start_matches([',', ' ', '\t'])
}

/// The revision in the tag that a list begins with, `None` for a tag that cannot be one, and what
/// stands behind it. Commas may stand within a tag (RFC 9110 8.8.3), blanks may not.
fn revision_of(list: &str) -> Result<(Option<u64>, &str), Problem> {
    let (weak, quoted) = match list.strip_prefix("W/") {
        Some(quoted) => (true, quoted),
        None => (false, list),
    };
    let opaque = quoted.strip_prefix('"');
    let parts = opaque.and_then(|opaque| opaque.split_once('"'));
    let (opaque, rest) = parts.ok_or_else(malformed)?;
    let rest = rest.trim_start();
    let ends = rest.is_empty() || rest.starts_with(',');
    if !ends || !opaque.bytes().all(|octet| octet.is_ascii_graphic()) {
        return Err(malformed());
    }
    // Tags are the same when their texts are (RFC 9110 8.8.3.2): "03" is not the tag of 3.
    let revision: Option<u64> = opaque.parse().ok().filter(|_| !weak);
    let revision = revision.filter(|revision| revision.to_string() == opaque);
    Ok((revision, rest))
}

fn malformed() -> Problem {
    problem_kinds::BAD_IF_MATCH.told()
}

fn failed() -> Problem {
    problem_kinds::PRECONDITION_FAILED.told()
}

/// The answer with its tag; 304 without a body to who has it already.
pub(super) fn tagged(headers: &HeaderMap, revision: u64, mut answer: Answer) -> Answer {
    let etag = etag(revision);
    if entity_tags::is_known(&etag, headers) {
        let mut unchanged = answers::empty(StatusCode::NOT_MODIFIED);
        *unchanged.headers_mut() = answer.headers().clone();
        unchanged.headers_mut().remove(http::header::CONTENT_TYPE);
        answer = unchanged;
    }
    with_etag(answer, revision)
}

/// The answer with its tag.
pub(super) fn with_etag(mut answer: Answer, revision: u64) -> Answer {
    if let Ok(etag) = HeaderValue::from_str(&etag(revision)) {
        answer.headers_mut().insert(ETAG, etag);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[&'static str]) -> Result<IfMatch, &'static str> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(IF_MATCH, HeaderValue::from_static(field));
        }
        IfMatch::read(&headers).map_err(|problem| problem.code)
    }

    #[test]
    fn tags_are_revisions() {
        assert_eq!(read(&[]), Ok(IfMatch::Any));
        assert_eq!(read(&["*"]), Ok(IfMatch::Any));
        assert_eq!(read(&["\"7\""]), Ok(IfMatch::These(vec![7])));
        let several = Ok(IfMatch::These(vec![7, 8, 9]));
        assert_eq!(read(&["\"7\", \"8\"", "\"9\""]), several);
        for nobodys in ["W/\"7\"", "\"seven\"", "\"\"", "\"+7\"", "\"07\""] {
            assert_eq!(
                read(&[nobodys]),
                Ok(IfMatch::These(Vec::new())),
                "{nobodys}"
            );
        }
        assert_eq!(read(&[",\"a,b\" ,, \"7\","]), Ok(IfMatch::These(vec![7])));
        for malformed in [
            "\"a b\"",
            "\" 7\"",
            "\"7\", *",
            "\"7\" \"8\"",
            "\"7\"\"8\"",
            "7",
            "\"7",
            "W/7",
            "\"7\" \"8\"x",
        ] {
            assert_eq!(read(&[malformed]), Err("bad-if-match"), "{malformed}");
        }
    }

    #[tokio::test]
    async fn several_tags_are_compared_with_what_is_there() {
        let expected = async |fields: &[&'static str], current| {
            let condition = read(fields).unwrap();
            let expected = condition.expected(std::future::ready(current)).await;
            expected.map_err(|problem| problem.code)
        };
        assert_eq!(expected(&[], Ok(3)).await, Ok(None));
        assert_eq!(
            expected(&["\"2\""], Ok(3)).await,
            Ok(Some(2)),
            "for the store to judge"
        );
        assert_eq!(expected(&["\"2\", \"3\""], Ok(3)).await, Ok(Some(3)));
        assert_eq!(expected(&["\"1\", \"2\""], Ok(3)).await, Ok(Some(NEVER)));
        assert_eq!(expected(&["W/\"3\""], Ok(3)).await, Ok(Some(NEVER)));
        let missing = Err(AccountsRefusal::NotFound("account"));
        assert_eq!(expected(&["W/\"3\""], missing).await, Err("not-found"));
    }

    #[test]
    fn who_has_it_is_told_no_more() {
        let answered = |known: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(known) = known {
                headers.insert(http::header::IF_NONE_MATCH, HeaderValue::from_static(known));
            }
            let answer = answers::private_json(StatusCode::OK, &"x");
            tagged(&headers, 7, answer)
        };
        assert_eq!(answered(None).status(), StatusCode::OK);
        assert_eq!(answered(Some("\"6\"")).status(), StatusCode::OK);
        for known in ["\"7\"", "W/\"7\"", "*", "\"6\", \"7\""] {
            let answer = answered(Some(known));
            assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(answer.headers()[ETAG], "\"7\"");
            assert!(!answer.headers().contains_key(http::header::CONTENT_TYPE));
        }
    }
}
