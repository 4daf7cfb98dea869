//! The token in use.

use http::StatusCode;

use super::operation;
use crate::accounts_api::client::TokenInUse;
use crate::openapi::{Components, Json, Media, Operation, Response};

/// `GET /accounts/v1/client`
pub(in crate::accounts_api) fn show(components: &mut Components<'_>) -> Operation {
    let example = serde_json::json!({
        "client_id": "019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607",
        "scopes": ["accounts.read", "accounts.write"],
        "expires_at": "2026-01-05T09:45:00Z",
    });
    let in_use = Media::new("application/json", components.answered::<TokenInUse>())
        .example(Json::from(example));
    operation("getClient", "What the token in use may do, and until when")
        .answer(Response::new(StatusCode::OK, "The token of this very request.").content(in_use))
}
