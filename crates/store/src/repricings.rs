//! Pricing jobs that were taken in before their prices were set. Each write looks at a bounded number
//! of jobs and notes how far it came, so that a crash in between costs nothing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use platen_domain::clock::Timestamp;
use platen_domain::prices::{Micros, PriceBook};
use platen_domain::print_jobs::SourceKey;
use platen_domain::print_rows::PrinterNo;
use platen_domain::repricings::{RepricedJobs, Repricing, RepricingCounts};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::interned::Printer;
use crate::organization_no::OrganizationNo;
use crate::print_job_changes::JobChanges;
use crate::print_job_rows::Kept;
use crate::print_rows::JobPosition;
use crate::session::{Row, params};

/// A repricing that is about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRepricing {
    /// Which jobs.
    pub jobs: RepricedJobs,
    /// The instant that somebody named.
    pub asked_from: Timestamp,
    /// Jobs that ended from this instant on.
    pub from: Timestamp,
    /// And before this one.
    pub until: Timestamp,
    /// ISO 4217 code of what they cost, the same all the time.
    pub currency: String,
}

/// A job as far as a repricing looks at all of them.
struct Seen {
    completed_at: Timestamp,
    job_no: i64,
    has_cost: bool,
}

/// The columns of [`from_row`], by what follows FROM.
macro_rules! select_repricings {
    ($rest:literal) => {
        concat!(
            "SELECT repricing_no, jobs, from_at, until_at, currency, begun_at, ended_at, jobs_seen,
                    jobs_changed, jobs_unpriced, cost_before, cost_after, asked_from
             FROM repricings ",
            $rest
        )
    };
}

