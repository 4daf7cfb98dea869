//! The engine on SQLite: one writer with group commit, a pool of readers, one file.

pub(crate) mod checkpoints;
pub(crate) mod connection;
pub(crate) mod gate;
pub(crate) mod group;
pub(crate) mod hot;
mod integrity;
pub(crate) mod lock;
pub(crate) mod migrations;
pub(crate) mod queue;
pub(crate) mod readers;
mod session;
pub(crate) mod writer;

/// Version of the SQLite that is linked in.
pub(crate) fn version() -> &'static str {
    rusqlite::version()
}
