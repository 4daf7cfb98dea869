//! Answers recorded from a real CUPS and from real printers are read whole.
//!
//! They lie in `PLATEN_CORPUS`, or by default in `shared/corpus` beside the repository. Where there
//! are none the tests say so and pass.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

use std::path::Path;

use platen_collect::ipp::{Group, IppReading, Message, group_tag};
use platen_collect::printer::Profiles;
use platen_domain::clock::Timestamp;

fn recorded(name: &str) -> Option<Vec<u8>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let path = beside.join(name);
    let read = std::fs::read(&path).ok();
    if read.is_none() {
        eprintln!("SKIPPED: no recording {}", path.display());
    }
    read
}

#[test]
fn the_jobs_of_a_real_cups_are_read_whole_with_a_title_of_1500_octets_among_them() {
    let Some(octets) = recorded("jobs/cups-get-jobs-completed.bin") else {
        return;
    };
    let message = Message::decode(&octets).unwrap();
    let jobs: Vec<&Group> = message.groups_of(group_tag::JOB).collect();
    assert_eq!(jobs.len(), 15);
    for job in &jobs {
        assert!(job.text("job-uuid").unwrap().starts_with("urn:uuid:"));
        assert!(job.integer("time-at-completed").unwrap() > 1_700_000_000);
    }
    let title = |job: &Group| job.text("job-name").unwrap().to_owned();
    assert!(jobs.iter().any(|job| title(job).len() == 1_500));
    assert!(jobs.iter().any(|job| title(job).starts_with("evil\n9999")));
    assert!(jobs.iter().any(|job| title(job) == "Договор №5.docx"));
}

#[test]
fn every_recorded_printer_is_read_whole() {
    for (name, least) in [
        ("jobs/ippeve-get-printer-attributes.bin", 100),
        (
            "snmp/recordings/ipp-Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp",
            80,
        ),
        ("snmp/recordings/ipp-Xerox-B235-Printer-Attributes.ipp", 100),
        (
            "snmp/recordings/ipp-get-printer-attributes-epsonxp6000.bin",
            80,
        ),
        ("snmp/recordings/ipp-get-printer-attributes-hp6830.bin", 80),
    ] {
        let Some(octets) = recorded(name) else {
            continue;
        };
        let message = Message::decode(&octets).unwrap();
        let attributes: usize = message
            .groups_of(group_tag::PRINTER)
            .map(|group| group.attributes.len())
            .sum();
        assert!(attributes >= least, "{name}: {attributes}");
    }
}

fn lines(name: &str, octets: &[u8], profiles: &Profiles) -> Vec<String> {
    let address = "192.0.2.1".parse().unwrap();
    let now = Timestamp::from_millis(0);
    let read = IppReading::decode(octets, address, profiles, now).unwrap();
    let observation = read.observation;
    let (identity, status) = (observation.identity.unwrap(), observation.status.unwrap());
    let word = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let alerts: Vec<&str> = status
        .alerts
        .iter()
        .map(|alert| alert.text.as_str())
        .collect();
    let head = format!(
        "{name}: {} | {} | serial {} | firmware {} | color {:?} | {} {alerts:?}",
        word(identity.manufacturer),
        word(identity.model),
        identity.serial.is_some(),
        word(identity.firmware),
        observation.has_color,
        status.state.keyword(),
    );
    let supplies = observation.supplies.unwrap();
    let supplies = supplies
        .iter()
        .map(|supply| format!("    {} {:?} by {}", supply.key(), supply.level, supply.rule));
    std::iter::once(head).chain(supplies).collect()
}

#[test]
fn recorded_printers_say_who_they_are_and_what_is_left() {
    let profiles = Profiles::built_in();
    let mut all = Vec::new();
    for name in [
        "ipp-Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp",
        "ipp-Xerox-B235-Printer-Attributes.ipp",
        "ipp-get-printer-attributes-epsonxp6000.bin",
        "ipp-get-printer-attributes-hp6830.bin",
    ] {
        let Some(octets) = recorded(&format!("snmp/recordings/{name}")) else {
            return;
        };
        all.extend(lines(name, &octets, &profiles));
    }
    insta::assert_snapshot!(all.join("\n"), @r#"
    ipp-Kyocera-ECOSYS-M2040dn-Printer-Attributes.ipp: Kyocera | ECOSYS M2040dn | serial true | firmware 2S0_2000.001.828 | color Some(false) | sleeping []
        toner/black/Black TK-1170 Percent(84) by marker-levels
        wasteToner//Waste Toner Box Percent(100) by marker-levels
    ipp-Xerox-B235-Printer-Attributes.ipp: Xerox | B235 MFP | serial false | firmware MXLSG.230.090 | color Some(false) | idle []
        toner/black/Black Toner Cartridge Percent(100) by rfc3805
    ipp-get-printer-attributes-epsonxp6000.bin: Epson | XP-6000 | serial true | firmware 20.44.NU25M7 | color Some(true) | warning ["marker supply low"]
        inkCartridge/photo black/Photo Black ink Percent(27) by marker-levels
        inkCartridge/cyan/Cyan ink Percent(99) by marker-levels
        inkCartridge/magenta/Magenta ink Percent(83) by marker-levels
        inkCartridge/yellow/Yellow ink Percent(6) by marker-levels
        inkCartridge/black/Black ink Percent(64) by marker-levels
    ipp-get-printer-attributes-hp6830.bin: HP | Officejet Pro 6830 | serial true | firmware - | color Some(true) | warning ["marker supply low"]
        inkCartridge/magenta/magenta ink Percent(20) by rfc3805
        inkCartridge/cyan/cyan ink Percent(20) by rfc3805
        inkCartridge/yellow/yellow ink Percent(20) by rfc3805
        inkCartridge/black/black ink Percent(20) by rfc3805
    "#);
}
