//! What taking records in notes for imports: which jobs an import brought, what those were that it
//! revised, and of which of both another source has said something since. A record that comes by
//! another way and makes a new job costs nothing here.

use std::cell::OnceCell;

use crate::access::{Reader, Writer};
use crate::error::StoreError;
use crate::job_ids::JobId;
use crate::organization_no::OrganizationNo;
use crate::print_job_rows::Place;
use crate::session::params;

/// The numbers of jobs that an import brought: from the first until before the second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    from: i64,
    until: i64,
    import: u32,
}

/// What one write of records notes.
pub(crate) struct ImportMarks<'w, 'a> {
    writer: &'w Writer<'a>,
    organization_no: OrganizationNo,
    /// The import that the records are of; `None` where they come by another way.
    import: Option<u32>,
    /// The number of the first job that this write makes.
    first_job_no: i64,
    /// Looked up when the first known job is met.
    taken_in: OnceCell<TakenIn>,
}

/// What imports have taken in that were not taken back.
struct TakenIn {
    /// In their order.
    ranges: Vec<Range>,
    /// Whether one of them revised any known job.
    revised_any: bool,
}

impl<'w, 'a> ImportMarks<'w, 'a> {
    pub(crate) const fn begin(
        writer: &'w Writer<'a>,
        organization_no: OrganizationNo,
        import: Option<u32>,
        first_job_no: i64,
    ) -> Self {
        Self {
            writer,
            organization_no,
            import,
            first_job_no,
            taken_in: OnceCell::new(),
        }
    }

    /// A known job is met again.
    pub(crate) fn met(&self, job_no: i64) -> Result<(), StoreError> {
        if self.import.is_some() {
            return Ok(());
        }
        let taken_in = self.taken_in()?;
        let is_marked = taken_in.brought_by(job_no).is_some()
            || (taken_in.revised_any && self.was_revised(job_no)?);
        if is_marked {
            let sql = "INSERT INTO import_shared (organization_no, job_no) VALUES (?1, ?2)
                       ON CONFLICT DO NOTHING";
            self.writer
                .execute(sql, params![self.organization_no, job_no])?;
        }
        Ok(())
    }

    /// A known job is about to be revised: what it is now is kept, where an import revises a job
    /// that it did not bring.
    pub(crate) fn revises(
        &self,
        (organization_no, completed_at, job_no): Place,
        source_no: i64,
        id: &JobId<'_>,
    ) -> Result<(), StoreError> {
        let Some(import) = self.import else {
            return self.met(job_no);
        };
        let brought_by = self.taken_in()?.brought_by(job_no);
        if job_no >= self.first_job_no || brought_by == Some(import) {
            return Ok(());
        }
        // Revised twice by one import, a job is taken back to what it was before the first time.
        let sql = "INSERT INTO import_revisions (organization_no, import_no, job_no, completed_at,
                       source_no, job_id, made_revision, content, revision, printer_no, user_no,
                       account_no, client_no, application_no, media_no, document, submitted_at,
                       state, color_mode, sides, pages, copies, impressions, color_impressions,
                       sheets, sheets_quality, evidence, flags, bytes, cost, price_version,
                       charge_id, account_named, charge_account_no, charge_user_no, claimed,
                       refunded, charge_state, problems)
                   SELECT j.organization_no, ?4, j.job_no, j.completed_at, k.source_no, k.job_id,
                       j.revision + 1, k.content, j.revision, j.printer_no, j.user_no,
                       j.account_no, j.client_no, j.application_no, j.media_no, j.document,
                       j.submitted_at, j.state, j.color_mode, j.sides, j.pages, j.copies,
                       j.impressions, j.color_impressions, j.sheets, j.sheets_quality, j.evidence,
                       j.flags, j.bytes, j.cost, j.price_version, c.charge_id, c.account_named,
                       c.account_no, c.user_no, c.claimed, c.refunded, c.state, c.problems
                   FROM print_jobs j
                   JOIN print_job_keys k ON k.organization_no = ?1 AND k.source_no = ?5
                       AND k.job_id = ?6
                   LEFT JOIN charges c ON c.organization_no = ?1 AND c.source_no = ?5
                       AND c.job_id = ?6
                   WHERE j.organization_no = ?1 AND j.completed_at = ?2 AND j.job_no = ?3
                   ON CONFLICT (organization_no, import_no, job_no)
                       DO UPDATE SET made_revision = excluded.made_revision";
        self.writer.execute(
            sql,
            params![
                organization_no,
                completed_at.as_millis(),
                job_no,
                import,
                source_no,
                id
            ],
        )?;
        Ok(())
    }

    /// Notes the jobs that this write made, up to before `next_job_no`.
    pub(crate) fn finish(&self, next_job_no: i64) -> Result<(), StoreError> {
        let Some(import) = self.import.filter(|_| next_job_no > self.first_job_no) else {
            return Ok(());
        };
        // One range as long as nobody else brings jobs in between.
        let sql = "UPDATE import_ranges SET until_job_no = ?4
                   WHERE organization_no = ?1 AND import_no = ?2 AND until_job_no = ?3";
        let range = params![self.organization_no, import, self.first_job_no, next_job_no];
        if self.writer.execute(sql, range)? == 0 {
            let sql = "INSERT INTO import_ranges (organization_no, import_no, from_job_no,
                           until_job_no) VALUES (?1, ?2, ?3, ?4)";
            self.writer.execute(sql, range)?;
        }
        Ok(())
    }

    fn taken_in(&self) -> Result<&TakenIn, StoreError> {
        if let Some(known) = self.taken_in.get() {
            return Ok(known);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM import_revisions WHERE organization_no = ?1)";
        let revised_any = self
            .writer
            .one(sql, params![self.organization_no], |row| row.get(0))?;
        let found = TakenIn {
            ranges: self.writer.import_ranges(self.organization_no, None)?,
            revised_any: revised_any.unwrap_or(false),
        };
        Ok(self.taken_in.get_or_init(|| found))
    }

    fn was_revised(&self, job_no: i64) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM import_revisions
                                  WHERE organization_no = ?1 AND job_no = ?2)";
        let place = params![self.organization_no, job_no];
        let revised = self.writer.one(sql, place, |row| row.get(0))?;
        Ok(revised.unwrap_or(false))
    }
}

impl TakenIn {
    fn brought_by(&self, job_no: i64) -> Option<u32> {
        brought_by(&self.ranges, job_no)
    }
}

/// The import that brought a job, by ranges in their order.
pub(crate) fn brought_by(ranges: &[Range], job_no: i64) -> Option<u32> {
    let behind = ranges.partition_point(|range| range.from <= job_no);
    let range = ranges.get(behind.checked_sub(1)?)?;
    (job_no < range.until).then_some(range.import)
}

impl Reader<'_> {
    /// What an import brought, or all of them, in the order of the jobs' numbers.
    pub(crate) fn import_ranges(
        &self,
        organization_no: OrganizationNo,
        import: Option<u32>,
    ) -> Result<Vec<Range>, StoreError> {
        let sql = "SELECT from_job_no, until_job_no, import_no FROM import_ranges
                   WHERE organization_no = ?1 AND (?2 IS NULL OR import_no = ?2)
                   ORDER BY from_job_no";
        self.all(sql, params![organization_no, import], |row| {
            Ok(Range {
                from: row.get(0)?,
                until: row.get(1)?,
                import: row.get(2)?,
            })
        })
    }
}
