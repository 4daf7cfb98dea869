//! Whatever is sent as a record, what is taken in is written and read back as the same.

#![no_main]

use platen_collect::joblog::record_json::{decode, encode};

libfuzzer_sys::fuzz_target!(|json: &[u8]| {
    let Ok(record) = decode(json) else { return };
    let mut written = Vec::new();
    encode(&record, &mut written);
    let again = decode(&written).expect("what is written is read");
    assert_eq!(again, record);
});
