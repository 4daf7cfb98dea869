//! What problems look like.

use super::general::REQUEST_ID;
use super::json::{Json, object};
use crate::problem_kinds::{self, ProblemKind};

/// The body of one occurrence, in the order that the server writes it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_what_the_server_answers() {
        for kind in problem_kinds::ALL {
            let problem = kind.told();
            let answered = problem.document(REQUEST_ID.example.to_owned());
            assert_eq!(
                serde_json::to_value(body(kind)).unwrap(),
                serde_json::to_value(answered).unwrap()
            );
        }
    }
}
