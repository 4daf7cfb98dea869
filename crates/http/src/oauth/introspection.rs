//! `POST /oauth/introspect`: what a token is (RFC 7662).

use http::StatusCode;
use platen_domain::clients::AccessTokenRecord;
use platen_domain::clock::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::uncached;
use crate::answers::{self, Answer};
use crate::policy::ClientContext;
use crate::problems::Problem;

/// What a text is (RFC 7662 2.2).
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TokenIntrospection")]
#[serde(untagged)]
pub(super) enum Introspection {
    Live(LiveToken),
    Other(NoToken),
}

/// A live token of the client.
#[derive(Serialize, JsonSchema)]
pub(super) struct LiveToken {
    /// Whether it opens anything.
    #[schemars(extend("const" = true))]
    active: bool,
    /// What it opens, words with a space between them.
    scope: String,
    /// The Client ID of who asked for it.
    client_id: String,
    /// How it is shown.
    #[schemars(extend("const" = "Bearer"))]
    token_type: &'static str,
    /// When it is over: seconds since 1970.
    exp: i64,
    /// When it was issued: seconds since 1970.
    iat: i64,
}

/// Every other text, of which nothing is told.
#[derive(Serialize, JsonSchema)]
pub(super) struct NoToken {
    /// Whether it opens anything.
    #[schemars(extend("const" = false))]
    active: bool,
}

impl From<AccessTokenRecord> for LiveToken {
    fn from(token: AccessTokenRecord) -> Self {
        Self {
            active: true,
            scope: token.scopes.to_string(),
            client_id: token.client.to_string(),
            token_type: "Bearer",
            exp: seconds(token.expires_at),
            iat: seconds(token.issued_at),
        }
    }
}

const fn seconds(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1_000)
}

/// Says what a token of the client is.
pub(super) async fn introspect(context: ClientContext) -> Result<Answer, Problem> {
    let token = context.form().required("token")?;
    let found = context
        .app()
        .access()
        .introspect_token(context.client(), token);
    let introspection = match found.await? {
        Some(token) => Introspection::Live(token.into()),
        None => Introspection::Other(NoToken { active: false }),
    };
    Ok(uncached(answers::json(StatusCode::OK, &introspection)))
}
