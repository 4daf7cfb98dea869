//! The header fields that belong to one representation of a report.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH, VARY,
};
use platen_domain::organizations::Organization;
use platen_report::column_map::Layout;
use platen_report::encode::Format;

use crate::report_api::negotiation::Coding;

/// What makes two answers the same or not.
pub(super) struct Representation<'a> {
    pub(super) organization: &'a Organization,
    /// Grows with every change that a report could show.
    pub(super) fleet_version: u64,
    pub(super) layout: &'a Layout,
    pub(super) format: Format,
    pub(super) coding: Coding,
}

impl Representation<'_> {
    /// Its entity tag. Weak: a report is read in several short reads, so a change that falls
    /// between two of them may show in an answer that still carries the older version. The next
    /// request sees the newer version and gets the whole report again.
    pub(super) fn etag(&self) -> String {
        let mut hasher = DefaultHasher::new();
        env!("CARGO_PKG_VERSION").hash(&mut hasher);
        self.organization.id.hash(&mut hasher);
        self.organization.time_zone.hash(&mut hasher);
        self.layout.report().hash(&mut hasher);
        for (name, column) in self.layout.columns() {
            (name, column.name).hash(&mut hasher);
        }
        let (version, shape) = (self.fleet_version, hasher.finish());
        let (format, coding) = (self.format.keyword(), self.coding.keyword());
        format!("W/\"{version:x}-{shape:016x}-{format}-{coding}\"")
    }

    /// Adds the fields that both the whole answer and "not modified" carry.
    pub(super) fn describe(&self, headers: &mut HeaderMap) {
        if let Ok(etag) = HeaderValue::from_str(&self.etag()) {
            headers.insert(ETAG, etag);
        }
        headers.insert(
            VARY,
            HeaderValue::from_static("Accept, Accept-Encoding, Authorization"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }

    /// Adds the fields that describe the content.
    pub(super) fn describe_content(&self, headers: &mut HeaderMap) {
        self.describe(headers);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(self.format.content_type()),
        );
        if let Some(coding) = self.coding.content_encoding() {
            headers.insert(CONTENT_ENCODING, coding);
        }
    }

    /// Whether the client has this representation already (RFC 9110 13.1.2, weak comparison).
    pub(super) fn is_known_to(&self, headers: &HeaderMap) -> bool {
        let etag = self.etag();
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let ours = opaque(&etag);
        headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|field| field.to_str().ok())
            .flat_map(|field| field.split(','))
            .any(|tag| tag.trim() == "*" || opaque(tag) == ours)
    }
}
