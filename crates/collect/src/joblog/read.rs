//! One way in for every format.

use std::io::{self, BufRead, Seek, SeekFrom};

use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use super::date_order::{self, DateConflict, DateOrder, DateQuestion};
use super::detect::Kind;
use super::ndjson::Ndjson;
use super::page_log::{FormQuestion, PageLog, PageLogFormat};
use super::table::{ColumnMap, DateHints, Table, TableForm, TablePlan, TableSurvey};
use super::table_layout::MissingColumns;
use super::{
    LineParser, Sink, lines, papercut, utf16, windows_csv, windows_evtx, windows_json, windows_xml,
};
use platen_domain::clock::Timestamp;

/// A log that can be read more than once: what the whole of it tells is found out first.
pub trait Log: BufRead + Seek {}

impl<T: BufRead + Seek + ?Sized> Log for T {}

/// What a log does not say of itself.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names the log's source among all, for ever: a job's key is made of it. Not used by formats
    /// that name their source themselves (NDJSON, Windows events).
    pub instance: String,
    /// The zone of bare local times. Without one, logs that have such times are refused.
    pub zone: Option<TimeZone>,
    /// The encoding of tables; by default windows-1252 for PaperCut, UTF-8 for others.
    pub encoding: Option<&'static Encoding>,
    /// The format of `page_log`; where it is not given, the lines tell it.
    pub page_log_format: Option<PageLogFormat>,
    /// The columns of a table.
    pub column_map: Option<ColumnMap>,
    /// Which number of dates is the day, as somebody says; lines of another order are refused.
    pub date_order: Option<DateOrder>,
    /// The same of the logs beside this one, for one whose own lines do not tell.
    pub neighbours_date_order: Option<DateOrder>,
    /// Instants after which no line of the log was written, the surest first: the present, and
    /// when its file was changed last.
    pub not_after: Vec<Timestamp>,
}

impl Options {
    /// Of a log of this instance in this zone, of which nothing more is known.
    pub fn new(instance: impl Into<String>, zone: impl Into<Option<TimeZone>>) -> Self {
        Self {
            instance: instance.into(),
            zone: zone.into(),
            encoding: None,
            page_log_format: None,
            column_map: None,
            date_order: None,
            neighbours_date_order: None,
            not_after: Vec::new(),
        }
    }
}

/// Why a log is not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The log cannot be read.
    #[error("reading the log: {0}")]
    Io(#[from] io::Error),
    /// A table without a column map.
    #[error(
        "a table needs a column map that says which column holds what: --columns map.toml, or in \
         a [[drop]] section column_map = \"map.toml\"; docs/tables.md has examples"
    )]
    NoColumnMap,
    /// A table without the columns of its map.
    #[error("{0}")]
    NoColumns(MissingColumns),
    /// An export of events that says nothing of jobs.
    #[error(
        "there is a time and neither a user nor a printer nor pages: this is no export of printed \
         documents. Export what event 307 holds, best as XML: wevtutil qe \
         Microsoft-Windows-PrintService/Operational /f:xml > FILE.xml"
    )]
    NoJobs,
    /// Times without offset, and nobody says where they are.
    #[error(
        "its times have no offset, and no time zone is known: say --zone, or in a [[drop]] section \
         time_zone = \"Europe/Berlin\". A collector learns the zone of its organization from a \
         server of this version or later"
    )]
    NoZone,
    /// Dates that can be read in several orders.
    #[error("{0}")]
    DateOrder(DateQuestion),
    /// Dates of two orders.
    #[error("{0}")]
    DateConflict(DateConflict),
    /// Lines of `page_log` that can be read in more than one way.
    #[error("{0}")]
    PageLogForm(FormQuestion),
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

/// How a log was read, where it could have been read otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadAs {
    /// The order of day and month in its dates; `None` where they need none.
    pub date_order: Option<DateOrder>,
    /// The form of a `page_log` that its lines told.
    pub page_log: Option<PageLogFormat>,
}

