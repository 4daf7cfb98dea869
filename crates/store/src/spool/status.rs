//! How a spool is doing, told without disturbing the collector that has it open.

use std::path::Path;

use platen_domain::clock::Timestamp;

use super::DATABASE_FILE;
use crate::columns;
use crate::error::{OpenError, StoreError};
use crate::session::{Session, params};
use crate::sqlite::connection;

/// Sources that are listed at most: every file of a directory is one.
const SOURCES_MAX: u32 = 1_000;

/// How a spool is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoolStatus {
    /// Which life of it.
    pub epoch: u64,
    /// Records that the server does not have.
    pub queued_records: u64,
    /// Their octets.
    pub queued_octets: u64,
    /// When the oldest of them was read.
    pub oldest_queued_at: Option<Timestamp>,
    /// Records that the server has.
    pub acknowledged_records: u64,
    /// When it last said so.
    pub last_acknowledged_at: Option<Timestamp>,
    /// Records that the server refused and that are kept.
    pub rejected_records: u64,
    /// Why it refused the last one.
    pub last_rejection: Option<String>,
    /// Holes in sources that were noticed.
    pub gaps: u64,
    /// Sources in the order of their names, the first thousand.
    pub sources: Vec<SourceRead>,
}

/// When a source last brought something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRead {
    /// Its name.
    pub source: String,
    /// When.
    pub read_at: Timestamp,
}

impl SpoolStatus {
    /// Of the spool in `directory`, whether a collector has it open or not; `None` where there
    /// is none.
    pub fn of(directory: &Path) -> Result<Option<Self>, OpenError> {
        let path = directory.join(DATABASE_FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let read = connection::open_reader(&path)
            .map_err(StoreError::from)
            .and_then(|mut connection| {
                let transaction = connection.transaction()?;
                read(&*transaction)
            });
        read.map(Some)
            .map_err(|error| OpenError::database(&path, error))
    }
}

fn read(session: &dyn Session) -> Result<SpoolStatus, StoreError> {
    let sql = "SELECT source, read_at FROM source_cursors ORDER BY source LIMIT ?1";
    let sources = session.all(sql, params![SOURCES_MAX], |row| {
        Ok(SourceRead {
            source: row.get(0)?,
            read_at: columns::time(row, 1)?,
        })
    })?;
    let sql = "SELECT epoch, queued_records, queued_octets,
                      (SELECT queued_at FROM queue ORDER BY record_no LIMIT 1),
                      acknowledged_records, last_acknowledged_at, rejected_records,
                      (SELECT reason FROM rejected ORDER BY rejected_no DESC LIMIT 1),
                      (SELECT count(*) FROM gaps)
               FROM spool";
    session.only(sql, params![], |row| {
        Ok(SpoolStatus {
            epoch: columns::count(row, 0)?,
            queued_records: columns::count(row, 1)?,
            queued_octets: columns::count(row, 2)?,
            oldest_queued_at: columns::time_opt(row, 3)?,
            acknowledged_records: columns::count(row, 4)?,
            last_acknowledged_at: columns::time_opt(row, 5)?,
            rejected_records: columns::count(row, 6)?,
            last_rejection: row.get(7)?,
            gaps: columns::count(row, 8)?,
            sources,
        })
    })
}
