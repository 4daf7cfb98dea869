//! The Accounts API as programs meet it, against the real use cases and the real store.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step fails the test"
)]

mod accounts;
mod bulk;
mod charges;
mod conditions;
mod forms;
mod groups;
mod holds;
mod isolation;
mod large_bodies;
mod ledger;
mod limits;
mod office;
mod paging;
mod retries;
#[path = "../support/mod.rs"]
mod support;
mod write_only;
