//! CSV files of PaperCut Print Logger: daily, monthly and all-time files of the same jobs.
//!
//! A banner, a header and a line a job, in the code page and the local time of the print server.
//! Pages are those of one copy. Some versions end a line with a comma and a size with `kb`.

use encoding_rs::WINDOWS_1252;
use jiff::tz::TimeZone;

use super::column_map::ColumnMap;
use super::fields::Field;
use super::read::Options;
use super::table::TableForm;

const COLUMNS: [(Field, &[&str]); 11] = [
    (Field::CompletedAt, &["Time"]),
    (Field::User, &["User"]),
    (Field::Pages, &["Pages"]),
    (Field::Copies, &["Copies"]),
    (Field::Queue, &["Printer"]),
    (Field::Document, &["Document Name"]),
    (Field::Client, &["Client"]),
    (Field::Media, &["Paper Size"]),
    (Field::Sides, &["Duplex"]),
    (Field::ColorMode, &["Grayscale"]),
    (Field::Bytes, &["Size"]),
];

/// How the banner above the header begins.
pub(super) const BANNER: &[u8] = b"PaperCut Print Logger";

/// How the header begins.
pub(super) const HEADER: &[u8] = b"Time,User,Pages,Copies,Printer,Document Name,";

/// The files of one installation; windows-1252 where no code page is given.
pub(super) fn print_logger(options: &Options) -> TableForm {
    TableForm {
        source: format!("pcpl|{}", options.instance),
        map: ColumnMap::known(&COLUMNS),
        encoding: Some(options.encoding.unwrap_or(WINDOWS_1252)),
        zone: options.zone.clone().unwrap_or(TimeZone::UTC),
        is_zone_known: options.zone.is_some(),
        size_unit: 1_024,
        course_lines_min: super::date_order::LOG_COURSE_LINES_MIN,
        one_of: &[Field::User, Field::Pages, Field::Queue],
    }
}
