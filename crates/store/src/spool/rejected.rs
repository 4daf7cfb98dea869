//! Records that the server refused: kept until they are sent again or taken out.

use platen_domain::clock::Timestamp;
use rusqlite::params;

use super::{Spool, SpoolError};
use crate::columns;

impl Spool {
    /// Queues every record that the server refused behind what waits, to be judged again, and
    /// says how many. For when the server has learnt what they say, or its clock is right.
    pub fn retry_rejected(&mut self, now: Timestamp) -> Result<u64, SpoolError> {
        self.engine.transact(|transaction| {
            let queued = transaction.execute(
                "INSERT INTO queue (record, queued_at)
                 SELECT record, ?1 FROM rejected ORDER BY rejected_no",
                params![now.as_millis()],
            )?;
            transaction.execute("DELETE FROM rejected", [])?;
            transaction.execute(
                "UPDATE spool SET queued_records = queued_records + rejected_records,
                                  queued_octets = queued_octets + rejected_octets,
                                  rejected_records = 0, rejected_octets = 0",
                [],
            )?;
            Ok(queued as u64)
        })
    }

    /// The next records that the server refused, behind the one with number `after` (0 for the
    /// first), `limit` at most: number, record, and why it was refused.
    pub fn rejected(
        &self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, Vec<u8>, String)>, SpoolError> {
        let sql = "SELECT rejected_no, record, reason FROM rejected
                   WHERE rejected_no > ?1 ORDER BY rejected_no LIMIT ?2";
        let mut statement = self.engine.connection()?.prepare_cached(sql)?;
        let rows = statement.query_map(params![after, limit], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets the records that the server refused up to this number: somebody has them.
    pub fn forget_rejected(&mut self, up_to: i64) -> Result<(), SpoolError> {
        self.engine.transact(|transaction| {
            let sql = "SELECT count(*), coalesce(sum(length(record)), 0) FROM rejected
                       WHERE rejected_no <= ?1";
            let (records, octets) = transaction.query_row(sql, [up_to], |row| {
                Ok((columns::count(row, 0)?, columns::count(row, 1)?))
            })?;
            transaction.execute("DELETE FROM rejected WHERE rejected_no <= ?1", [up_to])?;
            transaction.execute(
                "UPDATE spool SET rejected_records = rejected_records - ?1,
                                  rejected_octets = rejected_octets - ?2",
                params![columns::count_form(records), columns::count_form(octets)],
            )?;
            Ok(())
        })
    }
}
