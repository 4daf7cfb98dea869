//! The door of the Report API: an Authorization Key in the `Authorization` header.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue};
use platen_app::App;
use platen_app::access::authorization::KeyRefusal;
use platen_domain::keys::AuthorizationKey;
use platen_domain::report_apis::ReportApi;
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;

use crate::bearer;
use crate::policy::Call;
use crate::problem_kinds;
use crate::problems::Problem;

/// Names under which tools send a key in the query string.
const KEY_FIELDS: [&str; 7] = [
    "access_token",
    "api-key",
    "api_key",
    "apikey",
    "authorization",
    "key",
    "token",
];

/// Finds the key and asks what it opens.
pub(crate) async fn authorize(app: &App, api: ReportApi, call: &Call) -> Result<Scope, Problem> {
    refuse_key_in_query(call)?;
    let key = presented(&call.headers).ok_or_else(unauthorized)?;
    app.access()
        .authenticate_key(key.expose(), api)
        .await
        .map_err(|refusal| match refusal {
            KeyRefusal::Unauthorized => unauthorized(),
            KeyRefusal::WrongApi => problem_kinds::WRONG_API.told(),
            KeyRefusal::Licence(refusal) => {
                let detail = format!("The API is closed: {refusal}.");
                problem_kinds::LICENCE_REQUIRED.because(detail)
            }
            KeyRefusal::Unavailable(error) => error.into(),
        })
}

/// One answer for a missing, malformed, unknown, disabled or revoked key, so that it tells
/// nothing of which it was. It offers both schemes: Power Query's Basic dialog opens only when
/// it is named.
fn unauthorized() -> Problem {
    let bearer = HeaderValue::from_static("Bearer realm=\"Platen\"");
    let basic = HeaderValue::from_static("Basic realm=\"Platen\", charset=\"UTF-8\"");
    problem_kinds::UNAUTHORIZED_KEY
        .told()
        .with_header(WWW_AUTHENTICATE, bearer)
        .with_header(WWW_AUTHENTICATE, basic)
}

/// Addresses end in histories, proxies' logs and referrers: a key does not belong there, and
/// one that was sent so must not seem to work.
fn refuse_key_in_query(call: &Call) -> Result<(), Problem> {
    let query = call.query()?;
    let is_key = |(name, value): (&str, &str)| {
        let names_key = KEY_FIELDS
            .iter()
            .any(|field| field.eq_ignore_ascii_case(name));
        names_key || holds_key(name) || holds_key(value)
    };
    if !query.iter().any(is_key) {
        return Ok(());
    }
    Err(problem_kinds::KEY_IN_QUERY.told())
}

/// Whether a key stands anywhere in `text`, alone or behind a scheme.
fn holds_key(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_hexdigit())
        .any(|digits| AuthorizationKey::parse(&digits.to_ascii_lowercase()).is_some())
}

/// The key of the one `Authorization` field; two fields are no key.
fn presented(headers: &HeaderMap) -> Option<Secret<String>> {
    let (scheme, rest) = bearer::credentials(headers)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Secret::new(rest.to_owned()));
    }
    if scheme.eq_ignore_ascii_case("basic") {
        return of_basic(rest);
    }
    None
}

/// HTTP Basic with the key as the password or as the user name (RFC 7617).
fn of_basic(credentials: &str) -> Option<Secret<String>> {
    let plain = String::from_utf8(BASE64_STANDARD.decode(credentials).ok()?).ok()?;
    let (user, password) = plain.split_once(':')?;
    let key = [password, user]
        .into_iter()
        .find(|text| AuthorizationKey::parse(text).is_some())?;
    Some(Secret::new(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::AUTHORIZATION;

    const KEY: &str = "873fe108995e37b81e0c64b44e895de045c9dcc71408c03d1e70b4e8ca47649f";

    fn found(fields: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(AUTHORIZATION, HeaderValue::from_str(field).unwrap());
        }
        presented(&headers).map(|key| key.expose().clone())
    }

    fn basic(plain: &str) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(plain))
    }

    #[test]
    fn the_scheme_is_read_in_any_case() {
        for scheme in ["bearer", "Bearer", "BEARER", "bEaReR"] {
            assert_eq!(found(&[&format!("{scheme} {KEY}")]).as_deref(), Some(KEY));
        }
        assert_eq!(
            found(&[&format!("  bearer   {KEY}  ")]).as_deref(),
            Some(KEY)
        );
    }

    #[test]
    fn basic_takes_the_key_as_user_or_as_password() {
        assert_eq!(found(&[&basic(&format!("{KEY}:"))]).as_deref(), Some(KEY));
        assert_eq!(found(&[&basic(&format!(":{KEY}"))]).as_deref(), Some(KEY));
        assert_eq!(
            found(&[&basic(&format!("power bi:{KEY}"))]).as_deref(),
            Some(KEY)
        );
        assert_eq!(found(&[&basic("somebody:secret")]), None);
        assert_eq!(found(&["Basic !!!"]), None);
    }

    #[test]
    fn anything_else_is_no_key() {
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[KEY]), None);
        assert_eq!(found(&["bearer"]), None);
        assert_eq!(found(&[&format!("Digest {KEY}")]), None);
        let twice = format!("bearer {KEY}");
        assert_eq!(found(&[&twice, &twice]), None);
    }
}
