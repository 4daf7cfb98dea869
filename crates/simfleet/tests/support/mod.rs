//! What the tests share: a fleet, a manager of few bytes, and net-snmp's tools as judges.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "test support")]
#![expect(
    clippy::disallowed_types,
    reason = "tests run net-snmp's command line tools"
)]

use std::net::{Ipv4Addr, UdpSocket};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use platen_domain::clock::{ManualClock, Timestamp};
use platen_simfleet::{DeviceSpec, Fleet, FleetBuilder};

/// Where tests put their only device.
pub(crate) const DEVICE: Ipv4Addr = Ipv4Addr::new(127, 79, 0, 1);

/// 2026-06-01T09:00:00Z.
pub(crate) const MORNING: Timestamp = Timestamp::from_millis(1_780_304_400_000);

/// A clock that stands at [`MORNING`].
pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(MORNING))
}

/// A fleet of one device.
pub(crate) fn one(spec: impl Into<DeviceSpec>) -> Fleet {
    FleetBuilder::new(clock())
        .device(DEVICE, spec.into())
        .start()
        .unwrap()
}

/// Whether net-snmp's tools are there. Their absence is said aloud, and a failure under `CI=true`.
pub(crate) fn net_snmp() -> bool {
    let there = Command::new("snmpget").arg("-V").output().is_ok();
    if !there {
        assert!(
            std::env::var_os("CI").is_none_or(|ci| ci != "true"),
            "install Debian's package snmp"
        );
        eprintln!("SKIPPED: net-snmp's tools are not installed (Debian's package snmp)");
    }
    there
}

/// The lines that a net-snmp tool prints about [`DEVICE`], or its complaint.
pub(crate) fn tool(
    program: &str,
    options: &[&str],
    fleet: &Fleet,
    objects: &[&str],
) -> Result<Vec<String>, String> {
    tool_at(program, options, DEVICE, fleet, objects)
}

/// As [`tool`], about the device at `address`.
pub(crate) fn tool_at(
    program: &str,
    options: &[&str],
    address: Ipv4Addr,
    fleet: &Fleet,
    objects: &[&str],
) -> Result<Vec<String>, String> {
    let output = Command::new(program)
        .args(["-On", "-Oe", "-OU", "-t", "2", "-r", "0"])
        .args(options)
        .arg(format!("{address}:{}", fleet.port()))
        .args(objects)
        .env("MIBS", "")
        .output()
        .unwrap();
    if output.status.success() {
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.lines().map(str::to_owned).collect())
    } else {
        let complaint = [output.stdout, output.stderr].concat();
        Err(String::from_utf8_lossy(&complaint).into_owned())
    }
}

/// A socket connected to [`DEVICE`], which therefore takes answers from no other address.
pub(crate) fn manager(fleet: &Fleet, patience: Duration) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect((DEVICE, fleet.port())).unwrap();
    socket.set_read_timeout(Some(patience)).unwrap();
    socket
}

/// The answer to `request`, if one comes.
pub(crate) fn ask(socket: &UdpSocket, request: &[u8]) -> Option<Vec<u8>> {
    socket.send(request).unwrap();
    receive(socket)
}

/// The next answer, if one comes.
pub(crate) fn receive(socket: &UdpSocket) -> Option<Vec<u8>> {
    let mut answer = vec![0; 65_535];
    let length = socket.recv(&mut answer).ok()?;
    answer.truncate(length);
    Some(answer)
}

/// GETBULK (SNMPv2c, community public) of 1.3.6.1.2.1 and `rows` repetitions below 128.
pub(crate) fn get_bulk(rows: u8) -> Vec<u8> {
    const NAME: [u8; 7] = [0x06, 5, 0x2B, 6, 1, 2, 1];
    let binding = element(0x30, &[&NAME[..], &[5, 0]].concat());
    let pdu = element(
        0xA5,
        &[
            &[2, 1, 42, 2, 1, 0, 2, 1, rows][..],
            &element(0x30, &binding),
        ]
        .concat(),
    );
    element(
        0x30,
        &[&[2, 1, 1][..], &element(4, b"public"), &pdu].concat(),
    )
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).unwrap()][..], content].concat()
}
