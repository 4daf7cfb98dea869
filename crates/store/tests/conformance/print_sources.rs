//! How far sources were read.

use platen_domain::scope::Scope;
use platen_store::{Store, StoreError};

use crate::samples::founded;

crate::conformance!(
    a_cursor_belongs_to_its_source,
    a_cursor_comes_with_what_was_read
);

async fn cursor(store: &Store, scope: &Scope, source: &'static str) -> Option<String> {
    let scope = scope.clone();
    let cursor = store.read(move |r| r.source_cursor(&scope, source));
    cursor.await.unwrap()
}

async fn set(store: &Store, scope: &Scope, source: &'static str, cursor: &'static str) {
    let scope = scope.clone();
    let set = store.write(move |w| w.set_source_cursor(&scope, source, cursor));
    set.await.unwrap();
}

async fn a_cursor_belongs_to_its_source(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    assert_eq!(cursor(store, &own, "cups|a").await, None);
    set(store, &own, "cups|a", "1").await;
    set(store, &own, "cups|b", "2").await;
    set(store, &other, "cups|a", "3").await;
    set(store, &own, "cups|a", "4").await;
    assert_eq!(cursor(store, &own, "cups|a").await.as_deref(), Some("4"));
    assert_eq!(cursor(store, &own, "cups|b").await.as_deref(), Some("2"));
    assert_eq!(cursor(store, &other, "cups|a").await.as_deref(), Some("3"));
    assert_eq!(cursor(store, &other, "cups|b").await, None);
}

async fn a_cursor_comes_with_what_was_read(store: &Store) {
    let scope = founded(store, 1).await;
    let within = scope.clone();
    let failed = store.write(move |w| {
        w.set_source_cursor(&within, "cups|a", "1")?;
        Err::<(), _>(StoreError::NotFound("job"))
    });
    assert!(failed.await.is_err());
    assert_eq!(cursor(store, &scope, "cups|a").await, None);
    // The number that the failed unit gave the source is not remembered.
    set(store, &scope, "cups|a", "2").await;
    assert_eq!(cursor(store, &scope, "cups|a").await.as_deref(), Some("2"));
}
