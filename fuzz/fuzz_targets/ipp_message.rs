//! Whatever a spooler or a printer sends, the decoder ends, stays within its limits and does not
//! panic.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    // What is refused is as good as what is read: only a crash counts.
    let _read = platen_collect::ipp::Message::decode(body);
});
