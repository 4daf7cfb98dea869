//! Records that wait for this server's clock.

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::SourceKey;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::params;

/// Records of an organization that wait at most: some hours of a busy site whose server woke up
/// without a clock. What comes beyond them stays with who brought it.
pub const HELD_JOBS_MAX: u64 = 100_000;

/// A record that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldJob {
    /// The job's key.
    pub key: SourceKey,
    /// When it ended, by its source's clock.
    pub completed_at: Timestamp,
    /// Who printed.
    pub user: Option<String>,
    /// The record as the Ingest API takes it.
    pub record: Vec<u8>,
}

impl Reader<'_> {
    /// The next records that wait and ended before `before`, `limit` at most.
    pub fn held_jobs(
        &self,
        scope: &Scope,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<HeldJob>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT source, id, completed_at, user_name, record FROM print_jobs_held
                   WHERE organization_no = ?1 AND completed_at < ?2
                   ORDER BY completed_at, source, id LIMIT ?3";
        let bounds = params![organization_no, before.as_millis(), limit];
        self.all(sql, bounds, |row| {
            let (source, id): (String, String) = (row.get(0)?, row.get(1)?);
            Ok(HeldJob {
                key: SourceKey::new(source, id),
                completed_at: columns::time(row, 2)?,
                user: row.get(3)?,
                record: row.get(4)?,
            })
        })
    }

    /// How many records wait.
    pub fn held_job_count(&self, scope: &Scope) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT count(*) FROM print_jobs_held WHERE organization_no = ?1";
        let count = self.one(sql, params![organization_no], |row| columns::count(row, 0))?;
        Ok(count.unwrap_or(0))
    }
}

impl Writer<'_> {
    /// Lets records wait; one of the same job and time is replaced. Says how many of them, from
    /// the first on, there was room for.
    pub fn hold_jobs(
        &self,
        scope: &Scope,
        jobs: &[HeldJob],
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        if jobs.is_empty() {
            return Ok(0);
        }
        let organization_no = self.organization_no(scope)?;
        let room = HELD_JOBS_MAX.saturating_sub(self.held_job_count(scope)?);
        let room = usize::try_from(room).unwrap_or(usize::MAX).min(jobs.len());
        let sql = "INSERT INTO print_jobs_held
                       (organization_no, completed_at, source, id, user_name, record, held_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT DO UPDATE SET user_name = excluded.user_name,
                                             record = excluded.record";
        for job in jobs.iter().take(room) {
            self.execute(
                sql,
                params![
                    organization_no,
                    job.completed_at.as_millis(),
                    job.key.source,
                    job.key.id,
                    job.user,
                    job.record,
                    now.as_millis()
                ],
            )?;
        }
        Ok(room)
    }

    /// Forgets records that waited: they were taken in, or must not be kept.
    pub fn release_jobs(&self, scope: &Scope, jobs: &[HeldJob]) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "DELETE FROM print_jobs_held
                   WHERE organization_no = ?1 AND completed_at = ?2 AND source = ?3 AND id = ?4";
        for job in jobs {
            let (at, key) = (job.completed_at.as_millis(), &job.key);
            self.execute(sql, params![organization_no, at, key.source, key.id])?;
        }
        Ok(())
    }
}
