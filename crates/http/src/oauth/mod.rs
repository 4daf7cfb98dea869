//! OAuth 2.0 for the Accounts API: a Client Application trades its secret for access tokens
//! (RFC 6749 4.4), ends them (RFC 7009) and asks what they are (RFC 7662); metadata says where
//! (RFC 8414).
//!
//! These are doors of programs: no cookie opens them, so that no page of another site could use
//! one, and no origin is asked for.

pub(crate) mod clients;
mod documentation;
pub(crate) mod error_kinds;
mod errors;
pub(crate) mod forms;
mod introspection;
mod metadata;
mod revocation;
mod tokens;

use http::{HeaderValue, Method, header};

use crate::answers::Answer;
use crate::routes::{Audience, Route};

pub(crate) use errors::{OauthError, refused};

/// Where access tokens are asked for.
pub(crate) const TOKEN: &str = "/oauth/token";
const REVOKE: &str = "/oauth/revoke";
const INTROSPECT: &str = "/oauth/introspect";
const METADATA: &str = "/.well-known/oauth-authorization-server";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::client(TOKEN, tokens::issue).documented(documentation::token),
        Route::client(REVOKE, revocation::revoke).documented(documentation::revoke),
        Route::client(INTROSPECT, introspection::introspect).documented(documentation::introspect),
        Route::public(Method::GET, METADATA, Audience::Programs, metadata::show)
            .documented(documentation::metadata),
    ]
}

/// Keeps what a token endpoint answers out of every cache, old ones included (RFC 6749 5.1).
fn uncached(mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    answer
}
