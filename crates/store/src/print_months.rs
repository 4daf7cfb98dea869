//! Monthly print data: sums kept beside the jobs, in the same transaction.

use std::collections::HashMap;

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::JobFunction;
use platen_domain::print_months::{FIGURES, MonthCounts, MonthNo};
use platen_domain::print_rows::{PrinterNo, WordNo};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::print_rows::JobStretch;
use crate::session::{Row, ToValue, params};

/// Which sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MonthKey {
    /// Of which month.
    pub month: MonthNo,
    /// Of whom; `None` where the jobs name nobody.
    pub user: Option<WordNo>,
    /// On which printer: the first of those with the same device behind.
    pub printer: PrinterNo,
    /// Of what.
    pub function: JobFunction,
}

/// One row of monthly print data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthRow {
    /// Which sums.
    pub key: MonthKey,
    /// The sums.
    pub counts: MonthCounts,
}

/// What a batch of jobs changes in the sums, before it is written.
#[derive(Debug, Default)]
pub(crate) struct MonthChanges {
    sums: HashMap<MonthKey, MonthCounts>,
    lowered: Vec<MonthKey>,
}

impl MonthChanges {
    pub(crate) fn add(&mut self, key: MonthKey, counts: MonthCounts) {
        let sums = self.sums.entry(key).or_default();
        *sums = sums.plus(counts);
    }

    pub(crate) fn take_away(&mut self, key: MonthKey, counts: MonthCounts) {
        let sums = self.sums.entry(key).or_default();
        *sums = sums.minus(counts);
        self.lowered.push(key);
    }
}

/// The sums of `print_months`, in the order of [`MonthCounts::to_array`].
macro_rules! sums {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            "jobs, copies, impressions, mono_impressions, color_impressions, mono_requested,
             color_requested, duplex_impressions, sheets, cost, jobs_color_counted,
             jobs_without_copies, jobs_without_impressions, jobs_without_color,
             jobs_without_sides, jobs_without_sheets, jobs_without_cost",
            $after
        )
    };
}

const ADD: &str = sums!(
    "INSERT INTO print_months (organization_no, month, user_no, printer_no, function, ",
    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
             ?19, ?20, ?21, ?22)
     ON CONFLICT (organization_no, month, user_no, printer_no, function) DO UPDATE SET
         jobs = jobs + excluded.jobs,
         copies = copies + excluded.copies,
         impressions = impressions + excluded.impressions,
         mono_impressions = mono_impressions + excluded.mono_impressions,
         color_impressions = color_impressions + excluded.color_impressions,
         mono_requested = mono_requested + excluded.mono_requested,
         color_requested = color_requested + excluded.color_requested,
         duplex_impressions = duplex_impressions + excluded.duplex_impressions,
         sheets = sheets + excluded.sheets,
         cost = cost + excluded.cost,
         jobs_color_counted = jobs_color_counted + excluded.jobs_color_counted,
         jobs_without_copies = jobs_without_copies + excluded.jobs_without_copies,
         jobs_without_impressions = jobs_without_impressions + excluded.jobs_without_impressions,
         jobs_without_color = jobs_without_color + excluded.jobs_without_color,
         jobs_without_sides = jobs_without_sides + excluded.jobs_without_sides,
         jobs_without_sheets = jobs_without_sheets + excluded.jobs_without_sheets,
         jobs_without_cost = jobs_without_cost + excluded.jobs_without_cost"
);

