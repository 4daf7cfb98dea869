//! Imports: whatever comes again changes nothing, and an import that is taken back leaves what was there
//! before it.

use platen_app::accounts::{ChargeFilter, LedgerFilter};
use platen_app::printing::imports::UndoError;
use platen_app::printing::print_jobs::{JobOutcome, Verdict};
use platen_app::printing::transactions::Transaction;
use platen_domain::account_limits::{Enforcement, Limit};
use platen_domain::clock::Timestamp;
use platen_domain::imports::{ImportState, Undone};
use platen_domain::points::Points;
use platen_domain::prices::Micros;
use platen_domain::print_jobs::{ColorMode, Evidence, JobState, PrintRecord, SourceKey};
use platen_store::MonthRow;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::place::START;
use crate::purse::{FIRST_PAGE, Purse, job, limit, points};

const MATH: (&str, &str) = ("MATH", "ada");
const PLACES: [(&str, &str); 4] = [MATH, ("MATH", "bob"), ("ART", "ada"), ("ART", "bob")];
const PRICES: &str = "currency = 'EUR'\nvalid_from = 2020-01-01\n[default]\nmono_side = '0.01'\n\
                      color_side = '0.1'\n";

/// All that people see of jobs, months, balances and charges.
#[derive(Debug, PartialEq)]
struct State {
    jobs: Vec<Transaction>,
    months: Vec<MonthRow>,
    points: Vec<i64>,
    charges: Vec<String>,
}

async fn purse() -> Purse {
    let purse = Purse::open().await;
    purse.account("MATH", limit(1_000)).await;
    let soft = Limit {
        enforcement: Enforcement::Soft,
        ..limit(5)
    };
    purse.account("ART", soft).await;
    let app = &purse.place.app;
    app.printing()
        .set_prices(&purse.scope, PRICES)
        .await
        .unwrap();
    for (number, place) in PLACES.into_iter().enumerate() {
        purse.print(job(&format!("known-{number}"), place, 1)).await;
    }
    purse
}

async fn state(purse: &Purse) -> State {
    let end = Timestamp::from_millis(START.as_millis() + 1_000_000);
    let (app, scope) = (&purse.place.app, &purse.scope);
    let mut jobs = app
        .printing()
        .transactions(scope, START, end)
        .await
        .unwrap()
        .jobs;
    let order = |job: &Transaction| format!("{job:?}");
    jobs.sort_by_key(order);
    let within = scope.clone();
    let sums = app.store().read(move |r| {
        let recomputed = r.recomputed_month(&within, 202_601, START, end)?;
        Ok((
            r.print_months(&within, (0, 999_999), None, 1_000)?,
            recomputed,
        ))
    });
    let (months, recomputed) = sums.await.unwrap();
    assert_eq!(months, recomputed);
    let mut points = Vec::new();
    for place in PLACES {
        points.push(purse.balance(place).await.balance.points.millionths());
    }
    purse.check().await;
    // The revision of a charge only grows.
    let without_revision = |line: &String| {
        let words = line.split(' ').enumerate().filter(|(place, _)| *place != 1);
        words.map(|(_, word)| word).collect::<Vec<_>>().join(" ")
    };
    let charges = purse.charges().await;
    let of_jobs = charges.iter().filter(|line| !line.starts_with("- "));
    let mut charges: Vec<_> = of_jobs.map(without_revision).collect();
    charges.sort();
    State {
        jobs,
        months,
        points,
        charges,
    }
}

async fn import(purse: &Purse, records: &[PrintRecord]) -> (u32, Vec<Verdict>) {
    let (app, scope) = (&purse.place.app, &purse.scope);
    let number = app.printing().begin_import(scope).await.unwrap();
    let mut verdicts = Vec::new();
    for part in records.chunks(3) {
        let taken = app
            .printing()
            .import_print_jobs(scope, number, part.to_vec());
        verdicts.extend(taken.await.unwrap());
    }
    app.printing().end_import(scope, number).await.unwrap();
    (number, verdicts)
}

async fn undo(purse: &Purse, number: u32) -> Undone {
    let undone = purse
        .place
        .app
        .printing()
        .undo_import(&purse.scope, number)
        .await;
    let undone = undone.unwrap();
    assert_eq!(undone.state, ImportState::Undone);
    undone.undone
}

