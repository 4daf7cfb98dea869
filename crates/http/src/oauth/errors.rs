//! Errors in the form of RFC 6749 5.2.

use std::borrow::Cow;

use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use platen_app::access::clients::ClientRefusal;
use schemars::JsonSchema;
use serde::Serialize;

use super::{error_kinds, uncached};
use crate::answers::{self, Answer};
use crate::problems::Problem;

/// What went wrong (RFC 6749 5.2).
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OAuthError")]
pub(crate) struct OauthError {
    /// The word that programs branch on.
    error: &'static str,
    /// What happened here, and what to do, in characters of ASCII.
    error_description: String,
}

impl OauthError {
    /// A problem as OAuth clients read it.
    pub(crate) fn of(problem: &Problem) -> Self {
        Self {
            error: Self::word(problem.status, problem.code),
            error_description: description(&problem.detail),
        }
    }

    /// The error code of RFC 6749 for a problem; one of 4.1.2.1 where 5.2 has none.
    pub(crate) fn word(status: StatusCode, code: &'static str) -> &'static str {
        match code {
            "invalid_client" | "invalid_scope" | "unsupported_grant_type" => code,
            _ if status == StatusCode::INTERNAL_SERVER_ERROR => "server_error",
            _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                "temporarily_unavailable"
            }
            _ => "invalid_request",
        }
    }
}

/// The answer of a problem.
pub(crate) fn refused(problem: &Problem) -> Answer {
    let error = OauthError::of(problem);
    uncached(problem.dress(answers::json(problem.status, &error)))
}

/// The characters that RFC 6749 allows in a description.
fn description(detail: &str) -> String {
    let allowed = |c: char| match c {
        '"' => '\'',
        '\\' => '/',
        ' '..='~' => c,
        _ => '?',
    };
    detail.chars().map(allowed).collect()
}

/// 400: a parameter is missing, there twice, or has no meaning.
pub(super) fn invalid_request(detail: impl Into<Cow<'static, str>>) -> Problem {
    error_kinds::INVALID_REQUEST.because(detail)
}

/// 401: who asks has not shown to be a live client. RFC 6749 wants the scheme named when it was
/// used, RFC 9110 15.5.2 always.
pub(super) fn invalid_client(detail: &'static str) -> Problem {
    let scheme = HeaderValue::from_static("Basic realm=\"Platen\", charset=\"UTF-8\"");
    error_kinds::INVALID_CLIENT
        .because(detail)
        .with_header(WWW_AUTHENTICATE, scheme)
}

impl From<ClientRefusal> for Problem {
    fn from(refusal: ClientRefusal) -> Self {
        match refusal {
            ClientRefusal::Wrong => invalid_client(error_kinds::INVALID_CLIENT.detail),
            ClientRefusal::Throttled { retry_after } => error_kinds::TOO_MANY_ATTEMPTS
                .told()
                .with_retry_after(retry_after),
            ClientRefusal::Unavailable(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_word_of_the_standard() {
        for (problem, expected) in [
            (invalid_request(""), "invalid_request"),
            (invalid_client(""), "invalid_client"),
            (error_kinds::INVALID_SCOPE.told(), "invalid_scope"),
            (
                error_kinds::UNSUPPORTED_GRANT_TYPE.told(),
                "unsupported_grant_type",
            ),
            (Problem::not_found(), "invalid_request"),
            (Problem::internal(), "server_error"),
            (Problem::unavailable(""), "temporarily_unavailable"),
            (
                error_kinds::TOO_MANY_TOKENS.told(),
                "temporarily_unavailable",
            ),
        ] {
            assert_eq!(OauthError::of(&problem).error, expected, "{problem:?}");
        }
    }

    #[test]
    fn a_description_has_the_characters_of_the_standard_only() {
        assert_eq!(description("\"Zoë\" \\ 1\n"), "'Zo?' / 1?");
    }
}
