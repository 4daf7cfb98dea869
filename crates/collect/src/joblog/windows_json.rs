//! Windows events as JSON: what Winlogbeat, `evtx_dump`, Wazuh, `NXLog`, Fluent Bit and
//! `Get-WinEvent | ConvertTo-Json` write, one object an event: a line each, in an array, or over
//! several lines.
//!
//! Each object is cut out by its braces and read alone, so that one which is broken costs nothing
//! but itself. What an event says is found by [`super::windows_json_event`]; from there on it goes
//! the way of the XML, so that the same event is the same record under the same key.

use std::io::{self, BufRead};

use jiff::tz::TimeZone;

use super::local_clock::LocalClock;
use super::windows_json_event::{self, Found};
use super::windows_xml::{Decoder, EVENT_MAX_OCTETS, TOO_LONG};
use super::{Entry, Sink, texts};

const NO_END: &str = "no end";

/// Members of which one is in every event, as its program spells them.
const MEMBERS: [&str; 9] = [
    "\"winlog\"",
    "\"winlog.",
    "\"eventid\"",
    "\"event_id\"",
    "\"eventrecordid\"",
    "\"providername\"",
    "\"record_number\"",
    "<event ",
    "\"windows_eventchannel\"",
];

/// Whether a text begins as JSON with Windows events does. Records of prints are JSON as well, and
/// may tell of events.
pub(super) fn is_in(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    // `evtx_dump` puts `Record 7` before each event.
    let begins = text.starts_with(['{', '[']) || text.starts_with("record ");
    let has = |member: &str| text.contains(member);
    begins && text.contains('{') && !has("\"completed_at\"") && MEMBERS.iter().any(|m| has(m))
}

/// Reads every event of an export in UTF-8; times without an offset are those of `zone`.
pub(super) fn parse(
    reader: &mut dyn BufRead,
    zone: &TimeZone,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    let mut events = Events {
        number: 0,
        decoder: Decoder::default(),
        clock: LocalClock::new(zone.clone()),
    };
    let mut cutter = Cutter::default();
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let length = chunk.len();
        if length == 0 {
            break;
        }
        for octet in chunk {
            match cutter.take(*octet) {
                None => {}
                Some(Cut::Whole) => events.read(&cutter.object, sink),
                Some(Cut::Broken) => events.refuse(NO_END, sink),
                Some(Cut::TooLong) => events.refuse(TOO_LONG, sink),
            }
        }
        reader.consume(length);
    }
    if cutter.is_open() {
        events.refuse("the file ends within it", sink);
    }
    events.decoder.finish(sink);
    Ok(())
}

struct Events {
    number: u64,
    decoder: Decoder,
    clock: LocalClock,
}

impl Events {
    fn read(&mut self, json: &[u8], sink: &mut Sink<'_>) {
        self.number += 1;
        let number = self.number;
        match windows_json_event::read(&texts::decode(json), &mut self.clock) {
            Ok(Found::Fields(event)) => self.decoder.take(number, &event, sink),
            Ok(Found::Xml(xml)) => self.decoder.read(number, xml.as_bytes(), sink),
            Err(reason) => sink(Entry::refused(number, reason)),
        }
    }

    fn refuse(&mut self, reason: &'static str, sink: &mut Sink<'_>) {
        self.number += 1;
        sink(Entry::refused(self.number, reason));
    }
}

/// What an octet brought to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// An object, which is in [`Cutter::object`].
    Whole,
    /// An object that has no end: another one begins within it.
    Broken,
    /// An object beyond [`EVENT_MAX_OCTETS`].
    TooLong,
}

/// Cuts out the outermost objects of a text; what stands between them (brackets and commas of an
/// array, `Record 7` of `evtx_dump`) is passed over.
#[derive(Debug, Default)]
struct Cutter {
    object: Vec<u8>,
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The last octet that is no blank, and the last one.
    significant: u8,
    last: u8,
}

impl Cutter {
    fn is_open(&self) -> bool {
        self.depth > 0
    }

    fn take(&mut self, octet: u8) -> Option<Cut> {
        let last = std::mem::replace(&mut self.last, octet);
        if self.depth == 0 {
            if octet == b'{' {
                self.begin();
            }
            return None;
        }
        // No string goes over a line (RFC 8259 7), and an object at the beginning of a line
        // belongs to what is open only where a value can stand.
        let is_cut = if self.in_string {
            octet == b'\n'
        } else {
            let fits = matches!(self.significant, b'[' | b',' | b':');
            octet == b'{' && last == b'\n' && !fits
        };
        if is_cut {
            self.depth = 0;
            if octet == b'{' {
                self.begin();
            }
            return Some(Cut::Broken);
        }
        if self.object.len() <= EVENT_MAX_OCTETS {
            self.object.push(octet);
        }
        self.track(octet);
        if self.depth > 0 {
            return None;
        }
        let whole = self.object.len() <= EVENT_MAX_OCTETS;
        Some(if whole { Cut::Whole } else { Cut::TooLong })
    }

    fn begin(&mut self) {
        self.object.clear();
        self.object.push(b'{');
        (self.depth, self.significant) = (1, b'{');
        (self.in_string, self.escaped) = (false, false);
    }

    /// Follows strings and braces.
    fn track(&mut self, octet: u8) {
        if self.in_string {
            match octet {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
        } else {
            match octet {
                b'"' => self.in_string = true,
                b'{' => self.depth = self.depth.saturating_add(1),
                b'}' => self.depth -= 1,
                _ => {}
            }
        }
        if !octet.is_ascii_whitespace() {
            self.significant = octet;
        }
    }
}

#[cfg(test)]
#[path = "windows_json_tests.rs"]
mod tests;
