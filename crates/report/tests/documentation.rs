//! The published page of columns must be the catalogue's own words.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::fmt::Write as _;
use std::path::Path;

use platen_report::catalogue::{ColumnKind, FleetReport};
use platen_report::columns::Report;
use platen_report::print_jobs::PrintJobs;
use platen_report::print_months::PrintMonths;

const MARKER: &str = "<!-- columns: written by `UPDATE_GOLDEN=1 cargo test -p platen-report --test documentation` -->\n";

fn columns() -> String {
    let mut page = String::new();
    for report in FleetReport::ALL {
        list(report, &mut page);
    }
    list(PrintJobs, &mut page);
    list(PrintMonths, &mut page);
    page
}

fn list(report: impl Report, page: &mut String) {
    let api = report.api();
    writeln!(
        page,
        "\n## {}\n\n`{}`\n\n| column | kind | meaning |\n|---|---|---|",
        api.title(),
        api.path()
    )
    .unwrap();
    for column in report.columns() {
        let kind = match column.kind {
            ColumnKind::Text => "text",
            ColumnKind::Integer => "integer",
            ColumnKind::Decimal => "decimal",
            ColumnKind::Boolean => "boolean",
            ColumnKind::Instant => "instant",
        };
        writeln!(
            page,
            "| `{}` | {kind} | {} |",
            column.name, column.description
        )
        .unwrap();
    }
}

#[test]
fn the_page_lists_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report-api.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (prose, listed) = page.split_once(MARKER).expect("the page has its marker");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{prose}{MARKER}{}", columns())).unwrap();
        return;
    }
    assert_eq!(
        listed,
        columns(),
        "run with UPDATE_GOLDEN=1, then read the difference"
    );
}
