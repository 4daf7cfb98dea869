//! Print jobs: once each, revised by better news, and monthly sums that always equal a
//! recomputation.

use std::collections::{BTreeMap, BTreeSet};

use platen_domain::clock::Timestamp;
use platen_domain::ids::SeededIds;
use platen_domain::prices::{AppliesTo, Micros, PriceBook, PriceList, Prices, Tariff};
use platen_domain::print_jobs::{
    ColorMode, Counts, Evidence, JobState, PrintRecord, Sides, SourceKey,
};
use platen_domain::print_months::MonthCounts;
use platen_domain::print_rows::PrintNames as _;
use platen_domain::scope::Scope;
use platen_store::{
    BlockName, JobOutcome, JobPosition, JobStretch, MonthKey, MonthRow, PlacedRecord, PrintPage,
    Store,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::samples::{address, at, first_answer, founded, record as observe};

crate::conformance!(
    a_job_sent_twice_is_one_job,
    a_reprint_is_a_revision,
    keys_of_organizations_and_sources_never_meet,
    pages_come_in_the_order_of_time,
    a_printer_is_found_among_the_devices,
    monthly_sums_equal_a_recomputation,
    a_failed_closure_leaves_no_remembered_numbers,
    a_late_job_stands_beside_its_block,
);

/// Days per month of the tests' calendar, in milliseconds.
const MONTH: i64 = 30 * 86_400_000;

pub(crate) fn month_of(at: Timestamp) -> u32 {
    let month = (at.as_millis() - self::at(0).as_millis()).div_euclid(MONTH);
    202_601 + u32::try_from(month).unwrap()
}

pub(crate) fn job(source: &str, id: &str, seconds: u64) -> PrintRecord {
    let mut job = PrintRecord::new(SourceKey::new(source, id), at(seconds));
    job.user = Some("alice".to_owned());
    job.queue = Some("lab".to_owned());
    job.document = Some("Quarterly | \"draft\"".to_owned());
    job.sides = Some(Sides::TwoSidedLongEdge);
    job.color_mode = Some(ColorMode::Monochrome);
    job.counts = Counts {
        pages: Some(3),
        copies: Some(1),
        impressions: Some(3),
        evidence: Evidence::Spooler,
        ..Counts::default()
    };
    job.derive_sheets();
    job
}

pub(crate) fn prices() -> PriceBook {
    let any = Prices {
        mono_side: Some(Micros(10)),
        color_side: Some(Micros(50)),
        sheet: Some(Micros(1)),
    };
    let tariff = Tariff {
        any,
        by_media: BTreeMap::new(),
    };
    PriceBook::new(vec![PriceList {
        version: 1,
        valid_from: Timestamp::from_millis(0),
        currency: "EUR".to_owned(),
        tariffs: BTreeMap::from([(AppliesTo::Default, tariff)]),
    }])
}

pub(crate) async fn take_in(
    store: &Store,
    scope: &Scope,
    records: Vec<PrintRecord>,
) -> Vec<JobOutcome> {
    let placed: Vec<_> = records
        .into_iter()
        .map(|record| PlacedRecord {
            month: month_of(record.completed_at),
            record,
        })
        .collect();
    let scope = scope.clone();
    store
        .write(move |w| w.record_print_jobs(&scope, &placed, &prices(), at(900)))
        .await
        .unwrap()
}

async fn page(store: &Store, scope: &Scope) -> PrintPage {
    let (scope, after) = (scope.clone(), JobPosition::before(at(0)));
    let end = Timestamp::from_millis(i64::MAX);
    store
        .read(move |r| r.print_page(&scope, after, end, 1_000))
        .await
        .unwrap()
}

pub(crate) async fn months(store: &Store, scope: &Scope) -> Vec<MonthRow> {
    let scope = scope.clone();
    store
        .read(move |r| r.print_months(&scope, (0, 999_999), None, 10_000))
        .await
        .unwrap()
}

/// The monthly sums as they would be made from the jobs: in one piece, and by reads of two jobs.
pub(crate) async fn recomputed(store: &Store, scope: &Scope) -> Vec<MonthRow> {
    let mut rows = Vec::new();
    for month in 0..6 {
        let from = Timestamp::from_millis(at(0).as_millis() + month * MONTH);
        let until = Timestamp::from_millis(from.as_millis() + MONTH);
        let within = scope.clone();
        let read = move |r: &platen_store::Reader<'_>| {
            r.recomputed_month(&within, month_of(from), from, until)
        };
        let whole = store.read(read).await.unwrap();
        let stretch = JobStretch::new(from, until);
        assert_eq!(in_parts(store, scope, month_of(from), stretch).await, whole);
        rows.extend(whole);
    }
    rows
}

