use std::time::Duration;

use platen_app::accounts::{AccountsRefusal, Adjustment, Due, Transfer};
use platen_app::operation::idempotency::ANSWERS_KEPT;
use platen_domain::account_limits::{CarryOver, Enforcement, Limit, Period};
use platen_domain::charges::ChargeProblem;
use platen_domain::ledger::LedgerEntry;
use platen_domain::points::Points;
use proptest::prelude::*;
use tokio::task::JoinSet;

use crate::purse::{Purse, account, body, keyed, limit, points, user};

const MATH: (&str, &str) = ("MATH", "ada");
const ART: (&str, &str) = ("ART", "ben");

#[tokio::test]
async fn of_two_hundred_charges_at_once_a_balance_of_a_hundred_takes_a_hundred() {
    let purse = std::sync::Arc::new(Purse::open().await);
    purse.account("MATH", limit(100)).await;
    let mut charges = JoinSet::new();
    for _ in 0..200 {
        let purse = std::sync::Arc::clone(&purse);
        charges.spawn(async move { purse.charge(points(MATH, 1)).await.is_ok() });
    }
    let taken = charges
        .join_all()
        .await
        .into_iter()
        .filter(|ok| *ok)
        .count();
    assert_eq!(taken, 100);
    assert_eq!(purse.points(MATH).await, 0);
    purse.check().await;
}

#[tokio::test]
async fn a_ledger_tells_its_story() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(100)).await;
    purse.account("ART", limit(10)).await;
    let charge = purse.charge(points(MATH, 30)).await.unwrap();
    purse.refund(charge, Some(Points::whole(10))).await.unwrap();
    purse.refund(charge, None).await.unwrap();
    let nothing_left = purse.refund(charge, None).await;
    assert!(matches!(nothing_left, Err(AccountsRefusal::State(_))));
    let transfer = Transfer {
        from: (account("MATH"), user("ADA")),
        to: (account("ART"), user("ben")),
        points: Points::whole(40),
        reason: "paper for the fair".to_owned(),
    };
    purse.transfer(transfer).await.unwrap();
    purse.reset(MATH).await.unwrap();
    insta::assert_snapshot!(purse.ledger().await.join("\n"), @r"
    1 MATH ada allocation 100 = 100
    2 MATH ada charge -30 = 70
    3 MATH ada refund 10 = 80
    4 MATH ada refund 20 = 100
    5 ART ben allocation 10 = 10
    6 MATH ada transfer -40 = 60
    7 ART ben transfer 40 = 50
    8 MATH ada reset 40 = 100
    ");
    purse.check().await;
}

