//! What scripts make of event 307 with `Get-WinEvent … | Export-Csv`.
//!
//! Times are those of the computer the script ran on, written by its culture and without a zone.
//! Copies, colour and the record number are not in it: the event log itself, as XML, is better.

use jiff::tz::TimeZone;

use super::column_map::ColumnMap;
use super::fields::Field;
use super::read::Options;
use super::table::TableForm;

/// The properties under the names that scripts give them; the computer is the client's.
const COLUMNS: [(Field, &[&str]); 8] = [
    (Field::CompletedAt, &[TIME]),
    (Field::User, &["UserName", "User", "Owner"]),
    (
        Field::Client,
        &["ComputerName", "Computer", "Client", "ClientName"],
    ),
    (Field::Queue, &["PrinterName", "Printer", "Queue"]),
    (
        Field::Document,
        &["DocumentName", "Document", "JobName", "Title"],
    ),
    (
        Field::Bytes,
        &["PrintSize", "Size", "Bytes", "SizeInBytes", "JobSize"],
    ),
    (
        Field::Pages,
        &[
            "Pages",
            "PageCount",
            "TotalPages",
            "PagesPrinted",
            "PrintedPages",
        ],
    ),
    (Field::Copies, &["Copies"]),
];

/// The property of an event that holds its time.
const TIME: &str = "TimeCreated";

/// Whether a line is the header of such an export, whatever parts its cells.
pub(super) fn is_header(line: &str) -> bool {
    let cells = line.split([',', ';', '\t', '|']);
    let mut cells = cells.map(|cell| cell.trim().trim_matches('"'));
    cells.any(|cell| cell.eq_ignore_ascii_case(TIME))
}

/// An export, made where clocks are in the zone of the options.
pub(super) fn get_win_event(options: &Options) -> TableForm {
    TableForm {
        source: format!("wincsv|{}", options.instance),
        map: ColumnMap::known(&COLUMNS),
        encoding: options.encoding,
        zone: options.zone.clone().unwrap_or(TimeZone::UTC),
        is_zone_known: options.zone.is_some(),
        size_unit: 1,
        course_lines_min: super::date_order::LOG_COURSE_LINES_MIN,
        one_of: &[Field::User, Field::Pages, Field::Queue],
    }
}