impl Reader<'_> {
    /// The oldest repricing that is not at its end.
    pub fn open_repricing(&self, scope: &Scope) -> Result<Option<Repricing>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = select_repricings!(
            "WHERE organization_no = ?1 AND ended_at IS NULL ORDER BY repricing_no LIMIT 1"
        );
        self.one(sql, params![organization_no], from_row)
    }

    fn repricing(
        &self,
        organization_no: OrganizationNo,
        number: u32,
    ) -> Result<Option<Repricing>, StoreError> {
        let sql = select_repricings!("WHERE organization_no = ?1 AND repricing_no = ?2");
        self.one(sql, params![organization_no, number], from_row)
    }

    /// The next jobs of a repricing, in the order of their end.
    fn next_to_reprice(
        &self,
        organization_no: OrganizationNo,
        repricing: &Repricing,
        most: u32,
    ) -> Result<Vec<Seen>, StoreError> {
        let sql = "SELECT j.completed_at, j.job_no, j.cost IS NOT NULL
                   FROM repricings r
                   JOIN print_jobs j ON j.organization_no = r.organization_no
                       AND (j.completed_at, j.job_no) > (r.position_at, r.position_job_no)
                       AND j.completed_at < r.until_at
                   WHERE r.organization_no = ?1 AND r.repricing_no = ?2
                   ORDER BY j.completed_at, j.job_no LIMIT ?3";
        self.all(
            sql,
            params![organization_no, repricing.number, most],
            |row| {
                Ok(Seen {
                    completed_at: columns::time(row, 0)?,
                    job_no: row.get(1)?,
                    has_cost: row.get(2)?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Begins repricings; nothing is priced yet.
    pub fn begin_repricings(
        &self,
        scope: &Scope,
        repricings: &[NewRepricing],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        for new in repricings {
            let sql = "INSERT INTO repricings (organization_no, repricing_no, jobs, from_at,
                           until_at, currency, begun_at, asked_from, position_at, position_job_no)
                       SELECT ?1, coalesce(max(repricing_no), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?3, 0
                       FROM repricings WHERE organization_no = ?1";
            self.execute(
                sql,
                params![
                    organization_no,
                    new.jobs.number(),
                    new.from.as_millis(),
                    new.until.as_millis(),
                    new.currency,
                    now.as_millis(),
                    new.asked_from.as_millis(),
                ],
            )?;
        }
        Ok(())
    }

    /// Prices the next jobs of a repricing, looking at `most` of them, and says how far it came.
    pub fn reprice_next(
        &self,
        scope: &Scope,
        number: u32,
        prices: &PriceBook,
        now: Timestamp,
        most: u32,
    ) -> Result<Repricing, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let found = self.repricing(organization_no, number)?;
        let repricing = found.ok_or(StoreError::NotFound("repricing"))?;
        let next = self.next_to_reprice(organization_no, &repricing, most)?;
        let times = next.iter().map(|seen| seen.completed_at);
        let mut step = Step {
            writer: self,
            organization_no,
            prices,
            now,
            printers: HashMap::new(),
            changes: JobChanges::begin(self, organization_no, times)?,
            counts: RepricingCounts::default(),
        };
        for seen in &next {
            if repricing.jobs == RepricedJobs::Every || !seen.has_cost {
                step.reprice(seen)?;
            }
        }
        let counts = repricing.counts.plus(step.counts);
        step.changes.finish()?;
        let is_end = u32::try_from(next.len()).is_ok_and(|count| count < most);
        let renewed = Repricing {
            ended_at: is_end.then_some(now),
            counts,
            ..repricing
        };
        self.note_repricing(organization_no, &renewed, next.last())?;
        Ok(renewed)
    }

    fn note_repricing(
        &self,
        organization_no: OrganizationNo,
        repricing: &Repricing,
        last: Option<&Seen>,
    ) -> Result<(), StoreError> {
        let counts = &repricing.counts;
        let sql = "UPDATE repricings SET ended_at = ?3, jobs_seen = ?4, jobs_changed = ?5,
                       jobs_unpriced = ?6, cost_before = ?7, cost_after = ?8,
                       position_at = coalesce(?9, position_at),
                       position_job_no = coalesce(?10, position_job_no)
                   WHERE organization_no = ?1 AND repricing_no = ?2";
        self.execute(
            sql,
            params![
                organization_no,
                repricing.number,
                columns::millis(repricing.ended_at),
                columns::count_form(counts.jobs),
                columns::count_form(counts.changed),
                columns::count_form(counts.without_cost),
                counts.before.0,
                counts.after.0,
                last.map(|seen| seen.completed_at.as_millis()),
                last.map(|seen| seen.job_no),
            ],
        )?;
        Ok(())
    }
}

/// One write's work.
struct Step<'w, 'a> {
    writer: &'w Writer<'a>,
    organization_no: OrganizationNo,
    prices: &'w PriceBook,
    now: Timestamp,
    printers: HashMap<PrinterNo, Printer>,
    changes: JobChanges<'w, 'a>,
    counts: RepricingCounts,
}

impl Step<'_, '_> {
    fn reprice(&mut self, seen: &Seen) -> Result<(), StoreError> {
        let place = (self.organization_no, seen.completed_at, seen.job_no);
        // A cost does not depend on the key.
        let key = SourceKey::new("", "");
        let kept = self.writer.kept_job(place, key)?;
        let kept = kept.ok_or(StoreError::NotFound("print job"))?;
        let (before, prices) = (kept.cost(), self.prices);
        let printer = self.printer(&kept)?;
        let after = prices.cost(&kept.record, printer.device, printer.model.as_deref());
        let (share, new_share) = (kept.share(), kept.share_at(after));
        let changed = before != after;
        self.counts = self.counts.plus(RepricingCounts {
            jobs: 1,
            changed: u64::from(changed),
            without_cost: u64::from(after.is_none()),
            before: Micros(share.1.cost),
            after: Micros(new_share.1.cost),
        });
        if !changed {
            return Ok(());
        }
        self.writer.keep_revision(place, &kept, self.now)?;
        self.writer
            .reprice_job_row(place, after, kept.revision + 1)?;
        // What an import made of the job is this now; taken back, the job is priced anew as well.
        let sql = "UPDATE import_revisions SET cost = NULL, price_version = NULL,
                       made_revision = CASE made_revision WHEN ?3 THEN ?3 + 1 ELSE made_revision END
                   WHERE organization_no = ?1 AND job_no = ?2";
        let revision = params![self.organization_no, seen.job_no, kept.revision];
        self.writer.execute(sql, revision)?;
        let job = JobPosition {
            completed_at: seen.completed_at,
            job_no: seen.job_no,
        };
        self.changes.revised(job, share, new_share)
    }

    fn printer(&mut self, kept: &Kept) -> Result<&Printer, StoreError> {
        match self.printers.entry(kept.printer_no) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                Ok(new.insert(self.writer.printer(self.organization_no, kept.printer_no)?))
            }
        }
    }
}

fn from_row(row: &Row<'_>) -> Result<Repricing, StoreError> {
    Ok(Repricing {
        number: row.get(0)?,
        asked_from: columns::time(row, 12)?,
        jobs: columns::numbered(row, 1, RepricedJobs::from_number)?,
        from: columns::time(row, 2)?,
        until: columns::time(row, 3)?,
        currency: row.get(4)?,
        begun_at: columns::time(row, 5)?,
        ended_at: columns::time_opt(row, 6)?,
        counts: RepricingCounts {
            jobs: columns::count(row, 7)?,
            changed: columns::count(row, 8)?,
            without_cost: columns::count(row, 9)?,
            before: Micros(row.get(10)?),
            after: Micros(row.get(11)?),
        },
    })
}
