//! Group commit: many closures, one transaction, one write to disk.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use rusqlite::ffi::ErrorCode;
use rusqlite::hooks::Wal;
use rusqlite::{Connection, params};

use crate::access::{ChangedFleets, Writer};
use crate::error::{EngineErrorKind, StoreError};
use crate::interned::Interned;
use crate::sqlite::checkpoints::{Checkpoints, Due, LogLengths, PATIENCE};
use crate::sqlite::connection::BUSY_TIMEOUT;
use crate::sqlite::gate::Gate;

/// Closures that share one commit at most: bounds what one answer waits for.
const GROUP_JOBS: usize = 512;

/// How long a group takes in what is queued. A lone closure never waits: the group closes as
/// soon as the queue is empty.
const GROUP_WINDOW: Duration = Duration::from_millis(20);

/// A closure on its way through the writer.
pub(crate) trait Job: Send {
    /// Does the work within the open transaction.
    fn run(&mut self, writer: &Writer<'_>) -> Ran;
    /// Whether it may run in one transaction with others. One that is large has its own.
    fn shares_transaction(&self) -> bool;
    /// Answers the caller.
    fn finish(self: Box<Self>, verdict: Verdict);
}

/// How a closure ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    /// Keep its changes.
    Kept,
    /// It failed or panicked: undo its changes.
    Failed,
    /// It failed because the engine did, for which the whole group answers.
    Broken(Verdict),
}

/// What became of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// On disk.
    Committed,
    /// Not kept: no space.
    DiskFull,
    /// Not kept: another process holds the database.
    Busy,
    /// Unknown, or after something unknown: no answer may say "stored".
    Fenced,
}

impl Verdict {
    /// The error that callers get, unless all is well.
    pub(crate) const fn error(self) -> Option<StoreError> {
        match self {
            Self::Committed => None,
            Self::DiskFull => Some(StoreError::DiskFull),
            Self::Busy => Some(StoreError::Busy),
            Self::Fenced => Some(StoreError::Fenced),
        }
    }

    /// What a failure of the transaction itself means. SQLite reports a full disk before
    /// anything is lost; whatever else fails leaves doubt about what the disk holds (a second
    /// fsync after a failed one may falsely succeed).
    pub(crate) fn of(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Fenced,
        }
    }

    /// What an error that a closure got means for the group.
    pub(crate) fn of_job(error: &StoreError) -> Option<Self> {
        match error {
            StoreError::DiskFull => Some(Self::DiskFull),
            StoreError::Database(cause) if cause.kind() == EngineErrorKind::Broken => {
                Some(Self::Fenced)
            }
            _ => None,
        }
    }
}

/// Why the store is fenced: for the log and the health answer.
#[derive(Debug)]
pub(crate) struct Fence(pub(crate) String);

/// The writing connection and what a group needs of it.
pub(crate) struct Engine {
    connection: Connection,
    /// Pages in the write-ahead log after the last commit.
    log_pages: Arc<AtomicI32>,
    checkpoints: RefCell<Checkpoints>,
    gate: Arc<Gate>,
    commit: Commit,
    interned: Interned,
}

/// How a transaction is committed; tests put a failing disk here.
pub(crate) type Commit = fn(&Connection) -> rusqlite::Result<()>;

/// Commits, and returns when the disk has it.
pub(crate) fn commit(connection: &Connection) -> rusqlite::Result<()> {
    run_cached(connection, "COMMIT")
}

