//! The fence: what happens when the disk does not take a commit.

use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, ffi};

use super::*;

fn io_error(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
}

/// A disk whose fsync fails while told so. The commit itself happened, as far as SQLite knows.
fn failing_fsync(connection: &Connection) -> rusqlite::Result<()> {
    commit(connection)?;
    if FSYNC_FAILS.load(Ordering::SeqCst) {
        return Err(io_error(ffi::SQLITE_IOERR_FSYNC));
    }
    Ok(())
}
static FSYNC_FAILS: AtomicBool = AtomicBool::new(false);

/// A disk that is full while told so.
fn full_disk(connection: &Connection) -> rusqlite::Result<()> {
    if DISK_IS_FULL.load(Ordering::SeqCst) {
        return Err(io_error(ffi::SQLITE_FULL));
    }
    commit(connection)
}
static DISK_IS_FULL: AtomicBool = AtomicBool::new(false);

#[tokio::test]
async fn a_failed_fsync_fences_the_store_for_good() {
    let directory = tempfile::tempdir().unwrap();
    let options = StoreOptions::default();
    let store = Store::open_with(directory.path(), options, failing_fsync).unwrap();
    store.write(|w| w.put_setting("before", "x")).await.unwrap();
    assert_eq!(store.health().fenced, None);

    FSYNC_FAILS.store(true, Ordering::SeqCst);
    let failed = store.write(|w| w.put_setting("during", "x")).await;
    assert!(matches!(failed, Err(StoreError::Fenced)), "{failed:?}");
    store.fenced().await;

    FSYNC_FAILS.store(false, Ordering::SeqCst);
    let refused = store.write(|w| w.put_setting("after", "x")).await;
    assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
    let reason = store.health().fenced.unwrap();
    assert!(reason.contains("commit"), "{reason}");
    assert!(store.read(|r| r.setting("before")).await.unwrap().is_some());

    store.close().await;
    let store = Store::open(directory.path(), options).unwrap();
    assert!(store.read(|r| r.setting("before")).await.unwrap().is_some());
    assert!(store.read(|r| r.setting("after")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_full_disk_refuses_writes_until_there_is_space() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open_with(directory.path(), StoreOptions::default(), full_disk).unwrap();
    DISK_IS_FULL.store(true, Ordering::SeqCst);
    let refused = store.write(|w| w.put_setting("during", "x")).await;
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    assert_eq!(store.health().fenced, None);
    DISK_IS_FULL.store(false, Ordering::SeqCst);
    assert!(store.read(|r| r.setting("during")).await.unwrap().is_none());
    store.write(|w| w.put_setting("after", "x")).await.unwrap();
}

#[tokio::test]
async fn the_last_clone_to_go_gives_the_directory_back() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), StoreOptions::default()).unwrap();
    let clone = store.clone();
    store.write(|w| w.put_setting("kept", "x")).await.unwrap();
    drop(store);
    let in_use = Store::open(directory.path(), StoreOptions::default());
    assert!(
        matches!(in_use, Err(OpenError::Locked { .. })),
        "{in_use:?}"
    );
    drop(clone);
    let store = Store::open(directory.path(), StoreOptions::default()).unwrap();
    assert!(store.read(|r| r.setting("kept")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_full_queue_makes_write_wait_and_try_write_refuse() {
    let directory = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        write_queue: 1,
        ..StoreOptions::default()
    };
    let store = Store::open(directory.path(), options).unwrap();
    let (release, hold) = std::sync::mpsc::sync_channel::<()>(0);
    let (entered, running) = tokio::sync::oneshot::channel();
    let entered = std::cell::Cell::new(Some(entered));
    let spawn = |store: Store| tokio::spawn(async move { store.write(|_| Ok(())).await });
    let holder = store.clone();
    let holding = tokio::spawn(async move {
        let work = move |_: &Writer<'_>| {
            if let Some(entered) = entered.take() {
                entered.send(()).unwrap();
            }
            hold.recv().ok();
            Ok(())
        };
        holder.write(work).await
    });
    running.await.unwrap();
    let queued = spawn(store.clone());
    while store.health().writes_waiting == 0 {
        tokio::task::yield_now().await;
    }
    let refused = store.try_write(|_| Ok(())).await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    let waiting = spawn(store.clone());
    drop(release);
    for write in [holding, queued, waiting] {
        write.await.unwrap().unwrap();
    }
}
