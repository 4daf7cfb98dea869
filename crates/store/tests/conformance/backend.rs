//! The back ends under test.

use platen_store::{Store, StoreOptions};
use tempfile::TempDir;

/// A fresh store and what it lives in.
pub(crate) struct Backend {
    store: Store,
    _directory: TempDir,
}

impl Backend {
    /// An empty SQLite store in a directory of its own.
    pub(crate) fn fresh() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), StoreOptions::default()).unwrap();
        Self {
            store,
            _directory: directory,
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }
}
