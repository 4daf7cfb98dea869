//! Meters and their history.

use std::time::Duration;

use platen_domain::meters::{Function, MeterColor, MeterKey, MeterValue};
use platen_store::{METER_REPEAT_AFTER, MeterHistoryEntry, Store};

use crate::samples::{answer, at, first_answer, founded, record, snapshot, total};

crate::conformance!(
    history_grows_when_a_value_changes_and_once_a_day,
    a_counter_that_goes_backwards_opens_a_segment,
    another_source_opens_a_segment,
    meters_that_were_not_asked_keep_their_newest_value,
    counts_of_any_size_come_back,
    another_organization_sees_no_history,
);

fn copies(value: u64) -> MeterValue {
    MeterValue {
        key: MeterKey::impressions(Function::Copy, MeterColor::All),
        ..total(value)
    }
}

async fn history_grows_when_a_value_changes_and_once_a_day(store: &Store) {
    let scope = founded(store, 1).await;
    let day = METER_REPEAT_AFTER.as_secs();
    let device = record(store, &scope, first_answer(1, 0)).await.device;
    for (seconds, value) in [(60, 1_000), (120, 1_001), (180, 1_001), (119 + day, 1_001)] {
        let mut observation = answer(1, seconds);
        observation.meters = vec![total(value)];
        record(store, &scope, observation).await;
    }
    for seconds in [120 + day, 121 + day] {
        let mut observation = answer(1, seconds);
        observation.meters = vec![total(1_001)];
        record(store, &scope, observation).await;
    }
    let newest = snapshot(store, &scope, device).await;
    assert_eq!(newest.meters, [total(1_001)]);
    assert_eq!(newest.meters_read_at, Some(at(121 + day)));
    let history = store
        .read(move |r| r.meter_history(&scope, device, &total(0).key))
        .await
        .unwrap();
    let read: Vec<_> = history
        .iter()
        .map(|entry| (entry.read_at, entry.value))
        .collect();
    assert_eq!(
        read,
        [(at(0), 1_000), (at(120), 1_001), (at(120 + day), 1_001)]
    );
}

async fn a_counter_that_goes_backwards_opens_a_segment(store: &Store) {
    let scope = founded(store, 1).await;
    let mut device = None;
    for (seconds, value) in (0..).zip([500, 700, 20, 25, 24]) {
        let mut observation = first_answer(1, seconds);
        observation.meters = vec![total(value)];
        device = Some(record(store, &scope, observation).await.device);
    }
    let history = store
        .read(move |r| r.meter_history(&scope, device.unwrap(), &total(0).key))
        .await
        .unwrap();
    let segments: Vec<_> = history.iter().map(|e| (e.value, e.segment)).collect();
    assert_eq!(segments, [(500, 0), (700, 0), (20, 1), (25, 1), (24, 2)]);
    let within = |pair: &&[MeterHistoryEntry]| pair[0].segment == pair[1].segment;
    assert!(
        history
            .windows(2)
            .filter(within)
            .all(|pair| pair[0].value <= pair[1].value)
    );
}

async fn another_source_opens_a_segment(store: &Store) {
    let scope = founded(store, 1).await;
    let mut device = None;
    for (seconds, value, source) in [(0, 90, "life"), (1, 95, "maker"), (2, 91, "life")] {
        let mut observation = first_answer(1, seconds);
        observation.meters = vec![MeterValue {
            source: source.to_owned(),
            ..total(value)
        }];
        device = Some(record(store, &scope, observation).await.device);
    }
    let history = store
        .read(move |r| r.meter_history(&scope, device.unwrap(), &total(0).key))
        .await
        .unwrap();
    let segments: Vec<_> = history.iter().map(|e| (e.value, e.segment)).collect();
    assert_eq!(segments, [(90, 0), (95, 1), (91, 2)]);
}

async fn meters_that_were_not_asked_keep_their_newest_value(store: &Store) {
    let scope = founded(store, 1).await;
    let mut first = first_answer(1, 0);
    first.meters = vec![total(10), copies(4), copies(5)];
    let device = record(store, &scope, first).await.device;
    let mut second = answer(1, 60);
    second.meters = vec![total(11)];
    record(store, &scope, second).await;
    let mut none = answer(1, 120);
    none.meters = Vec::new();
    record(store, &scope, none).await;
    let newest = snapshot(store, &scope, device).await;
    assert_eq!(newest.meters, [copies(4), total(11)]);
    assert_eq!(newest.meters_read_at, Some(at(60)));
}

async fn counts_of_any_size_come_back(store: &Store) {
    let scope = founded(store, 1).await;
    for (seconds, value) in (0..).zip([0, u64::from(u32::MAX), u64::MAX]) {
        let mut observation = first_answer(1, seconds);
        observation.meters = vec![total(value)];
        let device = record(store, &scope, observation).await.device;
        assert_eq!(snapshot(store, &scope, device).await.meters, [total(value)]);
    }
}

async fn another_organization_sees_no_history(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let mut observation = first_answer(1, 0);
    observation.collected_at = at(0).plus(Duration::from_millis(5));
    let device = record(store, &one, observation).await.device;
    store
        .read(move |r| {
            assert!(r.meter_history(&two, device, &total(0).key)?.is_empty());
            assert!(r.supply_history(&two, device)?.is_empty());
            assert!(r.state_history(&two, device)?.is_empty());
            assert!(r.alert_history(&two, device)?.is_empty());
            assert_eq!(r.meter_history(&one, device, &total(0).key)?.len(), 1);
            Ok(())
        })
        .await
        .unwrap();
}
