//! Whatever stands in a chunk of an event log file, every record that is read from it has a
//! well-formed key. Inputs are the beginning of a chunk, its header first; the file around it is
//! always the same, since it decides nothing.

#![no_main]

use platen_collect::joblog::{Entry, Kind, Options, read};

const HEADER: usize = 4_096;
const CHUNK: usize = 65_536;

libfuzzer_sys::fuzz_target!(|chunk: &[u8]| {
    let options = Options::new("fuzz", jiff::tz::TimeZone::UTC);
    let mut file = b"ElfFile\0".to_vec();
    file.resize(HEADER, 0);
    file.extend(chunk.iter().take(CHUNK));
    file.resize(HEADER + CHUNK, 0);
    let mut reader = std::io::Cursor::new(file);
    read(Kind::WindowsEvtx, &options, &mut reader, &mut |entry| {
        if let Entry::Record(record) = entry {
            assert!(record.key.is_well_formed());
        }
    })
    .expect("a file with a header is a log");
});
