//! `POST /oauth/introspect`: what a token is (RFC 7662).

use http::StatusCode;
use platen_domain::clients::AccessTokenRecord;
use platen_domain::clock::Timestamp;
use serde::Serialize;

use super::uncached;
use crate::answers::{self, Answer};
use crate::policy::ClientContext;
use crate::problems::Problem;

/// The answer about a live token of the client (RFC 7662 2.2).
#[derive(Serialize)]
struct LiveToken {
    active: bool,
    scope: String,
    client_id: String,
    token_type: &'static str,
    /// Seconds since 1970.
    exp: i64,
    iat: i64,
}

/// The answer about every other text, which tells nothing of it.
#[derive(Serialize)]
struct NoToken {
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
    let found = context.app().introspect_token(context.client(), token);
    Ok(uncached(match found.await? {
        Some(token) => answers::json(StatusCode::OK, &LiveToken::from(token)),
        None => answers::json(StatusCode::OK, &NoToken { active: false }),
    }))
}
