//! Whatever stands in a page_log, every record that is read from it has a well-formed key.

#![no_main]

use platen_collect::joblog::{Entry, Kind, Options, ReadError, read};

libfuzzer_sys::fuzz_target!(|log: &[u8]| {
    let options = Options::new("fuzz", jiff::tz::TimeZone::UTC);
    let mut reader = std::io::Cursor::new(log);
    let read = read(Kind::PageLog, &options, &mut reader, &mut |entry| {
        if let Entry::Record(record) = entry {
            assert!(record.key.is_well_formed());
        }
    });
    assert!(matches!(read, Ok(_) | Err(ReadError::PageLogForm(_))));
});
