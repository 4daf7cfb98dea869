//! The door of the Ingest API: a collector's credential in the `Authorization` header.

use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};
use platen_app::App;
use platen_app::collectors::CredentialRefusal;
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;

use crate::problem_kinds;
use crate::problems::Problem;

/// Lets a collector in.
pub(crate) async fn authorize(app: &App, headers: &HeaderMap) -> Result<Scope, Problem> {
    let credential = presented(headers).ok_or_else(unauthorized)?;
    let admitted = app.authenticate_collector(credential.expose()).await;
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

/// The bearer token of the one `Authorization` field; two fields are none.
fn presented(headers: &HeaderMap) -> Option<Secret<String>> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let (field, None) = (fields.next()?, fields.next()) else {
        return None;
    };
    let (scheme, token) = field.to_str().ok()?.trim().split_once(' ')?;
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    bearer.then(|| Secret::new(token.trim().to_owned()))
}
