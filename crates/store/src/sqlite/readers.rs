//! Connections that read: a bounded number, each closure one short transaction.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::access::Reader;
use crate::error::{EngineErrorKind, StoreError};
use crate::sqlite::gate::Gate;

/// Steps of a statement's program between two looks at the gate: some ten microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 1_000;
use crate::sqlite::connection;

/// The pool. Closures run on the runtime's blocking threads, since the disk may make them wait.
#[derive(Debug, Clone)]
pub(crate) struct Readers(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    database: PathBuf,
    permits: Arc<Semaphore>,
    size: u32,
    idle: Mutex<Vec<Connection>>,
    gate: Arc<Gate>,
}

impl Readers {
    /// `gate` is the one at which the writer waits for read transactions to end.
    pub(crate) fn new(database: PathBuf, size: u32, gate: Arc<Gate>) -> Self {
        let permits = usize::try_from(size).unwrap_or(1).max(1);
        Self(Arc::new(Pool {
            database,
            permits: Arc::new(Semaphore::new(permits)),
            size: size.max(1),
            idle: Mutex::default(),
            gate,
        }))
    }

    /// Runs `work` on a connection of the pool, waiting for one when all are in use.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let permits = Arc::clone(&self.0.permits);
        let permit = permits.acquire_owned().await;
        let permit = permit.map_err(|_closed| StoreError::Closed)?;
        let pool = Arc::clone(&self.0);
        let task = tokio::task::spawn_blocking(move || {
            let result = pool.with_connection(work);
            drop(permit);
            result
        });
        task.await.unwrap_or(Err(StoreError::Panicked))
    }

    /// Waits for running closures and closes every connection.
    pub(crate) async fn close(&self) {
        // Fails only when the pool is closed already.
        let all = self.0.permits.acquire_many(self.0.size).await;
        self.0.permits.close();
        drop(all);
        self.drop_idle();
    }

    pub(crate) fn drop_idle(&self) {
        self.0.idle().clear();
    }
}

impl Pool {
    fn with_connection<T>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        let inside = self.gate.enter();
        let result = read(&connection, work);
        drop(inside);
        // A closure that panicked, or a transaction that does not end, takes its connection along.
        if connection.is_autocommit() {
            self.idle().push(connection);
        }
        result
    }

    /// Opens a connection whose statements end when the gate says so.
    fn open(&self) -> rusqlite::Result<Connection> {
        let mut connection = connection::open_reader(&self.database)?;
        let gate = Arc::clone(&self.gate);
        connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || gate.must_leave()))?;
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One read transaction: `work` sees one state of the store.
fn read<T>(
    connection: &Connection,
    work: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let result = work(&Reader::new(connection));
    // An I/O error ends the transaction by itself: what `work` met is the error to tell.
    if connection.is_autocommit() {
        return result.map_err(told_to_end);
    }
    let ended = connection.prepare_cached("ROLLBACK")?.execute([]);
    let value = result.map_err(told_to_end)?;
    ended?;
    Ok(value)
}

/// A read that had to end for the sake of the log can be tried again.
fn told_to_end(error: StoreError) -> StoreError {
    match error {
        StoreError::Database(cause) if cause.kind() == EngineErrorKind::Interrupted => {
            StoreError::Busy
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
