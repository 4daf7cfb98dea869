//! Periods of accounts: which of them have to be begun.

use platen_domain::account_limits::{Limit, Period, Weekday};
use platen_domain::ids::AccountId;
use platen_domain::points::Points;
use platen_domain::scope::Scope;
use platen_store::Store;

use crate::ledger::{code, movement, note, standing};
use crate::samples::{account, at, founded};

crate::conformance!(
    the_periods_of_accounts_with_a_limit_are_listed_once_each,
    an_account_is_due_until_balance_and_period_reached_the_next,
);

async fn add(store: &Store, scope: &Scope, number: u8, period: Period, points: Option<i64>) {
    let (scope, made) = (scope.clone(), account(number, &format!("A-{number}"), ""));
    let limit = Limit {
        points_per_user: points.map(Points::whole),
        period,
        ..Limit::default()
    };
    let added = store.write(move |w| w.insert_account(&scope, &made, &limit));
    added.await.unwrap();
}

fn term() -> Period {
    let first: Result<_, _> = "2026-09-01".parse();
    Period::Term([first.unwrap()].into())
}

async fn the_periods_of_accounts_with_a_limit_are_listed_once_each(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let monday = || Period::Weekly(Weekday::Monday);
    for (number, period, points) in [
        (1, Period::Daily, Some(5)),
        (2, Period::Daily, Some(6)),
        (3, monday(), Some(5)),
        (4, Period::Monthly(31), Some(5)),
        (5, Period::Monthly(1), None),
        (6, Period::None, Some(5)),
        (7, term(), Some(5)),
        (8, term(), None),
    ] {
        add(store, &own, number, period, points).await;
    }
    for (scope, kinds, terms, any) in [
        (
            own,
            vec![Period::Daily, monday(), Period::Monthly(31)],
            vec![account(7, "", "").id],
            true,
        ),
        (other, vec![], vec![], false),
    ] {
        let read = store.read(move |r| {
            let kinds = r.account_period_kinds(&scope)?;
            Ok((kinds, r.term_accounts(&scope)?, r.has_accounts(&scope)?))
        });
        let (found, found_terms, has) = read.await.unwrap();
        assert_eq!(found.len(), kinds.len());
        assert!(kinds.iter().all(|kind| found.contains(kind)), "{found:?}");
        assert_eq!((found_terms, has), (terms, any));
    }
}

/// Accounts that have to begin the daily period that began at `from`.
async fn due(store: &Store, scope: &Scope, from: u64, most: u32) -> Vec<AccountId> {
    let scope = scope.clone();
    let due = store.read(move |r| r.accounts_due(&scope, &Period::Daily, at(from), most));
    due.await.unwrap()
}

async fn an_account_is_due_until_balance_and_period_reached_the_next(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    add(store, &own, 1, Period::Daily, Some(5)).await;
    add(store, &own, 2, Period::Daily, Some(5)).await;
    add(store, &own, 3, Period::Monthly(1), Some(5)).await;
    assert_eq!(due(store, &own, 100, 9).await, [], "nobody has a balance");
    let within = own.clone();
    let moved = store.write(move |w| {
        for place in [("A-1", "ada"), ("A-2", "ada"), ("A-3", "ada")] {
            let mut ada = standing(w, &within, place);
            let allocated = movement(platen_domain::ledger::EntryKind::Allocation, 5);
            w.move_points(&mut ada, allocated, &note(50))?;
        }
        Ok(())
    });
    moved.await.unwrap();
    assert_eq!(due(store, &own, 100, 9).await.len(), 2);
    assert_eq!(due(store, &own, 100, 1).await.len(), 1);
    assert_eq!(due(store, &other, 100, 9).await, []);
    assert_eq!(due(store, &own, 40, 9).await, [], "made later");

    let (within, one) = (own.clone(), account(1, "", "").id);
    let begun = store.write(move |w| {
        let mut ada = standing(w, &within, ("A-1", "ada"));
        let balance = ada.balance.unwrap();
        let settled = platen_domain::balances::Balance {
            period_from: at(100),
            ..balance
        };
        w.set_allocation(&mut ada, &settled)
    });
    begun.await.unwrap();
    assert_eq!(due(store, &own, 100, 9).await.len(), 2, "not closed yet");
    let within = own.clone();
    let closed = store.write(move |w| {
        let sums = w.sum_period(&within, one, at(50)..at(100), &[], at(101))?;
        w.close_period(&within, one, &sums)
    });
    closed.await.unwrap();
    assert_eq!(due(store, &own, 100, 9).await, [account(2, "", "").id]);
    let of_account = move |r: &platen_store::Reader<'_>| {
        r.standing(&own, &code("A-1"), &crate::ledger::user("ada"), at(101))
    };
    let standing = store.read(of_account).await.unwrap().unwrap();
    assert_eq!(standing.balance.unwrap().points, Points::whole(5));
}
