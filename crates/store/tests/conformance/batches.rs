//! Batches that collectors pushed.

use platen_domain::collectors::BatchId;
use platen_domain::ids::CollectorId;
use platen_domain::scope::Scope;
use platen_store::BatchSeen::{Different, New, Same};
use platen_store::{BatchSeen, Store};

use crate::samples::{at, collector, founded};

crate::conformance!(
    a_name_is_new_once_and_keeps_its_content,
    the_oldest_batches_are_forgotten_in_bounded_numbers,
    names_are_an_organizations_own,
);

/// An organization with collectors 1 and 2.
async fn collectors(store: &Store) -> (Scope, [CollectorId; 2]) {
    let founded = founded(store, 1).await;
    let scope = founded.clone();
    let made = [1, 2].map(|number| collector(scope.organization(), number));
    let ids = [made[0].id, made[1].id];
    store
        .write(move |w| made.iter().try_for_each(|c| w.insert_collector(&scope, c)))
        .await
        .unwrap();
    (founded, ids)
}

async fn note(
    store: &Store,
    scope: &Scope,
    collector: CollectorId,
    (epoch, sequence): (u64, u64),
    content: u8,
    seconds: u64,
) -> BatchSeen {
    let batch = BatchId { epoch, sequence };
    let scope = scope.clone();
    store
        .write(move |w| w.note_batch(&scope, collector, batch, &[content; 32], at(seconds)))
        .await
        .unwrap()
}

async fn a_name_is_new_once_and_keeps_its_content(store: &Store) {
    let (scope, [one, two]) = collectors(store).await;
    let name = (u64::MAX, 7);
    assert_eq!(note(store, &scope, one, name, 1, 1).await, New);
    assert_eq!(note(store, &scope, one, name, 1, 2).await, Same);
    assert_eq!(note(store, &scope, one, name, 2, 3).await, Different);
    assert_eq!(note(store, &scope, one, name, 1, 4).await, Same);
    for other in [(u64::MAX, 8), (u64::MAX - 1, 7)] {
        assert_eq!(note(store, &scope, one, other, 1, 5).await, New);
    }
    assert_eq!(note(store, &scope, two, name, 2, 6).await, New);
}

async fn the_oldest_batches_are_forgotten_in_bounded_numbers(store: &Store) {
    let (scope, [one, _]) = collectors(store).await;
    let most = 5;
    let within = scope.clone();
    store
        .write(move |w| {
            for sequence in 0..=most {
                let batch = BatchId { epoch: 1, sequence };
                w.note_batch(&within, one, batch, &[1; 32], at(sequence))?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let forget = |seconds| {
        let scope = scope.clone();
        store.write(move |w| w.forget_batches(&scope, at(seconds), 5))
    };
    assert_eq!(forget(2).await.unwrap(), 2);
    assert_eq!(note(store, &scope, one, (1, 2), 1, 2).await, Same);
    assert_eq!(note(store, &scope, one, (1, 1), 2, 1).await, New);
    assert_eq!(note(store, &scope, one, (1, 0), 2, 0).await, New);
    assert_eq!(forget(most + 1).await.unwrap(), most);
    assert_eq!(note(store, &scope, one, (1, most), 1, 0).await, Same);
    assert_eq!(forget(most + 1).await.unwrap(), 1);
    assert_eq!(forget(most + 1).await.unwrap(), 0);
}

async fn names_are_an_organizations_own(store: &Store) {
    let (scope, [one, _]) = collectors(store).await;
    let other = founded(store, 2).await;
    assert_eq!(note(store, &scope, one, (1, 1), 1, 1).await, New);
    assert_eq!(note(store, &other, one, (1, 1), 2, 1).await, New);
    let within = other.clone();
    let forgotten = store.write(move |w| w.forget_batches(&within, at(9), 5));
    assert_eq!(forgotten.await.unwrap(), 1);
    assert_eq!(note(store, &scope, one, (1, 1), 1, 2).await, Same);
}
