//! CSV files of PaperCut Print Logger: daily, monthly and all-time files of the same jobs.
//!
//! A banner, a header and a line a job, in the code page and the local time of the print server.
//! Pages are those of one copy. Some versions end a line with a comma and a size with `kb`.

use encoding_rs::{Encoding, WINDOWS_1252};
use jiff::tz::TimeZone;

use super::column_map::ColumnMap;
use super::fields::Field;
use super::table::Table;

const COLUMNS: [(Field, &str); 11] = [
    (Field::CompletedAt, "Time"),
    (Field::User, "User"),
    (Field::Pages, "Pages"),
    (Field::Copies, "Copies"),
    (Field::Queue, "Printer"),
    (Field::Document, "Document Name"),
    (Field::Client, "Client"),
    (Field::Media, "Paper Size"),
    (Field::Sides, "Duplex"),
    (Field::ColorMode, "Grayscale"),
    (Field::Bytes, "Size"),
];

/// How the banner above the header begins.
pub(super) const BANNER: &[u8] = b"PaperCut Print Logger";

/// How the header begins.
pub(super) const HEADER: &[u8] = b"Time,User,Pages,Copies,Printer,Document Name,";

/// Reads the files of one installation, named `instance` for ever, whose clock is in `zone`;
/// windows-1252 where no code page is given.
pub(super) fn print_logger(
    instance: &str,
    zone: &TimeZone,
    encoding: Option<&'static Encoding>,
) -> Table {
    let map = ColumnMap::known(&COLUMNS, &[]);
    let encoding = encoding.unwrap_or(WINDOWS_1252);
    Table::of_kind("pcpl", instance, map, zone, Some(encoding)).with_size_unit(1_024)
}
