//! Gaps in what sources handed over.

use platen_domain::print_gaps::{Gap, GapReason};
use platen_domain::scope::Scope;
use platen_store::Store;

use crate::samples::{at, founded};

crate::conformance!(
    gaps_are_found_by_the_time_they_touch,
    a_known_gap_is_kept_once
);

fn gap(from: u64, until: u64, reason: GapReason) -> Gap {
    Gap {
        source: "cups|a".to_owned(),
        from: at(from),
        until: at(until),
        jobs: (reason == GapReason::NumbersMissing).then_some(7),
        reason,
    }
}

async fn record(store: &Store, scope: &Scope, gaps: Vec<Gap>) {
    let scope = scope.clone();
    let kept = store.write(move |w| w.record_print_gaps(&scope, &gaps, at(100)));
    kept.await.unwrap();
}

async fn touching(store: &Store, scope: &Scope, from: u64, until: u64) -> Vec<Gap> {
    let scope = scope.clone();
    let found = store.read(move |r| r.print_gaps(&scope, at(from), at(until)));
    found.await.unwrap()
}

async fn gaps_are_found_by_the_time_they_touch(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let early = gap(10, 20, GapReason::NumbersMissing);
    let late = gap(20, 30, GapReason::LogCut);
    record(store, &own, vec![early.clone(), late.clone()]).await;
    let both = [late.clone(), early.clone()];
    assert_eq!(touching(store, &own, 0, 100).await, both);
    assert_eq!(touching(store, &own, 19, 21).await, both);
    assert_eq!(touching(store, &own, 0, 20).await, [early]);
    assert_eq!(touching(store, &own, 20, 40).await, [late]);
    assert_eq!(touching(store, &own, 0, 10).await, []);
    assert_eq!(touching(store, &own, 30, 40).await, []);
    assert_eq!(touching(store, &other, 0, 100).await, []);
}

async fn a_known_gap_is_kept_once(store: &Store) {
    let scope = founded(store, 1).await;
    let known = gap(10, 20, GapReason::NumbersMissing);
    let elsewhere = Gap {
        source: "cups|b".to_owned(),
        ..known.clone()
    };
    record(store, &scope, vec![known.clone()]).await;
    record(store, &scope, vec![known.clone(), elsewhere]).await;
    record(store, &scope, vec![known]).await;
    assert_eq!(touching(store, &scope, 0, 100).await.len(), 2);
}
