//! One way in for every format.

use std::io::{self, BufRead};

use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use super::detect::Kind;
use super::ndjson::Ndjson;
use super::page_log::{PageLog, PageLogFormat};
use super::table::{ColumnMap, Table};
use super::{Sink, lines, papercut, utf16, windows_csv, windows_evtx, windows_json, windows_xml};

/// What a log does not say of itself.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names the log's source among all, for ever: a job's key is made of it. Not used by formats
    /// that name their source themselves (NDJSON, Windows events).
    pub instance: String,
    /// The zone of bare local times.
    pub zone: TimeZone,
    /// The encoding of tables; by default windows-1252 for PaperCut, UTF-8 for others.
    pub encoding: Option<&'static Encoding>,
    /// The format of `page_log`, where it is neither the recommended nor the standard one.
    pub page_log_format: Option<PageLogFormat>,
    /// The columns of a table.
    pub column_map: Option<ColumnMap>,
}

/// Why a log is not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The log cannot be read.
    #[error("reading the log: {0}")]
    Io(#[from] io::Error),
    /// A table without a column map.
    #[error("a table needs a column map that says which column holds what")]
    NoColumnMap,
    /// A damaged event log file.
    #[error(
        "not a whole Windows event log (.evtx): its first 4096 octets are cut short or damaged; \
         copy it anew: wevtutil epl Microsoft-Windows-PrintService/Operational FILE.evtx"
    )]
    NoEvtx,
    /// An event log file beyond [`EVTX_MAX_OCTETS`](super::EVTX_MAX_OCTETS).
    #[error(
        "event log files (.evtx) of more than 256 MiB are not read; export the events on \
         Windows: wevtutil qe FILE.evtx /lf:true /f:xml > FILE.xml"
    )]
    EvtxTooLarge,
    /// Accounting of `LPRng`.
    #[error(
        "accounting of LPRng is not read: its times have no year, and its counts are the \
         printer's page counter"
    )]
    Lprng,
}

/// Reads a log of this kind to its end and gives every entry to the sink, in constant memory but
/// for an event log file, which is held as it is.
/// UTF-16 with a byte order mark is read as well as what the format asks for.
pub fn read(
    kind: Kind,
    options: &Options,
    reader: &mut dyn BufRead,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    match utf16::sniff(reader.fill_buf()?) {
        Some(encoding) => {
            let options = Options {
                encoding: Some(encoding_rs::UTF_8),
                ..options.clone()
            };
            let mut utf8 = utf16::Transcoded::new(reader, encoding);
            read_octets(kind, &options, &mut utf8, sink)
        }
        None => read_octets(kind, options, reader, sink),
    }
}

fn read_octets(
    kind: Kind,
    options: &Options,
    reader: &mut dyn BufRead,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let Options {
        instance,
        zone,
        encoding,
        ..
    } = options;
    match kind {
        Kind::Ndjson => lines::parse(reader, &mut Ndjson, sink)?,
        Kind::PageLog => {
            let mut parser = PageLog::new(instance, options.page_log_format.clone());
            lines::parse(reader, &mut parser, sink)?;
        }
        Kind::PaperCut => {
            let mut parser = papercut::print_logger(instance, zone, *encoding);
            lines::parse(reader, &mut parser, sink)?;
        }
        Kind::WindowsCsv => {
            let mut parser = windows_csv::get_win_event(instance, zone, *encoding);
            lines::parse(reader, &mut parser, sink)?;
        }
        Kind::WindowsXml => windows_xml::parse(reader, sink)?,
        Kind::WindowsJson => windows_json::parse(reader, zone, sink)?,
        Kind::Table => {
            let map = options.column_map.clone();
            let map = map.ok_or(ReadError::NoColumnMap)?;
            let mut parser = Table::new(instance, map, zone, *encoding);
            lines::parse(reader, &mut parser, sink)?;
        }
        Kind::WindowsEvtx => windows_evtx::parse(reader, sink)?,
        Kind::Lprng => return Err(ReadError::Lprng),
    }
    Ok(())
}
