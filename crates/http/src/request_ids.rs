//! Names for requests, so that an answer, its log line and a person's question meet.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use platen_domain::clock::Timestamp;

/// The header field that carries a request's name back to the client.
pub(crate) const X_REQUEST_ID: http::HeaderName = http::HeaderName::from_static("x-request-id");

/// The name of one request: always our own. What a client sends as a name is ignored, so that
/// nobody can forge lines of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestId {
    started: i64,
    number: u64,
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.started, self.number)
    }
}

/// Hands out names: when the server started, and a running number.
#[derive(Debug)]
pub(crate) struct RequestIds {
    started: i64,
    next: AtomicU64,
}

impl RequestIds {
    pub(crate) const fn since(started: Timestamp) -> Self {
        Self {
            started: started.as_millis(),
            next: AtomicU64::new(1),
        }
    }

    pub(crate) fn next(&self) -> RequestId {
        RequestId {
            started: self.started,
            number: self.next.fetch_add(1, Ordering::Relaxed),
        }
    }
}
