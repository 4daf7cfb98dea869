//! What a route's policy means for programs: how they show who they are, and how they are
//! refused.

use platen_domain::clients::OauthScope;

use super::json::{Json, object};
use crate::oauth::error_kinds;
use crate::policy::Policy;
use crate::problem_kinds::{self as kinds, ProblemKind};

/// One of [`schemes`] by name, and the scopes that it must have been given.
type Way = (&'static str, &'static [&'static str]);

/// Ways of showing who one is, any of which will do.
pub(super) struct Security {
    /// None where anybody may come.
    pub(super) ways: &'static [Way],
    /// The same for people.
    pub(super) words: &'static str,
    /// What the policy answers by itself.
    pub(super) problems: &'static [&'static ProblemKind],
}

/// How an access token is refused.
const TOKEN_PROBLEMS: &[&ProblemKind] = &[
    &kinds::TOO_MANY_FIELDS,
    &kinds::TOKEN_IN_QUERY,
    &kinds::UNAUTHORIZED_TOKEN,
    &kinds::INSUFFICIENT_SCOPE,
    &kinds::LICENCE_REQUIRED,
    &kinds::TOO_MANY_CLIENT_REQUESTS,
    &kinds::UNAVAILABLE,
];

/// What `policy` means. Pages have no place in the document.
pub(super) const fn of(policy: Policy) -> Security {
    match policy {
        Policy::ReportKey(_) => Security {
            ways: &[("authorizationKey", &[]), ("authorizationKeyBasic", &[])],
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
            ways: &[("collectorCredential", &[])],
            words: "the collector's credential, as bearer",
            problems: &[
                &kinds::UNAUTHORIZED_COLLECTOR,
                &kinds::BUSY_WRITING,
                &kinds::UNAVAILABLE,
            ],
        },
        Policy::Enrolment => Security {
            ways: &[],
            words: "an enrolment code, in the body",
            problems: &[&kinds::UNAVAILABLE],
        },
        Policy::Client => Security {
            ways: &[("clientAuthentication", &[])],
            words: "Client ID and Client Secret, by HTTP Basic or in the body",
            problems: &[
                &error_kinds::INVALID_REQUEST,
                &kinds::TOO_MANY_FIELDS,
                &error_kinds::INVALID_CLIENT,
                &error_kinds::TOO_MANY_ATTEMPTS,
                &kinds::UNAVAILABLE,
            ],
        },
        Policy::AccessToken(OauthScope::AccountsRead) => Security {
            ways: &[("oauth2", &["accounts.read"])],
            words: "an access token with the scope accounts.read, as bearer",
            problems: TOKEN_PROBLEMS,
        },
        Policy::AccessToken(OauthScope::AccountsWrite) => Security {
            ways: &[("oauth2", &["accounts.write"])],
            words: "an access token with the scope accounts.write, as bearer",
            problems: TOKEN_PROBLEMS,
        },
        Policy::Public | Policy::Console(_) | Policy::ConsoleAny | Policy::SetUp => Security {
            ways: &[],
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
        (
            "clientAuthentication",
            http(
                "basic",
                "Client ID and Client Secret of Analysis > API, each form-encoded first (RFC 6749 \
                 2.3.1). They may stand in the body instead.",
            ),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_asked_for_the_scope_of_its_route() {
        for scope in OauthScope::ALL {
            let security = of(Policy::AccessToken(scope));
            assert_eq!(security.ways, [("oauth2", &[scope.keyword()][..])]);
            assert!(security.words.contains(scope.keyword()));
            let schemes = schemes().pretty();
            assert!(schemes.contains(scope.keyword()), "{scope}");
        }
    }

    #[test]
    fn every_way_is_a_scheme() {
        for policy in [Policy::Client, Policy::Collector] {
            for (name, _) in of(policy).ways {
                assert!(schemes().get(name).is_some(), "{name}");
            }
        }
    }
}
