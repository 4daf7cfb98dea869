//! Writes rows as bytes: JSON, NDJSON or CSV, straight into a buffer, no tree in between.

mod csv;
mod json;

use std::sync::Arc;

use platen_domain::snapshots::DeviceSnapshot;

use crate::cell::Cell;
use crate::column_map::Layout;
use crate::instants::InstantWriter;

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

/// Writes one report: [`start`](Self::start) once, [`device`](Self::device) for each device,
/// [`finish`](Self::finish) once. It appends to a buffer that the caller drains, so memory does
/// not grow with the report.
#[derive(Debug)]
pub struct Encoder {
    format: Format,
    layout: Arc<Layout>,
    /// Per column, the bytes that stand before its value in a JSON object.
    json_keys: Vec<Vec<u8>>,
    instants: InstantWriter,
    first_row: bool,
}

impl Encoder {
    /// An encoder of `layout`'s columns that writes instants with `instants`.
    pub fn new(format: Format, layout: Arc<Layout>, instants: InstantWriter) -> Self {
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
        match self.format {
            Format::Json => out.push(b'['),
            Format::Ndjson => {}
            Format::Csv => csv::header(self.layout.columns().map(|(name, _)| name), out),
        }
    }

    /// Appends the rows that `snapshot` contributes.
    pub fn device(&mut self, snapshot: &DeviceSnapshot, out: &mut Vec<u8>) {
        let layout = Arc::clone(&self.layout);
        for row in layout.report().rows(snapshot) {
            self.row(layout.columns().map(|(_, column)| column.cell(&row)), out);
        }
    }

    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, out: &mut Vec<u8>) {
        match self.format {
            Format::Json => {
                if !self.first_row {
                    out.extend_from_slice(b",\n");
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
        match self.format {
            Format::Json => out.push(b']'),
            Format::Ndjson | Format::Csv => {}
        }
    }
}

/// Appends a whole number in decimal.
fn integer(value: u64, out: &mut Vec<u8>) {
    use std::io::Write as _;
    // Writing to a Vec cannot fail.
    write!(out, "{value}").ok();
}
