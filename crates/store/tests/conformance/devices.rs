//! Devices: which observation belongs to which. The rule has its own table of tests; these
//! follow devices through their lives.

use platen_domain::devices::Lifecycle;
use platen_domain::ids::DeviceId;
use platen_domain::readings::Observation;
use platen_domain::scope::Scope;
use platen_domain::status::DeviceState;
use platen_store::Store;

use crate::samples::{address, answer, at, founded, identity, record, snapshot, snapshots};

crate::conformance!(
    a_device_keeps_what_it_does_not_state_again,
    a_device_is_followed_to_another_address,
    an_address_with_another_serial_is_another_device,
    devices_that_share_a_serial_stay_two,
    a_maker_that_is_called_otherwise_makes_no_other_device,
    a_device_known_by_address_alone_tells_more_later,
    a_device_without_claims_leaves_service_when_displaced,
    a_uuid_is_followed_where_nothing_better_is_stated,
    the_same_serial_in_two_organizations_is_two_devices,
);

fn stating(last: u8, seconds: u64, serial: Option<&str>, mac: Option<&str>) -> Observation {
    Observation {
        identity: Some(identity(serial, mac)),
        ..answer(last, seconds)
    }
}

async fn met(store: &Store, scope: &Scope, observation: Observation) -> (DeviceId, bool) {
    let recorded = record(store, scope, observation).await;
    (recorded.device, recorded.created)
}

async fn a_device_keeps_what_it_does_not_state_again(store: &Store) {
    let scope = founded(store, 1).await;
    let (device, created) = met(store, &scope, stating(1, 10, Some("7016466"), None)).await;
    assert!(created);
    let mut asleep = stating(1, 20, None, None);
    asleep.identity.as_mut().unwrap().firmware = None;
    assert_eq!(met(store, &scope, asleep).await, (device, false));
    assert_eq!(met(store, &scope, answer(1, 30)).await, (device, false));
    let kept = snapshot(store, &scope, device).await.device;
    assert_eq!(kept.identity, identity(Some("7016466"), None));
    assert_eq!((kept.first_seen_at, kept.last_seen_at), (at(10), at(30)));
    assert_eq!(kept.address, address(1));
}

async fn a_device_is_followed_to_another_address(store: &Store) {
    let scope = founded(store, 1).await;
    let (device, _) = met(store, &scope, stating(1, 10, Some("70164"), Some("m1"))).await;
    let moved = stating(2, 20, Some("70164"), Some("m1"));
    assert_eq!(met(store, &scope, moved).await, (device, false));
    // What answers at the old address without a word is not it.
    let (other, created) = met(store, &scope, answer(1, 30)).await;
    assert!(created);
    assert_ne!(other, device);
    let kept = snapshot(store, &scope, device).await.device;
    assert_eq!((kept.address, kept.last_seen_at), (address(2), at(20)));
}

async fn an_address_with_another_serial_is_another_device(store: &Store) {
    let scope = founded(store, 1).await;
    let (first, _) = met(store, &scope, stating(1, 10, Some("70164"), Some("m1"))).await;
    let (second, created) = met(store, &scope, stating(1, 20, Some("80275"), Some("m2"))).await;
    assert!(created);
    // The dynamic answers that follow are the newcomer's.
    assert_eq!(met(store, &scope, answer(1, 30)).await, (second, false));
    let displaced = snapshot(store, &scope, first).await;
    assert_eq!(displaced.device.last_seen_at, at(10));
    let status = displaced.status.unwrap();
    assert_eq!(
        (status.state, status.since),
        (DeviceState::Unreachable, at(20))
    );
    let targets = scope.clone();
    let found = store.read(move |r| r.poll_targets(&targets, None, 100));
    let (targets, _) = found.await.unwrap();
    assert_eq!(
        targets.iter().map(|t| t.device).collect::<Vec<_>>(),
        [second]
    );
    // And the first is met again elsewhere.
    let back = stating(3, 40, Some("70164"), Some("m1"));
    assert_eq!(met(store, &scope, back).await, (first, false));
    assert_eq!(
        store
            .read(move |r| r.poll_targets(&scope, None, 100))
            .await
            .unwrap()
            .0
            .len(),
        2
    );
}

