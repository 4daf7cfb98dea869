//! The back ends under test.

use platen_store::{Store, StoreOptions};
use tempfile::TempDir;

/// A fresh store and what it lives in.
pub(crate) struct Backend {
    store: Store,
    directory: TempDir,
}

impl Backend {
    /// An empty SQLite store in a directory of its own.
    pub(crate) fn fresh() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), StoreOptions::default()).unwrap();
        Self { store, directory }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }
    /// The database itself, for what the store has no door to.
    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.directory.path().join("platen.db")).unwrap()
    }
}
