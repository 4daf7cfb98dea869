//! The ledger and its balances.

use platen_domain::account_access::{Subject, Verb, Verbs};
use platen_domain::account_limits::Limit;
use platen_domain::accounts::AccountRef;
use platen_domain::balances::{Balance, Movement};
use platen_domain::ids::{ChargeId, SeededIds};
use platen_domain::ledger::{EntryKind, Reference};
use platen_domain::points::Points;
use platen_domain::print_users::UserRef;
use platen_domain::scope::Scope;
use platen_store::{EntryNote, LedgerQuery, Standing, Store, Unknown, Writer};

use crate::samples::{account, at, founded};

crate::conformance!(
    a_balance_is_the_sum_of_its_entries,
    a_standing_says_all_that_a_charge_is_decided_by,
    entries_are_listed_newest_first_by_account_user_and_kind,
    what_another_organization_has_is_unknown,
    periods_are_closed_once,
);

pub(crate) fn code(text: &str) -> AccountRef {
    AccountRef::Code(text.to_owned())
}

pub(crate) fn user(name: &str) -> UserRef {
    UserRef::Name(name.to_owned())
}

/// Adds an account that everyone may charge.
pub(crate) async fn opened(store: &Store, scope: &Scope, number: u8, limit: Limit) {
    let (scope, made) = (
        scope.clone(),
        account(number, &format!("A-{number}"), "Account"),
    );
    let inserted = store.write(move |w| {
        w.insert_account(&scope, &made, &limit)?;
        let verbs = Verbs::NONE.with(Verb::Charge);
        w.set_access(&scope, made.id, Subject::Everyone, verbs)
    });
    inserted.await.unwrap();
}

pub(crate) fn standing(writer: &Writer<'_>, scope: &Scope, place: (&str, &str)) -> Standing {
    let ids = SeededIds::new(u64::from(place.1.as_bytes()[0]));
    let found = writer.standing_of_job(scope, place.0, place.1, at(1), &ids);
    found.unwrap().unwrap()
}

pub(crate) fn movement(kind: EntryKind, points: i64) -> Movement {
    let points = Points::whole(points);
    Movement { kind, points }
}

pub(crate) const fn note(seconds: i64) -> EntryNote<'static> {
    EntryNote {
        at: platen_domain::clock::Timestamp::from_millis(1_750_000_000_000 + seconds * 1_000),
        actor: "test",
        reason: Some("because"),
        reference: None,
    }
}

async fn a_balance_is_the_sum_of_its_entries(store: &Store) {
    let scope = founded(store, 1).await;
    opened(store, &scope, 1, Limit::default()).await;
    let charge = ChargeId::from_bytes([7; 16]);
    let within = scope.clone();
    let moved = store.write(move |w| {
        let mut ada = standing(w, &within, ("A-1", "ada"));
        // A second hand on the same balance knows nothing of the first one's movements.
        let mut again = standing(w, &within, ("A-1", "ADA"));
        w.move_points(&mut ada, movement(EntryKind::Allocation, 100), &note(1))?;
        let charged = EntryNote {
            reference: Some(Reference::Charge(charge)),
            ..note(2)
        };
        w.move_points(&mut again, movement(EntryKind::Charge, -30), &charged)
    });
    let entry = moved.await.unwrap();
    assert_eq!((entry.number, entry.balance), (2, Points::whole(70)));
    assert_eq!(entry.user.name, "ada");
    let within = scope.clone();
    let listed = store.read(move |r| r.ledger(&within, &LedgerQuery::default(), 10));
    let listed = listed.await.unwrap().unwrap();
    assert_eq!(listed[0], entry);
    assert_eq!(listed[1].balance, Points::whole(100));
    let differences = store.read(move |r| r.balance_differences(&scope, 10));
    assert_eq!(differences.await.unwrap(), []);
}

async fn a_standing_says_all_that_a_charge_is_decided_by(store: &Store) {
    let scope = founded(store, 1).await;
    let limit = Limit {
        points_per_user: Some(Points::whole(5)),
        ..Limit::default()
    };
    opened(store, &scope, 1, limit.clone()).await;
    let ask = |who: UserRef| {
        let scope = scope.clone();
        store.read(move |r| r.standing(&scope, &code("a-1"), &who, at(1)))
    };
    let stranger = ask(user("ada")).await.unwrap().unwrap();
    assert_eq!((&stranger.user, stranger.balance), (&None, None));
    assert!(stranger.verbs.contains(Verb::Charge));
    assert_eq!(stranger.limit, limit);

    let within = scope.clone();
    let settled = store.write(move |w| {
        let mut ada = standing(w, &within, ("A-1", "ada"));
        w.move_points(&mut ada, movement(EntryKind::Allocation, 5), &note(1))?;
        let settled = Balance {
            points: Points::whole(999),
            allocated: Some(Points::whole(5)),
            period_from: at(1),
        };
        w.set_allocation(&mut ada, &settled)?;
        Ok(ada)
    });
    let settled = settled.await.unwrap();
    let balance = settled.balance.unwrap();
    assert_eq!(
        balance.points,
        Points::whole(5),
        "points move by entries alone"
    );
    assert_eq!(balance.period_from, at(1));
    let id = settled.user.as_ref().unwrap().id;
    assert_eq!(ask(UserRef::Id(id)).await.unwrap().unwrap(), settled);
}

