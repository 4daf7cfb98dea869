//! Entity tags: whether a client has a representation already.

use http::HeaderMap;
use http::header::IF_NONE_MATCH;

/// Whether `If-None-Match` names `etag`, by weak comparison (RFC 9110 13.1.2).
pub(crate) fn is_known(etag: &str, headers: &HeaderMap) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let ours = opaque(etag);
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == ours)
}
