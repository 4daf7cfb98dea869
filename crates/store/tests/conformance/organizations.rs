//! Organizations.

use platen_store::{Store, StoreError};

use crate::samples::{founded, organization, scope};

crate::conformance!(
    organizations_come_back_oldest_first,
    an_unknown_scope_finds_nothing
);

async fn organizations_come_back_oldest_first(store: &Store) {
    founded(store, 2).await;
    let first = founded(store, 1).await;
    let all = store.read(|r| r.organizations()).await.unwrap();
    assert_eq!(all, [organization(1), organization(2)]);
    let own = store.read(move |r| r.organization(&first)).await.unwrap();
    assert_eq!(own, organization(1));
    let again = store
        .write(|w| w.insert_organization(&organization(1)))
        .await;
    assert!(
        matches!(again, Err(StoreError::Conflict("organization"))),
        "{again:?}"
    );
}

async fn an_unknown_scope_finds_nothing(store: &Store) {
    let unknown = scope(&organization(9));
    let version = unknown.clone();
    let found = store.read(move |r| r.organization(&unknown)).await;
    assert!(matches!(found, Err(StoreError::NotFound(_))), "{found:?}");
    let found = store.read(move |r| r.fleet_version(&version)).await;
    assert!(matches!(found, Err(StoreError::NotFound(_))), "{found:?}");
}
