//! Whatever stands in events as JSON, every record that is read from them has a well-formed key.

#![no_main]

use platen_collect::joblog::{Entry, Kind, Options, read};

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    let options = Options::new("fuzz", jiff::tz::TimeZone::UTC);
    let mut reader = std::io::Cursor::new(json);
    read(Kind::WindowsJson, &options, &mut reader, &mut |entry| {
        if let Entry::Record(record) = entry {
            assert!(record.key.is_well_formed());
        }
    })
    .expect("a slice can be read");
});
