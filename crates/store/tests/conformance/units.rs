//! Units of work of an organization, and how the store says that it is well.

use platen_store::{Store, StoreError};

use crate::samples::founded;

crate::conformance!(
    a_unit_of_each_size_is_kept_whole_or_not_at_all,
    a_unit_that_does_not_wait_is_kept_like_any_other,
    a_sound_store_says_so,
);

async fn setting(store: &Store, key: &'static str) -> Option<String> {
    store.read(move |r| r.setting(key)).await.unwrap()
}

async fn a_unit_of_each_size_is_kept_whole_or_not_at_all(store: &Store) {
    let scope = founded(store, 1).await;
    for (units, key) in [
        (store.of(&scope), "small"),
        (store.of(&scope).large(), "large"),
        (store.of(&scope).with_rows(1), "one row"),
        (store.of(&scope).with_rows(1_000_000), "many rows"),
    ] {
        units.write(move |w| w.put_setting(key, "1")).await.unwrap();
        assert_eq!(setting(store, key).await.as_deref(), Some("1"));
    }
    for units in [store.of(&scope), store.of(&scope).large()] {
        let failed = units.write(|w| {
            w.put_setting("failed", "1")?;
            Err::<(), _>(StoreError::NotFound("reason"))
        });
        assert!(failed.await.is_err());
        assert_eq!(setting(store, "failed").await, None);
    }
}

async fn a_unit_that_does_not_wait_is_kept_like_any_other(store: &Store) {
    let scope = founded(store, 1).await;
    let tried = store.of(&scope).try_write(|w| w.put_setting("own", "1"));
    tried.await.unwrap();
    let tried = store.try_write(|w| w.put_setting("server", "1"));
    tried.await.unwrap();
    for key in ["own", "server"] {
        assert_eq!(setting(store, key).await.as_deref(), Some("1"));
    }
    store.close().await;
    let late = store.try_write(|w| w.put_setting("late", "1")).await;
    assert!(matches!(late, Err(StoreError::Closed)), "{late:?}");
}

async fn a_sound_store_says_so(store: &Store) {
    founded(store, 1).await;
    let health = store.health();
    assert_eq!((health.fenced, health.writes_waiting), (None, 0));
    assert!(health.write_queue > 0 && health.schema > 0);
    tokio::select! {
        biased;
        () = store.fenced() => panic!("nothing failed"),
        () = std::future::ready(()) => {}
    }
    let problems = store.read(|r| r.integrity_problems());
    assert_eq!(problems.await.unwrap(), [""; 0]);
}
