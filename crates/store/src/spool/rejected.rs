//! Records that the server refused: kept until they are sent again or taken out.

use platen_domain::clock::Timestamp;

use super::{Spool, SpoolError};
use crate::columns;
use crate::session::params;

impl Spool {
    /// Queues every record that the server refused behind what waits, to be judged again, and
    /// says how many. For when the server has learnt what they say, or its clock is right.
    pub fn retry_rejected(&mut self, now: Timestamp) -> Result<u64, SpoolError> {
        self.engine.transact(|session| {
            let queued = session.execute(
                "INSERT INTO queue (record, queued_at)
                 SELECT record, ?1 FROM rejected ORDER BY rejected_no",
                params![now.as_millis()],
            )?;
            session.execute("DELETE FROM rejected", params![])?;
            session.execute(
                "UPDATE spool SET queued_records = queued_records + rejected_records,
                                  queued_octets = queued_octets + rejected_octets,
                                  rejected_records = 0, rejected_octets = 0",
                params![],
            )?;
            Ok(queued)
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
        let session = self.engine.session()?;
        Ok(session.all(sql, params![after, limit], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?)
    }

    /// Forgets the records that the server refused up to this number: somebody has them.
    pub fn forget_rejected(&mut self, up_to: i64) -> Result<(), SpoolError> {
        self.engine.transact(|session| {
            let sql = "SELECT count(*), coalesce(sum(length(record)), 0) FROM rejected
                       WHERE rejected_no <= ?1";
            let (records, octets) = session.only(sql, params![up_to], |row| {
                Ok((columns::count(row, 0)?, columns::count(row, 1)?))
            })?;
            session.execute(
                "DELETE FROM rejected WHERE rejected_no <= ?1",
                params![up_to],
            )?;
            session.execute(
                "UPDATE spool SET rejected_records = rejected_records - ?1,
                                  rejected_octets = rejected_octets - ?2",
                params![columns::count_form(records), columns::count_form(octets)],
            )?;
            Ok(())
        })
    }
}
