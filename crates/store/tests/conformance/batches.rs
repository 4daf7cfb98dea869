//! Batches that collectors pushed.

use platen_domain::collectors::BatchId;
use platen_domain::ids::CollectorId;
use platen_store::BatchSeen::{Different, New, Same};
use platen_store::{BatchSeen, FORGET_BATCHES_MAX, Store};

use crate::samples::{at, collector, founded};

crate::conformance!(
    a_name_is_new_once_and_keeps_its_content,
    the_oldest_batches_are_forgotten_in_bounded_numbers,
);

/// An organization with collectors 1 and 2.
async fn collectors(store: &Store) -> [CollectorId; 2] {
    let scope = founded(store, 1).await;
    let made = [1, 2].map(|number| collector(scope.organization(), number));
    let ids = [made[0].id, made[1].id];
    store
        .write(move |w| made.iter().try_for_each(|c| w.insert_collector(&scope, c)))
        .await
        .unwrap();
    ids
}

async fn note(
    store: &Store,
    collector: CollectorId,
    (epoch, sequence): (u64, u64),
    content: u8,
    seconds: u64,
) -> BatchSeen {
    let batch = BatchId { epoch, sequence };
    store
        .write(move |w| w.note_batch(collector, batch, &[content; 32], at(seconds)))
        .await
        .unwrap()
}

async fn a_name_is_new_once_and_keeps_its_content(store: &Store) {
    let [one, two] = collectors(store).await;
    let name = (u64::MAX, 7);
    assert_eq!(note(store, one, name, 1, 1).await, New);
    assert_eq!(note(store, one, name, 1, 2).await, Same);
    assert_eq!(note(store, one, name, 2, 3).await, Different);
    assert_eq!(note(store, one, name, 1, 4).await, Same);
    for other in [(u64::MAX, 8), (u64::MAX - 1, 7)] {
        assert_eq!(note(store, one, other, 1, 5).await, New);
    }
    assert_eq!(note(store, two, name, 2, 6).await, New);
}

async fn the_oldest_batches_are_forgotten_in_bounded_numbers(store: &Store) {
    let [one, _] = collectors(store).await;
    let most = u64::from(FORGET_BATCHES_MAX);
    store
        .write(move |w| {
            for sequence in 0..=most {
                let batch = BatchId { epoch: 1, sequence };
                w.note_batch(one, batch, &[1; 32], at(sequence))?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let forget = |seconds| store.write(move |w| w.forget_batches(at(seconds)));
    assert_eq!(forget(2).await.unwrap(), 2);
    assert_eq!(note(store, one, (1, 2), 1, 2).await, Same);
    assert_eq!(note(store, one, (1, 1), 2, 1).await, New);
    assert_eq!(note(store, one, (1, 0), 2, 0).await, New);
    assert_eq!(forget(most + 1).await.unwrap(), most);
    assert_eq!(note(store, one, (1, most), 1, 0).await, Same);
    assert_eq!(forget(most + 1).await.unwrap(), 1);
    assert_eq!(forget(most + 1).await.unwrap(), 0);
}
