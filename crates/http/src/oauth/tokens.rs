//! `POST /oauth/token`: the client credentials grant (RFC 6749 4.4).

use http::StatusCode;
use platen_domain::clients::OauthScopes;
use schemars::JsonSchema;
use serde::Serialize;

use super::{error_kinds, uncached};
use crate::answers::{self, Answer};
use crate::policy::ClientContext;
use crate::problems::Problem;

/// The one grant there is: programs act for themselves.
pub(super) const GRANT_TYPE: &str = "client_credentials";

/// The successful answer (RFC 6749 5.1).
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessToken")]
pub(super) struct Issued<'a> {
    /// What opens the API: `Authorization: Bearer <access_token>`.
    access_token: &'a str,
    /// How it is shown.
    #[schemars(extend("const" = "Bearer"))]
    token_type: &'static str,
    /// Seconds until it is over.
    expires_in: u64,
    /// What it opens, words with a space between them.
    scope: String,
}

/// Issues a token for the scopes asked for, or for all.
pub(super) async fn issue(context: ClientContext) -> Result<Answer, Problem> {
    let form = context.form();
    if form.required("grant_type")? != GRANT_TYPE {
        return Err(error_kinds::UNSUPPORTED_GRANT_TYPE.told());
    }
    let scopes: OauthScopes = match form.get("scope") {
        Some(words) => words.parse().map_err(|_unknown| unknown_scope())?,
        None => OauthScopes::ALL,
    };
    let (server, client) = (context.server(), context.client());
    let counted = server.client_tokens.admit(client.id(), server.app.now());
    counted.map_err(|wait| {
        let most = server.client_tokens.most();
        let detail = format!("At most {most} tokens a minute are issued to a client; keep one.");
        error_kinds::TOO_MANY_TOKENS
            .because(detail)
            .with_retry_after(wait)
    })?;
    let (token, record) = server.app.access().issue_token(client, scopes).await?;
    let issued = Issued {
        access_token: token.expose(),
        token_type: "Bearer",
        expires_in: record.expires_at.since(record.issued_at).as_secs(),
        scope: record.scopes.to_string(),
    };
    Ok(uncached(answers::json(StatusCode::OK, &issued)))
}

fn unknown_scope() -> Problem {
    let detail = format!("The scopes here are: {}.", OauthScopes::ALL);
    error_kinds::INVALID_SCOPE.because(detail)
}
