//! Writes rows as bytes: JSON, NDJSON or CSV, straight into a buffer, no tree in between.

pub(crate) mod csv;
pub(crate) mod json;

use std::sync::Arc;

use platen_domain::snapshots::DeviceSnapshot;

use crate::catalogue::FleetReport;
use crate::cell::Cell;
use crate::column_map::Layout;
use crate::columns::Report;
use crate::instants::InstantWriter;
use crate::print_months::{PrintMonth, PrintMonths};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON array of flat objects (RFC 8259).
    Json,
    /// One JSON object per line.
    Ndjson,
    /// RFC 4180 with a header line, CRLF, UTF-8.
    Csv,
}

impl Format {
    /// Every format, the default first.
    pub const ALL: [Self; 3] = [Self::Json, Self::Ndjson, Self::Csv];

    /// The word for it in `?format=`.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// The format with this keyword.
    pub fn from_keyword(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.keyword() == text)
    }

    /// Appends one value, without what stands before or behind it.
    pub(crate) fn write(self, cell: &Cell<'_>, instants: &mut InstantWriter, out: &mut Vec<u8>) {
        match self {
            Self::Json | Self::Ndjson => json::value(cell, instants, out),
            Self::Csv => csv::value(cell, instants, out),
        }
    }

    /// The media type without parameters.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv",
        }
    }

    /// The `Content-Type` of an answer. The character set is named because some clients
    /// (PowerShell 5.1 among them) read JSON without it as Latin-1.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Ndjson => "application/x-ndjson; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }
}

/// Octets of a text that are looked at together: what a register of every 64-bit processor holds.
const LANES: usize = 16;

/// Between two rows of a JSON array.
pub(crate) const JSON_SEPARATOR: &[u8] = b",\n";

/// Appends what stands before the first row.
pub(crate) fn start<R: Report>(format: Format, layout: &Layout<R>, out: &mut Vec<u8>) {
    match format {
        Format::Json => out.push(b'['),
        Format::Ndjson => {}
        Format::Csv => csv::header(layout.columns().map(|(name, _)| name), out),
    }
}

/// Appends what stands behind the last row.
pub(crate) fn finish(format: Format, out: &mut Vec<u8>) {
    match format {
        Format::Json => out.push(b']'),
        Format::Ndjson | Format::Csv => {}
    }
}

/// Writes one report: [`start`](Self::start) once, its rows, [`finish`](Self::finish) once. It
/// appends to a buffer that the caller drains, so memory does not grow with the report.
#[derive(Debug)]
pub struct Encoder<R: Report = FleetReport> {
    format: Format,
    layout: Arc<Layout<R>>,
    /// Per column, the bytes that stand before its value in a JSON object.
    json_keys: Vec<Vec<u8>>,
    instants: InstantWriter,
    first_row: bool,
}

impl<R: Report> Encoder<R> {
    /// An encoder of `layout`'s columns that writes instants with `instants`.
    pub fn new(format: Format, layout: Arc<Layout<R>>, instants: InstantWriter) -> Self {
        let json_keys = match format {
            Format::Json | Format::Ndjson => json::keys(layout.columns().map(|(name, _)| name)),
            Format::Csv => Vec::new(),
        };
        Self {
            format,
            layout,
            json_keys,
            instants,
            first_row: true,
        }
    }

    /// Appends what stands before the first row.
    pub fn start(&mut self, out: &mut Vec<u8>) {
        start(self.format, &self.layout, out);
    }

    /// Appends one row of these cells.
    pub(crate) fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, out: &mut Vec<u8>) {
        match self.format {
            Format::Json => {
                if !self.first_row {
                    out.extend_from_slice(JSON_SEPARATOR);
                }
                json::object(&self.json_keys, cells, &mut self.instants, out);
            }
            Format::Ndjson => {
                json::object(&self.json_keys, cells, &mut self.instants, out);
                out.push(b'\n');
            }
            Format::Csv => csv::line(cells, &mut self.instants, out),
        }
        self.first_row = false;
    }

    /// Appends what stands behind the last row.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        finish(self.format, out);
    }
}

impl Encoder<FleetReport> {
    /// Appends the rows that `snapshot` contributes.
    pub fn device(&mut self, snapshot: &DeviceSnapshot, out: &mut Vec<u8>) {
        let layout = Arc::clone(&self.layout);
        for row in layout.report().rows(snapshot) {
            self.row(layout.columns().map(|(_, column)| column.cell(&row)), out);
        }
    }
}

impl Encoder<PrintMonths> {
    /// Appends one row.
    pub fn month(&mut self, month: &PrintMonth<'_>, out: &mut Vec<u8>) {
        let layout = Arc::clone(&self.layout);
        self.row(layout.columns().map(|(_, column)| column.cell(month)), out);
    }
}

/// Appends a whole number in decimal.
pub(crate) fn integer(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}