async fn in_parts(store: &Store, scope: &Scope, month: u32, stretch: JobStretch) -> Vec<MonthRow> {
    let mut sums: BTreeMap<MonthKey, MonthCounts> = BTreeMap::new();
    let mut next = Some(stretch);
    while let Some(stretch) = next {
        let scope = scope.clone();
        let part = move |r: &platen_store::Reader<'_>| r.month_part(&scope, month, stretch, 2);
        let rows;
        (rows, next) = store.read(part).await.unwrap();
        for row in rows {
            let sum = sums.entry(row.key).or_default();
            *sum = sum.plus(row.counts);
        }
    }
    let rows = sums.into_iter();
    rows.map(|(key, counts)| MonthRow { key, counts }).collect()
}

async fn a_job_sent_twice_is_one_job(store: &Store) {
    let scope = founded(store, 1).await;
    let records = || {
        vec![
            job("cups|a", "urn:uuid:1", 1),
            job("cups|a", "urn:uuid:2", 2),
        ]
    };
    let accepted = [JobOutcome::Accepted; 2];
    assert_eq!(take_in(store, &scope, records()).await, accepted);
    assert_eq!(
        take_in(store, &scope, records()).await,
        [JobOutcome::Duplicate; 2]
    );
    // Twice within one batch as well.
    let twice = vec![
        job("cups|a", "urn:uuid:3", 3),
        job("cups|a", "urn:uuid:3", 3),
    ];
    assert_eq!(
        take_in(store, &scope, twice).await,
        [JobOutcome::Accepted, JobOutcome::Duplicate]
    );
    let page = page(store, &scope).await;
    assert_eq!(page.len(), 3);
    let row = page.rows().next().unwrap();
    assert_eq!(row.document, Some("Quarterly | \"draft\""));
    assert_eq!(page.names().word(row.user.unwrap()), Some("alice"));
    assert_eq!(
        page.names().printer(row.printer).unwrap().queue.as_deref(),
        Some("lab")
    );
    assert_eq!(row.cost, Some((Micros(32), 1)));
    assert_eq!(row.counts.sheets, Some(2));
    assert_eq!(months(store, &scope).await[0].counts.jobs, 3);
}

async fn a_reprint_is_a_revision(store: &Store) {
    let scope = founded(store, 1).await;
    let uuid = "urn:uuid:0189f3a2-0000-7000-8000-00000000abcd";
    take_in(store, &scope, vec![job("cups|a", uuid, 1)]).await;
    let mut reprint = job("cups|a", uuid, 9_999);
    reprint.counts.impressions = Some(6);
    let outcome = take_in(store, &scope, vec![reprint.clone()]).await;
    assert_eq!(outcome, [JobOutcome::Revised]);
    assert_eq!(
        take_in(store, &scope, vec![reprint]).await,
        [JobOutcome::Duplicate]
    );
    // The old line again: an older state of the log teaches nothing.
    let old = take_in(store, &scope, vec![job("cups|a", uuid, 1)]).await;
    assert_eq!(old, [JobOutcome::Duplicate]);
    let page = page(store, &scope).await;
    let row = page.rows().next().unwrap();
    assert_eq!(
        (page.len(), row.counts.impressions, row.revision),
        (1, Some(6), 1)
    );
    assert_eq!(row.completed_at, at(1));
    let sums = months(store, &scope).await[0].counts;
    assert_eq!((sums.jobs, sums.impressions), (1, 6));
}

async fn keys_of_organizations_and_sources_never_meet(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    for scope in [&one, &two] {
        for source in ["cups|a", "cups|b"] {
            let outcome = take_in(store, scope, vec![job(source, "1", 1)]).await;
            assert_eq!(outcome, [JobOutcome::Accepted]);
        }
    }
    assert_eq!(page(store, &one).await.len(), 2);
    assert_eq!(page(store, &two).await.len(), 2);
    let version = store.read(move |r| r.print_version(&two)).await.unwrap();
    assert_eq!(version, 2);
}

