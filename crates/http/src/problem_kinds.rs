//! Every problem a program can meet: one catalogue for the answers and for their documentation.
//!
//! A code keeps its meaning for ever, since programs branch on it. A new one gets a line here and
//! is named by the operations that can answer it (see [`crate::openapi`]).

use std::borrow::Cow;

use http::StatusCode;

use crate::problems::Problem;

/// What is the same for every occurrence of a problem.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProblemKind {
    /// Its name among all kinds: its code, unless two doors tell the same code in words of their
    /// own.
    pub(crate) name: &'static str,
    /// The status code.
    pub(crate) status: StatusCode,
    /// The kebab-case word that programs branch on.
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) title: &'static str,
    /// What happened and what to do, as one occurrence says it.
    pub(crate) detail: &'static str,
}

/// A kind whose name is its code.
pub(crate) const fn kind(
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: &'static str,
) -> ProblemKind {
    ProblemKind {
        name: code,
        status,
        code,
        title,
        detail,
    }
}

/// 400: the request cannot be understood.
const fn bad_request(code: &'static str, detail: &'static str) -> ProblemKind {
    let title = "The request cannot be understood";
    kind(StatusCode::BAD_REQUEST, code, title, detail)
}

/// 403: who asks is known and may not.
const fn forbidden(code: &'static str, detail: &'static str) -> ProblemKind {
    kind(StatusCode::FORBIDDEN, code, "This is not allowed", detail)
}

impl ProblemKind {
    /// With a name of its own, where another kind has the same code.
    pub(crate) const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// An occurrence with its own words.
    pub(crate) fn because(&self, detail: impl Into<Cow<'static, str>>) -> Problem {
        Problem::new(self.status, self.code, self.title, detail)
    }

    /// An occurrence of a kind that always says the same.
    pub(crate) fn told(&self) -> Problem {
        self.because(self.detail)
    }

    /// Whether `problem` is of this kind.
    pub(crate) fn covers(&self, problem: &Problem) -> bool {
        (self.status, self.code) == (problem.status, problem.code)
    }
}

macro_rules! kinds {
    ($($name:ident = $kind:expr;)*) => {
        $(pub(crate) const $name: ProblemKind = $kind;)*

        /// Every kind, in the order of the catalogue.
        pub(crate) const ALL: &[&ProblemKind] = &[$(&$name),*];
    };
}

