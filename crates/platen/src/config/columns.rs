//! `[report.columns.<report>]`: the operator's own order, choice and names of columns.

use platen_http::Layouts;
use platen_report::catalogue::FleetReport;
use platen_report::column_map::{ColumnMap, Layout};

use super::problems::Problems;
use super::section::Section;

pub(super) fn read(root: &mut Section<'_, '_>, problems: &mut Problems) -> Layouts {
    let mut maps = Vec::new();
    if let Some(mut report) = root.section("report", problems) {
        if let Some(mut columns) = report.section("columns", problems) {
            for fleet_report in FleetReport::ALL {
                if let Some(section) = columns.section(fleet_report.name(), problems) {
                    maps.push((fleet_report, column_map(fleet_report, section, problems)));
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
    Layouts::new(map).unwrap_or_default()
}

fn column_map(
    report: FleetReport,
    mut section: Section<'_, '_>,
    problems: &mut Problems,
) -> ColumnMap {
    let mut map = ColumnMap {
        order: section.texts("order", problems).unwrap_or_default(),
        hide: section.texts("hide", problems).unwrap_or_default(),
        rename: Vec::new(),
    };
    if let Some(mut rename) = section.section("rename", problems) {
        map.rename = rename.pairs(problems);
    }
    if let Err(error) = Layout::new(report, &map) {
        problems.at(&section.span(), error.to_string());
    }
    section.finish(problems);
    map
}
