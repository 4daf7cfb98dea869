//! What problems look like.

use super::general::REQUEST_ID;
use super::json::{Json, object};
use crate::oauth::OauthError;
use crate::problem_kinds::ProblemKind;

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

/// The same for OAuth clients.
pub(super) fn oauth_body(kind: &ProblemKind) -> Json {
    let error = serde_json::to_value(OauthError::of(&kind.told()));
    Json::from(error.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{oauth, problem_kinds};

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

    #[tokio::test]
    async fn so_is_an_example_for_oauth_clients() {
        use http_body_util::BodyExt as _;
        for kind in problem_kinds::ALL {
            let answered = oauth::refused(&kind.told()).into_body().collect().await;
            let answered = answered.unwrap().to_bytes();
            let answered: serde_json::Value = serde_json::from_slice(&answered).unwrap();
            assert_eq!(serde_json::to_value(oauth_body(kind)).unwrap(), answered);
        }
    }

    #[test]
    fn an_error_for_oauth_clients_reads_so() {
        let error = serde_json::to_string(&oauth_body(&oauth::error_kinds::INVALID_SCOPE));
        insta::assert_snapshot!(error.unwrap(), @r#"{"error":"invalid_scope","error_description":"The scopes here are: accounts.read accounts.write."}"#);
    }
}
