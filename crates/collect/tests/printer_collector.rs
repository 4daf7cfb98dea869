//! Discovery and polls of a printer over the network, message by message.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

mod snmp_support;

use std::sync::Arc;

use platen_collect::printer::Profiles;
use platen_collect::snmp::pdu::ErrorStatus;
use platen_collect::snmp::{Value, Version};
use platen_collect::{CollectError, Collector, DeviceMemory};
use platen_domain::clock::{ManualClock, Timestamp};
use platen_domain::readings::Observation;
use platen_domain::supplies::Level;

use snmp_support::{Responder, column_oid, credential, oid, patient, printer, text};

fn collector() -> Collector {
    let profiles = Profiles::try_built_in().unwrap();
    let clock = ManualClock::at(Timestamp::from_millis(1_000));
    Collector::new(patient(), Arc::new(profiles), Arc::new(clock))
}

/// A Lexmark of `supplies` supplies.
fn lexmark(supplies: u32) -> snmp_support::Mib {
    lexmark_with_serial(supplies, "74636C66019PZ-130-0")
}

fn lexmark_with_serial(supplies: u32, serial: &str) -> snmp_support::Mib {
    let mut mib = printer(supplies);
    let printer_type = oid("1.3.6.1.2.1.25.3.1.5");
    for (object, value) in [
        (
            "1.3.6.1.2.1.1.2.0",
            Value::ObjectIdentifier(oid("1.3.6.1.4.1.641.2.71107114")),
        ),
        (
            "1.3.6.1.2.1.25.3.2.1.2.1",
            Value::ObjectIdentifier(printer_type),
        ),
        (
            "1.3.6.1.2.1.25.3.2.1.3.1",
            text("Lexmark MX711 74636C66019PZ LW50.TU.P543"),
        ),
        ("1.3.6.1.2.1.25.3.2.1.5.1", Value::Integer(2)),
        ("1.3.6.1.2.1.25.3.5.1.1.1", Value::Integer(3)),
        ("1.3.6.1.2.1.43.5.1.1.17.1", text(serial)),
    ] {
        mib.push(oid(object), value);
    }
    mib
}

fn levels(observation: &Observation) -> Vec<(String, Level)> {
    let supplies = observation.supplies.iter().flatten();
    supplies
        .map(|supply| (supply.description.clone(), supply.level))
        .collect()
}

#[tokio::test]
async fn a_known_printer_is_polled_by_one_message() {
    let device = Responder::honest(lexmark(4)).await;
    let (collector, credential) = (collector(), credential(Version::V2c));
    let found = collector.discover(device.address, &credential).await;
    let (observation, memory) = found.unwrap();
    let identity = observation.identity.clone().unwrap();
    assert_eq!(identity.manufacturer.as_deref(), Some("Lexmark"));
    assert_eq!(identity.model.as_deref(), Some("MX711"));
    assert_eq!(observation.profile.name, "lexmark");

    let before = device.requests().len();
    assert!(before <= 8, "{:?}", device.asked());
    let mut memory = DeviceMemory::from_bytes(&memory.to_bytes()).unwrap();
    let polled = collector
        .poll(device.address, &credential, &mut memory)
        .await
        .unwrap();
    assert_eq!(device.requests().len() - before, 1, "{:?}", device.asked());
    assert_eq!(polled.identity, None);
    assert_eq!(polled.meters, observation.meters);
    assert_eq!(polled.supplies, observation.supplies);
    assert_eq!(polled.status, observation.status);
    assert_eq!(
        levels(&polled)[0],
        ("Toner 1".to_owned(), Level::Percent(1))
    );
}

#[tokio::test]
async fn another_printer_at_a_known_address_is_read_as_itself() {
    let collector = collector();
    let credential = credential(Version::V2c);
    let before = Responder::honest(lexmark(2)).await;
    let found = collector.discover(before.address, &credential).await;
    let (_, mut memory) = found.unwrap();

    let exchanged = lexmark_with_serial(2, "7016PHH2HZ");
    let now = Responder::honest(exchanged).await;
    let polled = collector.poll(now.address, &credential, &mut memory).await;
    let identity = polled.unwrap().identity.expect("who it is");
    assert_eq!(identity.serial.as_deref(), Some("7016PHH2HZ"));
    let again = collector.poll(now.address, &credential, &mut memory).await;
    assert_eq!(again.unwrap().identity, None);
}

#[tokio::test]
async fn the_first_question_to_a_host_is_one_small_get() {
    let device = Responder::honest(lexmark(1)).await;
    let credential = credential(Version::V2c);
    collector()
        .discover(device.address, &credential)
        .await
        .unwrap();
    assert_eq!(device.asked()[0], "get 7");
}

