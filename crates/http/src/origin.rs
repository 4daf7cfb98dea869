//! Whether a request that changes something comes from our own pages (cross-site request
//! forgery, OWASP ASVS 5.0 3.5).

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Uri};

use crate::problems::Problem;

/// What browsers say of where a request comes from (Fetch Metadata); scripts cannot forge it.
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Refuses a request that does not show that a page of this server sent it.
///
/// Browsers send `Sec-Fetch-Site` to https and to the machine itself, and `Origin` everywhere.
/// With neither it is no browser, and no browser's session belongs with it.
pub(crate) fn check(headers: &HeaderMap, public_url: &str) -> Result<(), Problem> {
    let field = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match field(SEC_FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => field(ORIGIN.as_str()).is_some_and(|origin| {
            let authority = authority_of(origin);
            authority.is_some()
                && (authority.as_deref() == field(HOST.as_str())
                    || authority == authority_of(public_url))
        }),
    };
    if ours {
        return Ok(());
    }
    Err(Problem::forbidden(
        "cross-site",
        "This form was not sent from a page of this server. Open the page again and retry.",
    ))
}

fn authority_of(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    url.authority().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn allowed(fields: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        check(&headers, "https://platen.example.org/").is_ok()
    }

    #[test]
    fn only_our_own_pages_may_send() {
        let host = ("host", "10.0.0.5:8631");
        assert!(allowed(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[host, ("origin", "http://10.0.0.5:8631")]));
        assert!(allowed(&[host, ("origin", "https://platen.example.org")]));
        for site in ["cross-site", "same-site", "none"] {
            assert!(!allowed(&[
                host,
                ("sec-fetch-site", site),
                ("origin", "http://10.0.0.5:8631")
            ]));
        }
        assert!(!allowed(&[host]));
        assert!(!allowed(&[("origin", "null")]));
        assert!(!allowed(&[host, ("origin", "null")]));
        assert!(!allowed(&[host, ("origin", "http://evil.example")]));
        assert!(!allowed(&[host, ("origin", "http://10.0.0.5:8632")]));
    }
}
