//! The columns of Monthly Print Data: sums of one user on one printer in one month, by function.

use std::borrow::Cow;

use platen_domain::print_jobs::JobFunction;
use platen_domain::print_months::{MonthCounts, MonthNo};
use platen_domain::print_rows::PrinterNames;
use platen_domain::report_apis::ReportApi;

use crate::cell::Cell;
use crate::columns::{Column, Report};
use crate::decimal::Decimal;
use crate::devices::joined;

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
    /// The account that is charged, else as the jobs name it, where months are asked by account.
    pub account: Option<&'a str>,
    /// The department, outermost level first, where months are asked by department.
    pub department: &'a [String],
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

static COLUMNS: [Column<MonthValue>; 28] = [
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
        "Account",
        "Account",
        "Code of the account that is charged for the jobs, else the account or budget center that they \
         name; null unless months are asked by account.",
        |row| Cell::text(row.account),
    ),
    Column::text(
        "Department",
        "Department",
        "Department of the device, levels joined by ' / '; null unless months are asked by \
         department.",
        |row| joined(row.department),
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
        |row| known(row, |c| c.copies, |c| c.jobs_without_copies),
    ),
    Column::integer(
        "Impressions",
        "Impressions",
        "Sides marked, of the jobs where they are known.",
        |row| known(row, |c| c.impressions, |c| c.jobs_without_impressions),
    ),
    Column::integer(
        "ImpressionsMono",
        "Mono",
        "Of the impressions those in black, where somebody counted them: never what was asked for.",
        |row| known(row, |c| c.mono_impressions, not_counted),
    ),
    Column::integer(
        "ImpressionsColor",
        "Color",
        "Of the impressions those in color, where somebody counted them: never what was asked for.",
        |row| known(row, |c| c.color_impressions, not_counted),
    ),
    Column::integer(
        "ImpressionsMonoRequested",
        "Mono requested",
        "Of the impressions whose color nobody counted those of jobs that asked for black.",
        |row| known(row, |c| c.mono_requested, not_requested),
    ),
    Column::integer(
        "ImpressionsColorRequested",
        "Color requested",
        "Of the impressions whose color nobody counted those of jobs that asked for color, or for \
         color where the document has some.",
        |row| known(row, |c| c.color_requested, not_requested),
    ),
    Column::integer(
        "ImpressionsDuplex",
        "Duplex",
        "Of the impressions those of jobs that asked for both sides of the sheet.",
        |row| known(row, |c| c.duplex_impressions, |c| c.jobs_without_sides),
    ),
    Column::integer(
        "Sheets",
        "Sheets",
        "Sheets of media, of the jobs where they are known.",
        |row| known(row, |c| c.sheets, |c| c.jobs_without_sheets),
    ),
    Column::decimal(
        "Cost",
        "Cost",
        "What the jobs cost, of those where it is known; refunded jobs cost nothing.",
        |row| {
            let cost = Cell::Decimal(Decimal::money(row.counts.cost));
            if costs_are_known(row) {
                cost
            } else {
                Cell::Null
            }
        },
    ),
    Column::text(
        "Currency",
        "Currency",
        "Currency of the cost (ISO 4217).",
        |row| Cell::text(row.currency.filter(|_| costs_are_known(row))),
    ),
    Column::integer(
        "JobsWithoutCopies",
        "Jobs without copies",
        "Jobs whose copies are not known, which Copies therefore leaves out.",
        |row| sum(row.counts.jobs_without_copies),
    ),
    Column::integer(
        "JobsWithoutImpressions",
        "Jobs without impressions",
        "Jobs whose impressions are not known, which Impressions therefore leaves out.",
        |row| sum(row.counts.jobs_without_impressions),
    ),
    Column::integer(
        "JobsWithoutColor",
        "Jobs without color",
        "Jobs whose color is neither counted nor asked for, or whose impressions are not known: \
         all four columns of mono and color leave them out.",
        |row| sum(row.counts.jobs_without_color),
    ),
    Column::integer(
        "JobsWithoutSides",
        "Jobs without sides",
        "Jobs whose sides or impressions are not known, which ImpressionsDuplex therefore leaves \
         out.",
        |row| sum(row.counts.jobs_without_sides),
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

/// A sum that leaves jobs out: unknown, not 0, where it leaves all of them out.
fn known(
    row: &PrintMonth<'_>,
    figure: fn(&MonthCounts) -> i64,
    left_out: fn(&MonthCounts) -> i64,
) -> Cell<'static> {
    if left_out(&row.counts) >= row.counts.jobs {
        return Cell::Null;
    }
    sum(figure(&row.counts))
}

/// Jobs of which nobody counted the colour.
const fn not_counted(counts: &MonthCounts) -> i64 {
    counts.jobs - counts.jobs_color_counted
}

/// Jobs of which somebody counted the colour, or that asked for none.
const fn not_requested(counts: &MonthCounts) -> i64 {
    counts.jobs_color_counted + counts.jobs_without_color
}

const fn costs_are_known(row: &PrintMonth<'_>) -> bool {
    row.counts.jobs_without_cost < row.counts.jobs
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
        insta::assert_snapshot!(names.join(" "), @"Month UserName QueueName SerialNumber Manufacturer Model Location DeviceId Account Department JobType Jobs Copies Impressions ImpressionsMono ImpressionsColor ImpressionsMonoRequested ImpressionsColorRequested ImpressionsDuplex Sheets Cost Currency JobsWithoutCopies JobsWithoutImpressions JobsWithoutColor JobsWithoutSides JobsWithoutSheets JobsWithoutCost");
    }

    #[test]
    fn names_are_explained() {
        crate::columns::check_catalogue(PrintMonths);
    }
}
