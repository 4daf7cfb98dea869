//! Simulated printers, as net-snmp's tools see them.

mod support;

use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::time::Duration;

use platen_domain::clock::Clock;
use platen_simfleet::usm::{AuthProtocol, PrivacyProtocol, UsmUser};
use platen_simfleet::{
    DEMO_COMMUNITY, DEMO_COUNT, Fleet, Peculiarity, SimulatedPrinter, demo_printers, demo_user,
    models,
};
use support::{MORNING, clock, net_snmp, one, tool, tool_at};

const LIFE_COUNT: &str = "1.3.6.1.2.1.43.10.2.1.4.1.1";

/// Where tests put a demo's fleet: beside that of a demo that may be running.
const FIRST: Ipv4Addr = Ipv4Addr::new(127, 79, 1, 1);

#[test]
fn every_printer_of_a_demo_can_be_walked_from_end_to_end() {
    if !net_snmp() {
        return;
    }
    let fleet = Fleet::demo(DEMO_COUNT, FIRST, 0, 7, clock()).unwrap();
    for (address, printer) in fleet.addresses().iter().zip(demo_printers(DEMO_COUNT, 7)) {
        let options = walk_options(&printer);
        let walked = tool_at("snmpwalk", &options, *address, &fleet, &["1.3.6.1"]).unwrap();
        let objects = printer.mib(MORNING).len();
        let lines = walked
            .iter()
            .filter(|line| line.starts_with(".1.3.6.1.") && !line.contains("No more"));
        assert_eq!(
            lines.count(),
            objects,
            "{address} {}",
            printer.model().full_name()
        );
    }
}

fn walk_options(printer: &SimulatedPrinter) -> Vec<&'static str> {
    // A sleeping printer answers its first request late.
    let mut options = vec!["-t", "10"];
    match printer.peculiarity() {
        Some(Peculiarity::V3Only) => {
            options.extend_from_slice(&["-v3", "-l", "authPriv", "-u", "platen", "-a", "SHA-256"]);
            options.extend_from_slice(&[
                "-A",
                "demo-authentication",
                "-x",
                "AES",
                "-X",
                "demo-privacy",
            ]);
        }
        Some(Peculiarity::V1Only) => options.extend_from_slice(&["-v1", "-c", DEMO_COMMUNITY]),
        _ => options.extend_from_slice(&["-v2c", "-c", DEMO_COMMUNITY]),
    }
    options
}

#[test]
fn a_meter_advances_with_the_fleet_s_clock() {
    if !net_snmp() {
        return;
    }
    let time = clock();
    let printer = SimulatedPrinter::new(models::ALL[4], 5, 1);
    let fleet = platen_simfleet::FleetBuilder::new(time.clone())
        .device(support::DEVICE, printer.clone().into())
        .start()
        .unwrap();
    let options = ["-v2c", "-c", "public", "-Oqv"];
    let read = || {
        tool("snmpget", &options, &fleet, &[LIFE_COUNT]).unwrap()[0]
            .parse::<u64>()
            .unwrap()
    };
    let morning = read();
    assert_eq!(morning, printer.life_count(MORNING));
    time.advance(Duration::from_hours(8));
    assert_eq!(read(), printer.life_count(time.now()));
    let advance = read() - morning;
    assert!(
        (1_000..1_200).contains(&advance),
        "{advance} in eight hours of 140 an hour"
    );
}

