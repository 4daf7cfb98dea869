//! What the pages look like: plain view structures and the templates they fill. Nothing here
//! reads a store, a clock or a request.

pub(crate) mod cells;
pub(crate) mod clients;
pub(crate) mod fleet;
pub(crate) mod frame;
pub(crate) mod message;
pub(crate) mod paging;
pub(crate) mod report_apis;
pub(crate) mod sessions;
pub(crate) mod transactions;

#[cfg(test)]
pub(crate) mod text;
