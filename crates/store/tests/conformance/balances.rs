//! Balances: who has one, and which are due.

use platen_domain::account_limits::Limit;
use platen_domain::accounts::AccountRef;
use platen_domain::balances::Balance;
use platen_domain::ledger::EntryKind;
use platen_domain::points::Points;
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::{BalancePosition, Store};

use crate::ledger::{code, movement, note, opened, standing, user};
use crate::samples::{at, founded};

crate::conformance!(
    balances_are_paged_by_account_and_user,
    a_balance_of_another_period_or_limit_is_due,
);

/// Moves points of a user of an account.
async fn moved(store: &Store, scope: &Scope, place: (&'static str, &'static str), points: i64) {
    let scope = scope.clone();
    let moved = store.write(move |w| {
        let mut standing = standing(w, &scope, place);
        w.move_points(
            &mut standing,
            movement(EntryKind::Adjustment, points),
            &note(1),
        )
    });
    moved.await.unwrap();
}

/// Account, user and points of a page, and where the next begins.
async fn page(
    store: &Store,
    scope: &Scope,
    chosen: (Option<AccountRef>, Option<UserRef>),
    after: BalancePosition,
    most: u32,
) -> Option<(Vec<String>, BalancePosition)> {
    let scope = scope.clone();
    let read = store.read(move |r| {
        r.standings(
            &scope,
            chosen.0.as_ref(),
            chosen.1.as_ref(),
            after,
            most,
            at(1),
        )
    });
    let standings = read.await.unwrap()?;
    let last = standings.last().map_or(after, |(position, _)| *position);
    let lines = standings.iter().map(|(_, standing)| {
        let points = standing.balance.unwrap().points;
        let user = standing.user_label().unwrap().name;
        format!("{} {user} {points}", standing.account_label().code)
    });
    Some((lines.collect(), last))
}

async fn balances_are_paged_by_account_and_user(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    for number in [1, 2] {
        opened(store, &own, number, Limit::default()).await;
    }
    for (place, points) in [
        (("A-1", "ada"), 1),
        (("A-2", "ada"), 2),
        (("A-1", "ben"), 3),
    ] {
        moved(store, &own, place, points).await;
    }
    let start = BalancePosition::default();
    let (first, next) = page(store, &own, (None, None), start, 2).await.unwrap();
    assert_eq!(first, ["A-1 ada 1", "A-1 ben 3"]);
    let (second, next) = page(store, &own, (None, None), next, 2).await.unwrap();
    assert_eq!(second, ["A-2 ada 2"]);
    let (rest, _) = page(store, &own, (None, None), next, 2).await.unwrap();
    assert_eq!(rest, [""; 0]);
    for (chosen, expected) in [
        ((Some(code("A-1")), None), vec!["A-1 ada 1", "A-1 ben 3"]),
        ((None, Some(user("ada"))), vec!["A-1 ada 1", "A-2 ada 2"]),
        ((Some(code("A-2")), Some(user("ada"))), vec!["A-2 ada 2"]),
        ((Some(code("A-2")), Some(user("ben"))), vec![]),
    ] {
        let (found, _) = page(store, &own, chosen, start, 9).await.unwrap();
        assert_eq!(found, expected);
    }
    let theirs = page(store, &other, (None, None), start, 9).await;
    assert_eq!(theirs.unwrap().0, [""; 0]);
    let unknown = page(store, &other, (Some(code("A-1")), None), start, 9).await;
    assert_eq!(unknown, None);
}

async fn a_balance_of_another_period_or_limit_is_due(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let limit = Limit {
        points_per_user: Some(Points::whole(5)),
        ..Limit::default()
    };
    opened(store, &own, 1, limit).await;
    for (name, allocated, period) in [
        ("current", Some(5), 10),
        ("earlier", Some(5), 9),
        ("smaller", Some(4), 10),
        ("never", None, 10),
        ("future", Some(5), 21),
    ] {
        let within = own.clone();
        let set = store.write(move |w| {
            let settled = Balance {
                points: Points::ZERO,
                allocated: allocated.map(Points::whole),
                period_from: at(period),
            };
            let mut standing = standing(w, &within, ("A-1", name));
            w.set_allocation(&mut standing, &settled)
        });
        set.await.unwrap();
    }
    let due = |scope: &Scope, most| {
        let scope = scope.clone();
        async move {
            let account = code("A-1");
            let read = store.read(move |r| r.unsettled(&scope, &account, at(10), most, at(20)));
            let due = read.await.unwrap();
            let names = due.iter().map(|due| due.user_label().unwrap().name);
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        }
    };
    assert_eq!(
        due(&own, 9).await,
        ["earlier", "future", "never", "smaller"]
    );
    assert_eq!(due(&own, 3).await.len(), 3);
    assert_eq!(due(&other, 9).await, [""; 0]);
}
