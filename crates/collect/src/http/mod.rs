//! A small HTTP/1.1 client for peers that an administrator named: print spoolers, IPP printers
//! and the server that print records are sent to.
//!
//! It connects to the [`Endpoint`] it is given and nowhere else: no redirect is followed, no proxy
//! variable is read, and the ports that print what they receive are never opened. One request a
//! connection, one deadline over the whole exchange, and a cap on the answer. Nothing is
//! decompressed.

mod client;
mod endpoint;
mod tls;

pub use client::{Answer, Client, HttpError, Limits, Request};
pub use endpoint::{Endpoint, EndpointError, Scheme};
pub use tls::{Trust, TrustError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use platen_domain::secret::Secret;

/// The value of `Authorization` that says who we are by name and password (RFC 7617). It is marked
/// sensitive, so that no log shows it. `None` where the name holds a colon or either holds control
/// characters, which the scheme cannot say.
pub fn basic_authorization(user: &str, password: &Secret<String>) -> Option<HeaderValue> {
    let password = password.expose();
    if user.contains(':') || user.chars().chain(password.chars()).any(char::is_control) {
        return None;
    }
    let encoded = STANDARD.encode(format!("{user}:{password}"));
    sensitive(&format!("Basic {encoded}"))
}

/// The value of `Authorization` that carries a token (RFC 6750), marked sensitive. `None` for a
/// token that is no visible ASCII.
pub fn bearer_authorization(token: &Secret<String>) -> Option<HeaderValue> {
    sensitive(&format!("Bearer {}", token.expose()))
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_authorization_is_that_of_the_rfc_and_does_not_show() {
        let password = Secret::new("open sesame".to_owned());
        let value = basic_authorization("Aladdin", &password).unwrap();
        assert_eq!(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(format!("{value:?}"), "Sensitive");
        assert_eq!(basic_authorization("a:b", &password), None);
        assert_eq!(basic_authorization("a\n", &password), None);
    }

    #[test]
    fn a_token_cannot_smuggle_a_header_in() {
        let token = Secret::new("abc\r\nX-Evil: 1".to_owned());
        assert_eq!(bearer_authorization(&token), None);
    }
}