impl Engine {
    /// `gate` is the one that the readers of the same database pass.
    pub(crate) fn new(
        mut connection: Connection,
        gate: Arc<Gate>,
        lengths: LogLengths,
        commit: Commit,
    ) -> rusqlite::Result<Self> {
        let log_pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&log_pages);
        connection.wal_hook(Some(move |_: &mut Wal, pages| {
            seen.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self {
            connection,
            log_pages,
            checkpoints: RefCell::new(Checkpoints::new(lengths)),
            gate,
            commit,
            interned: Interned::default(),
        })
    }

    /// Runs `first` and what `next` has ready in one transaction, commits, answers them all. One
    /// that shares no transaction runs alone.
    pub(crate) fn run_group(
        &self,
        first: Box<dyn Job>,
        next: impl FnMut() -> Option<Box<dyn Job>>,
    ) -> Result<(), Fence> {
        let mut jobs = Vec::new();
        let outcome = if first.shares_transaction() {
            self.transact(first, next, &mut jobs)
        } else {
            self.transact_alone(first, &mut jobs)
        };
        let verdict = outcome
            .as_ref()
            .map_or_else(Failure::verdict, |()| Verdict::Committed);
        for job in jobs {
            job.finish(verdict);
        }
        match outcome {
            Err(failure) if verdict == Verdict::Fenced => Err(Fence(failure.text)),
            Err(failure) => {
                tracing::warn!(reason = %failure.text, "writes were refused");
                Ok(())
            }
            Ok(()) => self.checkpoint_when_long(),
        }
    }

    /// As far as the commit. Every job taken ends up in `jobs`, whatever happens.
    fn transact(
        &self,
        first: Box<dyn Job>,
        mut next: impl FnMut() -> Option<Box<dyn Job>>,
        jobs: &mut Vec<Box<dyn Job>>,
    ) -> Result<(), Failure> {
        let begun = Instant::now();
        let changed_fleets = ChangedFleets::default();
        let writer = Writer::new(&self.connection, &changed_fleets, &self.interned);
        let mut job = first;
        if let Err(failure) = self.begin() {
            jobs.push(job);
            return Err(failure);
        }
        loop {
            let ran = self.run_job(&mut *job, &writer);
            jobs.push(job);
            if let Err(failure) = ran {
                return Err(self.roll_back(failure));
            }
            if jobs.len() >= GROUP_JOBS || begun.elapsed() >= GROUP_WINDOW {
                break;
            }
            match next() {
                Some(another) => job = another,
                None => break,
            }
        }
        self.end(&changed_fleets)
    }

    /// The same for a large unit of work, alone and without a savepoint around it: the statement
    /// journal of an open savepoint is walked from its start by each one within, which takes time
    /// by the square of the unit's size. What undoes it is the end of the transaction.
    fn transact_alone(
        &self,
        mut job: Box<dyn Job>,
        jobs: &mut Vec<Box<dyn Job>>,
    ) -> Result<(), Failure> {
        let changed_fleets = ChangedFleets::default();
        let writer = Writer::new(&self.connection, &changed_fleets, &self.interned);
        let begun = self.begin();
        let ran = begun.map(|()| job.run(&writer));
        jobs.push(job);
        match ran? {
            Ran::Kept => self.end(&changed_fleets),
            Ran::Failed if self.connection.is_autocommit() => Err(self.roll_back(Failure::lost())),
            Ran::Failed => {
                self.interned.clear();
                run_cached(&self.connection, "ROLLBACK")
                    .map_err(|error| Failure::engine("roll back", &error).in_doubt())
            }
            Ran::Broken(verdict) => Err(self.roll_back(Failure::broken(verdict))),
        }
    }

    fn begin(&self) -> Result<(), Failure> {
        run_cached(&self.connection, "BEGIN IMMEDIATE")
            .map_err(|error| Failure::engine("begin", &error))
    }

    /// Commits, or undoes all.
    fn end(&self, changed_fleets: &ChangedFleets) -> Result<(), Failure> {
        self.raise_fleet_versions(changed_fleets)
            .and_then(|()| (self.commit)(&self.connection))
            .map_err(|error| self.roll_back(Failure::engine("commit", &error)))
    }

    /// Runs one closure in its savepoint, so that its failure undoes it alone.
    fn run_job(&self, job: &mut dyn Job, writer: &Writer<'_>) -> Result<(), Failure> {
        let step = |sql| {
            run_cached(&self.connection, sql).map_err(|error| Failure::engine("savepoint", &error))
        };
        step("SAVEPOINT job")?;
        match job.run(writer) {
            Ran::Kept => step("RELEASE job"),
            Ran::Failed if self.connection.is_autocommit() => Err(Failure::lost()),
            Ran::Failed => {
                self.interned.clear();
                step("ROLLBACK TO job")?;
                step("RELEASE job")
            }
            Ran::Broken(verdict) => Err(Failure::broken(verdict)),
        }
    }

    fn raise_fleet_versions(&self, changed: &ChangedFleets) -> rusqlite::Result<()> {
        let sql =
            "UPDATE counters SET fleet_version = fleet_version + 1 WHERE organization_no = ?1";
        for organization_no in changed.take() {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.execute(params![i64::from(organization_no)])?;
        }
        Ok(())
    }

    /// Ends a failed transaction, if SQLite has not done so. What cannot even be rolled back is
    /// in doubt.
    fn roll_back(&self, failure: Failure) -> Failure {
        self.interned.clear();
        if self.connection.is_autocommit() {
            return failure;
        }
        match run_cached(&self.connection, "ROLLBACK") {
            Ok(()) => failure,
            Err(error) => Failure {
                verdict: Verdict::Fenced,
                text: format!("{}; roll back: {error}", failure.text),
            },
        }
    }

    /// Writes the log back where it is long, and begins it anew where no reader is in the way.
    fn checkpoint_when_long(&self) -> Result<(), Fence> {
        let pages = self.log_pages.load(Ordering::Relaxed);
        let due = self.checkpoints.borrow_mut().due(pages);
        if due == Due::Nothing {
            return Ok(());
        }
        // Most of it is written back before anybody has to wait.
        let _whole = self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)")?;
        let begun_anew = match due {
            Due::Nothing | Due::WriteBack => None,
            Due::Restart => self.gate.alone(PATIENCE, || self.begin_log_anew()),
            Due::RestartByForce => self.gate.alone_by_force(PATIENCE, || self.begin_log_anew()),
        };
        begun_anew.unwrap_or(Ok(()))
    }

