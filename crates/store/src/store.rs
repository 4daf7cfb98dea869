//! The store: opening, closing, and the two ways in.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use platen_domain::clock::Timestamp;

use crate::access::{Reader, Writer};
use crate::block_files::BlockFiles;
use crate::error::{OpenError, StoreError};
use crate::sqlite::checkpoints::LogLengths;
use crate::sqlite::connection;
use crate::sqlite::gate::Gate;
use crate::sqlite::group::{Commit, Engine, commit};
use crate::sqlite::lock::DirectoryLock;
use crate::sqlite::migrations::{self, MIGRATIONS};
use crate::sqlite::queue::Queue;
use crate::sqlite::readers::Readers;
use crate::sqlite::writer::{self, Change, FenceSign};

/// How a store is opened.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// When; noted beside migrations that run.
    pub now: Timestamp,
    /// Connections that read at the same time at most.
    pub readers: u32,
    /// Writes that may wait for the writer; the next caller waits for room. A few commits' worth:
    /// more would only make answers late.
    pub write_queue: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            now: Timestamp::from_millis(0),
            readers: 4,
            write_queue: 2_048,
        }
    }
}

/// How the store is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Why nothing is acknowledged any more; `None` while all is well.
    pub fenced: Option<String>,
    /// Writes that wait for the writer.
    pub writes_waiting: usize,
    /// How many may wait.
    pub write_queue: usize,
    /// Number of the schema.
    pub schema: u32,
    /// Version of SQLite.
    pub engine: &'static str,
    /// The database file.
    pub database: PathBuf,
}

/// An open data directory. Cheap to clone; the last clone to go closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    database: PathBuf,
    blocks: BlockFiles,
    schema: u32,
    write_queue: usize,
    sign: Arc<FenceSign>,
    readers: Readers,
    /// Gone once the store is closed.
    queue: Mutex<Option<Queue>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Store {
    /// Opens the store in `directory`; creates it where there is none, migrates it where it is
    /// older than this program. One process at a time.
    pub fn open(directory: &Path, options: StoreOptions) -> Result<Self, OpenError> {
        Self::open_with(directory, options, commit)
    }

    fn open_with(
        directory: &Path,
        options: StoreOptions,
        commit: Commit,
    ) -> Result<Self, OpenError> {
        connection::check_sqlite()?;
        let database = connection::database_path(directory);
        connection::prepare_files(directory, &database)?;
        let lock = DirectoryLock::take(directory)?;
        let failed = |source| OpenError::database(&database, source);
        let mut connection = connection::open_writer(&database).map_err(failed)?;
        let schema = migrations::run(&mut connection, MIGRATIONS, options.now)
            .map_err(|failure| failure.into_open_error(&database))?;
        let gate = Arc::new(Gate::default());
        let engine = Engine::new(connection, Arc::clone(&gate), LogLengths::default(), commit);
        let engine = engine.map_err(failed)?;
        let sign = Arc::new(FenceSign::new());
        let write_queue = options.write_queue.max(1);
        let (queue, thread) =
            writer::start(engine, lock, Arc::clone(&sign), write_queue).map_err(|source| {
                OpenError::Files {
                    path: directory.to_owned(),
                    source,
                }
            })?;
        Ok(Self(Arc::new(Inner {
            readers: Readers::new(database.clone(), options.readers, gate),
            database,
            blocks: BlockFiles::within(directory),
            schema,
            write_queue,
            sign,
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
        })))
    }

    /// Runs `work` in one short read transaction on a blocking thread. Keep it short: collect
    /// and return, and never wait for a client in it.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.0.readers.run(work).await
    }

    /// Runs `work` on the writer and answers once its changes are on disk. It may run more than
    /// once, each time from the same state of the store, so it touches nothing outside. Either all of them
    /// are kept or, when this returns an error, none; only [`StoreError::Fenced`] leaves that
    /// open. The work belongs to no organization ([`Store::of`] is for what does). Waits while the
    /// queue is full. A caller that stops waiting does not stop the write.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Writer<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.of_server().write(work).await
    }

    /// As [`Store::write`], for work that may decide in the end to have done nothing: what comes
    /// back as [`Change::Undo`] leaves no trace, whatever was written before it.
    pub async fn change<T, U, F>(&self, work: F) -> Result<Change<T, U>, StoreError>
    where
        T: Send + 'static,
        U: Send + 'static,
        F: Fn(&Writer<'_>) -> Result<Change<T, U>, StoreError> + Send + 'static,
    {
        self.of_server().change(work).await
    }

    /// As [`Store::write`], with [`StoreError::Busy`] at once when the queue is full.
    pub async fn try_write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Writer<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.of_server().try_write(work).await
    }

    pub(crate) fn queue(&self) -> Result<Queue, StoreError> {
        self.0.queue()
    }

    /// The files that sealed print jobs are read from.
    pub fn blocks(&self) -> &BlockFiles {
        &self.0.blocks
    }

    /// How the store is doing; never touches the disk.
    pub fn health(&self) -> Health {
        Health {
            fenced: self.0.sign.reason().map(str::to_owned),
            writes_waiting: self.0.lock_queue().as_ref().map_or(0, Queue::waiting),
            write_queue: self.0.write_queue,
            schema: self.0.schema,
            engine: crate::sqlite::version(),
            database: self.0.database.clone(),
        }
    }

    /// Resolves when a commit has failed in a way that leaves doubt about the disk. From then on
    /// every write answers [`StoreError::Fenced`]; the process must say so and exit.
    pub async fn fenced(&self) {
        self.0.sign.wait().await;
    }

    /// Finishes what is queued, writes the log back, closes the files and gives up the lock.
    /// Later calls answer [`StoreError::Closed`].
    pub async fn close(&self) {
        self.0.lock_queue().take();
        self.0.readers.close().await;
        let thread = self.0.lock_thread().take();
        if let Some(thread) = thread {
            // A writer that panicked has nothing left to close.
            drop(tokio::task::spawn_blocking(move || thread.join()).await);
        }
    }
}

impl Inner {
    fn queue(&self) -> Result<Queue, StoreError> {
        if self.sign.is_raised() {
            return Err(StoreError::Fenced);
        }
        self.lock_queue().clone().ok_or(StoreError::Closed)
    }

    fn lock_queue(&self) -> MutexGuard<'_, Option<Queue>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_thread(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    /// As `close`, for a store that was not closed: the lock must be free when this returns.
    fn drop(&mut self) {
        self.lock_queue().take();
        self.readers.drop_idle();
        let Some(thread) = self.lock_thread().take() else {
            return;
        };
        // The last clone may go within a closure on the writer itself, which cannot join itself.
        if thread.thread().id() != thread::current().id() {
            drop(thread.join());
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.0.database).finish()
    }
}

#[cfg(test)]
mod tests;