#[test]
fn snmp_v3_is_spoken_with_every_protocol() {
    if !net_snmp() {
        return;
    }
    let pairs = [
        (AuthProtocol::Md5, "MD5", PrivacyProtocol::Aes128, "AES"),
        (AuthProtocol::Sha1, "SHA", PrivacyProtocol::Aes128, "AES"),
        (
            AuthProtocol::Sha1,
            "SHA",
            PrivacyProtocol::Aes192,
            "AES-192",
        ),
        (
            AuthProtocol::Sha1,
            "SHA",
            PrivacyProtocol::Aes256,
            "AES-256",
        ),
        (
            AuthProtocol::Sha224,
            "SHA-224",
            PrivacyProtocol::Aes128,
            "AES",
        ),
        (
            AuthProtocol::Sha256,
            "SHA-256",
            PrivacyProtocol::Aes128,
            "AES",
        ),
        (
            AuthProtocol::Sha384,
            "SHA-384",
            PrivacyProtocol::Aes192,
            "AES-192",
        ),
        (
            AuthProtocol::Sha512,
            "SHA-512",
            PrivacyProtocol::Aes256,
            "AES-256",
        ),
    ];
    let mut printer = SimulatedPrinter::new(models::ALL[0], 1, 1).with(Peculiarity::V3Only);
    printer.behaviour.users = pairs
        .iter()
        .map(|(auth, auth_name, privacy, privacy_name)| UsmUser {
            name: format!("{auth_name} {privacy_name}"),
            auth: Some((*auth, "authentication".to_owned())),
            privacy: Some((*privacy, "encryption".to_owned())),
        })
        .collect();
    let fleet = one(printer.clone());
    for (_, auth, _, privacy) in pairs {
        let name = format!("{auth} {privacy}");
        let options = [
            "-v3",
            "-l",
            "authPriv",
            "-u",
            &name,
            "-a",
            auth,
            "-A",
            "authentication",
        ];
        let options = [&options[..], &["-x", privacy, "-X", "encryption", "-Oqv"]].concat();
        let read = tool("snmpget", &options, &fleet, &[LIFE_COUNT]);
        assert_eq!(
            read,
            Ok(vec![printer.life_count(MORNING).to_string()]),
            "{name}"
        );
    }
}

#[test]
fn snmp_v3_refuses_who_does_not_know_the_secrets() {
    if !net_snmp() {
        return;
    }
    let mut printer = SimulatedPrinter::new(models::ALL[0], 1, 1).with(Peculiarity::V3Only);
    printer.behaviour.users = vec![demo_user()];
    let fleet = one(printer);
    let refused = |options: &[&str]| tool("snmpget", options, &fleet, &[LIFE_COUNT]).unwrap_err();
    let wrong_password = refused(&[
        "-v3",
        "-lauthPriv",
        "-uplaten",
        "-aSHA-256",
        "-Awrong-wrong",
        "-xAES",
        "-Xdemo-privacy",
    ]);
    assert!(
        wrong_password.contains("Authentication failure"),
        "{wrong_password}"
    );
    let unknown = refused(&["-v3", "-lnoAuthNoPriv", "-unobody"]);
    assert!(unknown.contains("Unknown user name"), "{unknown}");
    let in_clear = refused(&[
        "-v3",
        "-lauthNoPriv",
        "-uplaten",
        "-aSHA-256",
        "-Ademo-authentication",
    ]);
    assert!(
        in_clear.contains("Unsupported security level"),
        "{in_clear}"
    );
    let community = refused(&["-v2c", "-cpublic", "-t0.3"]);
    assert!(community.contains("Timeout"), "{community}");
}

#[test]
fn printers_of_a_bench_differ_where_printers_do() {
    if !net_snmp() {
        return;
    }
    let fleet = Fleet::bench(21, 0, 0, 3, clock()).unwrap();
    let names = [
        "1.3.6.1.2.1.2.2.1.6.2",
        "1.3.6.1.2.1.43.5.1.1.17.1",
        LIFE_COUNT,
    ];
    let options = ["-v2c", "-c", "public", "-Oqv"];
    let read = |address: &Ipv4Addr| tool_at("snmpget", &options, *address, &fleet, &names).unwrap();
    let printers: Vec<_> = fleet.addresses().iter().map(read).collect();
    for (value, name) in names.iter().enumerate() {
        let distinct: HashSet<_> = printers.iter().map(|values| &values[value]).collect();
        assert_eq!(distinct.len(), printers.len(), "{name}");
    }
}
