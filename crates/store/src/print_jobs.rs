//! Print jobs: taken in once each, whatever is sent twice, and revised by better news.

use platen_domain::clock::Timestamp;
use platen_domain::prices::PriceBook;
use platen_domain::print_jobs::PrintRecord;
use platen_domain::print_months::MonthNo;
use platen_domain::scope::Scope;
use platen_domain::source_job_ids::is_line_id;

use crate::access::Writer;
use crate::columns;
use crate::digest::digest;
use crate::error::StoreError;
use crate::import_marks::ImportMarks;
use crate::job_ids::JobId;
use crate::organization_no::OrganizationNo;
use crate::print_job_changes::JobChanges;
use crate::print_job_rows::JobRow;
use crate::print_rows::JobPosition;
use crate::session::params;

/// A record with the month it belongs to in the organization's time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedRecord {
    /// The record.
    pub record: PrintRecord,
    /// Its month.
    pub month: MonthNo,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobOutcome {
    /// A job that was not known.
    Accepted,
    /// A known job, of which this says something new.
    Revised,
    /// A known job, of which this says nothing new.
    Duplicate,
}

/// One call's work: what all its records share, and what is written at its end.
struct Intake<'w, 'a> {
    writer: &'w Writer<'a>,
    organization_no: OrganizationNo,
    prices: &'w PriceBook,
    received_at: Timestamp,
    next_job_no: i64,
    /// Whether something of people is not kept as it comes.
    hides_people: bool,
    /// Whether a program may have charged a job before its record comes.
    has_accounts: bool,
    marks: ImportMarks<'w, 'a>,
    changes: JobChanges<'w, 'a>,
}

/// Where a known job stands.
struct Known {
    job_no: i64,
    completed_at: Timestamp,
    content: i64,
}

impl Writer<'_> {
    /// Takes records in and says for each what became of it, in their order. A key that is known
    /// makes no second job: what is new in the record revises the first one, what is not changes
    /// nothing. Monthly sums change along; a sealed block that a job falls into is unsealed.
    pub fn record_print_jobs(
        &self,
        scope: &Scope,
        records: &[PlacedRecord],
        prices: &PriceBook,
        received_at: Timestamp,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        self.take_in_print_jobs(scope, None, records, prices, received_at)
    }

    /// The same with records of an import, which can be taken back.
    pub fn record_imported_print_jobs(
        &self,
        scope: &Scope,
        import: u32,
        records: &[PlacedRecord],
        prices: &PriceBook,
        received_at: Timestamp,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        self.take_in_print_jobs(scope, Some(import), records, prices, received_at)
    }

    fn take_in_print_jobs(
        &self,
        scope: &Scope,
        import: Option<u32>,
        records: &[PlacedRecord],
        prices: &PriceBook,
        received_at: Timestamp,
    ) -> Result<Vec<JobOutcome>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let times = records.iter().map(|placed| placed.record.completed_at);
        let next_job_no = self.next_job_no(organization_no)?;
        let mut intake = Intake {
            writer: self,
            organization_no,
            prices,
            received_at,
            next_job_no,
            hides_people: self
                .privacy(scope)?
                .is_some_and(|(policy, _)| policy.hides_people()),
            has_accounts: self.has_accounts(scope)?,
            marks: ImportMarks::begin(self, organization_no, import, next_job_no),
            changes: JobChanges::begin(self, organization_no, times)?,
        };
        let mut outcomes = Vec::with_capacity(records.len());
        for placed in records {
            outcomes.push(intake.take_in(placed)?);
        }
        intake.finish()?;
        Ok(outcomes)
    }

    fn next_job_no(&self, organization_no: OrganizationNo) -> Result<i64, StoreError> {
        let sql = "SELECT next_job_no FROM counters WHERE organization_no = ?1";
        let next = self.one(sql, params![organization_no], |row| row.get(0))?;
        next.ok_or(StoreError::NotFound("organization"))
    }

    /// Marks that the organization's print reports read differently after this commit.
    pub(crate) fn print_changed(&self, organization_no: OrganizationNo) -> Result<(), StoreError> {
        let sql = "UPDATE counters SET print_version = print_version + 1
                   WHERE organization_no = ?1";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }
}