async fn entries_are_listed_newest_first_by_account_user_and_kind(store: &Store) {
    let scope = founded(store, 1).await;
    for number in [1, 2] {
        opened(store, &scope, number, Limit::default()).await;
    }
    let within = scope.clone();
    let moved = store.write(move |w| {
        for (second, place) in [
            ("A-1", "ada"),
            ("A-2", "ada"),
            ("A-1", "ben"),
            ("A-1", "ada"),
        ]
        .into_iter()
        .enumerate()
        {
            let mut standing = standing(w, &within, place);
            let kind = [EntryKind::Adjustment, EntryKind::Charge][second % 2];
            w.move_points(
                &mut standing,
                movement(kind, 1),
                &note(i64::try_from(second).unwrap()),
            )?;
        }
        Ok(())
    });
    moved.await.unwrap();
    let list = |query: LedgerQuery| {
        let scope = scope.clone();
        async move {
            let read = store.read(move |r| r.ledger(&scope, &query, 10));
            let entries = read.await.unwrap().unwrap();
            entries.iter().map(|entry| entry.number).collect::<Vec<_>>()
        }
    };
    let all = LedgerQuery::default;
    assert_eq!(list(all()).await, [4, 3, 2, 1]);
    assert_eq!(
        list(LedgerQuery {
            before: Some(3),
            ..all()
        })
        .await,
        [2, 1]
    );
    let first = Some(code("A-1"));
    assert_eq!(
        list(LedgerQuery {
            account: first.clone(),
            ..all()
        })
        .await,
        [4, 3, 1]
    );
    let ada = Some(user("ada"));
    assert_eq!(
        list(LedgerQuery {
            user: ada.clone(),
            ..all()
        })
        .await,
        [4, 2, 1]
    );
    assert_eq!(
        list(LedgerQuery {
            account: first,
            user: ada,
            ..all()
        })
        .await,
        [4, 1]
    );
    assert_eq!(
        list(LedgerQuery {
            kind: Some(EntryKind::Charge),
            ..all()
        })
        .await,
        [4, 2]
    );
    let made = Some(at(1)..at(3));
    assert_eq!(list(LedgerQuery { made, ..all() }).await, [3, 2]);
}

async fn what_another_organization_has_is_unknown(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    opened(store, &own, 1, Limit::default()).await;
    let found = store.read(move |r| r.standing(&own, &code("A-1"), &user("ada"), at(1)));
    let known = found.await.unwrap().unwrap();
    let by_id = AccountRef::Id(known.account.id);
    for account in [code("A-1"), by_id] {
        let within = other.clone();
        let named = account.clone();
        let found = store.read(move |r| r.standing(&within, &named, &user("ada"), at(1)));
        assert_eq!(found.await.unwrap(), Err(Unknown::Account));
        let within = other.clone();
        let query = LedgerQuery {
            account: Some(account),
            ..LedgerQuery::default()
        };
        let listed = store.read(move |r| r.ledger(&within, &query, 10));
        assert_eq!(listed.await.unwrap(), None);
    }
}

async fn periods_are_closed_once(store: &Store) {
    let scope = founded(store, 1).await;
    opened(store, &scope, 1, Limit::default()).await;
    let id = account(1, "A-1", "Account").id;
    let within = scope.clone();
    let closed = store.write(move |w| {
        let mut ada = standing(w, &within, ("A-1", "ada"));
        w.move_points(&mut ada, movement(EntryKind::Allocation, 100), &note(1))?;
        w.move_points(&mut ada, movement(EntryKind::Charge, -30), &note(5))?;
        w.move_points(&mut ada, movement(EntryKind::Charge, -7), &note(9))?;
        let sums = w.sum_period(&within, id, at(0)..at(9), &[], at(10))?;
        w.close_period(&within, id, &sums)?;
        let late = platen_domain::ledger::ClosedPeriod {
            closing: Points::ZERO,
            ..sums
        };
        w.close_period(&within, id, &late)?;
        // Stamped before the end of what is closed: a clock went back.
        w.move_points(&mut ada, movement(EntryKind::Charge, -2), &note(8))?;
        let next = w.sum_period(&within, id, at(9)..at(19), &[sums], at(20))?;
        assert_eq!((next.charged, next.entries), (Points::whole(-9), 2));
        assert_eq!(next.closing, Points::whole(61));
        Ok(sums)
    });
    let sums = closed.await.unwrap();
    assert_eq!(
        (sums.charged, sums.closing),
        (Points::whole(-30), Points::whole(70))
    );
    let kept = store.read(move |r| r.account_periods(&scope, id, 10));
    assert_eq!(kept.await.unwrap(), [sums]);
}
