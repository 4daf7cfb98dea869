//! `GET /.well-known/oauth-authorization-server`: where the endpoints are and what they can
//! (RFC 8414).

use http::{HeaderValue, StatusCode, header};
use platen_domain::clients::OauthScope;
use serde::Serialize;

use super::{INTROSPECT, REVOKE, TOKEN, tokens};
use crate::answers::{self, Answer};
use crate::policy::PublicContext;
use crate::problems::Problem;

/// The ways in which a client may show its secret.
const AUTH_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];

/// The metadata; the names are those of RFC 8414 2.
#[derive(Serialize)]
struct Metadata<'a> {
    issuer: &'a str,
    token_endpoint: String,
    token_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
    introspection_endpoint: String,
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    scopes_supported: [&'static str; 2],
    grant_types_supported: [&'static str; 1],
    /// Nobody is sent here with a browser.
    response_types_supported: [&'static str; 0],
}

/// Answers everybody.
pub(super) async fn show(context: PublicContext) -> Result<Answer, Problem> {
    let issuer = context.server().public_url.as_str();
    let at = |path: &str| format!("{issuer}{path}");
    let metadata = Metadata {
        issuer,
        token_endpoint: at(TOKEN),
        token_endpoint_auth_methods_supported: AUTH_METHODS,
        revocation_endpoint: at(REVOKE),
        revocation_endpoint_auth_methods_supported: AUTH_METHODS,
        introspection_endpoint: at(INTROSPECT),
        introspection_endpoint_auth_methods_supported: AUTH_METHODS,
        scopes_supported: OauthScope::ALL.map(OauthScope::keyword),
        grant_types_supported: [tokens::GRANT_TYPE],
        response_types_supported: [],
    };
    let mut answer = answers::json(StatusCode::OK, &metadata);
    let no_cache = HeaderValue::from_static("no-cache");
    answer.headers_mut().insert(header::CACHE_CONTROL, no_cache);
    Ok(answer)
}