async fn devices_that_share_a_serial_stay_two(store: &Store) {
    let scope = founded(store, 1).await;
    let one = |seconds| stating(1, seconds, Some("12345"), Some("m1"));
    let two = |seconds| stating(2, seconds, Some("12345"), Some("m2"));
    let (first, _) = met(store, &scope, one(10)).await;
    let (second, created) = met(store, &scope, two(20)).await;
    assert!(created);
    for seconds in [30, 40] {
        assert_eq!(met(store, &scope, one(seconds)).await, (first, false));
        assert_eq!(met(store, &scope, two(seconds)).await, (second, false));
    }
    assert_eq!(snapshots(store, &scope).await.len(), 2);
}

async fn a_maker_that_is_called_otherwise_makes_no_other_device(store: &Store) {
    let scope = founded(store, 1).await;
    let (device, _) = met(store, &scope, stating(1, 10, Some("70164"), Some("m1"))).await;
    let mut renamed = stating(2, 20, Some("70164"), Some("m1"));
    renamed.identity.as_mut().unwrap().manufacturer = Some("Another Name".to_owned());
    assert_eq!(met(store, &scope, renamed).await, (device, false));
    assert_eq!(snapshots(store, &scope).await.len(), 1);
}

async fn a_device_known_by_address_alone_tells_more_later(store: &Store) {
    let scope = founded(store, 1).await;
    let (device, created) = met(store, &scope, answer(1, 10)).await;
    assert!(created);
    let told = stating(1, 20, Some("70164"), Some("m1"));
    assert_eq!(met(store, &scope, told).await, (device, false));
    let elsewhere = stating(2, 30, Some("70164"), None);
    assert_eq!(met(store, &scope, elsewhere).await, (device, false));
}

async fn a_device_without_claims_leaves_service_when_displaced(store: &Store) {
    let scope = founded(store, 1).await;
    let (nameless, _) = met(store, &scope, stating(1, 10, None, None)).await;
    let (known, _) = met(store, &scope, stating(2, 20, Some("70164"), None)).await;
    let moved = stating(1, 30, Some("70164"), None);
    assert_eq!(met(store, &scope, moved).await, (known, false));
    let in_service: Vec<_> = snapshots(store, &scope)
        .await
        .iter()
        .map(|s| s.device.id)
        .collect();
    assert_eq!(in_service, [known]);
    assert_ne!(nameless, known);
    assert_eq!(
        store.read(move |r| r.device_count(&scope)).await.unwrap(),
        1
    );
}

async fn a_uuid_is_followed_where_nothing_better_is_stated(store: &Store) {
    let scope = founded(store, 1).await;
    let stating_uuid = |last, seconds, uuid: &str| {
        let mut observation = stating(last, seconds, None, None);
        observation.identity.as_mut().unwrap().uuid = Some(uuid.to_owned());
        observation
    };
    let (device, _) = met(store, &scope, stating_uuid(1, 10, "u1")).await;
    let (other, created) = met(store, &scope, stating_uuid(1, 20, "u2")).await;
    assert!(created, "two printers at one address, one after the other");
    let moved = met(store, &scope, stating_uuid(2, 30, "u1")).await;
    assert_eq!(moved, (device, false));
    // Displaced, and met again: it was in service all along.
    let kept = snapshot(store, &scope, device).await.device;
    assert_eq!(
        (kept.address, kept.lifecycle),
        (address(2), Lifecycle::InService)
    );
    // SNMP is switched on: the same printer tells more.
    let told = met(store, &scope, stating(1, 40, Some("70164"), Some("m1"))).await;
    assert_eq!(told, (other, false));
}

async fn the_same_serial_in_two_organizations_is_two_devices(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let observation = stating(1, 10, Some("70164"), Some("m1"));
    let (mine, _) = met(store, &one, observation.clone()).await;
    let mut later = observation;
    later.collected_at = at(11);
    let (theirs, created) = met(store, &two, later).await;
    assert!(created);
    assert_ne!(mine, theirs);
    for (scope, device) in [(one, mine), (two, theirs)] {
        let seen = snapshots(store, &scope).await;
        assert_eq!(
            seen.iter().map(|s| s.device.id).collect::<Vec<_>>(),
            [device]
        );
        assert_eq!(seen[0].device.organization, scope.organization());
    }
}
