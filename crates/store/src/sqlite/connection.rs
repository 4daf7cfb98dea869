//! Connections to the database file, set up the one way that keeps promises.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::OpenError;

const DATABASE_FILE: &str = "platen.db";

/// SQLite 3.7.0 to 3.51.2 could damage a WAL database that two connections write or checkpoint
/// at once; 3.51.3 does not (sqlite.org, release log).
const SQLITE_NEEDED: (i32, &str) = (3_051_003, "3.51.3");

/// How long a connection waits for a lock of another one. With one writer it only happens while
/// a log is recovered or reset.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Length in bytes to which the write-ahead log is cut when it is reset.
const JOURNAL_SIZE_LIMIT: i64 = 64 * 1024 * 1024;

/// Page cache of a connection in KiB.
const CACHE_KIB: i64 = 16 * 1024;

/// Prepared statements a connection keeps: more than the crate has.
const STATEMENTS: usize = 320;

/// The database file of a data directory.
pub(crate) fn database_path(directory: &Path) -> PathBuf {
    directory.join(DATABASE_FILE)
}

/// Refuses a SQLite that can damage the database.
pub(crate) fn check_sqlite() -> Result<(), OpenError> {
    let (needed, text) = SQLITE_NEEDED;
    if rusqlite::version_number() < needed {
        let found = rusqlite::version();
        return Err(OpenError::SqliteTooOld {
            found,
            needed: text,
        });
    }
    Ok(())
}

/// Makes the directory (0700) and the empty file of the database within it (0600) where they do not exist. SQLite
/// gives its log the mode of the database file.
pub(crate) fn prepare_files(directory: &Path, database: &Path) -> Result<(), OpenError> {
    let failed = |path: PathBuf| move |source: io::Error| OpenError::Files { path, source };
    make_private_directory(directory).map_err(failed(directory.to_owned()))?;
    make_private_file(database).map_err(failed(database.to_owned()))?;
    sync_directory(directory).map_err(failed(directory.to_owned()))
}

/// Makes the directory's own entry and those in it survive a power cut: SQLite promises only
/// what is in its files.
#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    fs::File::open(directory)?.sync_all()?;
    match directory.canonicalize()?.parent() {
        // A parent that only others may read was not made here.
        Some(parent) => fs::File::open(parent).map_or(Ok(()), |parent| parent.sync_all()),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync_directory(_directory: &Path) -> io::Result<()> {
    Ok(())
}

fn make_private_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

fn make_private_file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The one connection that writes and checkpoints.
pub(crate) fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", JOURNAL_SIZE_LIMIT)?;
    // A failed checkpoint inside COMMIT would go unnoticed: the writer runs its own.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

/// A connection that only reads. It is opened for writing because a reader of a WAL database
/// updates the shared index; `query_only` refuses everything else.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

fn open(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection stays on one thread at a time, so SQLite need not lock it.
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Plans that never depend on bound values: otherwise SQLite prepares a statement anew
    // whenever its parameters are cleared, which costs more than most statements themselves.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The writer writes the log back before it closes. After a failed write it must not: the
    // next start does, from what the disk really holds.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}