#[tokio::test]
async fn a_host_that_is_no_printer_is_told_apart_and_left_alone() {
    let mut host = snmp_support::Mib::default();
    let net_snmp = Value::ObjectIdentifier(oid("1.3.6.1.4.1.8072.3.2.10"));
    host.push(oid("1.3.6.1.2.1.1.1.0"), text("Linux web1 6.1.0"));
    host.push(oid("1.3.6.1.2.1.1.2.0"), net_snmp);
    let device = Responder::honest(host).await;
    let credential = credential(Version::V2c);
    let found = collector().discover(device.address, &credential).await;
    assert!(matches!(found, Err(CollectError::NotAPrinter)));
    assert!(device.requests().len() <= 2, "{:?}", device.asked());
}

#[tokio::test]
async fn a_cartridge_in_another_row_makes_a_poll_a_full_reading() {
    let collector = collector();
    let credential = credential(Version::V2c);
    let device = Responder::honest(lexmark(2)).await;
    let (_, mut memory) = collector
        .discover(device.address, &credential)
        .await
        .unwrap();

    let mut swapped = lexmark(1);
    swapped.push(column_oid(6).child(&[1, 9]), text("Toner new"));
    swapped.push(column_oid(8).child(&[1, 9]), Value::Integer(12_000));
    swapped.push(column_oid(9).child(&[1, 9]), Value::Integer(12_000));
    let device = Responder::honest(swapped).await;
    let polled = collector
        .poll(device.address, &credential, &mut memory)
        .await
        .unwrap();
    assert!(polled.identity.is_some());
    assert_eq!(
        levels(&polled)[1],
        ("Toner new".to_owned(), Level::Percent(100))
    );
}

#[tokio::test]
async fn t16_supplies_a_sleeping_device_keeps_silent_about_are_not_said_to_be_unknown() {
    let collector = collector();
    let credential = credential(Version::V2c);
    let awake = Responder::honest(lexmark(2)).await;
    let (_, mut memory) = collector
        .discover(awake.address, &credential)
        .await
        .unwrap();
    let asleep = Responder::honest(lexmark(0)).await;
    let polled = collector
        .poll(asleep.address, &credential, &mut memory)
        .await
        .unwrap();
    assert_eq!(polled.supplies, None);
    assert!(polled.status.is_some());

    let read = collector.refresh(asleep.address, &credential, &mut memory);
    assert_eq!(read.await.unwrap().supplies, None);
    let polled = collector.poll(awake.address, &credential, &mut memory);
    assert_eq!(levels(&polled.await.unwrap()).len(), 2);
}

#[tokio::test]
async fn what_a_limit_cut_short_does_not_replace_what_is_known() {
    let collector = collector();
    let credential = credential(Version::V2c);
    let device = Responder::honest(lexmark(2)).await;
    let (_, mut memory) = collector
        .discover(device.address, &credential)
        .await
        .unwrap();

    let mut verbose = lexmark(2);
    let alerts = oid("1.3.6.1.2.1.43.18.1.1");
    for (column, row) in [2, 4, 5, 7]
        .into_iter()
        .flat_map(|c| (1..=600).map(move |r| (c, r)))
    {
        verbose.push(alerts.child(&[column, 1, row]), Value::Integer(3));
    }
    let verbose = Responder::honest(verbose).await;
    let read = collector.refresh(verbose.address, &credential, &mut memory);
    assert_eq!(read.await.unwrap().supplies, None);
    let polled = collector.poll(device.address, &credential, &mut memory);
    let names = levels(&polled.await.unwrap())
        .into_iter()
        .map(|(name, _)| name);
    assert_eq!(names.collect::<Vec<_>>(), ["Toner 1", "Toner 2"]);
}

#[tokio::test]
async fn full_readings_win_back_what_a_device_once_could_not_do() {
    let collector = collector();
    let credential = credential(Version::V2c);
    let narrow = Responder::start(lexmark(2), |request| {
        let honest = request.honest();
        let answer = if honest.bindings.len() > 4 {
            request.response(ErrorStatus::TooBig, 0, Vec::new())
        } else {
            honest
        };
        vec![request.encode(answer)]
    });
    let found = collector.discover(narrow.await.address, &credential).await;
    let (_, mut memory) = found.unwrap();

    let device = Responder::honest(lexmark(2)).await;
    let mut messages = Vec::new();
    for _day in 0..6 {
        let read = collector.refresh(device.address, &credential, &mut memory);
        read.await.unwrap();
        let before = device.requests().len();
        let polled = collector.poll(device.address, &credential, &mut memory);
        polled.await.unwrap();
        messages.push(device.requests().len() - before);
    }
    assert!(messages[0] > 1, "{messages:?}");
    assert_eq!(messages[5], 1, "{messages:?}");
}
