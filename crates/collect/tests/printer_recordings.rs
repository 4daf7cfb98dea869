//! Every recorded device at hand is decoded: nothing fails, and no sentinel becomes a number.
//!
//! Recordings are `.snmprec` files, the format of snmpsim, in the directory `PLATEN_CORPUS` or, by
//! default, `shared/corpus/snmp/recordings` beside the repository. Where there is none the test
//! says so and passes.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

use std::path::{Path, PathBuf};

use platen_collect::printer::{Decoded, Profiles, decode};
use platen_collect::snmp::{Answers, Oid, Value};
use platen_domain::supplies::Level;

fn recordings() -> Vec<PathBuf> {
    let beside =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/snmp/recordings");
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's input, not configuration"
    )]
    let directory = std::env::var("PLATEN_CORPUS").map_or(beside, PathBuf::from);
    let Ok(entries) = std::fs::read_dir(&directory) else {
        eprintln!(
            "SKIPPED: no recordings in {}; set PLATEN_CORPUS",
            directory.display()
        );
        return Vec::new();
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "snmprec")
        })
        .collect()
}

fn read(path: &Path) -> Answers {
    let bytes = std::fs::read(path).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    text.lines().filter_map(binding).collect()
}

fn binding(line: &str) -> Option<(Oid, Value)> {
    let mut parts = line.splitn(3, '|');
    let (oid, kind, value) = (parts.next()?, parts.next()?, parts.next()?);
    let value = match kind {
        "2" => Value::Integer(value.parse().ok()?),
        "4" => Value::OctetString(value.as_bytes().to_vec()),
        "4x" => Value::OctetString(octets(value)),
        "6" => Value::ObjectIdentifier(value.parse().ok()?),
        "65" => Value::Counter32(value.parse().ok()?),
        "66" => Value::Gauge32(value.parse().ok()?),
        "67" => Value::TimeTicks(value.parse().ok()?),
        "70" => Value::Counter64(value.parse().ok()?),
        _ => return None,
    };
    Some((oid.parse().ok()?, value))
}

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    let pairs = digits.chunks_exact(2);
    pairs
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}

fn assert_no_sentinel_is_a_number(name: &str, decoded: &Decoded) {
    for supply in &decoded.changes.supplies {
        let raw = supply.raw_level.unwrap_or(0);
        match supply.level {
            Level::Percent(percent) => {
                assert!(percent <= 100, "{name}: {supply:?}");
                assert!(raw >= 0 || supply.rule != "rfc3805", "{name}: {supply:?}");
            }
            Level::Units(_) => assert!(raw > 100, "{name}: {supply:?}"),
            Level::SomeLeft | Level::Unknown | Level::Unlimited => {}
        }
        assert!(
            supply.raw_capacity.is_none_or(|raw| raw >= 0) || supply.capacity.is_none(),
            "{name}"
        );
    }
    for meter in &decoded.changes.meters {
        assert!(meter.value < 4_000_000_000, "{name}: {meter:?}");
    }
}

#[test]
fn every_recording_is_decoded_and_no_sentinel_becomes_a_number() {
    let profiles = Profiles::try_built_in().unwrap();
    for path in recordings() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if let Some(decoded) = decode(&read(&path), &profiles) {
            assert_no_sentinel_is_a_number(&name, &decoded);
            let keys: std::collections::HashSet<_> = decoded
                .changes
                .supplies
                .iter()
                .map(platen_domain::supplies::Supply::key)
                .collect();
            assert_eq!(
                keys.len(),
                decoded.changes.supplies.len(),
                "{name}: supplies with one identity"
            );
        }
    }
}
