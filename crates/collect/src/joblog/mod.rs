//! From print logs to print records.
//!
//! Every reader here is pure: octets in, [`Entry`] by [`Entry`] out; no clock is read, and only
//! [`tail`], which follows a growing log, opens files. A line is turned into a record, skipped with a reason or refused with a reason;
//! one bad line never costs the next. Reasons are short and stable, so that a person can count
//! them and a golden file can hold them.
//!
//! Formats and their traps are written down where they are handled; `facts/jobs.md` has their
//! sources.

mod cells;
mod column_map;
mod counts;
mod csv_line;
mod date_order;
mod date_words;
mod detect;
mod fields;
mod line_keys;
mod lines;
mod local_clock;
mod media;
mod ndjson;
pub mod page_log;
mod page_log_envelope;
mod page_log_form;
mod page_log_format;
mod page_log_guess;
mod page_log_pages;
mod page_log_values;
mod papercut;
mod quote;
mod read;
pub mod record_json;
pub mod table;
mod table_layout;
mod table_times;
pub mod tail;
mod tail_cursor;
mod texts;
mod time_tokens;
mod times;
mod utf16;
mod windows;
mod windows_csv;
mod windows_evtx;
mod windows_json;
mod windows_json_event;
mod windows_json_message;
mod windows_json_time;
mod windows_xml;
mod words;
mod written_time;

use std::borrow::Cow;

use platen_domain::print_jobs::PrintRecord;

pub use csv_line::CsvLine;
pub use date_order::{DateConflict, DateOrder, DateQuestion};
pub use detect::{Kind, SAMPLE_OCTETS};
pub use encoding_rs::Encoding;
pub use lines::LINE_MAX_OCTETS;
pub use quote::quote;
pub use read::{Log, Options, ReadAs, ReadError, date_order, read};
pub use table_layout::MissingColumns;
pub use windows_evtx::EVTX_MAX_OCTETS;
pub use windows_xml::EVENT_MAX_OCTETS;

/// Why an entry is no record, in words for people.
pub type Reason = Cow<'static, str>;

/// What one line of a log, or one event of an event log, turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A job.
    Record(Box<PrintRecord>),
    /// Nothing to take in, and nothing wrong: a header, a blank line, another event.
    Skipped {
        /// Line, or event, counted from 1; in an event log file its record number.
        line: u64,
        /// What it is.
        reason: Reason,
    },
    /// A job that cannot be taken in, or no job at all.
    Refused {
        /// Line, or event, counted from 1; in an event log file its record number.
        line: u64,
        /// What is wrong.
        reason: Reason,
    },
}

impl Entry {
    pub(crate) fn skipped(line: u64, reason: impl Into<Reason>) -> Self {
        let reason = reason.into();
        Self::Skipped { line, reason }
    }

    pub(crate) fn refused(line: u64, reason: impl Into<Reason>) -> Self {
        let reason = reason.into();
        Self::Refused { line, reason }
    }
}

/// Where entries go.
pub type Sink<'a> = dyn FnMut(Entry) + 'a;

/// Reads a log line by line.
pub trait LineParser {
    /// Says which of all lines comes next, counted from 0.
    fn at(&mut self, _place: u64) {}

    /// Takes in a line without its end, and gives out what is settled by it.
    fn line(&mut self, number: u64, line: &[u8], sink: &mut Sink<'_>);

    /// The first line, as [`LineParser::at`] counts them, of which something waits for later ones.
    fn waits_for(&self) -> Option<u64> {
        None
    }

    /// Gives out what waited for more lines: there are none.
    fn finish(&mut self, _sink: &mut Sink<'_>) {}
}
