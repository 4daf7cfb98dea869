//! Settings.

use platen_store::{Store, StoreError};

crate::conformance!(a_setting_is_what_was_put_last, a_text_with_nul_is_refused);

async fn a_setting_is_what_was_put_last(store: &Store) {
    assert_eq!(
        store.read(|r| r.setting("incarnation")).await.unwrap(),
        None
    );
    for value in ["one", "two"] {
        store
            .write(move |w| w.put_setting("incarnation", value))
            .await
            .unwrap();
    }
    let value = store.read(|r| r.setting("incarnation")).await.unwrap();
    assert_eq!(value.as_deref(), Some("two"));
}

async fn a_text_with_nul_is_refused(store: &Store) {
    let put = store.write(|w| w.put_setting("incarnation", "one\0two"));
    assert!(matches!(put.await, Err(StoreError::Database(_))));
    let kept = store.read(|r| r.setting("incarnation")).await.unwrap();
    assert_eq!(kept, None);
}
