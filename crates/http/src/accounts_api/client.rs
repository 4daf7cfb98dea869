//! `GET /accounts/v1/client`: what the token in use may do, and until when.

use http::StatusCode;
use platen_domain::clients::OauthScope;
use platen_domain::clock::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::authorization;
use crate::answers::{self, Answer};
use crate::bearer;
use crate::policy::TokenContext;
use crate::problems::Problem;

/// The access token in use.
#[derive(Serialize, JsonSchema)]
pub(super) struct TokenInUse {
    /// The Client ID of who asked for it.
    client_id: String,
    /// What it opens.
    #[schemars(extend("items" = scope_form()))]
    scopes: Vec<&'static str>,
    /// When it is over (RFC 3339, in UTC).
    #[schemars(extend("format" = "date-time"))]
    expires_at: String,
}

/// One scope.
fn scope_form() -> serde_json::Value {
    serde_json::json!({"type": "string", "enum": OauthScope::ALL.map(OauthScope::keyword)})
}

/// Answers about the token of this very request.
pub(super) async fn show(context: TokenContext) -> Result<Answer, Problem> {
    let (server, call, scope) = context.into_parts();
    let token = bearer::token(&call.headers).ok_or_else(authorization::over)?;
    let in_use = server
        .app
        .access()
        .token_in_use(&scope, token.expose())
        .await?;
    let token = in_use.ok_or_else(authorization::over)?;
    let shown = TokenInUse {
        client_id: token.client.to_string(),
        scopes: token.scopes.iter().map(OauthScope::keyword).collect(),
        expires_at: rfc3339(token.expires_at),
    };
    Ok(answers::private_json(StatusCode::OK, &shown))
}

fn rfc3339(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis());
    instant.unwrap_or(jiff::Timestamp::MAX).to_string()
}
