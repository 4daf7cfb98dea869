//! Answers that are kept for retries.

use platen_domain::scope::Scope;
use platen_store::{IdempotencyRecord, Store, StoreError};

use crate::samples::{at, founded};

crate::conformance!(
    an_answer_belongs_to_its_organization_actor_and_key,
    an_answer_of_a_unit_that_failed_is_not_kept,
    old_answers_are_forgotten_a_piece_at_a_time,
);

fn answer(request: u8, seconds: u64) -> IdempotencyRecord {
    IdempotencyRecord {
        request: [request; 32],
        id: Some("1".to_owned()),
        revision: None,
        document: vec![0, 255, request],
        created_at: at(seconds),
    }
}

async fn keep(
    store: &Store,
    scope: &Scope,
    actor: &'static str,
    key: &str,
    answer: IdempotencyRecord,
) {
    let (scope, key) = (scope.clone(), key.to_owned());
    let kept = store.write(move |w| w.keep_answer(&scope, actor, &key, &answer));
    kept.await.unwrap();
}

async fn kept(
    store: &Store,
    scope: &Scope,
    actor: &'static str,
    key: &str,
) -> Option<IdempotencyRecord> {
    let (scope, key) = (scope.clone(), key.to_owned());
    let kept = store.read(move |r| r.kept_answer(&scope, actor, &key));
    kept.await.unwrap()
}

async fn an_answer_belongs_to_its_organization_actor_and_key(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    keep(store, &own, "till", "a", answer(1, 1)).await;
    keep(store, &other, "till", "a", answer(2, 1)).await;
    keep(store, &own, "kiosk", "a", answer(3, 1)).await;
    assert_eq!(kept(store, &own, "till", "a").await, Some(answer(1, 1)));
    assert_eq!(kept(store, &other, "till", "a").await, Some(answer(2, 1)));
    assert_eq!(kept(store, &own, "kiosk", "a").await, Some(answer(3, 1)));
    assert_eq!(kept(store, &own, "till", "A").await, None);

    let second = IdempotencyRecord {
        revision: Some(2),
        id: None,
        ..answer(4, 2)
    };
    keep(store, &own, "till", "a", second.clone()).await;
    assert_eq!(kept(store, &own, "till", "a").await, Some(second));

    let within = own.clone();
    let forgotten = store.write(move |w| w.forget_answers_of(&within));
    forgotten.await.unwrap();
    assert_eq!(kept(store, &own, "till", "a").await, None);
    assert_eq!(kept(store, &own, "kiosk", "a").await, None);
    assert_eq!(kept(store, &other, "till", "a").await, Some(answer(2, 1)));
}

async fn an_answer_of_a_unit_that_failed_is_not_kept(store: &Store) {
    let scope = founded(store, 1).await;
    let within = scope.clone();
    let failed = store.write(move |w| {
        w.keep_answer(&within, "till", "a", &answer(1, 1))?;
        Err::<(), _>(StoreError::NotFound("charge"))
    });
    assert!(failed.await.is_err());
    assert_eq!(kept(store, &scope, "till", "a").await, None);
}

async fn old_answers_are_forgotten_a_piece_at_a_time(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    for (scope, key, seconds) in [(&own, "a", 1), (&own, "b", 2), (&other, "a", 3)] {
        keep(store, scope, "till", key, answer(1, seconds)).await;
    }
    keep(store, &own, "till", "c", answer(1, 4)).await;
    for expected in [2, 0] {
        let within = own.clone();
        let forgotten = store.write(move |w| w.forget_answers(&within, at(4), 2));
        assert_eq!(forgotten.await.unwrap(), expected);
    }
    assert_eq!(kept(store, &own, "till", "a").await, None);
    assert_eq!(kept(store, &other, "till", "a").await, Some(answer(1, 3)));
    assert_eq!(kept(store, &own, "till", "c").await, Some(answer(1, 4)));
}
