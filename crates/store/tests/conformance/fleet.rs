//! Snapshots by page, and the fleet's version.

use platen_domain::ids::DeviceId;
use platen_domain::readings::Protocol;
use platen_store::{Parts, Store, StoreError};

use crate::samples::{address, answer, at, first_answer, founded, record, snapshots};

crate::conformance!(
    pages_hold_each_device_once_in_order,
    only_the_parts_asked_for_are_filled,
    the_version_grows_with_every_visible_change,
);

async fn pages_hold_each_device_once_in_order(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    for last in 1..=25 {
        record(store, &one, first_answer(last, u64::from(100 - last))).await;
    }
    for last in 1..=5 {
        record(store, &two, first_answer(last, u64::from(200 + last))).await;
    }
    let mut paged: Vec<DeviceId> = Vec::new();
    loop {
        let (scope, after) = (one.clone(), paged.last().copied());
        let page = store
            .read(move |r| r.snapshots(&scope, after, 10, Parts::ALL))
            .await
            .unwrap();
        if page.is_empty() {
            break;
        }
        assert!(
            page.iter()
                .all(|s| s.meters.len() == 1 && s.supplies.len() == 1)
        );
        paged.extend(page.iter().map(|s| s.device.id));
    }
    assert_eq!(paged.len(), 25);
    assert!(paged.is_sorted());
    let whole: Vec<_> = snapshots(store, &one)
        .await
        .iter()
        .map(|s| s.device.id)
        .collect();
    assert_eq!(paged, whole);
    assert_eq!(snapshots(store, &two).await.len(), 5);
    for (scope, place, expected) in [
        (&one, 0, paged.first()),
        (&one, 24, paged.last()),
        (&one, 25, None),
        (&two, 5, None),
    ] {
        let within = scope.clone();
        let found = store.read(move |r| r.device_at(&within, place));
        assert_eq!(found.await.unwrap().as_ref(), expected, "{place}");
    }
    assert_eq!(store.read(move |r| r.device_count(&one)).await.unwrap(), 25);
}

async fn only_the_parts_asked_for_are_filled(store: &Store) {
    let scope = founded(store, 1).await;
    record(store, &scope, first_answer(1, 10)).await;
    let within = scope.clone();
    let bare = store
        .read(move |r| r.snapshots(&within, None, 10, Parts::default()))
        .await
        .unwrap()
        .remove(0);
    let full = snapshots(store, &scope).await.remove(0);
    assert!(bare.meters.is_empty() && bare.supplies.is_empty() && bare.status.is_none());
    assert_eq!(bare.device, full.device);
    assert_eq!(bare.profile, full.profile);
    assert_eq!(full.profile.unwrap(), answer(1, 10).profile);
    assert_eq!(full.transport, Some(answer(1, 10).transport));
}

async fn the_version_grows_with_every_visible_change(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let version = |scope: &platen_domain::scope::Scope| {
        let scope = scope.clone();
        async { store.read(move |r| r.fleet_version(&scope)).await.unwrap() }
    };
    let mut last = version(&one).await;
    let untouched = version(&two).await;
    let device = record(store, &one, first_answer(1, 10)).await.device;
    for step in 0..3 {
        if step == 1 {
            record(store, &one, answer(1, 20)).await;
        }
        if step == 2 {
            let scope = one.clone();
            store
                .write(move |w| {
                    w.record_unreachable(&scope, device, address(1), Protocol::Snmp, at(30))
                })
                .await
                .unwrap();
        }
        let now = version(&one).await;
        assert!(now > last, "step {step}");
        last = now;
    }
    let scope = one.clone();
    let refused: Result<(), _> = store
        .write(move |w| {
            w.record_unreachable(&scope, device, address(1), Protocol::Snmp, at(40))?;
            Err(StoreError::NotFound("on purpose"))
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(version(&two).await, untouched);
}
