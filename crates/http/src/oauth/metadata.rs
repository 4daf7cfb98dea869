//! `GET /.well-known/oauth-authorization-server`: where the endpoints are and what they can
//! (RFC 8414).

use http::{HeaderValue, StatusCode, header};
use platen_domain::clients::OauthScope;
use schemars::JsonSchema;
use serde::Serialize;

use super::{INTROSPECT, REVOKE, TOKEN, tokens};
use crate::answers::{self, Answer};
use crate::policy::PublicContext;
use crate::problems::Problem;

/// The ways in which a client may show its secret.
const AUTH_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];

/// What the endpoints are and can; the names are those of RFC 8414 2.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuthorizationServer")]
pub(super) struct Metadata<'a> {
    /// The server's own URL.
    issuer: &'a str,
    /// Where access tokens are asked for.
    token_endpoint: String,
    /// How a client may show its secret there.
    token_endpoint_auth_methods_supported: [&'static str; 2],
    /// Where access tokens are ended.
    revocation_endpoint: String,
    /// How a client may show its secret there.
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
    /// Where it is asked what an access token is.
    introspection_endpoint: String,
    /// How a client may show its secret there.
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    /// What a token can open.
    scopes_supported: [&'static str; 2],
    /// How a token is got.
    grant_types_supported: [&'static str; 1],
    /// Empty: nobody is sent here with a browser.
    response_types_supported: &'static [&'static str],
}

impl<'a> Metadata<'a> {
    /// The metadata of the server at `issuer`.
    pub(super) fn of(issuer: &'a str) -> Self {
        let at = |path: &str| format!("{issuer}{path}");
        Self {
            issuer,
            token_endpoint: at(TOKEN),
            token_endpoint_auth_methods_supported: AUTH_METHODS,
            revocation_endpoint: at(REVOKE),
            revocation_endpoint_auth_methods_supported: AUTH_METHODS,
            introspection_endpoint: at(INTROSPECT),
            introspection_endpoint_auth_methods_supported: AUTH_METHODS,
            scopes_supported: OauthScope::ALL.map(OauthScope::keyword),
            grant_types_supported: [tokens::GRANT_TYPE],
            response_types_supported: &[],
        }
    }
}

/// Answers everybody.
pub(super) async fn show(context: PublicContext) -> Result<Answer, Problem> {
    let metadata = Metadata::of(&context.server().public_url);
    let mut answer = answers::json(StatusCode::OK, &metadata);
    let no_cache = HeaderValue::from_static("no-cache");
    answer.headers_mut().insert(header::CACHE_CONTROL, no_cache);
    Ok(answer)
}
