//! Whatever stands in exported events, every record that is read from them has a well-formed key.

#![no_main]

use platen_collect::joblog::{Entry, Kind, Options, read};

libfuzzer_sys::fuzz_target!(|xml: &[u8]| {
    let options = Options::new("fuzz", jiff::tz::TimeZone::UTC);
    let mut reader = std::io::Cursor::new(xml);
    read(Kind::WindowsXml, &options, &mut reader, &mut |entry| {
        if let Entry::Record(record) = entry {
            assert!(record.key.is_well_formed());
        }
    })
    .expect("a slice can be read");
});