async fn pages_come_in_the_order_of_time(store: &Store) {
    let scope = founded(store, 1).await;
    let seconds = [5, 3, 9, 3, 1, 7];
    let records = seconds.iter().enumerate();
    let records = records
        .map(|(n, s)| job("win|p", &format!("{n}"), *s))
        .collect();
    take_in(store, &scope, records).await;
    let (mut after, mut seen) = (JobPosition::before(at(3)), Vec::new());
    loop {
        let scope = scope.clone();
        let page = store
            .read(move |r| r.print_page(&scope, after, at(9), 2))
            .await
            .unwrap();
        let Some(end) = page.end() else { break };
        after = end;
        seen.extend(page.rows().map(|row| row.completed_at));
    }
    assert_eq!(seen, [at(3), at(3), at(5), at(7)]);
}

async fn a_printer_is_found_among_the_devices(store: &Store) {
    let scope = founded(store, 1).await;
    let on_device = |id: &str, queue: &str, ip| {
        let mut job = job("cups|a", id, 1);
        job.queue = Some(queue.to_owned());
        job.printer.address = Some(ip);
        job
    };
    let ip = address(7);
    // Two queues to one address, read before the device was polled.
    let early = vec![on_device("1", "front", ip), on_device("2", "back", ip)];
    take_in(store, &scope, early).await;
    assert_eq!(months(store, &scope).await.len(), 2);
    let device = observe(store, &scope, first_answer(7, 10)).await.device;
    let within = scope.clone();
    let linked = store
        .write(move |w| w.link_printers(&within))
        .await
        .unwrap();
    assert_eq!(linked, 2);
    take_in(store, &scope, vec![on_device("3", "third", ip)]).await;
    let page = page(store, &scope).await;
    for row in page.rows() {
        let printer = page.names().printer(row.printer).unwrap();
        assert_eq!(printer.device, Some(device));
    }
    let rows = months(store, &scope).await;
    assert_eq!(
        (rows.len(), rows[0].counts.jobs),
        (1, 3),
        "one device, one row"
    );
    assert_eq!(rows, recomputed(store, &scope).await);
}

/// What arrives next: batches of jobs with few keys, so that revisions are frequent.
pub(crate) fn arrivals() -> impl Strategy<Value = Vec<Vec<PrintRecord>>> {
    let count = || proptest::option::of(0_u32..5);
    let user = proptest::option::of(prop_oneof![Just("alice"), Just("bob")]);
    let kinds = (0_u8..6, 0_u8..4, proptest::option::of(0_u8..3), 0_u8..5);
    let record = (
        0_u8..12,
        0_i64..3 * MONTH,
        user,
        count(),
        count(),
        count(),
        kinds,
    )
        .prop_map(
            |(id, millis, user, impressions, copies, color, (state, sides, mode, evidence))| {
                let mut job = job(["cups|a", "win|b"][usize::from(id % 2)], &id.to_string(), 0);
                job.completed_at = Timestamp::from_millis(at(0).as_millis() + millis);
                job.user = user.map(str::to_owned);
                job.queue = Some(format!("q{}", id % 3));
                job.state = JobState::from_number(state).unwrap();
                job.sides = Sides::from_number(sides);
                job.color_mode = mode.and_then(ColorMode::from_number);
                job.counts = Counts {
                    impressions,
                    copies,
                    color_impressions: color,
                    evidence: Evidence::from_number(evidence).unwrap(),
                    ..Counts::default()
                };
                job.derive_sheets();
                job
            },
        );
    proptest::collection::vec(proptest::collection::vec(record, 1..8), 1..12)
}

async fn monthly_sums_equal_a_recomputation(_: &Store) {
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut runner = TestRunner::new(Config::with_cases(48));
        let outcome = runner.run(&arrivals(), |batches| {
            runtime.block_on(check_sums(batches));
            Ok(())
        });
        outcome.unwrap();
    })
    .await
    .unwrap();
}

async fn check_sums(batches: Vec<Vec<PrintRecord>>) {
    let backend = crate::backend::Backend::fresh();
    let store = backend.store();
    let scope = founded(store, 1).await;
    let mut keys = BTreeSet::new();
    for batch in batches {
        keys.extend(batch.iter().map(|record| record.key.clone()));
        take_in(store, &scope, batch.clone()).await;
        take_in(store, &scope, batch).await;
        assert_eq!(months(store, &scope).await, recomputed(store, &scope).await);
    }
    assert_eq!(page(store, &scope).await.len(), keys.len());
}

