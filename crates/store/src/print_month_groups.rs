//! Monthly sums by another thing than user and printer: summed up from the jobs when asked for.

use std::collections::BTreeMap;

use platen_domain::print_jobs::JobFunction;
use platen_domain::print_months::{Grouping, MonthCounts, MonthNo};
use platen_domain::print_rows::{AccountNo, PrinterNo, WordNo};
use platen_domain::scope::Scope;

use crate::access::Reader;
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::print_rows::JobStretch;
use crate::session::params;

/// The sums of one group in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthGroup {
    /// Of which month.
    pub month: MonthNo,
    /// The group: the code of the account that is charged, else an account as jobs name it; or a
    /// department with its levels, outermost first. Empty where none is known.
    pub name: Vec<String>,
    /// Of what.
    pub function: JobFunction,
    /// The sums.
    pub counts: MonthCounts,
}

/// What jobs are summed up under before names are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum GroupNo {
    None,
    Charged(AccountNo),
    Named(WordNo),
    Printer(PrinterNo),
}

impl Reader<'_> {
    /// The sums of the next `limit` jobs of a stretch, as if all of them were of the month numbered
    /// `month`, by `grouping` and function, in the order of the groups' names; and where the
    /// stretch goes on. Sums of a group come in several parts.
    pub fn month_groups(
        &self,
        scope: &Scope,
        grouping: Grouping,
        month: MonthNo,
        stretch: JobStretch,
        limit: u32,
    ) -> Result<(Vec<MonthGroup>, Option<JobStretch>), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let mut by_number: BTreeMap<(GroupNo, u8), (JobFunction, MonthCounts)> = BTreeMap::new();
        let goes_on = self.each_job_sum(organization_no, stretch, limit, |job, counts| {
            let number = match grouping {
                Grouping::Account => match (job.charged, job.account) {
                    (Some(account), _) => GroupNo::Charged(account),
                    (None, Some(word)) => GroupNo::Named(word),
                    (None, None) => GroupNo::None,
                },
                Grouping::Department => GroupNo::Printer(job.printer),
            };
            let key = (number, job.function.number());
            let (_, sum) = by_number
                .entry(key)
                .or_insert((job.function, MonthCounts::default()));
            *sum = sum.plus(counts);
        })?;
        // Departments are those of the printers' devices: several printers have one. Jobs that name
        // an account are together with those charged to it.
        let mut by_name: BTreeMap<(Vec<String>, u8), (JobFunction, MonthCounts)> = BTreeMap::new();
        for ((number, function_no), (function, counts)) in by_number {
            let name = match number {
                GroupNo::None => Vec::new(),
                GroupNo::Charged(account) => {
                    let code = self.account_code(organization_no, account)?;
                    code.into_iter().collect()
                }
                GroupNo::Named(word) => self.word(organization_no, word)?.into_iter().collect(),
                GroupNo::Printer(printer) => self.department_of(organization_no, printer)?,
            };
            let sum = by_name
                .entry((name, function_no))
                .or_insert((function, MonthCounts::default()));
            sum.1 = sum.1.plus(counts);
        }
        let rows = by_name.into_iter();
        let rows = rows.map(|((name, _), (function, counts))| MonthGroup {
            month,
            name,
            function,
            counts,
        });
        let rows = rows.filter(|row| row.counts != MonthCounts::default());
        Ok((rows.collect(), goes_on))
    }

    /// The department, given by people, of the device behind a printer.
    fn department_of(
        &self,
        organization_no: OrganizationNo,
        printer_no: PrinterNo,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT d.department
                   FROM printers r
                   JOIN devices d ON d.organization_no = ?1 AND d.device_no = r.device_no
                   WHERE r.organization_no = ?1 AND r.printer_no = ?2";
        let printer = params![organization_no, printer_no];
        let found = self.one(sql, printer, |row| columns::lines(row, 0))?;
        Ok(found.unwrap_or_default())
    }
}