kinds! {
    TOO_MANY_FIELDS = bad_request("too-many-fields", "At most 64 fields are read.");
    KEY_IN_QUERY = bad_request(
        "key-in-query",
        "A key in the address is not accepted: send it in the Authorization header, and have \
         this one replaced, since addresses are kept in many logs.",
    );
    TOKEN_IN_QUERY = bad_request(
        "token-in-query",
        "An access token in the address is not accepted: send it in the Authorization header, and \
         revoke this one, since addresses are kept in many logs.",
    );
    UNKNOWN_FORMAT = bad_request(
        "unknown-format",
        "The parameter 'format' may be json, ndjson or csv.",
    );
    BAD_DATE = bad_request(
        "bad-date",
        "The first date '2026-02-30' is not a date of the form YYYY-MM-DD.",
    );
    BAD_RANGE = bad_request("bad-range", "The period is too long: at most 366 days.");
    UNKNOWN_TIME_ZONE = bad_request(
        "unknown-time-zone",
        "The time zone 'Middle/Earth' is not known: expected an IANA name such as Europe/Berlin.",
    );
    BROKEN_BODY = bad_request("broken-body", "The request's body broke off.");
    BAD_BATCH_ID = bad_request(
        "bad-batch-id",
        "The header platen-batch-epoch names the batch and is missing or not a whole number: an \
         epoch is drawn once per spool, a sequence counts up within it.",
    );
    WRONG_DIGEST = bad_request(
        "wrong-digest",
        "The body is not what Content-Digest says: it was changed or cut on its way.",
    );
    BROKEN_CODING = bad_request(
        "broken-coding",
        "The body is not what Content-Encoding says it is.",
    );
    BAD_ENROLMENT = bad_request(
        "bad-enrolment",
        "Expected {\"code\": \"…\", \"name\": \"…\"}: missing field `name` at line 1 column 13.",
    );
    BAD_NAME = bad_request("bad-name", "name the collector with 1 to 255 visible characters");
    BAD_JSON = bad_request(
        "bad-json",
        "The body is no JSON: expected `,` or `}` at line 1 column 18.",
    );
    UNKNOWN_PARAMETER = bad_request(
        "unknown-parameter",
        "Unknown parameter 'colour'; known here: name, limit, cursor.",
    );
    BAD_PARAMETER = bad_request(
        "bad-parameter",
        "The parameter 'limit': expected a number from 1 to 1000.",
    );
    BAD_IF_MATCH = bad_request(
        "bad-if-match",
        "If-Match takes entity tags as ETag gave them, quotes included, or '*'.",
    );
    BAD_IDEMPOTENCY_KEY = bad_request(
        "bad-idempotency-key",
        "Idempotency-Key takes one string of 1 to 255 printable characters in quotes, such as \
         \"8e03978e-40d5-43dd-bc93-6894a57f9324\".",
    );
    UNAUTHORIZED_KEY = kind(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        "An Authorization Key is required",
        "Send the API's Authorization Key as 'Authorization: bearer <Authorization Key>', or as \
         the user name or the password of HTTP Basic.",
    ).named("unauthorized-key");
    UNAUTHORIZED_COLLECTOR = kind(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        "A collector's credential is required",
        "Send the credential that enrolment returned as 'Authorization: bearer <credential>'.",
    ).named("unauthorized-collector");
    UNAUTHORIZED_TOKEN = kind(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        "An access token is required",
        "The access token is unknown, expired or revoked. Ask for a new one at /oauth/token.",
    ).named("unauthorized-token");
    WRONG_API = forbidden(
        "wrong-api",
        "This Authorization Key opens another API; each API has a key of its own.",
    );
    INSUFFICIENT_SCOPE = forbidden(
        "insufficient-scope",
        "This access token was not issued for the scope accounts.write.",
    );
    LICENCE_REQUIRED = forbidden(
        "licence-required",
        "The API is closed: the licence has expired.",
    );
    INVALID_ENROLMENT_CODE = forbidden(
        "invalid-enrolment-code",
        "Sorry, this enrolment code is not valid: it was used before, or its time is over.",
    );
    FORBIDDEN = forbidden("forbidden", "Your role does not allow this.");
    NOT_FOUND = kind(
        StatusCode::NOT_FOUND,
        "not-found",
        "Not found",
        "There is nothing at this address.",
    );
    NO_SUCH_THING = kind(
        StatusCode::NOT_FOUND,
        "not-found",
        "Not found",
        "There is no such account.",
    ).named("no-such-thing");
    METHOD_NOT_ALLOWED = kind(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "Method not allowed",
        "This address does not answer to this method; the Allow header names those it does.",
    );
    TOO_SLOW = kind(
        StatusCode::REQUEST_TIMEOUT,
        "too-slow",
        "Too slow",
        "The request's body did not arrive in time.",
    );
    DIFFERENT_BATCH = kind(
        StatusCode::CONFLICT,
        "different-batch",
        "This batch id stands for other records",
        "this batch id was used for other records: the collector was restored or copied; begin a \
         new epoch",
    );
    TAKEN = kind(
        StatusCode::CONFLICT,
        "taken",
        "Another one has this value",
        "code: another one has this value already.",
    );
    CHANGED = kind(
        StatusCode::CONFLICT,
        "changed",
        "Changed in the meantime",
        "It was changed in the meantime: read it again and repeat the change on what it is now.",
    );
    STATE = kind(
        StatusCode::CONFLICT,
        "state",
        "Its state does not allow this",
        "An account that was charged can be archived, not destroyed.",
    );
    TOO_MANY = kind(
        StatusCode::CONFLICT,
        "too-many",
        "As many as there may be",
        "The organization has as many accounts as it may.",
    );
    CHARGE_REFUSED = kind(
        StatusCode::CONFLICT,
        "charge-refused",
        "The charge is refused",
        "Nothing is charged: it takes 12 points and 3.5 are available.",
    );
    PRECONDITION_FAILED = kind(
        StatusCode::PRECONDITION_FAILED,
        "precondition-failed",
        "Changed in the meantime",
        "It is not what If-Match names any more: read it again and repeat the change on what it \
         is now.",
    );
    TOO_LARGE = kind(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "Body too large",
        "A request's body may have 64 KiB at most.",
    );
    BATCH_TOO_LARGE = kind(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "Batch too large",
        "A batch has 16 MiB of records at most, before compression. Send smaller batches.",
    ).named("batch-too-large");
    TOO_MANY_RECORDS = kind(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-many-records",
        "Batch too large",
        "a batch has 5000 records at most",
    );
    TOO_MANY_LINES = kind(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-many-lines",
        "Too many lines",
        "A request has 10000 lines at most. Send several.",
    );
    TARGET_TOO_LONG = kind(
        StatusCode::URI_TOO_LONG,
        "target-too-long",
        "Address too long",
        "The address is longer than this server reads.",
    );
    UNSUPPORTED_MEDIA_TYPE = kind(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "Media type not supported",
        "Content-Type 'text/plain' is not taken here: send application/json.",
    );
    UNSUPPORTED_CODING = kind(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-coding",
        "Content coding not supported",
        "Content-Encoding 'br' is not understood: send gzip, zstd or none.",
    );
    INVALID = kind(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid",
        "A field holds what it may not",
        "colour: unknown field `colour`, expected one of `code`, `name`.",
    );
    IDEMPOTENCY_KEY_REUSED = kind(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency-key-reused",
        "This Idempotency-Key was used for another request",
        "The Idempotency-Key stands for another request within the last 24 hours. Send a new one \
         with each new request.",
    );
    TOO_MANY_REQUESTS = kind(
        StatusCode::TOO_MANY_REQUESTS,
        "too-many-requests",
        "Too many requests",
        "This key asked too often: at most 120 requests a minute and 2 at the same time.",
    );
    TOO_MANY_CLIENT_REQUESTS = kind(
        StatusCode::TOO_MANY_REQUESTS,
        "too-many-requests",
        "Too many requests",
        "A Client Application may send at most 6000 requests a minute.",
    ).named("too-many-client-requests");
    INTERNAL = kind(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "The server failed",
        "The server failed to answer. The request id finds the reason in its log.",
    );
    BUSY = kind(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "Busy",
        "The server is busy; try again in a second.",
    );
    BUSY_WRITING = kind(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "Busy",
        "The server has as many batches as it can write; send this one again shortly.",
    ).named("busy-writing");
    BUSY_READING = kind(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "Busy",
        "The server has as many large bodies as it can take; send this one again shortly.",
    ).named("busy-reading");
    UNAVAILABLE = kind(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "Not available at the moment",
        "The data cannot be read or changed at the moment; try again in a few seconds.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_a_word_for_programs() {
        let names: std::collections::BTreeSet<_> = ALL.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), ALL.len());
        for kind in ALL {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            assert!(kind.code.bytes().all(plain), "{}", kind.code);
            assert!(kind.status.as_u16() >= 400, "{}", kind.code);
        }
    }
}
