//! What holds for every operation, whichever it is: problems and header fields.

use http::{Method, StatusCode};

use super::operation::Header;
use crate::limits::BODY_OCTETS;
use crate::problem_kinds::{self as kinds, ProblemKind};

/// Every answer carries it.
pub(super) const REQUEST_ID: Header = Header {
    name: "X-Request-Id",
    description: "Names the request; the server's log has the same name.",
    example: "19a2b3c4d5e-7",
};

/// Names a representation.
pub(crate) const ETAG: Header = Header {
    name: "ETag",
    description: "Names this representation; send it as If-None-Match.",
    example: "W/\"1f-0b5e1c6f2a9d8e47-json-identity\"",
};

const RETRY_AFTER: Header = Header {
    name: "Retry-After",
    description: "Seconds after which to come back.",
    example: "5",
};

const AUTHENTICATE: Header = Header {
    name: "WWW-Authenticate",
    description: "The schemes that are understood.",
    example: "Bearer realm=\"Platen\"",
};

/// Every header field of this module.
pub(super) const HEADERS: [Header; 3] = [REQUEST_ID, RETRY_AFTER, AUTHENTICATE];

/// What the server answers before or instead of a route's handler.
pub(super) fn problems(
    method: &Method,
    path: &str,
    octets_max: usize,
) -> Vec<&'static ProblemKind> {
    let mut problems: Vec<&'static ProblemKind> = Vec::new();
    if path.contains('{') {
        problems.push(&kinds::NOT_FOUND);
    }
    if *method != Method::GET {
        problems.extend([&kinds::BROKEN_BODY, &kinds::TOO_SLOW, &kinds::TOO_LARGE]);
    }
    if octets_max > BODY_OCTETS {
        problems.push(&kinds::BUSY_READING);
    }
    problems.extend([&kinds::TARGET_TOO_LONG, &kinds::INTERNAL, &kinds::BUSY]);
    problems
}

/// The header fields that come with problems of this status, beside [`REQUEST_ID`].
pub(super) const fn headers(status: StatusCode) -> &'static [Header] {
    match status.as_u16() {
        401 => &[AUTHENTICATE],
        429 | 503 => &[RETRY_AFTER],
        _ => &[],
    }
}
