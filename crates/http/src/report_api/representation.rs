//! The header fields that belong to one representation of a report.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, VARY};
use http::{HeaderValue, StatusCode};
use platen_report::column_map::Layout;
use platen_report::columns::Report;
use platen_report::encode::Format;

use crate::answers::{self, Answer};
use crate::entity_tags;
use crate::report_api::negotiation::Coding;

/// What makes two answers the same or not.
pub(super) struct Representation {
    /// Grows with every change that a report could show.
    pub(super) version: u64,
    /// See [`shape`].
    pub(super) shape: u64,
    pub(super) format: Format,
    pub(super) coding: Coding,
}

/// A number for what else makes a report look as it does: its columns, the time zone, and what
/// it is about.
pub(super) fn shape<R: Report>(layout: &Layout<R>, zone: &str, about: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    zone.hash(&mut hasher);
    about.hash(&mut hasher);
    layout.report().name().hash(&mut hasher);
    for (name, column) in layout.columns() {
        (name, column.name).hash(&mut hasher);
    }
    hasher.finish()
}

impl Representation {
    /// Its entity tag. Weak: a report is read in several short reads, so a change that falls
    /// between two of them may show in an answer that still carries the older version. The next
    /// request sees the newer version and gets the whole report again.
    fn etag(&self) -> String {
        let (version, shape) = (self.version, self.shape);
        let (format, coding) = (self.format.keyword(), self.coding.keyword());
        format!("W/\"{version:x}-{shape:016x}-{format}-{coding}\"")
    }

    /// The answer without its content: 200, or 304 to who has this representation already.
    pub(super) fn answer(&self, headers: &HeaderMap) -> Answer {
        if entity_tags::is_known(&self.etag(), headers) {
            let mut answer = answers::empty(StatusCode::NOT_MODIFIED);
            self.describe(answer.headers_mut());
            return answer;
        }
        // The length is not known before the whole report is written.
        let mut answer = answers::empty(StatusCode::OK).map(|_| answers::of_unknown_length());
        self.describe_content(answer.headers_mut());
        answer
    }

    /// Adds the fields that both the whole answer and "not modified" carry.
    fn describe(&self, headers: &mut HeaderMap) {
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
    fn describe_content(&self, headers: &mut HeaderMap) {
        self.describe(headers);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(self.format.content_type()),
        );
        if let Some(coding) = self.coding.content_encoding() {
            headers.insert(CONTENT_ENCODING, coding);
        }
    }
}
