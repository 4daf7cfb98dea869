//! Client Applications.

use platen_domain::clients::ClientRecord;
use platen_domain::scope::Scope;
use platen_store::{Store, StoreError};

use crate::samples::{at, client, founded};

crate::conformance!(
    a_client_lives_until_revoked_and_never_again,
    one_live_client_an_organization,
    clients_stay_within_their_organization,
);

async fn insert(store: &Store, scope: &Scope, client: &ClientRecord) -> Result<(), StoreError> {
    let (scope, client) = (scope.clone(), client.clone());
    store.write(move |w| w.insert_client(&scope, &client)).await
}

async fn live(store: &Store, scope: &Scope) -> Option<ClientRecord> {
    let scope = scope.clone();
    store.read(move |r| r.live_client(&scope)).await.unwrap()
}

async fn revoke(store: &Store, scope: &Scope, client: &ClientRecord, seconds: u64) -> bool {
    let (scope, id) = (scope.clone(), client.id);
    let revoked = store.write(move |w| w.revoke_client(&scope, id, at(seconds)));
    revoked.await.unwrap()
}

async fn a_client_lives_until_revoked_and_never_again(store: &Store) {
    let scope = founded(store, 1).await;
    let made = client(scope.organization(), 1);
    assert_eq!(live(store, &scope).await, None);
    insert(store, &scope, &made).await.unwrap();
    assert_eq!(live(store, &scope).await, Some(made.clone()));

    let id = made.id;
    for seconds in [90, 80] {
        let touched = store.write(move |w| w.touch_client(id, at(seconds)));
        touched.await.unwrap();
    }
    let used = live(store, &scope).await.unwrap();
    assert_eq!(used.last_used_at, Some(at(90)));

    assert!(revoke(store, &scope, &made, 95).await);
    assert!(!revoke(store, &scope, &made, 99).await);
    assert_eq!(live(store, &scope).await, None);
    let dead = store.read(move |r| r.client(id)).await.unwrap().unwrap();
    assert_eq!(dead.revoked_at, Some(at(95)));
}

async fn one_live_client_an_organization(store: &Store) {
    let scope = founded(store, 1).await;
    let [first, second] = [1, 2].map(|number| client(scope.organization(), number));
    insert(store, &scope, &first).await.unwrap();
    let refused = insert(store, &scope, &second).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    assert!(revoke(store, &scope, &first, 50).await);
    insert(store, &scope, &second).await.unwrap();
    assert_eq!(live(store, &scope).await, Some(second));
}

async fn clients_stay_within_their_organization(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let theirs = client(two.organization(), 1);
    let refused = insert(store, &one, &theirs).await;
    assert!(
        matches!(refused, Err(StoreError::OutOfScope("client"))),
        "{refused:?}"
    );
    insert(store, &two, &theirs).await.unwrap();
    assert_eq!(live(store, &one).await, None);
    assert!(!revoke(store, &one, &theirs, 50).await);
    assert_eq!(live(store, &two).await, Some(theirs));
}
