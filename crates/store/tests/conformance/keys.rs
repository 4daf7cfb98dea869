//! Authorization Keys.

use platen_domain::report_apis::ReportApi;
use platen_store::{Store, StoreError};

use crate::samples::{at, founded, key, secret};

crate::conformance!(
    a_key_lives_until_revoked_and_never_again,
    one_live_key_an_api,
    keys_stay_within_their_organization,
);

async fn a_key_lives_until_revoked_and_never_again(store: &Store) {
    let scope = founded(store, 1).await;
    let made = key(scope.organization(), 1, ReportApi::Meters);
    let (kept, within) = (made.clone(), scope.clone());
    store
        .write(move |w| w.insert_key(&within, &kept))
        .await
        .unwrap();
    let found = store
        .read(|r| r.key_by_hash(&secret("key 1")))
        .await
        .unwrap();
    assert_eq!(found, Some(made.clone()));

    for seconds in [90, 80] {
        store
            .write(move |w| w.touch_key(made.id, at(seconds)))
            .await
            .unwrap();
    }
    let within = scope.clone();
    let live = store.read(move |r| r.live_keys(&within)).await.unwrap();
    assert_eq!(live[0].last_used_at, Some(at(90)));

    for expected in [1, 0] {
        let within = scope.clone();
        let revoke = move |w: &platen_store::Writer<'_>| {
            w.revoke_live_keys(&within, ReportApi::Meters, at(95))
        };
        assert_eq!(store.write(revoke).await.unwrap(), expected);
    }
    assert!(
        store
            .read(move |r| r.live_keys(&scope))
            .await
            .unwrap()
            .is_empty()
    );
    let dead = store
        .read(|r| r.key_by_hash(&secret("key 1")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(dead.revoked_at, Some(at(95)));
}

async fn one_live_key_an_api(store: &Store) {
    let scope = founded(store, 1).await;
    let keys = [1, 2].map(|number| key(scope.organization(), number, ReportApi::Toner));
    let [first, second] = keys;
    let within = scope.clone();
    store
        .write(move |w| w.insert_key(&within, &first))
        .await
        .unwrap();
    let (within, refused) = (scope.clone(), second.clone());
    let refused = store.write(move |w| w.insert_key(&within, &refused)).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    store
        .write(move |w| {
            w.revoke_live_keys(&scope, ReportApi::Toner, at(1))?;
            w.insert_key(&scope, &second)
        })
        .await
        .unwrap();
}

async fn keys_stay_within_their_organization(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let theirs = key(two.organization(), 1, ReportApi::Meters);
    let (within, foreign) = (one.clone(), theirs.clone());
    let refused = store.write(move |w| w.insert_key(&within, &foreign)).await;
    assert!(
        matches!(refused, Err(StoreError::OutOfScope("key"))),
        "{refused:?}"
    );
    let within = two.clone();
    store
        .write(move |w| w.insert_key(&within, &theirs))
        .await
        .unwrap();
    let within = one.clone();
    assert!(
        store
            .read(move |r| r.live_keys(&within))
            .await
            .unwrap()
            .is_empty()
    );
    let revoked = store
        .write(move |w| w.revoke_live_keys(&one, ReportApi::Meters, at(1)))
        .await;
    assert_eq!(revoked.unwrap(), 0);
    assert_eq!(
        store.read(move |r| r.live_keys(&two)).await.unwrap().len(),
        1
    );
}
