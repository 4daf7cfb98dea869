//! `[report]`: what a key may ask, and in `[report.columns.<report>]` the operator's own order,
//! choice and names of columns.

use platen_domain::report_apis::ReportApi;
use platen_http::Layouts;
use platen_http::limits::KeyLimits;
use platen_report::catalogue::FleetReport;
use platen_report::column_map::{ColumnMap, ColumnMapError, Layout};
use platen_report::print_jobs::PrintJobs;
use platen_report::print_months::PrintMonths;

use super::problems::Problems;
use super::section::Section;

/// Most requests a minute, and at once, that a key can be given: what the server itself answers
/// at a time.
const REQUESTS_MAX: u32 = 10_000;
const AT_ONCE_MAX: u32 = 500;

pub(super) fn read(root: &mut Section<'_, '_>, problems: &mut Problems) -> (Layouts, KeyLimits) {
    let mut maps = Vec::new();
    let mut keys = KeyLimits::default();
    if let Some(mut report) = root.section("report", problems) {
        if let Some(count) = report.count("requests_per_minute", REQUESTS_MAX, problems) {
            keys.requests_per_minute = count;
        }
        if let Some(count) = report.count("requests_at_once", AT_ONCE_MAX, problems) {
            keys.requests_at_once = count;
        }
        if let Some(mut columns) = report.section("columns", problems) {
            for api in ReportApi::ALL {
                if let Some(section) = columns.section(api.keyword(), problems) {
                    maps.push((api, column_map(api, section, problems)));
                }
            }
            columns.finish(problems);
        }
        report.finish(problems);
    }
    let map = |wanted| {
        let found = maps.iter().find(|(report, _)| *report == wanted);
        found.map(|(_, map)| map.clone()).unwrap_or_default()
    };
    // A map that cannot be used has been named above.
    (Layouts::new(map).unwrap_or_default(), keys)
}

fn column_map(api: ReportApi, mut section: Section<'_, '_>, problems: &mut Problems) -> ColumnMap {
    let mut map = ColumnMap {
        order: section.texts("order", problems).unwrap_or_default(),
        hide: section.texts("hide", problems).unwrap_or_default(),
        rename: Vec::new(),
    };
    if let Some(mut rename) = section.section("rename", problems) {
        map.rename = rename.pairs(problems);
    }
    if let Err(error) = check(api, &map) {
        problems.at(&section.span(), error.to_string());
    }
    section.finish(problems);
    map
}

/// Whether the map fits the report that the API hands out.
fn check(api: ReportApi, map: &ColumnMap) -> Result<(), ColumnMapError> {
    let fleet = |report| Layout::new(report, map).map(drop);
    match api {
        ReportApi::Meters => fleet(FleetReport::Meters),
        ReportApi::Status => fleet(FleetReport::Status),
        ReportApi::Toner => fleet(FleetReport::Toner),
        ReportApi::PrintJobs => Layout::new(PrintJobs, map).map(drop),
        ReportApi::MonthlyPrintJobs => Layout::new(PrintMonths, map).map(drop),
    }
}
