//! Whatever stands in a table, known or by a column map, records have well-formed keys; and
//! telling its format apart does not fail.

#![no_main]

use std::sync::LazyLock;

use std::io::Cursor;

use platen_collect::joblog::{Entry, Kind, Options, ReadError, read};

const MAP: &str = "
    [columns]
    completed_at = ['Date', 'Time']
    submitted_at = 'Sent'
    user = 'User'
    id = 'Id'
    impressions = 'Pages'
    bytes = 'Size'
    state = 'State'
";

/// Made once: the zone and the map cost more than most inputs.
static OPTIONS: LazyLock<Options> = LazyLock::new(|| Options {
    column_map: Some(MAP.parse().expect("the map is well-formed")),
    // A zone with gaps and repeated hours.
    ..Options::new(
        "fuzz",
        jiff::tz::TimeZone::get("Europe/Berlin").expect("the zones are built in"),
    )
});

libfuzzer_sys::fuzz_target!(|table: &[u8]| {
    Kind::detect("log.csv", table);
    for kind in [Kind::PaperCut, Kind::WindowsCsv, Kind::Table] {
        let read = read(kind, &OPTIONS, &mut Cursor::new(table), &mut |entry| {
            if let Entry::Record(record) = entry {
                assert!(record.key.is_well_formed());
            }
        });
        assert!(!matches!(read, Err(ReadError::Io(_))), "a slice can be read");
    }
});