/// Reads a log of this kind to its end and gives every entry to the sink, in constant memory but
/// for an event log file, which is held as it is. A table is read twice; nothing of it is given
/// out before the order of its dates is settled.
/// UTF-16 is read as well as what the format asks for.
pub fn read(
    kind: Kind,
    options: &Options,
    reader: &mut dyn Log,
    sink: &mut Sink<'_>,
) -> Result<ReadAs, ReadError> {
    if let Some(form) = table_form(kind, options, reader)? {
        let start = reader.stream_position()?;
        let plan = plan(&form, options, reader)?;
        let date_order = plan.dates.order.map(|(order, _)| order);
        reader.seek(SeekFrom::Start(start))?;
        parse_lines(reader, &mut Table::new(&form, plan), sink)?;
        return Ok(ReadAs {
            date_order,
            ..ReadAs::default()
        });
    }
    match utf16::sniff(reader.fill_buf()?) {
        Some(encoding) => {
            let mut utf8 = utf16::Transcoded::new(reader, encoding);
            read_octets(kind, options, &mut utf8, sink)
        }
        None => read_octets(kind, options, reader, sink),
    }
}

/// The order of day and month that the lines of a log tell: for the logs beside it. `None` where
/// they need none, or do not tell.
pub fn date_order(
    kind: Kind,
    options: &Options,
    reader: &mut dyn Log,
) -> Result<Option<DateOrder>, ReadError> {
    let Some(form) = table_form(kind, options, reader)? else {
        return Ok(None);
    };
    match plan(&form, options, reader) {
        Ok(plan) => Ok(plan.dates.order.map(|(order, _)| order)),
        Err(ReadError::DateOrder(_) | ReadError::DateConflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a log of this kind is as a table, if it is one.
fn table_form(
    kind: Kind,
    options: &Options,
    reader: &mut dyn Log,
) -> Result<Option<TableForm>, ReadError> {
    let mut form = match kind {
        Kind::PaperCut => papercut::print_logger(options),
        Kind::WindowsCsv => windows_csv::get_win_event(options),
        Kind::Table => {
            let map = options.column_map.clone().ok_or(ReadError::NoColumnMap)?;
            let zone = map.zone.clone().or_else(|| options.zone.clone());
            TableForm {
                source: format!("table|{}", options.instance),
                encoding: map.encoding.or(options.encoding),
                is_zone_known: zone.is_some(),
                zone: zone.unwrap_or(TimeZone::UTC),
                size_unit: 1,
                course_lines_min: date_order::TABLE_COURSE_LINES_MIN,
                one_of: &[],
                map,
            }
        }
        _ => return Ok(None),
    };
    if utf16::sniff(reader.fill_buf()?).is_some() {
        // It is read as UTF-8, whatever was said.
        form.encoding = Some(encoding_rs::UTF_8);
    }
    Ok(Some(form))
}

fn plan(form: &TableForm, options: &Options, reader: &mut dyn Log) -> Result<TablePlan, ReadError> {
    let mut survey = TableSurvey::new(form);
    parse_lines(reader, &mut survey, &mut |_entry| {})?;
    survey.plan(&DateHints {
        said: options.date_order,
        neighbours: options.neighbours_date_order,
        not_after: options.not_after.clone(),
    })
}

/// Gives the lines of a table to a parser; those of UTF-16 in UTF-8.
fn parse_lines(
    reader: &mut dyn Log,
    parser: &mut dyn LineParser,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    match utf16::sniff(reader.fill_buf()?) {
        Some(encoding) => {
            let mut utf8 = utf16::Transcoded::new(reader, encoding);
            lines::parse(&mut utf8, parser, sink)
        }
        None => lines::parse(reader, parser, sink),
    }
}

fn read_octets(
    kind: Kind,
    options: &Options,
    reader: &mut dyn BufRead,
    sink: &mut Sink<'_>,
) -> Result<ReadAs, ReadError> {
    let mut read_as = ReadAs::default();
    match kind {
        Kind::Ndjson => lines::parse(reader, &mut Ndjson, sink)?,
        Kind::PageLog => {
            let format = options.page_log_format.clone();
            let mut parser = PageLog::new(&options.instance, format);
            lines::parse(reader, &mut parser, sink)?;
            if let Some(question) = parser.question() {
                return Err(ReadError::PageLogForm(question.clone()));
            }
            read_as.page_log = parser.form().cloned();
        }
        Kind::WindowsXml => windows_xml::parse(reader, sink)?,
        Kind::WindowsJson => {
            let zone = options.zone.as_ref().ok_or(ReadError::NoZone)?;
            windows_json::parse(reader, zone, sink)?;
        }
        Kind::WindowsEvtx => windows_evtx::parse(reader, sink)?,
        Kind::Lprng => return Err(ReadError::Lprng),
        // Tables, which are read twice.
        Kind::PaperCut | Kind::WindowsCsv | Kind::Table => {}
    }
    Ok(read_as)
}
