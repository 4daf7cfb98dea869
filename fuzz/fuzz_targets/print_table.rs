//! Whatever stands in a table, known or by a column map, records have well-formed keys; and
//! telling its format apart does not fail.

#![no_main]

use std::sync::LazyLock;

use platen_collect::joblog::{Entry, Kind, Options, read};

const MAP: &str = "
    time_format = '%Y-%m-%d %H:%M:%S'
    [columns]
    completed_at = 'Time'
    user = 'User'
    id = 'Id'
    impressions = 'Pages'
    bytes = 'Size'
    state = 'State'
";

/// Made once: the zone and the map cost more than most inputs.
static OPTIONS: LazyLock<Options> = LazyLock::new(|| Options {
    instance: "fuzz".to_owned(),
    // A zone with gaps and repeated hours.
    zone: jiff::tz::TimeZone::get("Europe/Berlin").expect("the zones are built in"),
    encoding: None,
    page_log_format: None,
    column_map: Some(MAP.parse().expect("the map is well-formed")),
});

libfuzzer_sys::fuzz_target!(|table: &[u8]| {
    Kind::detect("log.csv", table);
    for kind in [Kind::PaperCut, Kind::WindowsCsv, Kind::Table] {
        let mut reader = table;
        read(kind, &OPTIONS, &mut reader, &mut |entry| {
            if let Entry::Record(record) = entry {
                assert!(record.key.is_well_formed());
            }
        })
        .expect("a slice can be read");
    }
});
