//! The door of the Ingest API: a collector's credential in the `Authorization` header.

use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue};
use platen_app::App;
use platen_app::access::collectors::CredentialRefusal;
use platen_domain::scope::Scope;

use crate::bearer;
use crate::problem_kinds;
use crate::problems::Problem;

/// Lets a collector in.
pub(crate) async fn authorize(app: &App, headers: &HeaderMap) -> Result<Scope, Problem> {
    let credential = bearer::token(headers).ok_or_else(unauthorized)?;
    let admitted = app
        .access()
        .authenticate_collector(credential.expose())
        .await;
    admitted.map_err(|refusal| match refusal {
        CredentialRefusal::Unauthorized => unauthorized(),
        CredentialRefusal::Unavailable(error) => error.into(),
    })
}

/// One answer for a missing, malformed, unknown or revoked credential.
fn unauthorized() -> Problem {
    let bearer = HeaderValue::from_static("Bearer realm=\"Platen\"");
    problem_kinds::UNAUTHORIZED_COLLECTOR
        .told()
        .with_header(WWW_AUTHENTICATE, bearer)
}
