//! Windows events as XML: what `wevtutil qe … /f:xml` and `ToXml()` write, one event after the
//! other, with or without an element around them.
//!
//! Each event is cut out and read alone, so that one which is not well-formed (a control character
//! in a title is enough) costs nothing but itself. No document type is read and no entity is
//! expanded beyond XML's own five and numbered characters.

use std::io::{self, BufRead};

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::windows::{Fields, Joiner, event};
use super::{Entry, Reason, Sink, texts};

/// Longest event, in octets. Windows itself limits an event's data to 64 KiB (`EventWrite`), which
/// XML's escapes and a rendered message make longer.
pub const EVENT_MAX_OCTETS: usize = 256 * 1024;

/// Why an event beyond [`EVENT_MAX_OCTETS`] is refused.
pub(super) const TOO_LONG: &str = "longer than 256 KiB";

/// Elements of an event that are kept: the system's sixteen, and more data than any event has.
const VALUES_MAX: usize = 64;

/// Deepest nesting of elements; `PrintService` needs four.
const DEPTH_MAX: usize = 16;

const START: &[u8] = b"<Event";
const END: &[u8] = b"</Event>";

/// Reads every event of an export in UTF-8.
pub(super) fn parse(reader: &mut dyn BufRead, sink: &mut Sink<'_>) -> io::Result<()> {
    let mut events = Events::default();
    let mut buffer = Vec::new();
    loop {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let length = chunk.len();
        buffer.extend_from_slice(chunk);
        reader.consume(length);
        let done = events.take(&buffer, sink);
        buffer.drain(..done);
        if length == 0 {
            break;
        }
        if buffer.len() > EVENT_MAX_OCTETS {
            events.refuse(TOO_LONG, sink);
            buffer.clear();
        }
    }
    if !buffer.is_empty() {
        events.refuse("the file ends within it", sink);
    }
    events.decoder.finish(sink);
    Ok(())
}

/// Reads events that are cut out, one by one.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    joiner: Joiner,
}

impl Decoder {
    /// Takes in the event with this number, and gives out the jobs that are complete by it.
    pub(super) fn read(&mut self, number: u64, xml: &[u8], sink: &mut Sink<'_>) {
        match Values::read(&texts::decode(xml)) {
            Ok(values) => self.take(number, &values, sink),
            Err(reason) => sink(Entry::refused(number, reason)),
        }
    }

    /// The same of an event that was taken apart already.
    pub(super) fn take(&mut self, number: u64, fields: &dyn Fields, sink: &mut Sink<'_>) {
        match event(fields) {
            Ok(Some(event)) => self.joiner.add(number, event, sink),
            Ok(None) => {
                let id = fields.system("EventID").unwrap_or_default();
                sink(Entry::skipped(number, other(id)));
            }
            Err(reason) => sink(Entry::refused(number, reason)),
        }
    }

    /// Gives out the jobs that wait: nothing comes any more.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) {
        self.joiner.finish(sink);
    }
}

#[derive(Debug, Default)]
struct Events {
    number: u64,
    decoder: Decoder,
    /// How far the event at the beginning of the buffer was searched for its end.
    searched: usize,
}

impl Events {
    /// Reads the whole events of the buffer, and says how much of it is done with.
    fn take(&mut self, buffer: &[u8], sink: &mut Sink<'_>) -> usize {
        let mut done = 0;
        loop {
            let rest = buffer.get(done..).unwrap_or_default();
            let Some(start) = start(rest) else {
                // What may be the beginning of a start tag waits for the rest of it.
                return buffer.len() - tail(rest).len();
            };
            let found = rest.get(start..).unwrap_or_default();
            let from = std::mem::take(&mut self.searched);
            let unsearched = found.get(from..).unwrap_or_default();
            let Some(end) = position(unsearched, END) else {
                self.searched = found.len().saturating_sub(END.len());
                return done + start;
            };
            let length = from + end + END.len();
            let event = found.get(..length).unwrap_or_default();
            let length = if let Some(next) = another_start(event) {
                self.refuse("no end", sink);
                next
            } else {
                self.read(event, sink);
                length
            };
            done += start + length;
        }
    }

    fn read(&mut self, xml: &[u8], sink: &mut Sink<'_>) {
        self.number += 1;
        self.decoder.read(self.number, xml, sink);
    }

    fn refuse(&mut self, reason: &'static str, sink: &mut Sink<'_>) {
        self.number += 1;
        self.searched = 0;
        sink(Entry::refused(self.number, reason));
    }
}

fn other(id: &str) -> Reason {
    match id.parse::<u16>() {
        Ok(id) => format!("event {id}").into(),
        Err(_no_number) => "another event".into(),
    }
}

