//! Requests that may be sent twice: an answer is kept under the request's Idempotency-Key, in the
//! same transaction as what it answers, so that a retry changes nothing and is told the same
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! Refusals are not kept: they changed nothing, so a retry may find the way free.

use std::sync::Arc;
use std::time::Duration;

/// How long answers are kept.
pub const ANSWERS_KEPT: Duration = Duration::from_hours(24);

/// Longest Idempotency-Key, in octets: a UUID or a document number fits many times over.
pub const KEY_OCTETS_MAX: usize = 255;

/// A request that carried an Idempotency-Key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The key, 1 to [`KEY_OCTETS_MAX`] octets.
    pub key: String,
    /// SHA-256 of method, path and body: the same key for another request is refused.
    pub request: [u8; 32],
}

/// What is kept of a request that was answered, and what its answer is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The identifier of what was made.
    pub id: Option<String>,
    /// The revision of what was made or changed, as it was then.
    pub revision: Option<u64>,
    /// What it was then, in the form that the caller wrote it in.
    pub document: Vec<u8>,
    /// Whether nothing was done. It is not kept: a retry may find the way free.
    pub is_refused: bool,
    /// Whether it was kept from an earlier request.
    pub replayed: bool,
}

/// How a request is answered that makes a `T`, and under which key the answer is kept.
pub struct Once<T> {
    /// The key, where the request carried one.
    pub attempt: Option<Attempt>,
    /// Writes the answer. It runs within the transaction: no waiting.
    pub answer: Arc<dyn Fn(&T) -> Answered + Send + Sync>,
}

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self {
            attempt: self.attempt.clone(),
            answer: Arc::clone(&self.answer),
        }
    }
}

impl<T> Once<T> {
    /// An answer that is kept under `attempt`'s key, where there is one.
    pub fn new(
        attempt: Option<Attempt>,
        answer: impl Fn(&T) -> Answered + Send + Sync + 'static,
    ) -> Self {
        Self {
            attempt,
            answer: Arc::new(answer),
        }
    }
}
