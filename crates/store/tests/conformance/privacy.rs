//! Privacy.

use platen_domain::ids::SeededIds;
use platen_domain::privacy::{FieldMode, PrivacyPolicy, PseudonymKey};
use platen_domain::scope::Scope;
use platen_store::Store;

use crate::samples::founded;

crate::conformance!(a_policy_changes_and_its_key_never_does);

async fn set(store: &Store, scope: &Scope, policy: PrivacyPolicy, seed: u64) {
    let scope = scope.clone();
    store
        .write(move |w| w.set_privacy(&scope, &policy, &SeededIds::new(seed)))
        .await
        .unwrap();
}

async fn read(store: &Store, scope: &Scope) -> Option<(PrivacyPolicy, PseudonymKey)> {
    let scope = scope.clone();
    store.read(move |r| r.privacy(&scope)).await.unwrap()
}

async fn a_policy_changes_and_its_key_never_does(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    assert_eq!(read(store, &one).await, None);
    let strict = PrivacyPolicy {
        user: FieldMode::Hash,
        document: FieldMode::Extension,
        client: FieldMode::Drop,
        document_days: Some(u16::MAX),
    };
    set(store, &one, strict, 1).await;
    let (policy, key) = read(store, &one).await.unwrap();
    assert_eq!(policy, strict);
    assert_ne!(key.expose(), &[0; 32]);

    set(store, &one, PrivacyPolicy::default(), 2).await;
    assert_eq!(
        read(store, &one).await,
        Some((PrivacyPolicy::default(), key.clone()))
    );
    assert_eq!(read(store, &two).await, None);
    set(store, &two, strict, 3).await;
    assert_ne!(read(store, &two).await.unwrap().1, key);
}
