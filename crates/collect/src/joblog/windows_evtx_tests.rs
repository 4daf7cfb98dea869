//! Event log files, made here of the events that the tests of exports are made of. None with a
//! printed document in it is public, so the octets are laid out by [MS-EVEN6] and libevtx's
//! notes, and the `evtx` crate, which reads real ones, says whether they are a log.

use std::io::{self, Read as _};

use proptest::prelude::*;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::windows_xml;
use super::super::windows_xml::tests::{printed, rendered, xml};
use super::*;

const HEADER: usize = 4_096;
const CHUNK_SIZE: usize = 65_536;
const CHUNK_HEADER: usize = 512;

/// Binary XML of text, for a place in a chunk: names stand where they are met first.
struct BinXml {
    octets: Vec<u8>,
    place: usize,
}

impl BinXml {
    fn of(xml: &str, place: usize) -> Vec<u8> {
        let octets = vec![0x0F, 1, 1, 0];
        let mut binary = Self { octets, place };
        let mut reader = Reader::from_str(xml.trim());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => binary.open(&tag, 0x02),
                Event::Empty(tag) => binary.open(&tag, 0x03),
                Event::Text(text) => binary.text(&text),
                Event::GeneralRef(name) => match name.resolve_char_ref().unwrap() {
                    Some(character) => binary.text(&character.to_string()),
                    None => binary.text(resolve_predefined_entity(&name).unwrap()),
                },
                Event::End(_) => binary.octets.push(0x04),
                Event::Eof => break,
                other => panic!("{other:?}"),
            }
        }
        binary.octets.push(0);
        binary.octets
    }

    fn open(&mut self, tag: &BytesStart<'_>, end: u8) {
        let attributes: Vec<_> = tag.attributes().map(Result::unwrap).collect();
        let size = [0; 4];
        self.octets
            .push(if attributes.is_empty() { 0x01 } else { 0x41 });
        self.octets.extend(size);
        self.name(tag.name().as_ref());
        if !attributes.is_empty() {
            self.octets.extend(size);
        }
        for (left, attribute) in (0..attributes.len()).rev().zip(&attributes) {
            self.octets.push(if left == 0 { 0x06 } else { 0x46 });
            self.name(attribute.key.as_ref());
            match attribute.key.as_ref() {
                "SystemTime" => self.time(&attribute.value),
                _ => self.text(&attribute.value),
            }
        }
        self.octets.push(end);
    }

    fn name(&mut self, name: &str) {
        let place = self.place + self.octets.len() + 4;
        self.octets
            .extend(u32::try_from(place).unwrap().to_le_bytes());
        let (next, hash) = ([0; 4], [0; 2]);
        self.octets.extend(next);
        self.octets.extend(hash);
        self.counted(name);
        self.octets.extend([0, 0]);
    }

    fn text(&mut self, text: &str) {
        self.octets.extend([0x05, 0x01]);
        self.counted(text);
    }

    /// A time as Windows has it: units of 100 ns since 1601.
    fn time(&mut self, time: &str) {
        let since: jiff::Timestamp = "1601-01-01T00:00:00Z".parse().unwrap();
        let time: jiff::Timestamp = time.parse().unwrap();
        let units = time.duration_since(since).as_nanos() / 100;
        self.octets.extend([0x05, 0x11]);
        self.octets
            .extend(u64::try_from(units).unwrap().to_le_bytes());
    }

    fn counted(&mut self, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let count = u16::try_from(units.len()).unwrap();
        self.octets.extend(count.to_le_bytes());
        self.octets
            .extend(units.into_iter().flat_map(u16::to_le_bytes));
    }
}

fn put(octets: &mut [u8], at: usize, value: &[u8]) {
    octets[at..at + value.len()].copy_from_slice(value);
}

/// A chunk of events, of which the first has this number.
fn chunk(first: u64, events: &[String]) -> Vec<u8> {
    let mut chunk = vec![0; CHUNK_HEADER];
    let mut start = 0;
    for (number, xml) in (first..).zip(events) {
        start = chunk.len();
        let binary = BinXml::of(xml, start + 24);
        let size = u32::try_from(24 + binary.len() + 4).unwrap().to_le_bytes();
        chunk.extend(*b"**\0\0");
        chunk.extend(size);
        chunk.extend(number.to_le_bytes());
        chunk.extend(133_000_000_000_000_000_u64.to_le_bytes());
        chunk.extend(binary);
        chunk.extend(size);
    }
    let last = first + events.len() as u64 - 1;
    let free = u32::try_from(chunk.len()).unwrap();
    put(&mut chunk, 0, b"ElfChnk\0");
    for (at, number) in [(8, first), (16, last), (24, first), (32, last)] {
        put(&mut chunk, at, &number.to_le_bytes());
    }
    put(&mut chunk, 40, &128_u32.to_le_bytes());
    put(&mut chunk, 44, &u32::try_from(start).unwrap().to_le_bytes());
    put(&mut chunk, 48, &free.to_le_bytes());
    assert!(chunk.len() <= CHUNK_SIZE);
    chunk.resize(CHUNK_SIZE, 0);
    chunk
}

fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![0; HEADER];
    put(&mut file, 0, b"ElfFile\0");
    put(&mut file, 32, &128_u32.to_le_bytes());
    put(&mut file, 36, &[1, 0, 3, 0, 0, 0x10]);
    put(&mut file, 42, &[u8::try_from(chunks.len()).unwrap(), 0]);
    file.extend(chunks.concat());
    file
}

fn entries(mut file: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    parse(&mut file, &mut |entry| entries.push(entry)).unwrap();
    entries
}

fn exported(events: &[String]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let text = events.concat();
    windows_xml::parse(&mut text.as_bytes(), &mut |entry| entries.push(entry)).unwrap();
    entries
}

/// Six events of which two pairs and one alone make jobs.
fn events() -> Vec<String> {
    vec![
        xml(
            316,
            1,
            "01.0",
            "<DriverAdded><Param1>A &amp; B</Param1></DriverAdded>",
        ),
        rendered(2, "10.0", 12, 3),
        printed(3, "11.2", 12, "Budget &lt;&amp;&#x3E; 2026", 4),
        rendered(4, "20.0", 13, 2),
        printed(5, "20.5", 13, "Договор", 1),
        printed(6, "50.0", 14, "alone", 2),
    ]
}

#[test]
fn events_say_the_same_in_a_file_as_in_an_export() {
    let events = events();
    let read = entries(&file(&[chunk(1, &events)]));
    assert_eq!(read, exported(&events));
    let jobs = read
        .iter()
        .filter(|entry| matches!(entry, Entry::Record(_)));
    assert_eq!((read.len(), jobs.count()), (6, 3));
}

#[test]
fn a_full_log_begins_at_its_oldest_event() {
    let events = events();
    let (older, newer) = events.split_at(2);
    let wrapped = file(&[chunk(3, newer), chunk(1, older)]);
    assert_eq!(entries(&wrapped), exported(&events));
}

#[test]
fn damage_costs_what_it_hits() {
    let events = events();
    let mut damaged = chunk(1, &events);
    let starts: Vec<_> = (0..CHUNK_SIZE)
        .filter(|at| damaged[*at..].starts_with(b"**\0\0"))
        .collect();
    damaged[starts[0] + 24] = 0xEE;
    damaged[starts[4]] = b'+';
    let mut headless = chunk(7, &events);
    headless[0] = b'X';
    let mut entries = entries(&file(&[damaged, headless, chunk(13, &events[..1])]));
    entries.retain(|entry| !matches!(entry, Entry::Record(_)));
    let joined = "event 805, joined with its 307";
    let expected = [
        Entry::refused(1, RECORD),
        Entry::skipped(2, joined),
        Entry::skipped(4, joined),
        Entry::refused(5, NO_NUMBER),
        Entry::refused(7, CHUNK),
        Entry::skipped(13, "event 316"),
    ];
    assert_eq!(entries, expected);
}

#[test]
fn a_file_that_was_cut_short_is_read_up_to_there() {
    let events = events();
    let whole = chunk(1, &events);
    let cut = whole
        .windows(4)
        .rposition(|octets| octets == b"**\0\0")
        .unwrap()
        + 99;
    let mut read = entries(&file(&[whole[..cut].to_vec()]));
    let mut expected = exported(&events[..5]);
    expected.push(Entry::refused(6, RECORD));
    let order = |entry: &Entry| format!("{entry:?}");
    read.sort_by_key(order);
    expected.sort_by_key(order);
    assert_eq!(read, expected);
}

#[test]
fn what_is_no_whole_file_is_refused_as_one() {
    let sink: &mut Sink<'_> = &mut |entry| panic!("{entry:?}");
    let whole = file(&[vec![0; CHUNK_SIZE]]);
    let whole = whole.as_slice();
    parse(&mut &*whole, sink).unwrap();
    let read = parse(&mut &whole[..HEADER - 1], sink);
    assert!(matches!(read, Err(ReadError::NoEvtx)), "{read:?}");
    let endless = whole.chain(io::repeat(0));
    let read = held(&mut io::BufReader::new(endless), 999_999).map(|chunks| chunks.len());
    assert!(matches!(read, Err(ReadError::EvtxTooLarge)), "{read:?}");
}

proptest! {
    #[test]
    fn no_damage_is_more_than_that(
        damage in prop::collection::vec((0..12_000_usize, any::<u8>()), 1..20),
    ) {
        let mut file = file(&[chunk(1, &events())]);
        for (at, octet) in damage {
            file[at] = octet;
        }
        // The magic is what says that it is a log at all.
        put(&mut file, 0, b"ElfFile\0");
        entries(&file);
    }
}
