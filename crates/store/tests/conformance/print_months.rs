//! Months of print jobs: which there are, and their sums by other things.

use platen_domain::clock::Timestamp;
use platen_domain::print_months::{Grouping, MonthCounts};
use platen_domain::print_rows::PrintNames as _;
use platen_domain::scope::Scope;
use platen_store::{JobPosition, JobStretch, Store};

use crate::print_jobs::{job, month_of, months, take_in};
use crate::samples::{at, founded};

crate::conformance!(
    the_months_with_jobs_are_known_with_their_names,
    the_newest_jobs_stand_behind_a_place,
    sums_by_account_come_in_parts_that_add_up,
);

/// Seconds of a month of the tests' calendar.
const MONTH: u64 = 30 * 86_400;

async fn the_months_with_jobs_are_known_with_their_names(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let range = |scope: &Scope| {
        let scope = scope.clone();
        store.read(move |r| r.print_month_range(&scope))
    };
    assert_eq!(range(&own).await.unwrap(), None);
    let jobs = [("1", 2 * MONTH), ("2", 1)].map(|(id, at)| job("cups|a", id, at));
    take_in(store, &own, jobs.to_vec()).await;
    let months_between = (month_of(at(0)), month_of(at(2 * MONTH)));
    assert_eq!(range(&own).await.unwrap(), Some(months_between));
    assert_eq!(range(&other).await.unwrap(), None);
    let rows = months(store, &own).await;
    let kept = rows.clone();
    let names = store.read(move |r| r.month_names(&own, &kept));
    let names = names.await.unwrap();
    for row in &rows {
        assert_eq!(names.word(row.key.user.unwrap()), Some("alice"));
        assert_eq!(names.printer(row.key.printer).unwrap().source, "cups|a");
    }
    assert_eq!(rows.len(), 2);
}

async fn the_newest_jobs_stand_behind_a_place(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let jobs = [("1", 10), ("2", 20), ("3", 30)].map(|(id, at)| job("cups|a", id, at));
    take_in(store, &own, jobs.to_vec()).await;
    let behind = |scope: &Scope, count| {
        let scope = scope.clone();
        async move {
            let until = at(100);
            let read = store.read(move |r| {
                let place = r.newest_jobs(&scope, at(5), until, count)?;
                let page = r.print_page(&scope, place, until, 9)?;
                Ok((place, page.len()))
            });
            read.await.unwrap()
        }
    };
    assert_eq!(behind(&own, 2).await.1, 2);
    assert_eq!(behind(&own, 1).await.0.completed_at, at(20));
    let all = JobPosition::before(at(5));
    assert_eq!(behind(&own, 3).await, (all, 3));
    assert_eq!(behind(&own, 4).await, (all, 3));
    assert_eq!(behind(&other, 1).await, (all, 0));
}

async fn sums_by_account_come_in_parts_that_add_up(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let jobs = (1..=5).map(|number: u64| {
        let mut job = job("cups|a", &number.to_string(), number);
        job.account = (number != 5).then(|| format!("A-{}", number % 2));
        job
    });
    take_in(store, &own, jobs.collect()).await;
    let part = |scope: &Scope, grouping, stretch| {
        let scope = scope.clone();
        store.read(move |r| r.month_groups(&scope, grouping, month_of(at(0)), stretch, 2))
    };
    let whole = JobStretch::new(at(0), at(100));
    let (mut sums, mut parts) = (std::collections::BTreeMap::new(), 0);
    let mut next = Some(whole);
    while let Some(stretch) = next {
        let groups;
        (groups, next) = part(&own, Grouping::Account, stretch).await.unwrap();
        for group in groups {
            let sum: &mut MonthCounts = sums.entry(group.name.join("/")).or_default();
            *sum = sum.plus(group.counts);
        }
        parts += 1;
    }
    let jobs: Vec<_> = sums
        .iter()
        .map(|(name, sum)| (name.as_str(), sum.jobs, sum.impressions))
        .collect();
    assert_eq!(jobs, [("", 1, 3), ("A-0", 2, 6), ("A-1", 2, 6)]);
    assert!(parts >= 3, "{parts}");
    let (groups, _) = part(&own, Grouping::Department, whole).await.unwrap();
    let known: Vec<_> = groups
        .iter()
        .map(|group| (&group.name[..], group.counts.jobs))
        .collect();
    assert_eq!(known, [(&[][..], 2)], "no device is known");
    let (theirs, rest) = part(&other, Grouping::Account, whole).await.unwrap();
    assert_eq!((theirs, rest), (vec![], None));
    let forever = Timestamp::from_millis(i64::MAX);
    let later = JobStretch::new(at(6), forever);
    assert_eq!(part(&own, Grouping::Account, later).await.unwrap().0, []);
}
