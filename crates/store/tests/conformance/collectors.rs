//! Collectors.

use platen_store::{Store, StoreError};

use crate::samples::{at, collector, founded, secret};

crate::conformance!(
    a_collector_is_known_by_its_credential_until_revoked,
    collectors_stay_within_their_organization,
);

async fn a_collector_is_known_by_its_credential_until_revoked(store: &Store) {
    let scope = founded(store, 1).await;
    let made = collector(scope.organization(), 1);
    for expected in [true, false] {
        let (kept, within) = (made.clone(), scope.clone());
        let inserted = store.write(move |w| w.insert_collector(&within, &kept));
        match inserted.await {
            Ok(()) => assert!(expected),
            Err(error) => assert!(matches!(error, StoreError::Conflict(_)) && !expected),
        }
    }
    let by_hash = |name: &'static str| store.read(move |r| r.collector_by_hash(&secret(name)));
    assert_eq!(by_hash("collector 1").await.unwrap(), Some(made.clone()));
    assert_eq!(by_hash("collector 2").await.unwrap(), None);

    for seconds in [90, 80] {
        let touch = store.write(move |w| w.touch_collector(made.id, at(seconds)));
        touch.await.unwrap();
    }
    for seconds in [95, 99] {
        let within = scope.clone();
        let revoke = store.write(move |w| w.revoke_collector(&within, made.id, at(seconds)));
        revoke.await.unwrap();
    }
    let dead = by_hash("collector 1").await.unwrap().unwrap();
    assert_eq!(dead.last_seen_at, Some(at(90)));
    assert_eq!(dead.revoked_at, Some(at(95)));
    let listed = store.read(move |r| r.collectors(&scope)).await.unwrap();
    assert_eq!(listed, [dead]);
}

async fn collectors_stay_within_their_organization(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let theirs = collector(two.organization(), 1);
    let (within, foreign) = (one.clone(), theirs.clone());
    let refused = store.write(move |w| w.insert_collector(&within, &foreign));
    assert!(matches!(
        refused.await,
        Err(StoreError::OutOfScope("collector"))
    ));
    let (id, within) = (theirs.id, two.clone());
    let inserted = store.write(move |w| w.insert_collector(&within, &theirs));
    inserted.await.unwrap();

    let within = one.clone();
    let listed = store.read(move |r| r.collectors(&within)).await.unwrap();
    assert_eq!(listed, []);
    let refused = store.write(move |w| w.revoke_collector(&one, id, at(1)));
    assert!(matches!(
        refused.await,
        Err(StoreError::NotFound("collector"))
    ));
    let listed = store.read(move |r| r.collectors(&two)).await.unwrap();
    assert_eq!(listed[0].revoked_at, None);
}
