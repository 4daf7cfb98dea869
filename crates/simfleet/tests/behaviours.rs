//! The habits that make devices difficult.

mod support;

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use platen_simfleet::behaviour::Bulk;
use platen_simfleet::{Behaviour, Fleet, FleetBuilder, Recording};
use support::{DEVICE, ask, clock, get_bulk, manager, net_snmp, one, receive, tool};

/// Longer than any answer on a loaded machine takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait for an answer that is not to come.
const SILENCE: Duration = Duration::from_millis(300);

const V2C: [&str; 3] = ["-v2c", "-c", "public"];

#[expect(clippy::unwrap_used, reason = "the text is a recording")]
fn device(behaviour: Behaviour) -> Fleet {
    let line = |row| format!("1.3.6.1.2.1.43.11.1.1.6.1.{row}|4|supply {row}");
    let lines: Vec<_> = (1..=40).map(line).collect();
    let mut recording = Recording::parse(&lines.join("\n")).unwrap();
    recording.behaviour = behaviour;
    one(recording)
}

#[test]
fn too_big_comes_with_no_bindings_and_small_answers_get_through() {
    let fleet = device(Behaviour {
        too_big_above: Some(200),
        ..Behaviour::default()
    });
    let socket = manager(&fleet, PATIENCE);
    let answer = ask(&socket, &get_bulk(40)).unwrap();
    let mut expected = vec![0x30, 24, 2, 1, 1, 4, 6];
    expected.extend_from_slice(b"public");
    expected.extend_from_slice(&[0xA2, 11, 2, 1, 42, 2, 1, 1, 2, 1, 0, 0x30, 0]);
    assert_eq!(answer, expected);
    assert!(ask(&socket, &get_bulk(2)).unwrap().len() > expected.len());
}

#[test]
fn a_device_may_cap_the_rows_of_a_bulk_answer() {
    if !net_snmp() {
        return;
    }
    let fleet = device(Behaviour {
        bulk: Bulk::MaxRows(10),
        ..Behaviour::default()
    });
    let options = [&V2C[..], &["-Cn0", "-Cr25"]].concat();
    let rows = tool("snmpbulkget", &options, &fleet, &["1.3.6.1.2.1.43"]).unwrap();
    assert_eq!(rows.len(), 10);
}

#[test]
fn a_broken_bulk_answer_repeats_an_identifier() {
    if !net_snmp() {
        return;
    }
    let fleet = device(Behaviour {
        bulk: Bulk::Broken,
        ..Behaviour::default()
    });
    let options = [&V2C[..], &["-Cn0", "-Cr5"]].concat();
    let mut rows = tool("snmpbulkget", &options, &fleet, &["1.3.6.1.2.1.43"]).unwrap();
    assert_eq!(rows.len(), 5);
    rows.dedup();
    assert_eq!(rows.len(), 1);
}

#[test]
fn a_device_may_answer_everything_but_bulk() {
    if !net_snmp() {
        return;
    }
    let fleet = device(Behaviour {
        bulk: Bulk::Silent,
        ..Behaviour::default()
    });
    let socket = manager(&fleet, SILENCE);
    assert_eq!(ask(&socket, &get_bulk(5)), None);
    let rows = tool("snmpwalk", &V2C, &fleet, &["1.3.6.1.2.1.43"]).unwrap();
    assert!(rows.len() >= 40);
}

#[test]
fn a_v1_device_is_silent_to_v2c() {
    if !net_snmp() {
        return;
    }
    let fleet = device(Behaviour {
        v2c: false,
        ..Behaviour::default()
    });
    assert_eq!(ask(&manager(&fleet, SILENCE), &get_bulk(5)), None);
    let name = ["1.3.6.1.2.1.43.11.1.1.6.1.7"];
    let v1 = tool("snmpget", &["-v1", "-c", "public", "-Oqv"], &fleet, &name);
    assert_eq!(v1, Ok(vec!["\"supply 7\"".to_owned()]));
}

#[test]
fn a_dead_device_is_silent() {
    let fleet = device(Behaviour {
        dead: true,
        ..Behaviour::default()
    });
    assert_eq!(ask(&manager(&fleet, SILENCE), &get_bulk(5)), None);
}

#[test]
fn answers_may_come_twice() {
    let fleet = device(Behaviour {
        duplicate_answers: true,
        ..Behaviour::default()
    });
    let socket = manager(&fleet, PATIENCE);
    let first = ask(&socket, &get_bulk(5));
    assert!(first.is_some());
    assert_eq!(receive(&socket), first);
}

#[test]
fn answers_may_come_from_another_address() {
    let fleet = device(Behaviour {
        wrong_source: true,
        ..Behaviour::default()
    });
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
        .send_to(&get_bulk(5), (DEVICE, fleet.port()))
        .unwrap();
    let (_, source) = socket.recv_from(&mut [0; 2_048]).unwrap();
    assert_ne!(source.ip(), DEVICE);
    assert_eq!(ask(&manager(&fleet, SILENCE), &get_bulk(5)), None);
}

#[test]
fn some_requests_get_lost() {
    let fleet = device(Behaviour {
        drop_percent: 50,
        ..Behaviour::default()
    });
    let socket = manager(&fleet, SILENCE);
    for _ in 0..100 {
        socket.send(&get_bulk(1)).unwrap();
    }
    let answered = std::iter::from_fn(|| receive(&socket)).count();
    assert!((20..80).contains(&answered), "{answered} of 100");
}

#[test]
fn a_slow_device_takes_its_time_and_a_sleeping_one_wakes_late() {
    const LATE: Duration = Duration::from_millis(50);
    let slow = Behaviour {
        latency: LATE,
        ..Behaviour::default()
    };
    let sleeping = Behaviour {
        wakes_in: Some(LATE),
        ..Behaviour::default()
    };
    for behaviour in [slow, sleeping] {
        let fleet = device(behaviour);
        let asked = Instant::now();
        assert!(ask(&manager(&fleet, PATIENCE), &get_bulk(5)).is_some());
        assert!(asked.elapsed() >= LATE);
    }
}

#[test]
fn devices_live_on_loopback_only() {
    let outside = "192.0.2.1".parse().unwrap();
    let builder = FleetBuilder::new(clock());
    let error = builder
        .device(outside, Recording::default().into())
        .start()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "192.0.2.1 is not a loopback address (127.0.0.0/8)"
    );
}