/// Where a start tag `<Event>` or `<Event …>` begins; `<Events>` and `<EventID>` are none.
fn start(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + position(text.get(from..)?, START)?;
        let behind = *text.get(at + START.len())?;
        if behind == b'>' || behind.is_ascii_whitespace() {
            return Some(at);
        }
        from = at + START.len();
    }
}

/// Where a second event begins within what should be one.
fn another_start(event: &[u8]) -> Option<usize> {
    let behind = event.get(START.len()..)?;
    Some(START.len() + start(behind)?)
}

/// The end of a text in which no start tag stands, as far as one may begin there.
fn tail(text: &[u8]) -> &[u8] {
    let kept = text.len().saturating_sub(START.len());
    let tail = text.get(kept..).unwrap_or_default();
    let begins = tail.iter().position(|c| *c == b'<');
    begins.and_then(|at| tail.get(at..)).unwrap_or_default()
}

fn position(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|part| part == needle)
}

/// The elements of one event that hold text, each with its section.
#[derive(Debug, Default)]
pub(super) struct Values {
    values: Vec<Value>,
    /// Whether the last of them still takes text: blanks between elements are none.
    is_open: bool,
}

#[derive(Debug)]
struct Value {
    section: Section,
    name: String,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    System,
    Data,
    Other,
}

impl Fields for Values {
    fn system(&self, name: &str) -> Option<&str> {
        self.get(Section::System, name)
    }

    fn data(&self, name: &str) -> Option<&str> {
        self.get(Section::Data, name)
    }
}

impl Values {
    fn get(&self, section: Section, name: &str) -> Option<&str> {
        let is = |value: &&Value| value.section == section && value.name == name;
        let found = self.values.iter().find(is);
        found.map(|value| value.text.as_str())
    }

    /// Reads one event.
    pub(super) fn read(xml: &str) -> Result<Self, Reason> {
        let mut values = Self::default();
        let mut reader = Reader::from_str(xml);
        let (mut depth, mut section) = (0_usize, Section::Other);
        loop {
            match reader.read_event().map_err(|_error| NOT_WELL_FORMED)? {
                Event::Start(tag) => {
                    depth += 1;
                    section = section_of(depth, &tag, section);
                    values.open(section, &tag, depth)?;
                }
                Event::Empty(tag) => {
                    values.open(section, &tag, depth + 1)?;
                    values.is_open = false;
                }
                Event::End(_) => {
                    depth = depth.saturating_sub(1);
                    values.is_open = false;
                }
                Event::Text(text) => values.add(&text),
                Event::CData(text) => values.add(&text),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(character)) => values.add(character.encode_utf8(&mut [0; 4])),
                    Ok(None) => values.add(resolve_predefined_entity(&name).ok_or(ENTITY)?),
                    Err(_error) => return Err(NOT_WELL_FORMED.into()),
                },
                Event::DocType(_) => return Err("a document type".into()),
                Event::Eof => return Ok(values),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    /// Begins an element; one that says what it says in an attribute is read from there.
    fn open(&mut self, section: Section, tag: &BytesStart<'_>, depth: usize) -> Result<(), Reason> {
        if depth > DEPTH_MAX || self.values.len() >= VALUES_MAX {
            return Err("more elements than an event has".into());
        }
        let local = tag.local_name();
        let name = local.as_ref();
        let attribute = match (section, name) {
            (Section::System, "TimeCreated") => Some("SystemTime"),
            (Section::System, "Provider") => Some("Name"),
            _ => None,
        };
        let mut text = String::new();
        if let Some(attribute) = attribute {
            let found = tag.try_get_attribute(attribute);
            let found = found.map_err(|_error| NOT_WELL_FORMED)?;
            let value = found.map(|found| found.normalized_value(XmlVersion::Implicit1_0));
            let value = value.transpose();
            text = value
                .map_err(|_error| NOT_WELL_FORMED)?
                .unwrap_or_default()
                .into_owned();
        }
        self.values.push(Value {
            section,
            name: name.to_owned(),
            text,
        });
        self.is_open = true;
        Ok(())
    }

    /// Adds to the text of the element that was begun last.
    fn add(&mut self, text: &str) {
        if let Some(value) = self.values.last_mut().filter(|_| self.is_open) {
            value.text.push_str(text);
        }
    }
}

const NOT_WELL_FORMED: &str = "not well-formed";
const ENTITY: &str = "an entity that XML does not define";

/// Sections are the children of `Event`.
fn section_of(depth: usize, tag: &BytesStart<'_>, inherited: Section) -> Section {
    if depth > 2 {
        return inherited;
    }
    match tag.local_name().as_ref() {
        "System" => Section::System,
        "UserData" | "EventData" => Section::Data,
        _ => Section::Other,
    }
}

#[cfg(test)]
#[path = "windows_xml_tests.rs"]
pub(super) mod tests;
