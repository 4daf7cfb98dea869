//! `POST /oauth/revoke`: ends a token (RFC 7009).

use http::StatusCode;

use super::uncached;
use crate::answers::{self, Answer};
use crate::policy::ClientContext;
use crate::problems::Problem;

/// Ends a token of the client. A text that is none, or another client's, gets the same 200: the
/// client has nothing to do about it (RFC 7009 2.2).
pub(super) async fn revoke(context: ClientContext) -> Result<Answer, Problem> {
    let token = context.form().required("token")?;
    context
        .app()
        .access()
        .revoke_token(context.client(), token)
        .await?;
    Ok(uncached(answers::empty(StatusCode::OK)))
}
