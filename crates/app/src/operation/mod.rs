//! Operation: what keeps a server in order. The audit log, clearing away what is over, the mark of
//! the clock, and what is kept of requests that may be sent twice.

pub mod audit;
pub mod clock_mark;
pub mod housekeeping;
pub mod idempotency;

use crate::App;

/// Use cases of operation.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    pub(crate) app: &'a App,
}
