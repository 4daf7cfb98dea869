//! The one cookie: the secret of a person's session.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use platen_app::access::sessions::NewSession;

/// Over TLS. The prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`, so that no
/// neighbouring host can plant one.
const NAME_OVER_TLS: &str = "__Host-platen-session";

/// Without TLS, where browsers refuse the prefix.
const NAME_IN_CLEAR: &str = "platen-session";

/// Reads and writes the session's cookie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SessionCookie {
    /// Whether people reach the server over TLS, ours or a proxy's.
    pub(crate) secure: bool,
}

impl SessionCookie {
    const fn name(self) -> &'static str {
        if self.secure {
            NAME_OVER_TLS
        } else {
            NAME_IN_CLEAR
        }
    }

    /// The secret a browser sent. Two cookies of the same name count as none.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<&str> {
        let mut found = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|field| field.to_str().ok())
            .flat_map(|field| field.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.name())
            .map(|(_, value)| value);
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// The header field that begins the session in the browser. The cookie has no `Max-Age`: it
    /// goes with the browser's own session, and the server ends it in any case.
    pub(crate) fn begin(self, session: &NewSession) -> (HeaderName, HeaderValue) {
        self.field(session.secret.expose(), "")
    }

    /// The header field that ends it.
    pub(crate) fn end(self) -> (HeaderName, HeaderValue) {
        self.field("", "; Max-Age=0")
    }

    fn field(self, value: &str, more: &str) -> (HeaderName, HeaderValue) {
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.name();
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
        // Only hex digits and the text above: always a valid value.
        let mut cookie =
            HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""));
        cookie.set_sensitive(true);
        (SET_COOKIE, cookie)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookie: SessionCookie, fields: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(COOKIE, HeaderValue::from_static(field));
        }
        cookie.read(&headers).map(str::to_owned)
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let clear = SessionCookie { secure: false };
        assert_eq!(
            read(clear, &["a=b; platen-session=0123"]),
            Some("0123".to_owned())
        );
        assert_eq!(
            read(clear, &["a=b", "platen-session=0123"]),
            Some("0123".to_owned())
        );
        assert_eq!(read(clear, &["xplaten-session=0123"]), None);
        assert_eq!(read(clear, &["platen-session=1; platen-session=2"]), None);
        assert_eq!(
            read(SessionCookie { secure: true }, &["platen-session=1"]),
            None
        );
    }
}
