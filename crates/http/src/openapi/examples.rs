//! What problems look like.

use super::general::REQUEST_ID;
use super::json::{Json, object};
use crate::problem_kinds::{self, ProblemKind};

/// The body of one occurrence, as [`crate::problems::Problem`] writes it.
pub(super) fn body(kind: &ProblemKind) -> Json {
    object([
        ("type", format!("urn:platen:problem:{}", kind.code).into()),
        ("title", kind.title.into()),
        ("status", u64::from(kind.status.as_u16()).into()),
        ("detail", kind.detail.into()),
        ("code", kind.code.into()),
        ("requestId", REQUEST_ID.example.into()),
    ])
}

/// Every problem, by name.
pub(super) fn all() -> Json {
    let example = |kind: &&ProblemKind| {
        let example = object([("summary", kind.title.into()), ("value", body(kind))]);
        (kind.name.to_owned(), example)
    };
    Json::Object(problem_kinds::ALL.iter().map(example).collect())
}
