//! Windows event log files (`.evtx`), as `wevtutil epl` and a copy of
//! `Microsoft-Windows-PrintService%4Operational.evtx` have them.
//!
//! The `evtx` crate turns each record into the XML that Windows itself would export, which is read
//! as such. Checksums are not asked for: the log of a running spooler is ahead of its own, and a
//! record that makes no sense shows by itself.
//!
//! A file numbers its records, and an exported one numbers them anew: entries bear that number,
//! and keys the `EventRecordID` within the event, which stays.

use std::io::{self, BufRead, Read as _};
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxChunkData, EvtxFileHeader, EvtxRecord, ParserSettings};

use super::windows_xml::{Decoder, EVENT_MAX_OCTETS, TOO_LONG};
use super::{Entry, ReadError, Sink};

/// Largest file, in octets. A full log goes on over its oldest events, so the first event can
/// stand anywhere and the file is held in memory. Windows gives this log 1 MiB, who prints much
/// 64 MiB.
pub const EVTX_MAX_OCTETS: u64 = 256 * 1024 * 1024;

/// Size of the header before the chunks, in octets.
const HEADER_OCTETS: usize = 4_096;

/// Size of a chunk, in octets: a header, tables, and the records that use them.
const CHUNK_OCTETS: usize = 65_536;

const CHUNK: &str = "a damaged chunk of 64 KiB, with every event in it";
const RECORD: &str = "a damaged record";
const NO_NUMBER: &str = "a damaged record whose number cannot be read";

/// Reads every event of a file, the oldest first. A record that is damaged costs itself, a chunk
/// whose header is damaged costs its events.
pub(super) fn parse(reader: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let chunks = held(reader, EVTX_MAX_OCTETS)?;
    let mut log = Log::default();
    for chunk in chunks {
        let read = chunk.and_then(|mut chunk| log.read(&mut chunk, sink));
        if read.is_none() {
            log.refuse(None, CHUNK, sink);
        }
    }
    log.decoder.finish(sink);
    Ok(())
}

/// The chunks of a file of at most this many octets, the one with the oldest events first. `None`
/// for one whose header is damaged; those not yet used are left out.
fn held(reader: &mut dyn BufRead, max: u64) -> Result<Vec<Option<EvtxChunkData>>, ReadError> {
    let header = piece(reader, HEADER_OCTETS)?;
    let is_whole = header.len() == HEADER_OCTETS;
    if !is_whole || EvtxFileHeader::from_bytes(&header).is_err() {
        return Err(ReadError::NoEvtx);
    }
    let mut chunks = Vec::new();
    let mut octets = header.len() as u64;
    loop {
        let data = piece(reader, CHUNK_OCTETS)?;
        octets += data.len() as u64;
        if data.is_empty() {
            break;
        }
        if octets > max {
            return Err(ReadError::EvtxTooLarge);
        }
        if data.iter().any(|octet| *octet != 0) {
            chunks.push(EvtxChunkData::new(data, false).ok());
        }
    }
    let first_numbers = (0..).zip(&chunks).filter_map(|(at, chunk)| {
        let header = &chunk.as_ref()?.header;
        let is_range = header.first_event_record_id <= header.last_event_record_id;
        is_range.then_some((header.first_event_record_id, at))
    });
    let oldest = first_numbers.min().map_or(0, |(_, at)| at);
    chunks.rotate_left(oldest);
    Ok(chunks)
}

/// The next octets, fewer at the end.
fn piece(reader: &mut dyn BufRead, octets: usize) -> io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(octets);
    reader.take(octets as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

#[derive(Default)]
struct Log {
    settings: Arc<ParserSettings>,
    decoder: Decoder,
    /// Number of the last record in the file, 0 before the first.
    last: u64,
}

impl Log {
    /// Reads the records of a chunk; `None` where its tables are damaged.
    fn read(&mut self, chunk: &mut EvtxChunkData, sink: &mut Sink<'_>) -> Option<()> {
        let mut chunk = chunk.parse(Arc::clone(&self.settings)).ok()?;
        for record in chunk.iter() {
            match record.and_then(EvtxRecord::into_xml_bytes) {
                Ok(event) if event.data.len() > EVENT_MAX_OCTETS => {
                    self.refuse(Some(event.event_record_id), TOO_LONG, sink);
                }
                Ok(event) => {
                    self.last = event.event_record_id;
                    self.decoder.read(self.last, &event.data, sink);
                }
                Err(error) => match number(&error) {
                    Some(number) => self.refuse(Some(number), RECORD, sink),
                    None => self.refuse(None, NO_NUMBER, sink),
                },
            }
        }
        Some(())
    }

    /// Refuses a record; the one after the last where its number is not known.
    fn refuse(&mut self, number: Option<u64>, reason: &'static str, sink: &mut Sink<'_>) {
        self.last = number.unwrap_or(self.last.saturating_add(1));
        sink(Entry::refused(self.last, reason));
    }
}

/// The number of the record that an error is about, where its header has one.
fn number(error: &EvtxError) -> Option<u64> {
    match error {
        EvtxError::FailedToParseRecord { record_id, .. } => Some(*record_id),
        EvtxError::FailedToReadRecordAt { source, .. } => number(source),
        _ => None,
    }
}

#[cfg(test)]
#[path = "windows_evtx_tests.rs"]
mod tests;
