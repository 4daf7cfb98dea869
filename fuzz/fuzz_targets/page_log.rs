//! Whatever stands in a page_log, every record that is read from it has a well-formed key.

#![no_main]

use platen_collect::joblog::{Entry, Kind, Options, read};

libfuzzer_sys::fuzz_target!(|log: &[u8]| {
    let options = Options::new("fuzz", jiff::tz::TimeZone::UTC);
    let mut reader = std::io::Cursor::new(log);
    read(Kind::PageLog, &options, &mut reader, &mut |entry| {
        if let Entry::Record(record) = entry {
            assert!(record.key.is_well_formed());
        }
    })
    .expect("a slice can be read");
});
