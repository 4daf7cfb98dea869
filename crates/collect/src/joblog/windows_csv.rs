//! What scripts make of event 307 with `Get-WinEvent … | Export-Csv`.
//!
//! Times are those of the computer the script ran on, written by its culture and without a zone.
//! Copies, colour and the record number are not in it: the event log itself, as XML, is better.

use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use super::column_map::ColumnMap;
use super::fields::Field;
use super::table::Table;

/// The properties under the names that scripts give them; the computer is the client's.
const COLUMNS: [(Field, &str); 8] = [
    (Field::CompletedAt, "TimeCreated"),
    (Field::User, "UserName"),
    (Field::Client, "ComputerName"),
    (Field::Queue, "PrinterName"),
    (Field::Document, "DocumentName"),
    (Field::Bytes, "PrintSize"),
    (Field::Pages, "Pages"),
    (Field::Copies, "Copies"),
];

/// The month comes first where there is a.m. or p.m. (en-US), the day where there is neither.
const TIME_FORMATS: [&str; 4] = [
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
];

/// How the header begins.
pub(super) const HEADER: &[u8] = b"\"TimeCreated\",";

/// Reads an export named `instance` for ever, made where clocks are in `zone`.
pub(super) fn get_win_event(
    instance: &str,
    zone: &TimeZone,
    encoding: Option<&'static Encoding>,
) -> Table {
    let map = ColumnMap::known(&COLUMNS, &TIME_FORMATS);
    Table::of_kind("wincsv", instance, map, zone, encoding)
}
