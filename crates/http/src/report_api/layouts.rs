//! The columns of each report as this server hands them out.

use std::sync::Arc;

use platen_domain::report_apis::ReportApi;
use platen_report::catalogue::FleetReport;
use platen_report::column_map::{ColumnMap, ColumnMapError, Layout};
use platen_report::columns::{Column, ColumnKind, Report};
use platen_report::print_jobs::PrintJobs;
use platen_report::print_months::PrintMonths;

/// One layout per report.
#[derive(Debug, Clone)]
pub struct Layouts {
    meters: Arc<Layout>,
    status: Arc<Layout>,
    toner: Arc<Layout>,
    /// Print Transactions Data.
    pub print_jobs: Arc<Layout<PrintJobs>>,
    /// Monthly Print Data.
    pub print_months: Arc<Layout<PrintMonths>>,
}

impl Layouts {
    /// The layouts after the operator's column maps, one for each report.
    pub fn new(map: impl Fn(ReportApi) -> ColumnMap) -> Result<Self, ColumnMapError> {
        let fleet = |report: FleetReport| Layout::new(report, &map(report.api())).map(Arc::new);
        Ok(Self {
            meters: fleet(FleetReport::Meters)?,
            status: fleet(FleetReport::Status)?,
            toner: fleet(FleetReport::Toner)?,
            print_jobs: Arc::new(Layout::new(PrintJobs, &map(ReportApi::PrintJobs))?),
            print_months: Arc::new(Layout::new(PrintMonths, &map(ReportApi::MonthlyPrintJobs))?),
        })
    }

    /// The layout of `report`.
    pub fn of(&self, report: FleetReport) -> &Arc<Layout> {
        match report {
            FleetReport::Meters => &self.meters,
            FleetReport::Status => &self.status,
            FleetReport::Toner => &self.toner,
        }
    }
}

/// A column as programs see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedColumn {
    /// Its name after the operator's column map.
    pub(crate) name: String,
    /// Its name in the catalogue.
    pub(crate) of: &'static str,
    /// What its values are.
    pub(crate) kind: ColumnKind,
}

impl Layouts {
    /// The columns that `api` answers with, in their order.
    pub(crate) fn columns(&self, api: ReportApi) -> Vec<NamedColumn> {
        match api {
            ReportApi::Meters => named(&self.meters),
            ReportApi::Status => named(&self.status),
            ReportApi::Toner => named(&self.toner),
            ReportApi::PrintJobs => named(&self.print_jobs),
            ReportApi::MonthlyPrintJobs => named(&self.print_months),
        }
    }
}

fn named<R: Report>(layout: &Layout<R>) -> Vec<NamedColumn> {
    let named = |(name, column): (&str, &'static Column<R::Value>)| NamedColumn {
        name: name.to_owned(),
        of: column.name,
        kind: column.kind,
    };
    layout.columns().map(named).collect()
}

impl Default for Layouts {
    /// The catalogue's own columns.
    fn default() -> Self {
        let layout = |report| Arc::new(Layout::unchanged(report));
        Self {
            meters: layout(FleetReport::Meters),
            status: layout(FleetReport::Status),
            toner: layout(FleetReport::Toner),
            print_jobs: Arc::new(Layout::unchanged(PrintJobs)),
            print_months: Arc::new(Layout::unchanged(PrintMonths)),
        }
    }
}
