//! Header fields that tell browsers what an answer may do. Every answer carries them.

use http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::routes::Audience;

/// Our own files and nothing else; no inline script, no inline style, no frame around us, no
/// string that becomes script.
const CONTENT_SECURITY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'",
);

/// A year: from then on the browser speaks TLS to this host or not at all.
const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");

/// Adds the fields.
pub(crate) fn add(headers: &mut HeaderMap, audience: Audience, secure: bool) {
    headers.insert(CONTENT_SECURITY_POLICY, CONTENT_SECURITY);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CROSS_ORIGIN_OPENER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        REFERRER_POLICY,
        HeaderValue::from_static(referrer(audience)),
    );
    if secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
}

/// Pages keep the referrer within the server: under `no-referrer` browsers send `Origin: null`
/// with our own forms (Fetch, "append a request `Origin` header"), and on plain HTTP the origin
/// is all there is to tell our forms from foreign ones.
const fn referrer(audience: Audience) -> &'static str {
    match audience {
        Audience::People => "same-origin",
        Audience::Programs | Audience::OauthClients => "no-referrer",
    }
}
