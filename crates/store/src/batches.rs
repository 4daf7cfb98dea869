//! Batches that collectors pushed: which names were used, and for what.

use platen_domain::clock::Timestamp;
use platen_domain::collectors::BatchId;
use platen_domain::ids::CollectorId;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::params;

/// Batches forgotten by one call, so that no clearing away keeps other writes waiting long.
pub const FORGET_BATCHES_MAX: u32 = 1_000;

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
        collector: CollectorId,
        batch: BatchId,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        let sql = "SELECT content FROM batches
                   WHERE collector_id = ?1 AND epoch = ?2 AND sequence = ?3";
        let (epoch, sequence) = form(batch);
        self.one(sql, params![collector.as_bytes(), epoch, sequence], |row| {
            row.get(0)
        })
    }
}

impl Writer<'_> {
    /// Notes a batch under its name, and says whether the name was used before. `content` is the
    /// SHA-256 of its records as sent, before any content coding. A name keeps what it was first
    /// used for. Unscoped: the collector's credential was just shown.
    pub fn note_batch(
        &self,
        collector: CollectorId,
        batch: BatchId,
        content: &[u8; 32],
        now: Timestamp,
    ) -> Result<BatchSeen, StoreError> {
        if let Some(known) = self.batch_content(collector, batch)? {
            return Ok(if known == *content {
                BatchSeen::Same
            } else {
                BatchSeen::Different
            });
        }
        let sql = "INSERT INTO batches (collector_id, epoch, sequence, content, received_at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let (epoch, sequence) = form(batch);
        self.execute(
            sql,
            params![
                collector.as_bytes(),
                epoch,
                sequence,
                content,
                now.as_millis()
            ],
        )?;
        Ok(BatchSeen::New)
    }

    /// Forgets batches received before `before`, the oldest first and at most
    /// [`FORGET_BATCHES_MAX`] of them, and returns how many there were. A forgotten name counts
    /// as new.
    pub fn forget_batches(&self, before: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM batches WHERE (collector_id, epoch, sequence) IN (
                       SELECT collector_id, epoch, sequence FROM batches
                       WHERE received_at < ?1 ORDER BY received_at LIMIT ?2)";
        self.execute(sql, params![before.as_millis(), FORGET_BATCHES_MAX])
    }
}

/// Epoch and sequence in the store's form.
const fn form(batch: BatchId) -> (i64, i64) {
    (
        columns::count_form(batch.epoch),
        columns::count_form(batch.sequence),
    )
}
