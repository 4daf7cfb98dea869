//! What can go wrong, for people.

use std::path::{Path, PathBuf};

/// Why a read or a write did not happen. `Display` is safe to show to a caller; what the engine
/// said is the `source`, for the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The writer's queue is full (only `try_write` says so; `write` waits), or a long read was
    /// ended because the write-ahead log had grown to its bound.
    #[error("the store has more to do than it accepts; try again shortly")]
    Busy,
    /// There was no space for the change. Nothing of it is kept; the store works again as soon
    /// as there is space.
    #[error("the disk that holds the data directory is full; free some space, nothing was stored")]
    DiskFull,
    /// A commit failed for another reason than space. Whether it reached the disk is unknown, so
    /// nothing more is acknowledged until a restart has checked the store.
    #[error("the store stopped accepting changes after a failed write; restart Platen")]
    Fenced,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Something with this name or secret exists already.
    #[error("this {0} exists already")]
    Conflict(&'static str),
    /// There is none within the scope.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A row belongs to another organization than the scope.
    #[error("the {0} belongs to another organization")]
    OutOfScope(&'static str),
    /// There are more of them than this store can number.
    #[error("the store cannot number more {0}")]
    Full(&'static str),
    /// The closure panicked; nothing of it is kept.
    #[error("an internal error stopped the change; nothing was stored")]
    Panicked,
    /// What was kept cannot be read back as what it should be.
    #[error("the store holds something this program cannot read: {0}")]
    Unreadable(String),
    /// Anything else the engine refuses.
    #[error("the store could not do this")]
    Database(#[source] EngineError),
}

impl StoreError {
    /// Turns a violated uniqueness into [`StoreError::Conflict`] about `what`.
    pub(crate) fn conflict(self, what: &'static str) -> Self {
        match self {
            Self::Database(error) if error.kind == EngineErrorKind::Uniqueness => {
                Self::Conflict(what)
            }
            other => other,
        }
    }
}

/// What an engine said when it did not do as it was told.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct EngineError {
    kind: EngineErrorKind,
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// What of an engine's error matters to this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EngineErrorKind {
    /// Two rows would have one key.
    Uniqueness,
    /// Another process holds what it needs.
    Busy,
    /// It was asked to stop.
    Interrupted,
    /// The engine or its disk cannot be believed any more.
    Broken,
    /// Anything else.
    Other,
}

impl EngineError {
    pub(crate) fn new(
        kind: EngineErrorKind,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        let source = Box::new(source);
        Self { kind, source }
    }

    pub(crate) const fn kind(&self) -> EngineErrorKind {
        self.kind
    }
}

/// Why a store did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory or a file in it cannot be made or opened.
    #[error("cannot use {path} for the data directory: {source}", path = .path.display())]
    Files {
        /// What could not be made or opened.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Another process has it open.
    #[error(
        "the data directory is in use by another Platen (it holds the lock on {path}): stop that \
         process, or give this one another data directory",
        path = .path.display()
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// A program from before the schema began anew wrote it. Nothing of that was ever released.
    #[error(
        "the database {path} has the schema of an early Platen, which this program cannot read: give it an \
         empty data directory and import the print logs again, or go on with the program that wrote it",
        path = .path.display()
    )]
    SupersededSchema {
        /// The database file.
        path: PathBuf,
    },
    /// A newer program wrote it.
    #[error(
        "data directory was written by a newer Platen (schema {found}, this program knows \
         {known}): install the newer version or restore a backup"
    )]
    NewerSchema {
        /// The schema it has.
        found: u32,
        /// The newest schema this program knows.
        known: u32,
    },
    /// A migration that ran is not the one this program has under its number.
    #[error(
        "the data directory's schema step {version} ({name}) is not the one this program knows: \
         it was written by a changed Platen; use that version, or restore a backup"
    )]
    ChangedMigration {
        /// Number of the step.
        version: u32,
        /// Name it had when it ran.
        name: String,
    },
    /// The SQLite linked in can damage a database (WAL-reset bug of 3.7.0 to 3.51.2).
    #[error("this program was built with SQLite {found}; it needs {needed} or newer")]
    SqliteTooOld {
        /// What is linked in.
        found: &'static str,
        /// The oldest that is safe.
        needed: &'static str,
    },
    /// The database does not open or migrate.
    #[error("cannot open the database {path}: {source}; restore a backup if it is damaged", path = .path.display())]
    Database {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenError {
    /// What the engine said of the database at `path`.
    pub(crate) fn database(
        path: &Path,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Database {
            path: path.to_owned(),
            source: Box::new(source),
        }
    }
}