fn records() -> impl Strategy<Value = Vec<PrintRecord>> {
    let count = || proptest::option::of(0_u32..5);
    let words = (0_u8..6, 0_u8..5, proptest::option::of(0_u8..3));
    let names = (
        proptest::option::of(0_usize..2),
        proptest::option::of(0_usize..3),
    );
    let record = (0_u8..6, 0_i64..3, count(), count(), names, words).prop_map(
        |(id, at, impressions, color, (user, account), (state, evidence, mode))| {
            let key = SourceKey::new(["cups|a", "cups|b"][usize::from(id % 2)], id.to_string());
            let at = Timestamp::from_millis(START.as_millis() + at);
            let mut record = PrintRecord::new(key, at);
            record.user = user.map(|user| ["ada", "bob"][user].to_owned());
            record.account = account.map(|code| ["MATH", "ART", "NOWHERE"][code].to_owned());
            record.queue = Some(format!("q{at:?}"));
            record.counts.impressions = impressions;
            record.counts.color_impressions = color.filter(|color| impressions >= Some(*color));
            record.counts.evidence = Evidence::from_number(evidence).unwrap();
            record.state = JobState::from_number(state).unwrap();
            record.color_mode = mode.and_then(ColorMode::from_number);
            record
        },
    );
    proptest::collection::vec(record, 1..9)
}

/// Runs a property whose cases are asynchronous.
async fn check<S: Strategy + Send + 'static>(
    cases: u32,
    strategy: S,
    case: impl AsyncFn(S::Value) + Send + 'static,
) {
    let runtime = tokio::runtime::Handle::current();
    let ran = tokio::task::spawn_blocking(move || {
        let outcome = TestRunner::new(Config::with_cases(cases)).run(&strategy, |value| {
            runtime.block_on(case(value));
            Ok(())
        });
        outcome.unwrap();
    });
    ran.await.unwrap();
}

#[tokio::test]
async fn an_import_that_is_taken_back_leaves_what_was_there() {
    check(24, (records(), records()), async |(known, file)| {
        let purse = purse().await;
        for record in known {
            purse.print(record).await;
        }
        let before = state(&purse).await;
        let (first, _) = import(&purse, &file).await;
        let after = state(&purse).await;
        assert_eq!(undo(&purse, first).await.kept, 0);
        assert_eq!(state(&purse).await, before);

        let (second, _) = import(&purse, &file).await;
        assert_eq!(state(&purse).await, after, "the same file yields the same");
        undo(&purse, second).await;
        assert_eq!(state(&purse).await, before);
    })
    .await;
}

#[tokio::test]
async fn imports_that_build_on_each_other_are_taken_back_the_last_first() {
    check(
        16,
        (records(), records(), records()),
        async |(known, one, other)| {
            let purse = purse().await;
            for record in known {
                purse.print(record).await;
            }
            let before = state(&purse).await;
            let (first, _) = import(&purse, &one).await;
            let between = state(&purse).await;
            let (second, _) = import(&purse, &other).await;
            assert_eq!(undo(&purse, second).await.kept, 0);
            assert_eq!(state(&purse).await, between);
            assert_eq!(undo(&purse, first).await.kept, 0);
            assert_eq!(state(&purse).await, before);
        },
    )
    .await;
}

