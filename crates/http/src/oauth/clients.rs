//! Client authentication: the secret in HTTP Basic or in the body, never both (RFC 6749 2.3.1).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use platen_app::App;
use platen_app::access::clients::AuthenticatedClient;
use platen_domain::secret::Secret;

use super::errors::{invalid_client, invalid_request};
use super::forms::OauthForm;
use crate::bearer;
use crate::policy::Call;
use crate::problems::Problem;

/// What a client shows.
struct Credentials {
    client_id: String,
    client_secret: Secret<String>,
}

/// Lets a client in, and hands on what it asks.
pub(crate) async fn authenticate(
    app: &App,
    call: &Call,
) -> Result<(AuthenticatedClient, OauthForm), Problem> {
    let form = OauthForm::read(call)?;
    let shown = credentials(&call.headers, &form)?;
    let client = app
        .access()
        .authenticate_client(&shown.client_id, &shown.client_secret, call.peer)
        .await?;
    Ok((client, form))
}

fn credentials(headers: &HeaderMap, form: &OauthForm) -> Result<Credentials, Problem> {
    let in_body = (form.get("client_id"), form.get("client_secret"));
    if headers.contains_key(AUTHORIZATION) {
        let basic = of_basic(headers).ok_or_else(unreadable)?;
        return match in_body {
            (_, Some(_)) => Err(twice()),
            // Libraries name the client in the body as well, which says nothing new.
            (Some(named), None) if named != basic.client_id => Err(twice()),
            (_, None) => Ok(basic),
        };
    }
    let (Some(client_id), Some(client_secret)) = in_body else {
        return Err(missing());
    };
    Ok(Credentials {
        client_id: client_id.to_owned(),
        client_secret: Secret::new(client_secret.to_owned()),
    })
}

/// HTTP Basic, whose user name and password are form-encoded before they are joined.
fn of_basic(headers: &HeaderMap) -> Option<Credentials> {
    let (scheme, encoded) = bearer::credentials(headers)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (client_id, client_secret) = plain.split_once(':')?;
    Some(Credentials {
        client_id: decoded(client_id)?,
        client_secret: Secret::new(decoded(client_secret)?),
    })
}

/// One form-encoded value (RFC 6749 appendix B).
fn decoded(value: &str) -> Option<String> {
    if value.contains(['&', '=']) {
        return None;
    }
    let mut pairs = form_urlencoded::parse(value.as_bytes());
    Some(
        pairs
            .next()
            .map_or_else(String::new, |(text, _)| text.into_owned()),
    )
}

fn missing() -> Problem {
    invalid_client(
        "Show the Client ID and the Client Secret with HTTP Basic, or as client_id and \
         client_secret in the body.",
    )
}

fn unreadable() -> Problem {
    invalid_client("The Authorization header holds no HTTP Basic credentials.")
}

fn twice() -> Problem {
    invalid_request("The client shows its credentials in the header and in the body: use one way.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn basic(plain: &str) -> Option<(String, String)> {
        let field = format!("Basic {}", BASE64_STANDARD.encode(plain));
        of(&field)
    }

    fn of(field: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(field).unwrap());
        let found = of_basic(&headers)?;
        Some((found.client_id, found.client_secret.expose().clone()))
    }

    #[test]
    fn both_halves_are_form_decoded() {
        for (plain, client_id, client_secret) in [
            ("id:secret", "id", "secret"),
            ("a%3Ab:c+d%25", "a:b", "c d%"),
            ("id:", "id", ""),
            ("id:se:cret", "id", "se:cret"),
        ] {
            let expected = (client_id.to_owned(), client_secret.to_owned());
            assert_eq!(basic(plain), Some(expected), "{plain}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_client_encodes_comes_back(id in ".*", secret in ".*") {
            let encoded = |text: &str| -> String {
                form_urlencoded::byte_serialize(text.as_bytes()).collect()
            };
            let plain = format!("{}:{}", encoded(&id), encoded(&secret));
            prop_assert_eq!(basic(&plain), Some((id, secret)));
        }

        #[test]
        fn no_header_is_a_surprise(plain in any::<Vec<u8>>()) {
            of(&format!("Basic {}", BASE64_STANDARD.encode(plain)));
        }
    }

    #[test]
    fn anything_else_is_no_credential() {
        for plain in ["id", "id:a&b", "id=x:secret"] {
            assert_eq!(basic(plain), None, "{plain}");
        }
        for field in [
            "Basic !!!",
            "Basic",
            "Bearer aWQ6c2VjcmV0",
            "Basic //79Og==",
        ] {
            assert_eq!(of(field), None, "{field}");
        }
    }
}
