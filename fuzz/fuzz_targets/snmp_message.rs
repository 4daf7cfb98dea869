//! Whatever a device sends, the decoder ends, stays within its limits and does not panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|datagram: &[u8]| {
    platen_collect::snmp::decode_untrusted(datagram);
});
