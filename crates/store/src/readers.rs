//! Connections that read: a bounded number, each closure one short transaction.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::access::Reader;
use crate::connection;
use crate::error::StoreError;

/// The pool. Closures run on the runtime's blocking threads, since the disk may make them wait.
#[derive(Debug, Clone)]
pub(crate) struct Readers(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    database: PathBuf,
    permits: Arc<Semaphore>,
    size: u32,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn new(database: PathBuf, size: u32) -> Self {
        let permits = usize::try_from(size).unwrap_or(1).max(1);
        Self(Arc::new(Pool {
            database,
            permits: Arc::new(Semaphore::new(permits)),
            size: size.max(1),
            idle: Mutex::default(),
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
            None => connection::open_reader(&self.database)?,
        };
        let result = read(&connection, work);
        // A closure that panicked, or a transaction that does not end, takes its connection along.
        if connection.is_autocommit() {
            self.idle().push(connection);
        }
        result
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
    connection.prepare_cached("ROLLBACK")?.execute([])?;
    result
}