impl Reader<'_> {
    /// The rows of some months behind `after` in the order of their keys, `limit` at most.
    pub fn print_months(
        &self,
        scope: &Scope,
        months: (MonthNo, MonthNo),
        after: Option<MonthKey>,
        limit: u32,
    ) -> Result<Vec<MonthRow>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = sums!(
            "SELECT month, user_no, printer_no, function, ",
            " FROM print_months
             WHERE organization_no = ?1 AND month <= ?2
               AND (month, user_no, printer_no, function) > (?3, ?4, ?5, ?6)
             ORDER BY month, user_no, printer_no, function LIMIT ?7"
        );
        let (from, to) = months;
        let (month, user, printer, function) = after.map_or((i64::from(from), -1, -1, -1), |key| {
            let user = i64::from(key.user.unwrap_or(0));
            let function = i64::from(key.function.number());
            (i64::from(key.month), user, i64::from(key.printer), function)
        });
        let bounds = params![organization_no, to, month, user, printer, function, limit];
        self.all(sql, bounds, from_row)
    }

    /// What the sums would be if they were made from the jobs now: the oracle of tests. Jobs from
    /// `from` until before `until` count as one month, numbered `month`.
    pub fn recomputed_month(
        &self,
        scope: &Scope,
        month: MonthNo,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<MonthRow>, StoreError> {
        let whole = JobStretch::new(from, until);
        let (rows, _end) = self.month_part(scope, month, whole, u32::MAX)?;
        Ok(rows)
    }

    /// The sums of the next `limit` jobs of a stretch, in the order of their keys, as if all of
    /// them were of the month numbered `month`; and where the stretch goes on. Sums of a key come
    /// in several parts: the caller adds them up, between reads that are short.
    pub fn month_part(
        &self,
        scope: &Scope,
        month: MonthNo,
        stretch: JobStretch,
        limit: u32,
    ) -> Result<(Vec<MonthRow>, Option<JobStretch>), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let mut sums: HashMap<MonthKey, MonthCounts> = HashMap::new();
        let goes_on = self.each_job_sum(organization_no, stretch, limit, |job, counts| {
            let key = MonthKey {
                month,
                user: job.user,
                printer: job.sums_under,
                function: job.function,
            };
            let sum = sums.entry(key).or_default();
            *sum = sum.plus(counts);
        })?;
        let mut rows: Vec<MonthRow> = sums
            .into_iter()
            .map(|(key, counts)| MonthRow { key, counts })
            .filter(|row| row.counts != MonthCounts::default())
            .collect();
        rows.sort_unstable_by_key(|row| row.key);
        Ok((rows, goes_on))
    }
}

impl Writer<'_> {
    /// Writes what a batch changes.
    pub(crate) fn change_months(
        &self,
        organization_no: OrganizationNo,
        changes: MonthChanges,
    ) -> Result<(), StoreError> {
        for (key, counts) in changes.sums {
            if counts != MonthCounts::default() {
                self.add_to_month(organization_no, key, counts)?;
            }
        }
        for key in changes.lowered {
            self.execute(
                "DELETE FROM print_months
                 WHERE organization_no = ?1 AND month = ?2 AND user_no = ?3 AND printer_no = ?4
                   AND function = ?5 AND jobs = 0",
                params![
                    organization_no,
                    key.month,
                    key.user.unwrap_or(0),
                    key.printer,
                    key.function.number()
                ],
            )?;
        }
        Ok(())
    }

    fn add_to_month(
        &self,
        organization_no: OrganizationNo,
        key: MonthKey,
        counts: MonthCounts,
    ) -> Result<(), StoreError> {
        let place = [
            organization_no.into(),
            i64::from(key.month),
            i64::from(key.user.unwrap_or(0)),
            i64::from(key.printer),
            i64::from(key.function.number()),
        ];
        let values = place.into_iter().chain(counts.to_array());
        let values: Vec<i64> = values.collect();
        let values: Vec<&dyn ToValue> = values.iter().map(|value| value as _).collect();
        self.execute(ADD, &values)?;
        Ok(())
    }

    /// Moves the sums of one printer to another.
    pub(crate) fn move_months(
        &self,
        organization_no: OrganizationNo,
        from: PrinterNo,
        to: PrinterNo,
    ) -> Result<(), StoreError> {
        if from == to {
            return Ok(());
        }
        let sql = sums!(
            "SELECT month, user_no, printer_no, function, ",
            " FROM print_months WHERE organization_no = ?1 AND printer_no = ?2"
        );
        let rows = self.all(sql, params![organization_no, from], from_row)?;
        for MonthRow { key, counts } in rows {
            let key = MonthKey { printer: to, ..key };
            self.add_to_month(organization_no, key, counts)?;
        }
        let sql = "DELETE FROM print_months WHERE organization_no = ?1 AND printer_no = ?2";
        self.execute(sql, params![organization_no, from])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<MonthRow, StoreError> {
    let user: WordNo = row.get(1)?;
    let mut counts = [0; FIGURES];
    for (column, count) in (4..).zip(&mut counts) {
        *count = row.get(column)?;
    }
    Ok(MonthRow {
        key: MonthKey {
            month: row.get(0)?,
            user: Some(user).filter(|user| *user != 0),
            printer: row.get(2)?,
            function: crate::columns::numbered(row, 3, JobFunction::from_number)?,
        },
        counts: MonthCounts::from_array(counts),
    })
}
