//! What a route's policy means for programs: how they show who they are, and how they are
//! refused.

use super::json::{Json, object};
use crate::policy::Policy;
use crate::problem_kinds::{self as kinds, ProblemKind};

/// Ways of showing who one is, any of which will do.
pub(super) struct Security {
    /// Names of [`schemes`]; none where anybody may come.
    pub(super) schemes: &'static [&'static str],
    /// The same for people.
    pub(super) words: &'static str,
    /// What the policy answers by itself.
    pub(super) problems: &'static [&'static ProblemKind],
}

/// What `policy` means. Pages have no place in the document.
pub(super) const fn of(policy: Policy) -> Security {
    match policy {
        Policy::ReportKey(_) => Security {
            schemes: &["authorizationKey", "authorizationKeyBasic"],
            words: "the API's Authorization Key, as bearer or by HTTP Basic",
            problems: &[
                &kinds::TOO_MANY_FIELDS,
                &kinds::KEY_IN_QUERY,
                &kinds::UNAUTHORIZED_KEY,
                &kinds::WRONG_API,
                &kinds::LICENCE_REQUIRED,
                &kinds::TOO_MANY_REQUESTS,
                &kinds::UNAVAILABLE,
            ],
        },
        Policy::Collector => Security {
            schemes: &["collectorCredential"],
            words: "the collector's credential, as bearer",
            problems: &[
                &kinds::UNAUTHORIZED_COLLECTOR,
                &kinds::BUSY_WRITING,
                &kinds::UNAVAILABLE,
            ],
        },
        Policy::Enrolment => Security {
            schemes: &[],
            words: "an enrolment code, in the body",
            problems: &[&kinds::UNAVAILABLE],
        },
        Policy::Public | Policy::Console(_) | Policy::ConsoleAny | Policy::SetUp => Security {
            schemes: &[],
            words: "none",
            problems: &[],
        },
    }
}

/// Every way, by name.
pub(super) fn schemes() -> Json {
    object([
        (
            "authorizationKey",
            http(
                "bearer",
                "The Authorization Key of one report API, made on Analysis > API.",
            ),
        ),
        (
            "authorizationKeyBasic",
            http(
                "basic",
                "The same key as the user name or the password, for tools that ask for nothing else.",
            ),
        ),
        (
            "collectorCredential",
            http("bearer", "The credential that enrolment returned."),
        ),
        ("oauth2", client_credentials()),
    ])
}

fn http(scheme: &str, description: &str) -> Json {
    object([
        ("type", "http".into()),
        ("scheme", scheme.into()),
        ("description", description.into()),
    ])
}

fn client_credentials() -> Json {
    let scopes = object([
        ("accounts.read", "Read accounts".into()),
        (
            "accounts.write",
            "Create, change and delete accounts".into(),
        ),
    ]);
    let flow = object([("tokenUrl", "/oauth/token".into()), ("scopes", scopes)]);
    object([
        ("type", "oauth2".into()),
        (
            "description",
            "An access token for the Client ID and Client Secret of Analysis > API.".into(),
        ),
        ("flows", object([("clientCredentials", flow)])),
    ])
}
