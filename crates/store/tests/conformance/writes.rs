//! What `write` and `read` promise.

use platen_store::{Change, Store, StoreError};

crate::conformance!(
    a_failing_closure_leaves_nothing_and_its_neighbours_everything,
    a_change_of_mind_leaves_nothing,
    a_panicking_closure_leaves_nothing_and_the_writer_working,
    a_panicking_reader_takes_only_its_connection_along,
    a_write_sees_what_the_group_wrote_before_it,
    a_closed_store_says_so,
);

async fn a_failing_closure_leaves_nothing_and_its_neighbours_everything(store: &Store) {
    let mut writes = tokio::task::JoinSet::new();
    for number in 0..300_u32 {
        let store = store.clone();
        writes.spawn(async move {
            let written = store.write(move |w| {
                w.put_setting(&format!("setting {number}"), "kept")?;
                match number % 3 {
                    0 => Err(StoreError::NotFound("third")),
                    _ => Ok(()),
                }
            });
            (number, written.await.is_ok())
        });
    }
    for (number, acknowledged) in writes.join_all().await {
        let kept = store
            .read(move |r| r.setting(&format!("setting {number}")))
            .await
            .unwrap();
        assert_eq!(acknowledged, number % 3 != 0);
        assert_eq!(kept.is_some(), acknowledged, "{number}");
    }
}

async fn a_change_of_mind_leaves_nothing(store: &Store) {
    let change = |keep: bool| {
        store.change(move |w| {
            w.put_setting("mind", if keep { "kept" } else { "undone" })?;
            Ok(if keep {
                Change::Keep("kept")
            } else {
                Change::Undo("undone")
            })
        })
    };
    let read = || store.read(|r| r.setting("mind"));
    assert_eq!(change(false).await.unwrap(), Change::Undo("undone"));
    assert_eq!(read().await.unwrap(), None);
    assert_eq!(change(true).await.unwrap(), Change::Keep("kept"));
    assert_eq!(read().await.unwrap().as_deref(), Some("kept"));
    assert_eq!(change(false).await.unwrap(), Change::Undo("undone"));
    assert_eq!(read().await.unwrap().as_deref(), Some("kept"));
}

async fn a_panicking_closure_leaves_nothing_and_the_writer_working(store: &Store) {
    let panicked: Result<(), _> = store
        .write(|w| {
            w.put_setting("lost", "x")?;
            panic!("a bug")
        })
        .await;
    assert!(
        matches!(panicked, Err(StoreError::Panicked)),
        "{panicked:?}"
    );
    store.write(|w| w.put_setting("kept", "x")).await.unwrap();
    assert_eq!(store.read(|r| r.setting("lost")).await.unwrap(), None);
    assert!(store.read(|r| r.setting("kept")).await.unwrap().is_some());
}

async fn a_panicking_reader_takes_only_its_connection_along(store: &Store) {
    for _ in 0..10 {
        let panicked: Result<(), _> = store.read(|_| panic!("a bug")).await;
        assert!(
            matches!(panicked, Err(StoreError::Panicked)),
            "{panicked:?}"
        );
    }
    assert_eq!(store.read(|r| r.setting("x")).await.unwrap(), None);
}

async fn a_write_sees_what_the_group_wrote_before_it(store: &Store) {
    let mut writes = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let store = store.clone();
        writes.spawn(async move {
            let count = store.write(|w| {
                let before = w.setting("count")?.map_or(0, |text| text.parse().unwrap());
                w.put_setting("count", &format!("{}", before + 1))
            });
            count.await.unwrap();
        });
    }
    writes.join_all().await;
    let count = store.read(|r| r.setting("count")).await.unwrap();
    assert_eq!(count.as_deref(), Some("100"));
}

async fn a_closed_store_says_so(store: &Store) {
    store.write(|w| w.put_setting("kept", "x")).await.unwrap();
    store.close().await;
    store.close().await;
    let read = store.read(|r| r.setting("kept")).await;
    assert!(matches!(read, Err(StoreError::Closed)), "{read:?}");
    let written = store.write(|w| w.put_setting("late", "x")).await;
    assert!(matches!(written, Err(StoreError::Closed)), "{written:?}");
}
