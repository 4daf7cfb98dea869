//! Every refusal that only OAuth clients meet: what [`crate::problem_kinds`] is to the others.
//! Their codes are those of RFC 6749 5.2, where it has one.

use http::StatusCode;

use crate::problem_kinds::{ProblemKind, kind};

/// What the form has no room for.
const TITLE: &str = "No access token";

const fn bad_request(code: &'static str, detail: &'static str) -> ProblemKind {
    kind(StatusCode::BAD_REQUEST, code, TITLE, detail)
}

const fn too_many(name: &'static str, detail: &'static str) -> ProblemKind {
    let status = StatusCode::TOO_MANY_REQUESTS;
    kind(status, "too-many-requests", TITLE, detail).named(name)
}

/// A parameter is missing, there twice, or has no meaning.
pub(crate) const INVALID_REQUEST: ProblemKind =
    bad_request("invalid_request", "The parameter grant_type is missing.");

/// There is one grant.
pub(crate) const UNSUPPORTED_GRANT_TYPE: ProblemKind = bad_request(
    "unsupported_grant_type",
    "The only grant_type here is client_credentials.",
);

/// A scope that does not exist.
pub(crate) const INVALID_SCOPE: ProblemKind = bad_request(
    "invalid_scope",
    "The scopes here are: accounts.read accounts.write.",
);

/// Who asks has not shown to be a live client.
pub(crate) const INVALID_CLIENT: ProblemKind = kind(
    StatusCode::UNAUTHORIZED,
    "invalid_client",
    TITLE,
    "The Client ID or the Client Secret is wrong, or the Client Application was revoked.",
);

/// Somebody guesses.
pub(crate) const TOO_MANY_ATTEMPTS: ProblemKind = too_many(
    "too-many-attempts",
    "Too many wrong attempts; check the Client Secret and try again later.",
);

/// A client that does not keep its token.
pub(crate) const TOO_MANY_TOKENS: ProblemKind = too_many(
    "too-many-tokens",
    "At most 60 tokens a minute are issued to a client; keep one.",
);
