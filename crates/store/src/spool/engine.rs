//! The spool's connection: one transaction at a time, each on disk when it returns.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use platen_domain::clock::Timestamp;
use rusqlite::hooks::Wal;
use rusqlite::{Connection, TransactionBehavior};

use super::{DATABASE_FILE, SpoolError};
use crate::error::{EngineErrorKind, OpenError, StoreError};
use crate::session::Session;
use crate::sqlite::connection;
use crate::sqlite::group::Verdict;
use crate::sqlite::lock::DirectoryLock;
use crate::sqlite::migrations::{self, SPOOL_MIGRATIONS};

/// Length of the write-ahead log in pages from which it is written back to the database.
const CHECKPOINT_PAGES: i32 = 1_000;

/// The connection, and whether it can still be believed.
pub(super) struct Engine {
    connection: Connection,
    log_pages: Arc<AtomicI32>,
    fenced: bool,
    _lock: DirectoryLock,
}

impl Engine {
    pub(super) fn open(directory: &Path, now: Timestamp) -> Result<Self, OpenError> {
        connection::check_sqlite()?;
        let path = directory.join(DATABASE_FILE);
        connection::prepare_files(directory, &path)?;
        let lock = DirectoryLock::take(directory)?;
        let failed = |source| OpenError::database(&path, source);
        let mut connection = connection::open_writer(&path).map_err(failed)?;
        migrations::run(&mut connection, SPOOL_MIGRATIONS, now)
            .map_err(|failure| failure.into_open_error(&path))?;
        let log_pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&log_pages);
        let hook = move |_: &mut Wal, pages| {
            seen.store(pages, Ordering::Relaxed);
            Ok(())
        };
        connection.wal_hook(Some(hook)).map_err(failed)?;
        Ok(Self {
            connection,
            log_pages,
            fenced: false,
            _lock: lock,
        })
    }

    /// For reading.
    pub(super) fn session(&self) -> Result<&dyn Session, SpoolError> {
        if self.fenced {
            return Err(SpoolError::Fenced);
        }
        Ok(&self.connection)
    }

    /// Runs `work` in a transaction. Either all of it is on disk or none; after a failure that
    /// leaves this open nothing more is done.
    pub(super) fn transact<T>(
        &mut self,
        work: impl FnOnce(&dyn Session) -> Result<T, SpoolError>,
    ) -> Result<T, SpoolError> {
        if self.fenced {
            return Err(SpoolError::Fenced);
        }
        let done = self.attempt(work);
        if let Err(error) = &done
            && leaves_doubt(error)
        {
            let reason = error as &dyn std::error::Error;
            tracing::error!(reason, "the spool stops: a write failed");
            self.fenced = true;
            return Err(SpoolError::Fenced);
        }
        if done.is_ok() && self.log_pages.load(Ordering::Relaxed) >= CHECKPOINT_PAGES {
            self.checkpoint()?;
        }
        done
    }

    fn attempt<T>(
        &mut self,
        work: impl FnOnce(&dyn Session) -> Result<T, SpoolError>,
    ) -> Result<T, SpoolError> {
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior);
        let transaction = transaction.map_err(StoreError::from)?;
        let value = work(&*transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    /// Writes the log back. One that finds no space is tried again after the next commit; one
    /// that meets an I/O error must not be repeated.
    fn checkpoint(&mut self) -> Result<(), SpoolError> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let Err(error) = self.connection.query_row(sql, [], |_| Ok(())) else {
            return Ok(());
        };
        if Verdict::of(&error) == Verdict::Fenced {
            tracing::error!(%error, "the spool stops: its log could not be written back");
            self.fenced = true;
            return Err(SpoolError::Fenced);
        }
        Ok(())
    }

    pub(super) fn close(mut self) -> Result<(), SpoolError> {
        if self.fenced {
            return Err(SpoolError::Fenced);
        }
        self.checkpoint()
    }
}

/// Whether an error says nothing about what the disk holds. Refusals of the spool itself, and a
/// full disk, leave nothing behind.
fn leaves_doubt(error: &SpoolError) -> bool {
    match error {
        SpoolError::Store(StoreError::Database(cause)) => cause.kind() != EngineErrorKind::Busy,
        SpoolError::Store(StoreError::Unreadable(_)) | SpoolError::Fenced => true,
        _ => false,
    }
}
