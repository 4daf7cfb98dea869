//! Settings.

use platen_store::Store;

crate::conformance!(a_setting_is_what_was_put_last);

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
