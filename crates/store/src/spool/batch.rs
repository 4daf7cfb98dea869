//! Batches on their way: formed once, sent as often as it takes, gone when acknowledged.

use std::ops::ControlFlow;

use platen_domain::clock::Timestamp;
use platen_domain::collectors::BatchId;
use platen_domain::ids::Ids;

use super::{Spool, SpoolError, draw_epoch};
use crate::columns;
use crate::session::{Session, params};

/// Records under their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpooledBatch {
    /// Its name.
    pub id: BatchId,
    /// The records in the order in which the server answers them.
    pub records: Vec<Vec<u8>>,
}

/// Which rows of the queue are on their way, and under which number.
struct Formed {
    sequence: u64,
    first: i64,
    last: i64,
}

impl Spool {
    /// The batch on its way or, where there is none, a new one of at most `records_max` records
    /// and `octets_max` octets, but one record in any case. `None` while nothing is queued.
    pub fn next_batch(
        &mut self,
        records_max: u32,
        octets_max: u64,
    ) -> Result<Option<SpooledBatch>, SpoolError> {
        if let Some(formed) = formed(self.engine.session()?)? {
            return self.read_batch(&formed).map(Some);
        }
        let rows = front(self.engine.session()?, records_max.max(1), octets_max)?;
        let Some((first, last)) = rows else {
            return Ok(None);
        };
        let formed = self.engine.transact(|session| {
            let sequence = take_sequence(session)?;
            session.execute(
                "INSERT INTO formed_batch (sequence, first_no, last_no) VALUES (?1, ?2, ?3)",
                params![columns::count_form(sequence), first, last],
            )?;
            Ok(Formed {
                sequence,
                first,
                last,
            })
        })?;
        self.read_batch(&formed).map(Some)
    }

    fn read_batch(&self, formed: &Formed) -> Result<SpooledBatch, SpoolError> {
        let session = self.engine.session()?;
        let epoch = session.only("SELECT epoch FROM spool", params![], |row| {
            columns::count(row, 0)
        })?;
        let sql = "SELECT record FROM queue WHERE record_no BETWEEN ?1 AND ?2 ORDER BY record_no";
        let rows = params![formed.first, formed.last];
        let records = session.all(sql, rows, |row| row.get(0))?;
        Ok(SpooledBatch {
            id: BatchId {
                epoch,
                sequence: formed.sequence,
            },
            records,
        })
    }

    /// Forgets the records of the batch on its way: the server has them. Those it `rejected`,
    /// by their place from 0, are kept aside with the reason.
    pub fn acknowledge(
        &mut self,
        sequence: u64,
        rejected: &[(usize, String)],
        now: Timestamp,
    ) -> Result<(), SpoolError> {
        self.engine.transact(|session| {
            let formed = the_formed(session, sequence)?;
            let mut octets = 0;
            for (place, reason) in rejected {
                octets += keep_aside(session, &formed, *place, reason, now)?;
            }
            remove(session, &formed, (rejected.len(), octets), now)
        })
    }

    /// Takes the batch on its way apart: its records are queued as before, and its number is not
    /// used again. For batches that the server finds too large.
    pub fn dissolve(&mut self, sequence: u64) -> Result<(), SpoolError> {
        self.engine.transact(|session| {
            the_formed(session, sequence)?;
            session.execute("DELETE FROM formed_batch", params![])?;
            Ok(())
        })
    }

    /// Begins a new life: batches count from 1 under another epoch, and what was on its way is
    /// queued as before. For spools that were restored or copied.
    pub fn begin_epoch(&mut self, ids: &dyn Ids) -> Result<(), SpoolError> {
        let epoch = draw_epoch(ids);
        self.engine.transact(|session| {
            session.execute("DELETE FROM formed_batch", params![])?;
            let sql = "UPDATE spool SET epoch = ?1, next_sequence = 1";
            session.execute(sql, params![epoch])?;
            Ok(())
        })
    }
}

fn formed(session: &dyn Session) -> Result<Option<Formed>, SpoolError> {
    let sql = "SELECT sequence, first_no, last_no FROM formed_batch";
    Ok(session.one(sql, params![], |row| {
        Ok(Formed {
            sequence: columns::count(row, 0)?,
            first: row.get(1)?,
            last: row.get(2)?,
        })
    })?)
}

fn the_formed(session: &dyn Session, sequence: u64) -> Result<Formed, SpoolError> {
    let formed = formed(session)?.filter(|formed| formed.sequence == sequence);
    formed.ok_or(SpoolError::OtherBatch(sequence))
}

/// The first and last of the oldest rows that make one batch.
fn front(
    session: &dyn Session,
    records_max: u32,
    octets_max: u64,
) -> Result<Option<(i64, i64)>, SpoolError> {
    let sql = "SELECT record_no, length(record) FROM queue ORDER BY record_no LIMIT ?1";
    let mut found = None;
    let mut octets: u64 = 0;
    session.visit(sql, params![records_max], &mut |row| {
        let number: i64 = row.get(0)?;
        octets = octets.saturating_add(columns::count(row, 1)?);
        found = match found {
            None => Some((number, number)),
            Some(_) if octets > octets_max => return Ok(ControlFlow::Break(())),
            Some((first, _)) => Some((first, number)),
        };
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

fn take_sequence(session: &dyn Session) -> Result<u64, SpoolError> {
    let sql = "UPDATE spool SET next_sequence = next_sequence + 1 RETURNING next_sequence - 1";
    Ok(session.only(sql, params![], |row| columns::count(row, 0))?)
}

fn keep_aside(
    session: &dyn Session,
    formed: &Formed,
    place: usize,
    reason: &str,
    now: Timestamp,
) -> Result<i64, SpoolError> {
    let sql = "INSERT INTO rejected (record, reason, rejected_at)
               SELECT record, ?3, ?4 FROM queue WHERE record_no BETWEEN ?1 AND ?2
               ORDER BY record_no LIMIT 1 OFFSET ?5
               RETURNING length(record)";
    let place = i64::try_from(place).unwrap_or(i64::MAX);
    let kept = params![formed.first, formed.last, reason, now.as_millis(), place];
    let octets = session.one(sql, kept, |row| row.get(0))?;
    Ok(octets.unwrap_or(0))
}

fn remove(
    session: &dyn Session,
    formed: &Formed,
    (rejected, rejected_octets): (usize, i64),
    now: Timestamp,
) -> Result<(), SpoolError> {
    let rows = params![formed.first, formed.last];
    let sql = "SELECT count(*), coalesce(sum(length(record)), 0) FROM queue
               WHERE record_no BETWEEN ?1 AND ?2";
    let (records, octets): (i64, i64) =
        session.only(sql, rows, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sql = "DELETE FROM queue WHERE record_no BETWEEN ?1 AND ?2";
    session.execute(sql, rows)?;
    session.execute("DELETE FROM formed_batch", params![])?;
    let rejected = i64::try_from(rejected).unwrap_or(i64::MAX);
    session.execute(
        "UPDATE spool SET queued_records = queued_records - ?1,
                          queued_octets = queued_octets - ?2,
                          acknowledged_records = acknowledged_records + ?1 - ?3,
                          rejected_records = rejected_records + ?3,
                          rejected_octets = rejected_octets + ?5,
                          last_acknowledged_at = ?4",
        params![records, octets, rejected, now.as_millis(), rejected_octets],
    )?;
    Ok(())
}
