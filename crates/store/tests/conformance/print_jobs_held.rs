//! Records that wait for the server's clock.

use platen_domain::print_jobs::SourceKey;
use platen_domain::scope::Scope;
use platen_store::{HeldJob, Store};

use crate::samples::{at, founded};

crate::conformance!(records_wait_in_the_order_of_time_until_they_are_released);

fn held(id: &str, seconds: u64, record: u8) -> HeldJob {
    HeldJob {
        key: SourceKey::new("cups|a", id),
        completed_at: at(seconds),
        user: (record > 1).then(|| "ada".to_owned()),
        record: vec![record, 0, 255],
    }
}

async fn hold(store: &Store, scope: &Scope, jobs: Vec<HeldJob>) -> usize {
    let scope = scope.clone();
    let held = store.write(move |w| w.hold_jobs(&scope, &jobs, at(100)));
    held.await.unwrap()
}

/// The next records before `seconds`, and how many wait in all.
async fn waiting(store: &Store, scope: &Scope, seconds: u64, most: u32) -> (Vec<HeldJob>, u64) {
    let scope = scope.clone();
    let read = store.read(move |r| {
        let next = r.held_jobs(&scope, at(seconds), most)?;
        Ok((next, r.held_job_count(&scope)?))
    });
    read.await.unwrap()
}

async fn records_wait_in_the_order_of_time_until_they_are_released(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let [late, early, middle] = [held("1", 30, 1), held("2", 10, 2), held("3", 20, 3)];
    let jobs = vec![late.clone(), early.clone(), middle.clone()];
    assert_eq!(hold(store, &own, jobs).await, 3);
    let all = vec![early.clone(), middle.clone(), late.clone()];
    assert_eq!(waiting(store, &own, 31, 9).await, (all, 3));
    let two = vec![early.clone(), middle.clone()];
    assert_eq!(waiting(store, &own, 30, 9).await, (two.clone(), 3));
    assert_eq!(waiting(store, &own, 31, 2).await, (two, 3));
    assert_eq!(waiting(store, &other, 31, 9).await, (vec![], 0));

    // The same job at the same time is the same record, said better.
    let better = held("1", 30, 4);
    assert_eq!(hold(store, &own, vec![better.clone()]).await, 1);
    let within = other.clone();
    let theirs = vec![early.clone()];
    let released = store.write(move |w| w.release_jobs(&within, &theirs));
    released.await.unwrap();
    let within = own.clone();
    let released = store.write(move |w| w.release_jobs(&within, &[early.clone(), held("9", 1, 1)]));
    released.await.unwrap();
    assert_eq!(waiting(store, &own, 31, 9).await, (vec![middle, better], 2));
}
