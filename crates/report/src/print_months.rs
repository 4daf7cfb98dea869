//! The columns of Monthly Print Data: sums of one user on one printer in one month, by function.

use std::borrow::Cow;

use platen_domain::print_jobs::JobFunction;
use platen_domain::print_months::{MonthCounts, MonthNo};
use platen_domain::print_rows::PrinterNames;
use platen_domain::report_apis::ReportApi;

use crate::cell::Cell;
use crate::columns::{Column, Report};
use crate::decimal::Decimal;

/// Monthly Print Data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrintMonths;

/// One row of it.
#[derive(Debug, Clone, Copy)]
pub struct PrintMonth<'a> {
    /// Which month.
    pub month: MonthNo,
    /// Whose jobs; `None` where no user is known.
    pub user: Option<&'a str>,
    /// On which printer.
    pub printer: &'a PrinterNames,
    /// What made them.
    pub function: JobFunction,
    /// The sums.
    pub counts: MonthCounts,
    /// Currency of the cost (ISO 4217), where there is one.
    pub currency: Option<&'a str>,
}

/// Takes a column's value out of a row.
pub type MonthValue = for<'a> fn(&PrintMonth<'a>) -> Cell<'a>;

impl Column<MonthValue> {
    /// This column's value in `row`.
    pub fn cell<'a>(&self, row: &PrintMonth<'a>) -> Cell<'a> {
        (self.value)(row)
    }
}

impl Report for PrintMonths {
    type Value = MonthValue;

    fn api(self) -> ReportApi {
        ReportApi::MonthlyPrintJobs
    }

    fn columns(self) -> &'static [Column<MonthValue>] {
        &COLUMNS
    }
}

static COLUMNS: [Column<MonthValue>; 22] = [
    Column::text(
        "Month",
        "Month",
        "Calendar month in the organization's time zone, such as 2026-11.",
        |row| month(row.month),
    ),
    Column::text(
        "UserName",
        "User",
        "Who sent the jobs; null where no user is known.",
        |row| Cell::text(row.user),
    ),
    Column::text(
        "QueueName",
        "Queue",
        "Queue or port that took the jobs.",
        |row| Cell::text(row.printer.queue.as_deref()),
    ),
    Column::text(
        "SerialNumber",
        "Serial number",
        "Serial number of the printer.",
        |row| Cell::text(row.printer.serial.as_deref()),
    ),
    Column::text(
        "Manufacturer",
        "Manufacturer",
        "Maker of the printer.",
        |row| Cell::text(row.printer.manufacturer.as_deref()),
    ),
    Column::text("Model", "Model", "Model without the maker's name.", |row| {
        Cell::text(row.printer.model.as_deref())
    }),
    Column::text(
        "Location",
        "Location",
        "Where the printer stands: as given by people, else as set in the printer.",
        |row| Cell::text(row.printer.location.as_deref()),
    ),
    Column::text(
        "DeviceId",
        "Device",
        "Platen's own identifier of the polled device behind the queue, where one is known.",
        |row| Cell::text_owned(row.printer.device.map(|device| device.to_string())),
    ),
    Column::text(
        "JobType",
        "Job type",
        "print, copy, scan, fax or other.",
        |row| Cell::text(Some(row.function.keyword())),
    ),
    Column::integer("Jobs", "Jobs", "Jobs, denied ones left out.", |row| {
        sum(row.counts.jobs)
    }),
    Column::integer(
        "Copies",
        "Copies",
        "Copies, of the jobs where they are known.",
        |row| sum(row.counts.copies),
    ),
    Column::integer(
        "Impressions",
        "Impressions",
        "Sides marked, of the jobs where they are known.",
        |row| sum(row.counts.impressions),
    ),
    Column::integer(
        "ImpressionsMono",
        "Mono",
        "Of the impressions those in black: counted where somebody counted, else as asked for.",
        |row| sum(row.counts.mono_impressions),
    ),
    Column::integer(
        "ImpressionsColor",
        "Color",
        "Of the impressions those in color: counted where somebody counted, else as asked for.",
        |row| sum(row.counts.color_impressions),
    ),
    Column::integer(
        "ImpressionsColorCounted",
        "Color counted",
        "Of ImpressionsColor those that somebody counted.",
        |row| sum(row.counts.counted_color),
    ),
    Column::integer(
        "ImpressionsDuplex",
        "Duplex",
        "Of the impressions those of jobs that asked for both sides of the sheet.",
        |row| sum(row.counts.duplex_impressions),
    ),
    Column::integer(
        "Sheets",
        "Sheets",
        "Sheets of media, of the jobs where they are known.",
        |row| sum(row.counts.sheets),
    ),
    Column::decimal(
        "Cost",
        "Cost",
        "What the jobs cost, of those where it is known; refunded jobs cost nothing.",
        |row| Cell::Decimal(Decimal::money(row.counts.cost)),
    ),
    Column::text(
        "Currency",
        "Currency",
        "Currency of the cost (ISO 4217).",
        |row| Cell::text(row.currency),
    ),
    Column::integer(
        "JobsWithoutImpressions",
        "Jobs without impressions",
        "Jobs whose impressions are not known, which Impressions therefore leaves out.",
        |row| sum(row.counts.jobs_without_impressions),
    ),
    Column::integer(
        "JobsWithoutSheets",
        "Jobs without sheets",
        "Jobs whose sheets are not known, which Sheets therefore leaves out.",
        |row| sum(row.counts.jobs_without_sheets),
    ),
    Column::integer(
        "JobsWithoutCost",
        "Jobs without cost",
        "Jobs whose cost is not known, which Cost therefore leaves out.",
        |row| sum(row.counts.jobs_without_cost),
    ),
];

fn month(number: MonthNo) -> Cell<'static> {
    let (year, month) = (number / 100, number % 100);
    Cell::Text(Cow::Owned(format!("{year:04}-{month:02}")))
}

/// A sum of counts. One below zero is a defect, and unknown rather than nonsense.
fn sum(count: i64) -> Cell<'static> {
    Cell::integer(u64::try_from(count).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// See the fleet's: this list grows, and never changes otherwise.
    #[test]
    fn the_published_columns() {
        let names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
        insta::assert_snapshot!(names.join(" "), @"Month UserName QueueName SerialNumber Manufacturer Model Location DeviceId JobType Jobs Copies Impressions ImpressionsMono ImpressionsColor ImpressionsColorCounted ImpressionsDuplex Sheets Cost Currency JobsWithoutImpressions JobsWithoutSheets JobsWithoutCost");
    }

    #[test]
    fn names_are_explained() {
        crate::columns::check_catalogue(PrintMonths);
    }
}