    /// Has the next transaction write to the beginning of the log. A reader of another process
    /// is no reason to wait, so this does not.
    fn begin_log_anew(&self) -> Result<(), Fence> {
        let patient = |timeout| {
            let set = self.connection.busy_timeout(timeout);
            set.map_err(|error| Fence(format!("busy timeout: {error}")))
        };
        patient(Duration::ZERO)?;
        let restarted = self.checkpoint("PRAGMA wal_checkpoint(RESTART)");
        patient(BUSY_TIMEOUT)?;
        if restarted? {
            self.checkpoints.borrow_mut().begun_anew();
            self.log_pages.store(0, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Writes the whole log back, at the end.
    pub(crate) fn close(self) -> Result<(), Fence> {
        self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)").map(drop)
    }

    /// Whether nobody was in the way of a checkpoint. One that finds no space or a reader in its
    /// way is tried again after a later commit; the log keeps what it did not write back. One that
    /// meets an I/O error must not be repeated: the log would be dropped although the database
    /// file may lack its pages.
    fn checkpoint(&self, sql: &str) -> Result<bool, Fence> {
        let done = self.connection.prepare_cached(sql).and_then(|mut pragma| {
            // The first column: whether it was kept from going to the end.
            pragma.query_row([], |row| row.get::<_, bool>(0))
        });
        match done {
            Ok(kept_from_it) => Ok(!kept_from_it),
            Err(error) if Verdict::of(&error) == Verdict::Fenced => {
                Err(Fence(format!("checkpoint: {error}")))
            }
            Err(error) => {
                tracing::warn!(%error, "the write-ahead log could not be written back yet");
                Ok(false)
            }
        }
    }
}

/// Why a group was not committed.
struct Failure {
    verdict: Verdict,
    text: String,
}

impl Failure {
    fn engine(step: &str, error: &rusqlite::Error) -> Self {
        Self {
            verdict: Verdict::of(error),
            text: format!("{step}: {error}"),
        }
    }

    /// A statement of a closure failed because the engine did.
    fn broken(verdict: Verdict) -> Self {
        Self {
            verdict,
            text: "a statement met an I/O error or a full disk".to_owned(),
        }
    }

    /// What could not be rolled back: whatever stopped it, the disk is not known.
    fn in_doubt(self) -> Self {
        Self {
            verdict: Verdict::Fenced,
            ..self
        }
    }

    /// The transaction ended under a closure for a reason it did not pass on.
    fn lost() -> Self {
        Self {
            verdict: Verdict::Fenced,
            text: "the transaction ended unexpectedly".to_owned(),
        }
    }

    const fn verdict(&self) -> Verdict {
        self.verdict
    }
}

/// Runs a statement to its end, rows or not.
fn run_cached(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests;
