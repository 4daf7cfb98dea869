//! Pricing jobs anew: monthly sums follow every step, and at the end all is as if the jobs had come
//! after the prices.

use platen_domain::clock::Timestamp;
use platen_domain::prices::{Micros, PriceBook, PriceList};
use platen_domain::print_jobs::PrintRecord;
use platen_domain::repricings::{RepricedJobs, Repricing};
use platen_domain::scope::Scope;
use platen_store::{JobPosition, NewRepricing, PlacedRecord, Store};
use proptest::test_runner::{Config, TestRunner};

use crate::print_jobs::{arrivals, job, month_of, months, prices, recomputed};
use crate::samples::{at, founded};

crate::conformance!(
    only_jobs_without_a_cost_are_priced_unless_every_job_is_meant,
    sums_follow_every_step_of_a_repricing,
);

/// The same prices, a million times as high, as the second version.
fn higher() -> PriceBook {
    let mut lists = prices().lists().to_vec();
    let mut list = PriceList {
        version: 2,
        ..lists[0].clone()
    };
    for tariff in list.tariffs.values_mut() {
        tariff.any.mono_side = Some(Micros(10_000_000));
        tariff.any.sheet = None;
    }
    lists.push(list);
    PriceBook::new(lists)
}

async fn take_in(store: &Store, scope: &Scope, records: Vec<PrintRecord>, prices: PriceBook) {
    let placed: Vec<_> = records
        .into_iter()
        .map(|record| PlacedRecord {
            month: month_of(record.completed_at),
            record,
        })
        .collect();
    let scope = scope.clone();
    let taken = store.write(move |w| w.record_print_jobs(&scope, &placed, &prices, at(900)));
    taken.await.unwrap();
}

async fn begin(store: &Store, scope: &Scope, jobs: RepricedJobs) {
    let scope = scope.clone();
    let new = [NewRepricing {
        jobs,
        asked_from: at(0),
        from: at(0),
        until: Timestamp::from_millis(i64::MAX),
        currency: "EUR".to_owned(),
    }];
    let begun = store.write(move |w| w.begin_repricings(&scope, &new, at(1_000)));
    begun.await.unwrap();
}

async fn step(store: &Store, scope: &Scope, prices: PriceBook, most: u32) -> Option<Repricing> {
    let within = scope.clone();
    let open = store
        .read(move |r| r.open_repricing(&within))
        .await
        .unwrap();
    let number = open?.number;
    let scope = scope.clone();
    let stepped = store.write(move |w| w.reprice_next(&scope, number, &prices, at(1_001), most));
    Some(stepped.await.unwrap())
}

/// Cost and revision of every job, in the order of their end.
async fn costs(store: &Store, scope: &Scope) -> Vec<(Option<i64>, u32)> {
    let (scope, after) = (scope.clone(), JobPosition::before(at(0)));
    let end = Timestamp::from_millis(i64::MAX);
    let page = store.read(move |r| r.print_page(&scope, after, end, 1_000));
    let page = page.await.unwrap();
    let cost = |cost: Option<(Micros, u32)>| cost.map(|(amount, _)| amount.0);
    page.rows()
        .map(|row| (cost(row.cost), row.revision))
        .collect()
}

async fn only_jobs_without_a_cost_are_priced_unless_every_job_is_meant(store: &Store) {
    let scope = founded(store, 1).await;
    take_in(store, &scope, vec![job("a", "1", 1)], PriceBook::default()).await;
    take_in(store, &scope, vec![job("a", "2", 2)], prices()).await;
    let mut uncounted = job("a", "3", 3);
    uncounted.counts.impressions = None;
    take_in(store, &scope, vec![uncounted], prices()).await;
    let old = Some(3 * 10 + 2);
    assert_eq!(costs(store, &scope).await, [(None, 0), (old, 0), (None, 0)]);

    begin(store, &scope, RepricedJobs::Unpriced).await;
    let ended = step(store, &scope, higher(), 10).await.unwrap();
    let new = Some(30_000_000);
    assert_eq!(costs(store, &scope).await, [(new, 1), (old, 0), (None, 0)]);
    let counts = ended.counts;
    assert_eq!(
        (counts.jobs, counts.changed, counts.without_cost),
        (2, 1, 1)
    );
    assert_eq!((counts.before.0, counts.after.0), (0, 30_000_000));
    assert_eq!(step(store, &scope, higher(), 10).await, None);

    begin(store, &scope, RepricedJobs::Every).await;
    // One job a write: the first two writes cannot know that they are near the end.
    let mut steps = Vec::new();
    while let Some(stepped) = step(store, &scope, higher(), 1).await {
        assert_eq!(months(store, &scope).await, recomputed(store, &scope).await);
        steps.push(stepped.counts.jobs);
    }
    assert_eq!(steps, [1, 2, 3, 3]);
    assert_eq!(costs(store, &scope).await, [(new, 1), (new, 1), (None, 0)]);
}

async fn sums_follow_every_step_of_a_repricing(_: &Store) {
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut runner = TestRunner::new(Config::with_cases(24));
        let outcome = runner.run(&(arrivals(), 1_u32..6), |(batches, most)| {
            runtime.block_on(check(batches, most));
            Ok(())
        });
        outcome.unwrap();
    })
    .await
    .unwrap();
}

async fn check(batches: Vec<Vec<PrintRecord>>, most: u32) {
    let backend = crate::backend::Backend::fresh();
    let store = backend.store();
    let scope = founded(store, 1).await;
    for (number, batch) in batches.iter().enumerate() {
        let known = number % 2 == 1;
        let book = if known {
            prices()
        } else {
            PriceBook::default()
        };
        take_in(store, &scope, batch.clone(), book).await;
        begin(store, &scope, RepricedJobs::Unpriced).await;
        while step(store, &scope, prices(), most).await.is_some() {
            assert_eq!(months(store, &scope).await, recomputed(store, &scope).await);
        }
    }
    begin(store, &scope, RepricedJobs::Every).await;
    while step(store, &scope, higher(), most).await.is_some() {}

    let other = crate::backend::Backend::fresh();
    let fresh = founded(other.store(), 1).await;
    for batch in batches {
        take_in(other.store(), &fresh, batch, higher()).await;
    }
    let sums = months(store, &scope).await;
    assert_eq!(sums, recomputed(store, &scope).await);
    assert_eq!(sums, months(other.store(), &fresh).await);
}
