//! The Report API: reports for programs, opened by an Authorization Key.

mod asked_periods;
pub(crate) mod authorization;
mod body;
mod compression;
mod documentation;
mod fleet;
pub(crate) mod layouts;
mod negotiation;
mod periods;
mod print_body;
mod print_jobs;
mod print_months;
mod print_output;
mod representation;
pub(crate) mod throttle;

use platen_domain::report_apis::ReportApi;
use platen_report::catalogue::FleetReport;

use crate::routes::Route;

pub(crate) use fleet::export;
pub(crate) use layouts::NamedColumn;
pub(crate) use periods::{Period, Unit};
pub(crate) use print_jobs::export as export_print_jobs;

/// Both ends of a dated report's range stand in the path.
const PRINT_JOBS: &str = "/ReportApi/Reports/PrintJobs/{from}/{to}";
const MONTHLY_PRINT_JOBS: &str = "/ReportApi/Reports/MonthlyPrintJobs/{from}/{to}";

pub(crate) fn routes() -> Vec<Route> {
    let fleet = FleetReport::ALL.map(|report| {
        let api = report.api();
        Route::report(api.path(), api, move |context| {
            fleet::answer(context, report)
        })
        .documented(move |components| documentation::fleet(report, components))
    });
    let print = [
        Route::report(PRINT_JOBS, ReportApi::PrintJobs, print_jobs::transactions)
            .documented(documentation::print_jobs),
        Route::report(
            MONTHLY_PRINT_JOBS,
            ReportApi::MonthlyPrintJobs,
            print_months::monthly,
        )
        .documented(documentation::print_months),
    ];
    fleet.into_iter().chain(print).collect()
}
