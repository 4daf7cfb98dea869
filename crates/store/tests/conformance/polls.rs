//! Poll bookkeeping.

use platen_domain::ids::{DeviceId, SeededIds};
use platen_domain::readings::{Protocol, Transport};
use platen_domain::status::DeviceState;
use platen_store::{Store, StoreError};

use crate::samples::{address, alert, answer, at, first_answer, founded, record, snapshot, status};

crate::conformance!(
    a_target_remembers_polls_and_failures,
    targets_come_in_pages_the_longest_unread_first,
    an_unreachable_device_keeps_what_was_last_read,
    silence_where_a_device_no_longer_is_says_nothing,
    silence_counts_for_the_protocol_that_answered_last,
    memory_is_replaced_when_given,
    another_organizations_device_cannot_be_marked,
);

async fn a_target_remembers_polls_and_failures(store: &Store) {
    let scope = founded(store, 1).await;
    let device = record(store, &scope, first_answer(1, 10)).await.device;
    record(store, &scope, answer(1, 20)).await;
    for seconds in [30, 40] {
        let scope = scope.clone();
        store
            .write(move |w| {
                w.record_unreachable(&scope, device, address(1), Protocol::Snmp, at(seconds))
            })
            .await
            .unwrap();
    }
    let within = scope.clone();
    let target = store
        .read(move |r| r.poll_targets(&within, None, 100))
        .await
        .unwrap()
        .0
        .remove(0);
    assert_eq!(target.device, device);
    assert_eq!(
        (target.last_static_at, target.last_dynamic_at),
        (Some(at(10)), Some(at(20)))
    );
    assert_eq!((target.failures, target.last_failure_at), (2, Some(at(40))));

    record(store, &scope, answer(1, 50)).await;
    let target = store
        .read(move |r| r.poll_targets(&scope, None, 100))
        .await
        .unwrap()
        .0
        .remove(0);
    assert_eq!((target.failures, target.last_failure_at), (0, Some(at(40))));
}

async fn targets_come_in_pages_the_longest_unread_first(store: &Store) {
    let scope = founded(store, 1).await;
    // Two that were read at the same instant are in different pages.
    for (last, seconds) in [(1, 50), (2, 20), (3, 30), (4, 20), (5, 40)] {
        record(store, &scope, first_answer(last, seconds)).await;
    }
    record(store, &scope, answer(3, 60)).await;
    let (mut behind, mut met) = (None, Vec::new());
    loop {
        let within = scope.clone();
        let found = store.read(move |r| r.poll_targets(&within, behind, 1));
        let (targets, place) = found.await.unwrap();
        let Some(place) = place else {
            assert_eq!(targets, []);
            break;
        };
        assert_eq!(targets.len(), 1);
        met.extend(targets.into_iter().map(|t| (t.address, place.read_at)));
        behind = Some(place);
    }
    let expected = [(2, 20), (4, 20), (5, 40), (1, 50), (3, 60)];
    assert_eq!(
        met,
        expected.map(|(last, seconds)| (address(last), at(seconds)))
    );
}

async fn an_unreachable_device_keeps_what_was_last_read(store: &Store) {
    let scope = founded(store, 1).await;
    let mut first = first_answer(1, 10);
    first.status = Some(status(DeviceState::Warning, vec![alert(1104, "Toner low")]));
    let device = record(store, &scope, first.clone()).await.device;
    for seconds in [30, 40] {
        let scope = scope.clone();
        store
            .write(move |w| {
                w.record_unreachable(&scope, device, address(1), Protocol::Snmp, at(seconds))
            })
            .await
            .unwrap();
    }
    let lost = snapshot(store, &scope, device).await;
    let status = lost.status.unwrap();
    assert_eq!(status.state, DeviceState::Unreachable);
    assert_eq!((status.since, status.read_at), (at(30), at(40)));
    assert_eq!(status.alerts.len(), 1);
    assert_eq!(lost.device.last_seen_at, at(10));
    assert_eq!(lost.meters, first.meters);

    // The same answer again: the state changes back although nothing else differs.
    first.collected_at = at(50);
    record(store, &scope, first).await;
    let status = snapshot(store, &scope, device).await.status.unwrap();
    assert_eq!((status.state, status.since), (DeviceState::Warning, at(50)));
    assert_eq!(status.alerts[0].opened_at, at(10));
}

async fn silence_where_a_device_no_longer_is_says_nothing(store: &Store) {
    let scope = founded(store, 1).await;
    let device = record(store, &scope, first_answer(1, 10)).await.device;
    let mut moved = first_answer(1, 20);
    moved.address = address(2);
    record(store, &scope, moved).await;
    let within = scope.clone();
    store
        .write(move |w| w.record_unreachable(&within, device, address(1), Protocol::Snmp, at(30)))
        .await
        .unwrap();
    let status = snapshot(store, &scope, device).await.status.unwrap();
    assert_eq!(status.state, DeviceState::Idle);
}

async fn silence_counts_for_the_protocol_that_answered_last(store: &Store) {
    let scope = founded(store, 1).await;
    let mut first = first_answer(1, 10);
    first.transport = Transport::Ipp;
    first.status = Some(status(DeviceState::Idle, Vec::new()));
    let device = record(store, &scope, first).await.device;
    let silent = async |protocol, seconds| {
        let within = scope.clone();
        store
            .write(move |w| {
                w.record_unreachable(&within, device, address(1), protocol, at(seconds))
            })
            .await
            .unwrap();
        let within = scope.clone();
        let found = store.read(move |r| r.poll_target_at(&within, address(1)));
        let target = found.await.unwrap().unwrap();
        assert_eq!(target.protocol, Some(Protocol::Ipp));
        target.failures
    };
    assert_eq!(silent(Protocol::Snmp, 20).await, 0);
    assert_eq!(silent(Protocol::Ipp, 30).await, 1);
    let elsewhere = store.read(move |r| r.poll_target_at(&scope, address(2)));
    assert_eq!(elsewhere.await.unwrap(), None);
}

async fn memory_is_replaced_when_given(store: &Store) {
    let scope = founded(store, 1).await;
    for (seconds, memory) in [
        (1, Some(vec![1])),
        (2, None),
        (3, Some(vec![2])),
        (4, Some(vec![2])),
    ] {
        let (within, kept) = (scope.clone(), memory.clone());
        store
            .write(move |w| {
                let ids = SeededIds::new(seconds);
                let observation = first_answer(1, seconds);
                w.record_observation(&within, &observation, at(seconds), &ids, kept.as_deref())
            })
            .await
            .unwrap();
        let within = scope.clone();
        let target = store
            .read(move |r| r.poll_targets(&within, None, 100))
            .await
            .unwrap()
            .0
            .remove(0);
        assert_eq!(target.memory, memory.or(Some(vec![1])), "{seconds}");
    }
}

async fn another_organizations_device_cannot_be_marked(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let device = record(store, &one, first_answer(1, 10)).await.device;
    let theirs = two.clone();
    let refused = store
        .write(move |w| w.record_unreachable(&theirs, device, address(1), Protocol::Snmp, at(20)))
        .await;
    assert!(
        matches!(refused, Err(StoreError::NotFound("device"))),
        "{refused:?}"
    );
    let unknown = DeviceId::from_bytes([9; 16]);
    let refused = store
        .write(move |w| w.record_unreachable(&two, unknown, address(1), Protocol::Snmp, at(20)))
        .await;
    assert!(
        matches!(refused, Err(StoreError::NotFound("device"))),
        "{refused:?}"
    );
    let state = snapshot(store, &one, device).await.status.unwrap().state;
    assert_eq!(state, DeviceState::Idle);
}