#[tokio::test]
async fn files_that_come_again_in_another_order_and_between_collected_jobs_change_nothing() {
    let again = records().prop_flat_map(|records| {
        let ways = proptest::collection::vec(any::<bool>(), records.len());
        (Just(records.clone()), Just(records).prop_shuffle(), ways)
    });
    check(16, again, async |(first, again, ways)| {
        let purse = purse().await;
        import(&purse, &first).await;
        let before = state(&purse).await;
        for (record, is_import) in again.iter().zip(ways) {
            if is_import {
                let (_, verdicts) = import(&purse, std::slice::from_ref(record)).await;
                assert_eq!(verdicts, [Verdict::Taken(JobOutcome::Duplicate)]);
            } else {
                purse.print(record.clone()).await;
            }
        }
        assert_eq!(state(&purse).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_others_have_said_or_done_about_a_job_stays() {
    let purse = purse().await;
    let names = ["said-again", "revised", "refunded", "alone", "held"];
    let mut hold = points(MATH, 4);
    hold.job = Some(SourceKey::new("cups|test", "held"));
    purse.hold(hold).await.unwrap();
    let file: Vec<_> = names.map(|name| job(name, MATH, 4)).into();
    let (first, _) = import(&purse, &file).await;

    purse.print(job("said-again", MATH, 4)).await;
    let (second, _) = import(&purse, &[job("revised", MATH, 6)]).await;
    let filter = ChargeFilter::default();
    let app = &purse.place.app;
    let charges = app.charges().list(&purse.scope, filter, FIRST_PAGE);
    let charges = charges.await.unwrap().items;
    let of_refunded = charges
        .iter()
        .find(|charge| charge.job.as_ref().is_some_and(|key| key.id == "refunded"))
        .unwrap();
    let given_back = purse.refund(of_refunded.id, Some(Points::whole(1))).await;
    given_back.unwrap();

    let undone = undo(&purse, first).await;
    assert_eq!((undone.removed, undone.reverted, undone.kept), (1, 0, 4));
    let left: Vec<_> = purse.charges().await;
    assert!(
        !left.iter().any(|line| line.starts_with("alone ")),
        "{left:?}"
    );
    // 1,000 less one known job, 4 said again, 6 revised, 3 of the refunded, 4 held.
    assert_eq!(purse.points(MATH).await, 1_000 - 1 - 4 - 6 - 3 - 4);

    let undone = undo(&purse, second).await;
    assert_eq!((undone.removed, undone.reverted, undone.kept), (0, 1, 0));
    assert_eq!(purse.points(MATH).await, 1_000 - 1 - 4 - 4 - 3 - 4);
    purse.check().await;

    let refused = app
        .printing()
        .undo_import(&purse.scope, first)
        .await
        .unwrap_err();
    assert!(matches!(refused, UndoError::Undone(_)));
    insta::assert_snapshot!(refused, @"import 1 was taken back already, and that cannot be undone: import its files again (platen import FILE...)");
    let refused = app
        .printing()
        .undo_import(&purse.scope, 77)
        .await
        .unwrap_err();
    insta::assert_snapshot!(refused, @"there is no import 77; `platen import list` shows those there are");
    let entries = app.operation().audit(&purse.scope, 1).await.unwrap();
    insta::assert_snapshot!(
        format!("{} {} {}", entries[0].action, entries[0].object, entries[0].detail),
        @"import.undone import 2 0 removed, 1 reverted, 0 kept"
    );
}

#[tokio::test]
async fn the_ledger_says_why_points_came_back() {
    let purse = purse().await;
    let (number, _) = import(&purse, &[job("1", MATH, 4)]).await;
    undo(&purse, number).await;
    let filter = LedgerFilter::default();
    let page = purse
        .place
        .app
        .accounts()
        .ledger(&purse.scope, filter, FIRST_PAGE);
    let newest = page.await.unwrap().items.remove(0);
    assert_eq!(newest.reason.as_deref(), Some("import 1 taken back"));
    assert_eq!(
        (newest.kind.keyword(), newest.points),
        ("refund", Points::whole(4))
    );
}

#[tokio::test]
async fn taking_back_goes_on_where_it_was_interrupted() {
    let purse = purse().await;
    let before = state(&purse).await;
    let unnamed = |number: u32| PrintRecord {
        account: None,
        ..job(&format!("{number:05}"), MATH, 1)
    };
    let file: Vec<_> = (0..2_500).map(unnamed).collect();
    let (number, _) = import(&purse, &file).await;
    // What a program that was killed behind the first write leaves.
    let (scope, now) = (purse.scope.clone(), purse.place.app.now());
    let interrupted = purse.place.app.store().write(move |w| {
        w.set_import_state(&scope, number, ImportState::Undoing, now)?;
        let next = w.next_imported_jobs(&scope, number, 1)?;
        assert!(!next.are_last);
        let removed = next.jobs.len() as u64;
        w.remove_imported_jobs(&scope, &next.jobs)?;
        let so_far = Undone {
            removed,
            ..Undone::default()
        };
        w.add_undone(&scope, number, so_far)?;
        Ok(removed)
    });
    assert_eq!(interrupted.await.unwrap(), 1_000);
    let Purse { place, scope } = purse;
    let place = place.restarted().await;
    let purse = Purse { place, scope };
    let undone = undo(&purse, number).await;
    assert_eq!(undone.removed, 2_500);
    assert_eq!(state(&purse).await, before);
}

#[tokio::test]
async fn a_price_that_was_set_since_does_not_hold_a_revision_back() {
    let purse = purse().await;
    let mut first = job("1", MATH, 4);
    first.color_mode = Some(ColorMode::Monochrome);
    purse.print(first.clone()).await;
    let mut more = first.clone();
    more.counts.impressions = Some(6);
    let (number, _) = import(&purse, &[more]).await;
    let app = &purse.place.app;
    let dearer = PRICES
        .replace("0.01", "0.02")
        .replace("2020-01-01", "2020-01-02");
    app.printing()
        .set_prices(&purse.scope, &dearer)
        .await
        .unwrap();
    let points = purse.points(MATH).await;
    app.printing()
        .apply_prices(&purse.scope, "2020-01-01")
        .await
        .unwrap();
    assert_eq!(
        purse.points(MATH).await,
        points,
        "prices do not touch accounts"
    );
    assert_eq!(undo(&purse, number).await.reverted, 1);
    let after = state(&purse).await;
    let job = after
        .jobs
        .iter()
        .find(|job| job.impressions == Some(4))
        .unwrap();
    assert_eq!(job.cost, Some((Micros(80_000), "EUR".to_owned())));
}
