//! Batches that collectors pushed: which names were used, and for what.

use platen_domain::clock::Timestamp;
use platen_domain::collectors::BatchId;
use platen_domain::ids::CollectorId;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::params;

/// What is known of a batch's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BatchSeen {
    /// It was not used before.
    New,
    /// It was used for the same records: a retry.
    Same,
    /// It was used for other records: the collector is broken, or two share a credential.
    Different,
}

impl Reader<'_> {
    fn batch_content(
        &self,
        organization_no: OrganizationNo,
        collector: CollectorId,
        batch: BatchId,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        let sql = "SELECT content FROM batches
                   WHERE organization_no = ?1 AND collector_id = ?2 AND epoch = ?3
                     AND sequence = ?4";
        let (epoch, sequence) = form(batch);
        let key = params![organization_no, collector.as_bytes(), epoch, sequence];
        self.one(sql, key, |row| row.get(0))
    }
}

impl Writer<'_> {
    /// Notes a batch under its name, and says whether the name was used before. `content` is the
    /// SHA-256 of its records as sent, before any content coding. A name keeps what it was first
    /// used for.
    pub fn note_batch(
        &self,
        scope: &Scope,
        collector: CollectorId,
        batch: BatchId,
        content: &[u8; 32],
        now: Timestamp,
    ) -> Result<BatchSeen, StoreError> {
        let organization_no = self.organization_no(scope)?;
        if let Some(known) = self.batch_content(organization_no, collector, batch)? {
            return Ok(if known == *content {
                BatchSeen::Same
            } else {
                BatchSeen::Different
            });
        }
        let sql = "INSERT INTO batches (organization_no, collector_id, epoch, sequence, content,
                       received_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let (epoch, sequence) = form(batch);
        self.execute(
            sql,
            params![
                organization_no,
                collector.as_bytes(),
                epoch,
                sequence,
                content,
                now.as_millis()
            ],
        )?;
        Ok(BatchSeen::New)
    }

    /// Forgets batches received before `before`, the oldest first and `most` at most, and returns
    /// how many there were. A forgotten name counts as new.
    pub fn forget_batches(
        &self,
        scope: &Scope,
        before: Timestamp,
        most: u32,
    ) -> Result<u64, StoreError> {
        let sql = "DELETE FROM batches
                   WHERE organization_no = ?1 AND (collector_id, epoch, sequence) IN (
                       SELECT collector_id, epoch, sequence FROM batches
                       WHERE organization_no = ?1 AND received_at < ?2
                       ORDER BY received_at LIMIT ?3)";
        let organization_no = self.organization_no(scope)?;
        self.execute(sql, params![organization_no, before.as_millis(), most])
    }
}

/// Epoch and sequence in the store's form.
const fn form(batch: BatchId) -> (i64, i64) {
    (
        columns::count_form(batch.epoch),
        columns::count_form(batch.sequence),
    )
}
