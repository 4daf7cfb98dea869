//! Recordings, as net-snmp's tools see them.

mod support;

use std::fmt::Write as _;

use platen_simfleet::{DeviceSpec, Recording};
use support::{net_snmp, one, tool};

/// A recording of every value type, with more rows than one GETBULK of 25 fetches, and names
/// whose order by arcs is not their order as text.
#[expect(clippy::unwrap_used, reason = "writing to a String")]
fn recording() -> String {
    let mut text = String::from(
        "1.3.6.1.2.1.1.1.0|4|Example printer\n\
         1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.32473.1\n\
         1.3.6.1.2.1.1.3.0|67|4200\n\
         1.3.6.1.2.1.4.20.1.1.10.0.0.1|64|10.0.0.1\n\
         1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615\n",
    );
    for row in 1..=60 {
        writeln!(text, "1.3.6.1.2.1.43.11.1.1.9.1.{row}|2|-{row}").unwrap();
        writeln!(
            text,
            "1.3.6.1.2.1.43.10.2.1.4.1.{row}|65|{}",
            u32::MAX - row
        )
        .unwrap();
    }
    text
}

/// The recording as `snmpwalk -On -Oe -OU` prints it.
fn printed(with_counter64: bool) -> Vec<String> {
    let mut lines = vec![
        ".1.3.6.1.2.1.1.1.0 = STRING: \"Example printer\"".to_owned(),
        ".1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.32473.1".to_owned(),
        ".1.3.6.1.2.1.1.3.0 = Timeticks: (4200) 0:00:42.00".to_owned(),
        ".1.3.6.1.2.1.4.20.1.1.10.0.0.1 = IpAddress: 10.0.0.1".to_owned(),
    ];
    if with_counter64 {
        lines.push(".1.3.6.1.2.1.31.1.1.1.6.1 = Counter64: 18446744073709551615".to_owned());
    }
    for row in 1..=60 {
        lines.push(format!(
            ".1.3.6.1.2.1.43.10.2.1.4.1.{row} = Counter32: {}",
            u32::MAX - row
        ));
    }
    for row in 1..=60 {
        lines.push(format!(
            ".1.3.6.1.2.1.43.11.1.1.9.1.{row} = INTEGER: -{row}"
        ));
    }
    lines
}

#[expect(clippy::unwrap_used, reason = "the text above is a recording")]
fn spec() -> DeviceSpec {
    DeviceSpec::Recording(Recording::parse(&recording()).unwrap())
}

#[test]
fn a_bulk_walk_by_25_rows_equals_the_file() {
    if !net_snmp() {
        return;
    }
    let fleet = one(spec());
    let walked = tool(
        "snmpbulkwalk",
        &["-v2c", "-c", "public", "-Cr25"],
        &fleet,
        &["1.3.6.1"],
    )
    .unwrap();
    let (end, walked) = split_end(walked);
    assert_eq!(walked, printed(true));
    assert!(end.unwrap().contains("No more variables left"));
}

#[test]
fn a_walk_by_get_next_equals_the_file() {
    if !net_snmp() {
        return;
    }
    let fleet = one(spec());
    let walked = tool("snmpwalk", &["-v2c", "-c", "public"], &fleet, &["1.3.6.1"]).unwrap();
    assert_eq!(split_end(walked).1, printed(true));
}

#[test]
fn snmp_v1_sees_all_but_counter64() {
    if !net_snmp() {
        return;
    }
    let fleet = one(spec());
    let walked = tool("snmpwalk", &["-v1", "-c", "public"], &fleet, &["1.3.6.1"]).unwrap();
    assert_eq!(split_end(walked).1, printed(false));
}

/// A walk that runs past the last object ends in a line that says so.
fn split_end(mut lines: Vec<String>) -> (Option<String>, Vec<String>) {
    let end = lines.pop_if(|line| line.contains("No more variables") || line == "End of MIB");
    (end, lines)
}

#[test]
fn absence_is_an_exception_in_v2c_and_an_error_in_v1() {
    if !net_snmp() {
        return;
    }
    let fleet = one(spec());
    let names = [
        "1.3.6.1.2.1.1.1.0",
        "1.3.6.1.2.1.43.11.1.1.9.1.99",
        "1.3.6.1.2.1.99.1.0",
    ];
    let v2c = tool("snmpget", &["-v2c", "-c", "public"], &fleet, &names).unwrap();
    assert!(v2c[1].contains("No Such Instance"), "{v2c:?}");
    assert!(v2c[2].contains("No Such Object"), "{v2c:?}");
    let v1 = tool("snmpget", &["-v1", "-Cf", "-c", "public"], &fleet, &names).unwrap_err();
    assert!(
        v1.contains("noSuchName") && v1.contains(".43.11.1.1.9.1.99"),
        "{v1}"
    );
}

#[test]
fn a_context_is_asked_for_behind_the_community() {
    if !net_snmp() {
        return;
    }
    let mut device = Recording::parse("1.3.6.1.2.1.1.5.0|4|outside").unwrap();
    device.add_context(
        "Jetdirect",
        &Recording::parse("1.3.6.1.2.1.1.5.0|4|inside").unwrap(),
    );
    let fleet = one(DeviceSpec::Recording(device));
    let name = |community| {
        tool(
            "snmpget",
            &["-v2c", "-Oqv", "-c", community],
            &fleet,
            &["1.3.6.1.2.1.1.5.0"],
        )
    };
    assert_eq!(name("public"), Ok(vec!["\"outside\"".to_owned()]));
    assert_eq!(name("public@Jetdirect"), Ok(vec!["\"inside\"".to_owned()]));
    assert!(name("public@elsewhere").unwrap_err().contains("Timeout"));
    assert!(name("private").unwrap_err().contains("Timeout"));
}

#[test]
fn nothing_is_writable() {
    if !net_snmp() {
        return;
    }
    let fleet = one(spec());
    let set = ["1.3.6.1.2.1.1.5.0", "s", "mine"];
    let refused = tool("snmpset", &["-v2c", "-c", "public"], &fleet, &set).unwrap_err();
    assert!(refused.contains("notWritable"), "{refused}");
}
