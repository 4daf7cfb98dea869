//! The bearer token of a request (RFC 6750 2.1): whatever kind of secret a program shows in the
//! `Authorization` header.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use platen_domain::secret::Secret;

/// The token of the one `Authorization` field, the scheme in any case; two fields are none.
pub(crate) fn token(headers: &HeaderMap) -> Option<Secret<String>> {
    let (scheme, token) = credentials(headers)?;
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    bearer.then(|| Secret::new(token.to_owned()))
}

/// Scheme and credentials of the one `Authorization` field (RFC 9110 11.4).
pub(crate) fn credentials(headers: &HeaderMap) -> Option<(&str, &str)> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let (field, None) = (fields.next()?, fields.next()) else {
        return None;
    };
    let (scheme, credentials) = field.to_str().ok()?.trim().split_once(' ')?;
    Some((scheme, credentials.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn found(fields: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(AUTHORIZATION, HeaderValue::from_str(field).unwrap());
        }
        token(&headers).map(|token| token.expose().clone())
    }

    #[test]
    fn one_field_with_the_scheme_in_any_case() {
        for field in ["Bearer abc", "bearer abc", "  BEARER   abc  "] {
            assert_eq!(found(&[field]).as_deref(), Some("abc"), "{field}");
        }
        for fields in [
            &[][..],
            &["abc"],
            &["bearer"],
            &["Basic abc"],
            &["Bearer abc", "Bearer abc"],
        ] {
            assert_eq!(found(fields), None, "{fields:?}");
        }
    }
}
