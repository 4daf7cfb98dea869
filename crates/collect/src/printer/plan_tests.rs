//! What is asked is enough: a device read by the plan decodes to the same as its whole tree, and a
//! poll to the same as a full reading.

use std::path::{Path, PathBuf};

use super::testing::{answers, recording};
use super::*;
use crate::snmp::query::Query;

/// What a device with these objects would answer: exact instances, and what lies below columns.
fn asked(query: &Query, device: &Answers) -> Answers {
    let named = |oid: &crate::snmp::oid::Oid| {
        query.objects.contains(oid) || query.columns.iter().any(|c| oid.is_below(&c.oid))
    };
    let bindings = device.iter().filter(|(oid, _)| named(oid));
    bindings
        .map(|(oid, value)| (oid.clone(), value.clone()))
        .collect()
}

fn together(parts: &[Answers]) -> Answers {
    let all = parts.iter().flat_map(Answers::iter);
    all.map(|(oid, value)| (oid.clone(), value.clone()))
        .collect()
}

fn read_by_plan(device: &Answers, profiles: &Profiles) -> Option<(Answers, Decoded)> {
    let first = together(&[
        asked(&plan::probe(), device),
        asked(&plan::device_ids(profiles), device),
        asked(&plan::census(), device),
    ]);
    let profile = recognise(&first, profiles)?;
    let known = together(&[first, asked(&plan::full(profile), device)]);
    let decoded = decode_as(&known, profiles, profile);
    Some((known, decoded))
}

fn assert_plan_is_enough(name: &str, device: &Answers) {
    let profiles = Profiles::try_built_in().unwrap();
    let whole = decode(device, &profiles);
    let Some((known, planned)) = read_by_plan(device, &profiles) else {
        assert_eq!(whole, None, "{name}");
        return;
    };
    assert_eq!(Some(&planned), whole.as_ref(), "{name}");
    let profile = profile_named(&profiles, &planned.changes.profile.name);
    let lasting = plan::lasting(&known, profile);
    let fresh = asked(&plan::dynamic(&known, profile), device);
    assert_eq!(
        plan::supply_rows(&fresh),
        plan::supply_rows(&known),
        "{name}"
    );
    let polled = decode_changes(&together(&[lasting, fresh]), profile);
    assert_eq!(
        Changes {
            uptime_ticks: None,
            ..polled
        },
        Changes {
            uptime_ticks: None,
            ..planned.changes
        },
        "{name}"
    );
}

#[test]
fn the_plan_reads_all_that_the_profiles_of_these_devices_decode() {
    let kyocera = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1347.41
        1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5
        1.3.6.1.2.1.25.3.2.1.5.1|2|2
        1.3.6.1.2.1.25.3.5.1.2.1|4x|00
        1.3.6.1.2.1.43.10.2.1.4.1.1|65|7432
        1.3.6.1.2.1.43.11.1.1.6.1.1|4|TK-1162
        1.3.6.1.2.1.43.11.1.1.8.1.1|2|7200
        1.3.6.1.2.1.43.11.1.1.9.1.1|2|7056
        1.3.6.1.4.1.1347.43.5.1.1.1.1|4|ECOSYS P2040dw
        1.3.6.1.4.1.1347.43.5.1.1.28.1|4|VD21457943
        1.3.6.1.4.1.1347.43.10.1.1.12.1.1|2|7342";
    let sharp = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.2385.3.1.111.1.26
        1.3.6.1.2.1.43.10.2.1.4.1.1|65|90474
        1.3.6.1.4.1.2385.1.1.19.2.1.3.5.4.61|65|90474
        1.3.6.1.4.1.2385.1.1.19.2.1.4.5.4.61|4|Black & White Total Count";
    let brother = "1.3.6.1.4.1.2435.2.3.9.1.1.7.0|4|MFG:Brother;MDL:DCP-9020CDW series;
        1.3.6.1.2.1.43.10.2.1.4.1.1|65|4939
        1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10.0|4x|0001040000134b0201040000
        1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0|4x|6f010400001bbcff";
    for (name, recording) in [("kyocera", kyocera), ("sharp", sharp), ("brother", brother)] {
        assert_plan_is_enough(name, &answers(recording));
    }
}

#[test]
fn the_plan_reads_all_of_every_recording_at_hand() {
    let beside =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/snmp/recordings");
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's input, not configuration"
    )]
    let directory = std::env::var("PLATEN_CORPUS").map_or(beside, PathBuf::from);
    let Ok(entries) = std::fs::read_dir(&directory) else {
        eprintln!("SKIPPED: no recordings in {}", directory.display());
        return;
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path
            .extension()
            .is_some_and(|extension| extension == "snmprec")
        {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            assert_plan_is_enough(&path.display().to_string(), &recording(&text));
        }
    }
}