impl Intake<'_, '_> {
    fn take_in(&mut self, placed: &PlacedRecord) -> Result<JobOutcome, StoreError> {
        let record = &placed.record;
        let source_no = self
            .writer
            .intern_source(self.organization_no, &record.key.source)?;
        let content = digest(record);
        let id = JobId::of(&record.key);
        let inserted = self.writer.execute(
            "INSERT INTO print_job_keys (organization_no, source_no, job_id, job_no,
                                         completed_at, content)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (organization_no, source_no, job_id) DO NOTHING",
            params![
                self.organization_no,
                source_no,
                id,
                self.next_job_no,
                record.completed_at.as_millis(),
                content
            ],
        )?;
        if inserted == 1 {
            self.insert(placed, source_no)?;
            return Ok(JobOutcome::Accepted);
        }
        let known = self.known(source_no, &id)?;
        if known.content == content {
            self.marks.met(known.job_no)?;
            return Ok(JobOutcome::Duplicate);
        }
        self.revise(source_no, &id, &known, record, content)
    }

    fn insert(&mut self, placed: &PlacedRecord, source_no: i64) -> Result<(), StoreError> {
        let job = self.row(&placed.record, placed.month, source_no, 0)?;
        let id = &placed.record.key.id;
        let is_shown = !(self.hides_people && is_line_id(id));
        let charged_by = self.has_accounts.then_some(source_no);
        self.writer
            .insert_job_row(&job, self.next_job_no, is_shown, charged_by)?;
        let place = JobPosition {
            completed_at: placed.record.completed_at,
            job_no: self.next_job_no,
        };
        self.next_job_no += 1;
        self.changes.added(place, job.share())
    }

    /// The row of a record: its texts as numbers, its cost.
    fn row<'r>(
        &self,
        record: &'r PrintRecord,
        month: MonthNo,
        source_no: i64,
        revision: u32,
    ) -> Result<JobRow<'r>, StoreError> {
        let printer = self
            .writer
            .intern_printer(self.organization_no, source_no, record)?;
        let cost = self
            .prices
            .cost(record, printer.device, printer.model.as_deref());
        JobRow::new(
            self.writer,
            self.organization_no,
            record,
            month,
            &printer,
            cost,
            self.received_at,
            revision,
        )
    }

    fn known(&self, source_no: i64, id: &JobId<'_>) -> Result<Known, StoreError> {
        let sql = "SELECT job_no, completed_at, content FROM print_job_keys
                   WHERE organization_no = ?1 AND source_no = ?2 AND job_id = ?3";
        let key = params![self.organization_no, source_no, id];
        let found = self.writer.one(sql, key, |row| {
            Ok(Known {
                job_no: row.get(0)?,
                completed_at: columns::time(row, 1)?,
                content: row.get(2)?,
            })
        })?;
        found.ok_or(StoreError::NotFound("print job"))
    }

    fn revise(
        &mut self,
        source_no: i64,
        id: &JobId<'_>,
        known: &Known,
        news: &PrintRecord,
        content: i64,
    ) -> Result<JobOutcome, StoreError> {
        let place = (self.organization_no, known.completed_at, known.job_no);
        let found = self.writer.kept_job(place, news.key.clone())?;
        let kept = found.ok_or(StoreError::NotFound("print job"))?;
        let Some(revised) = kept.record.revised_by(news) else {
            self.marks.met(known.job_no)?;
            return Ok(JobOutcome::Duplicate);
        };
        self.marks.revises(place, source_no, id)?;
        self.writer.keep_revision(place, &kept, self.received_at)?;
        let job = self.row(&revised, kept.month, source_no, kept.revision + 1)?;
        self.writer.update_job_row(&job, known.job_no)?;
        self.writer.execute(
            "UPDATE print_job_keys SET content = ?4
             WHERE organization_no = ?1 AND source_no = ?2 AND job_id = ?3",
            params![self.organization_no, source_no, id, content],
        )?;
        let place = JobPosition {
            completed_at: known.completed_at,
            job_no: known.job_no,
        };
        self.changes.revised(place, kept.share(), job.share())?;
        Ok(JobOutcome::Revised)
    }

    fn finish(self) -> Result<(), StoreError> {
        self.marks.finish(self.next_job_no)?;
        let Some(changed_from) = self.changes.finish()? else {
            return Ok(());
        };
        self.writer.execute(
            "UPDATE counters
             SET next_job_no = ?2, titled_from = CASE WHEN titled_from > ?3 THEN ?3 ELSE titled_from END
             WHERE organization_no = ?1",
            params![
                self.organization_no,
                self.next_job_no,
                changed_from.as_millis()
            ],
        )?;
        Ok(())
    }
}