async fn a_failed_closure_leaves_no_remembered_numbers(store: &Store) {
    let scope = founded(store, 1).await;
    let within = scope.clone();
    let failed = store
        .write(move |w| {
            let placed = PlacedRecord {
                month: 202_601,
                record: job("cups|lost", "1", 1),
            };
            w.record_print_jobs(&within, &[placed], &prices(), at(900))?;
            Err::<(), _>(platen_store::StoreError::NotFound("reason to go on"))
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(page(store, &scope).await.len(), 0);
    take_in(store, &scope, vec![job("cups|lost", "1", 1)]).await;
    let page = page(store, &scope).await;
    let row = page.rows().next().unwrap();
    assert_eq!(page.names().word(row.user.unwrap()), Some("alice"));
    assert_eq!(
        page.names().printer(row.printer).unwrap().source,
        "cups|lost"
    );
}

async fn a_late_job_stands_beside_its_block(store: &Store) {
    let scope = founded(store, 1).await;
    take_in(
        store,
        &scope,
        vec![job("cups|a", "1", 5), job("cups|a", "2", 15)],
    )
    .await;
    let seal = |from, until| {
        let scope = scope.clone();
        store.write(move |w| {
            let sign = w.stretch_sign(&scope, from, until)?;
            let block = platen_store::BlockRef {
                from,
                until,
                name: BlockName::new(&SeededIds::new(5)),
                checksum: 0,
                jobs: sign.jobs(),
                changes: 0,
                outdated: false,
            };
            assert!(w.seal_block(&scope, &block, &sign)?);
            Ok(sign)
        })
    };
    let first = seal(at(0), at(10)).await.unwrap();
    seal(at(10), at(20)).await.unwrap();
    let blocks = || {
        let scope = scope.clone();
        store.read(move |r| r.print_blocks(&scope, at(0), at(100)))
    };
    assert_eq!(blocks().await.unwrap().len(), 2);
    take_in(
        store,
        &scope,
        vec![job("cups|a", "3", 7), job("cups|a", "4", 8)],
    )
    .await;
    let [one, other] = blocks().await.unwrap()[..] else {
        panic!("both are sealed still");
    };
    assert_eq!([one.changes, other.changes], [2, 0]);
    let beside = |block: platen_store::BlockRef| {
        let scope = scope.clone();
        store.read(move |r| r.block_changes(&scope, &block))
    };
    let changed = beside(one).await.unwrap().unwrap();
    let times: Vec<_> = changed
        .places
        .iter()
        .map(|place| place.completed_at)
        .collect();
    assert_eq!((times, changed.jobs.len()), (vec![at(7), at(8)], 2));
    // A block made of what the stretch held before must not be sealed now.
    let within = scope.clone();
    let stale = store
        .write(move |w| {
            let block = platen_store::BlockRef {
                from: at(0),
                until: at(10),
                name: BlockName::new(&SeededIds::new(6)),
                checksum: 0,
                jobs: first.jobs(),
                changes: 0,
                outdated: false,
            };
            w.seal_block(&within, &block, &first)
        })
        .await;
    assert!(!stale.unwrap());
    let mut reprint = job("cups|a", "2", 15);
    reprint.counts.impressions = Some(9);
    take_in(store, &scope, vec![reprint]).await;
    let changed = beside(other).await.unwrap().unwrap();
    let row = changed.jobs.rows().next().unwrap();
    assert_eq!((changed.changes, row.counts.impressions), (1, Some(9)));
    // Made anew, it has them in it and nothing beside it.
    seal(at(0), at(10)).await.unwrap();
    let [anew, _] = blocks().await.unwrap()[..] else {
        panic!("both are sealed");
    };
    assert_eq!((anew.jobs, anew.changes), (3, 0));
    let many = (0..=platen_store::BLOCK_CHANGES_MAX).map(|n| job("cups|b", &n.to_string(), 5));
    take_in(store, &scope, many.collect()).await;
    let left = blocks().await.unwrap();
    assert_eq!(
        (left.len(), left[0].from),
        (1, at(10)),
        "too many to stand beside it"
    );
    assert!(beside(anew).await.unwrap().is_none());
}