#[tokio::test]
async fn a_hold_reserves_until_it_is_captured_released_or_over() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(100)).await;
    let held = purse.hold(points(MATH, 80)).await.unwrap();
    let refused = purse.charge(points(MATH, 30)).await;
    let Err(AccountsRefusal::Charge {
        problems,
        available,
        ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert!(problems.contains(ChargeProblem::NotEnoughPoints));
    assert_eq!(available, Some(Points::whole(20)));

    let less = Some(Due::Points(Points::whole(50)));
    purse.capture(held, less).await.unwrap();
    assert_eq!(purse.points(MATH).await, 50);
    let twice = purse.capture(held, None).await;
    assert!(matches!(twice, Err(AccountsRefusal::State(_))));

    let released = purse.hold(points(MATH, 50)).await.unwrap();
    purse.release(released).await.unwrap();
    purse.release(released).await.unwrap();
    let over = purse.hold(points(MATH, 50)).await.unwrap();
    purse.place.clock.advance(Duration::from_mins(10));
    assert_eq!(purse.balance(MATH).await.held, Points::ZERO);
    purse.charge(points(MATH, 20)).await.unwrap();
    let late = purse.capture(over, None).await;
    assert!(
        matches!(late, Err(AccountsRefusal::Charge { .. })),
        "{late:?}"
    );
    purse.check().await;
}

#[tokio::test]
async fn a_hard_limit_refuses_what_a_soft_one_lets_pass() {
    let purse = Purse::open().await;
    let mut hard = limit(10);
    hard.overdraft = Points::whole(5);
    let id = purse.account("MATH", hard.clone()).await;
    purse.charge(points(MATH, 15)).await.unwrap();
    purse.charge(points(MATH, 1)).await.unwrap_err();
    purse
        .set_limit(
            id,
            Limit {
                enforcement: Enforcement::Soft,
                ..hard
            },
        )
        .await;
    let charge = purse.charge(points(MATH, 7)).await.unwrap();
    assert_eq!(purse.points(MATH).await, -12);
    let charge = purse.place.app.charges().get(&purse.scope, charge);
    let problems: Vec<_> = charge.await.unwrap().problems.iter().collect();
    assert_eq!(problems, [ChargeProblem::NotEnoughPoints], "it says so");
}

#[tokio::test]
async fn a_reset_that_was_missed_happens_once() {
    let purse = Purse::open().await;
    let daily = Limit {
        period: Period::Daily,
        carry_over: CarryOver::UpTo(Points::whole(5)),
        ..limit(20)
    };
    purse.account("MATH", daily.clone()).await;
    purse.charge(points(MATH, 8)).await.unwrap();
    let settle = || purse.place.app.accounts().settle();
    assert_eq!(settle().await.unwrap(), 0);

    // The server is down for three days; then it settles more than once.
    purse.place.clock.advance(Duration::from_hours(24 * 3));
    assert_eq!(purse.points(MATH).await, 25, "shown before it is written");
    assert_eq!(settle().await.unwrap(), 1);
    assert_eq!(settle().await.unwrap(), 0);
    purse.place.clock.advance(Duration::from_hours(24));
    purse.charge(points(MATH, 1)).await.unwrap();
    assert_eq!(
        settle().await.unwrap(),
        0,
        "the charge settled it on its way"
    );
    insta::assert_snapshot!(purse.ledger().await.join("\n"), @r"
    1 MATH ada allocation 20 = 20
    2 MATH ada charge -8 = 12
    3 MATH ada reset 13 = 25
    4 MATH ada charge -1 = 24
    ");
    purse.check().await;
}

#[tokio::test]
async fn a_period_that_is_over_is_closed_with_its_sums() {
    let purse = Purse::open().await;
    let monthly = Limit {
        period: Period::Monthly(1),
        ..limit(20)
    };
    let id = purse.account("MATH", monthly).await;
    purse.charge(points(MATH, 8)).await.unwrap();
    let charge = purse.charge(points(("MATH", "ben"), 5)).await.unwrap();
    purse.refund(charge, None).await.unwrap();
    for _ in 0..2 {
        purse.place.clock.advance(Duration::from_hours(24 * 31));
        purse.place.app.accounts().settle().await.unwrap();
    }
    // A charge brings its balance into the new period before anybody keeps accounts.
    purse.place.clock.advance(Duration::from_hours(24 * 31));
    purse.charge(points(MATH, 1)).await.unwrap();
    purse.charge(points(("MATH", "ben"), 1)).await.unwrap();
    purse.place.app.accounts().settle().await.unwrap();
    let periods = purse.place.app.accounts().periods(&purse.scope, id);
    let periods: Vec<_> = periods.await.unwrap().into_iter().rev().collect();
    let shown = periods.iter().map(|p| {
        format!(
            "opening {} allocated {} reset {} charged {} refunded {} closing {} of {} entries",
            p.opening, p.allocated, p.reset, p.charged, p.refunded, p.closing, p.entries
        )
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r"
    opening 0 allocated 40 reset 0 charged -13 refunded 5 closing 32 of 5 entries
    opening 32 allocated 0 reset 8 charged 0 refunded 0 closing 40 of 1 entries
    opening 40 allocated 0 reset 0 charged 0 refunded 0 closing 40 of 0 entries
    ");
    assert_eq!(periods[0].until, periods[1].from);
}

#[tokio::test]
async fn a_retry_is_told_the_same_and_changes_nothing() {
    let purse = Purse::open().await;
    purse.account("MATH", limit(100)).await;
    let (app, scope) = (&purse.place.app, &purse.scope);
    let adjust = |key: &str, request: u8| {
        let adjustment = Adjustment {
            account: account("MATH"),
            user: user("ada"),
            points: Points::whole(5),
            if_available: false,
            reason: "a prize".to_owned(),
        };
        let once = keyed(Some((key, request)), |entry: &LedgerEntry| {
            entry.number.to_string()
        });
        app.accounts().adjust(scope, adjustment, once)
    };
    let first = adjust("k1", 1).await.unwrap();
    let again = adjust("k1", 1).await.unwrap();
    assert_eq!((body(&first), first.replayed), ("2".to_owned(), false));
    assert_eq!((body(&again), again.replayed), ("2".to_owned(), true));
    assert_eq!(purse.points(MATH).await, 105);
    let other = adjust("k1", 2).await;
    assert!(
        matches!(other, Err(AccountsRefusal::KeyReused)),
        "{other:?}"
    );
    purse.place.clock.advance(ANSWERS_KEPT);
    adjust("k1", 2).await.unwrap();
    assert_eq!(purse.points(MATH).await, 110);
}

/// One thing that somebody does.
#[derive(Debug, Clone)]
enum Deed {
    Charge(i64),
    Hold(i64),
    CaptureLast,
    ReleaseLast,
    RefundLast(i64),
    Adjust(i64),
    Transfer(i64),
    Reset,
    Print(u8, u32),
    Limit(i64),
    Wait(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (1..60_i64).prop_map(Deed::Charge),
        (1..60_i64).prop_map(Deed::Hold),
        Just(Deed::CaptureLast),
        Just(Deed::ReleaseLast),
        (1..60_i64).prop_map(Deed::RefundLast),
        (-60..60_i64).prop_map(Deed::Adjust),
        (1..60_i64).prop_map(Deed::Transfer),
        Just(Deed::Reset),
        (0..4_u8, 0..60_u32).prop_map(|(id, sides)| Deed::Print(id, sides)),
        (0..200_i64).prop_map(Deed::Limit),
        (1..60_u64).prop_map(Deed::Wait),
    ]
}

/// Does it; whether it was refused does not matter.
async fn act(purse: &Purse, deeds: Vec<Deed>) {
    let daily = |points| Limit {
        period: Period::Daily,
        carry_over: CarryOver::UpTo(Points::whole(7)),
        ..limit(points)
    };
    let math = purse.account("MATH", daily(100)).await;
    purse.account("ART", limit(50)).await;
    let (mut last_hold, mut last_charge) = (None, None);
    for deed in deeds {
        match deed {
            Deed::Charge(n) => last_charge = purse.charge(points(MATH, n)).await.ok(),
            Deed::Hold(n) => last_hold = purse.hold(points(MATH, n)).await.ok(),
            Deed::CaptureLast => {
                if let Some(hold) = last_hold {
                    last_charge = purse.capture(hold, None).await.ok();
                }
            }
            Deed::ReleaseLast => {
                if let Some(hold) = last_hold {
                    purse.release(hold).await.ok();
                }
            }
            Deed::RefundLast(n) => {
                if let Some(charge) = last_charge {
                    purse.refund(charge, Some(Points::whole(n))).await.ok();
                }
            }
            Deed::Adjust(n) => {
                let adjustment = Adjustment {
                    account: account("MATH"),
                    user: user("ada"),
                    points: Points::whole(n),
                    if_available: n % 2 == 0,
                    reason: "because".to_owned(),
                };
                let once = keyed(None, |entry: &LedgerEntry| entry.number.to_string());
                let adjusted = purse
                    .place
                    .app
                    .accounts()
                    .adjust(&purse.scope, adjustment, once);
                adjusted.await.ok();
            }
            Deed::Transfer(n) => {
                let transfer = Transfer {
                    from: (account(MATH.0), user(MATH.1)),
                    to: (account(ART.0), user(ART.1)),
                    points: Points::whole(n),
                    reason: "because".to_owned(),
                };
                purse.transfer(transfer).await.ok();
            }
            Deed::Reset => purse.reset(MATH).await.unwrap(),
            Deed::Print(id, sides) => {
                purse
                    .print(crate::purse::job(&id.to_string(), MATH, sides))
                    .await;
            }
            Deed::Limit(n) => purse.set_limit(math, daily(n)).await,
            Deed::Wait(hours) => {
                purse.place.clock.advance(Duration::from_hours(hours));
                purse.place.app.accounts().settle().await.unwrap();
            }
        }
        purse.check().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_balance_is_the_sum_of_its_entries(deeds in prop::collection::vec(deed(), 1..25)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let purse = Purse::open().await;
            act(&purse, deeds).await;
        });
    }
}
