//! Holds.

use platen_domain::account_limits::Limit;
use platen_domain::holds::{Hold, HoldState};
use platen_domain::ids::{ChargeId, HoldId};
use platen_domain::points::Points;
use platen_domain::print_jobs::SourceKey;
use platen_domain::scope::Scope;
use platen_store::{HoldQuery, Standing, Store, StoreError};

use crate::ledger::{code, opened, standing, user};
use crate::samples::{at, founded};

crate::conformance!(
    a_hold_reads_back_and_takes_points_while_it_lasts,
    a_hold_ends_once,
    a_charged_job_captures_every_hold_for_it,
    holds_are_listed_newest_first_by_account_user_and_state,
    what_another_organization_holds_is_unknown,
    expired_holds_are_noted_a_piece_at_a_time,
);

const fn id(number: u8) -> HoldId {
    HoldId::from_bytes([number; 16])
}

const fn charge(number: u8) -> ChargeId {
    ChargeId::from_bytes([number; 16])
}

/// A hold of two points in the standing's balance, until second `expires`.
fn hold(standing: &Standing, number: u8, expires: u64) -> Hold {
    Hold {
        id: id(number),
        account: standing.account_label(),
        user: standing.user_label().unwrap(),
        points: Points::whole(2),
        job: None,
        state: HoldState::Active,
        created_at: at(1),
        expires_at: at(expires),
        charge: None,
    }
}

/// Adds a hold for a user of an account, for a print job where one is named.
async fn held(
    store: &Store,
    scope: &Scope,
    place: (&'static str, &'static str),
    (number, expires): (u8, u64),
    job: Option<SourceKey>,
) -> Hold {
    let scope = scope.clone();
    let added = store.write(move |w| {
        let standing = standing(w, &scope, place);
        let hold = Hold {
            job: job.clone(),
            ..hold(&standing, number, expires)
        };
        w.insert_hold(&standing, &hold)?;
        Ok(hold)
    });
    added.await.unwrap()
}

async fn found(store: &Store, scope: &Scope, number: u8) -> Option<Hold> {
    let scope = scope.clone();
    let found = store.read(move |r| r.hold(&scope, id(number)));
    found.await.unwrap()
}

async fn end(store: &Store, scope: &Scope, number: u8, state: HoldState) -> Result<(), StoreError> {
    let scope = scope.clone();
    let charged = (state == HoldState::Captured).then(|| charge(9));
    let ended = store.write(move |w| w.end_hold(&scope, id(number), state, charged));
    ended.await
}

async fn a_hold_reads_back_and_takes_points_while_it_lasts(store: &Store) {
    let scope = founded(store, 1).await;
    opened(store, &scope, 1, Limit::default()).await;
    let job = SourceKey::new("cups|a", "4711");
    let first = held(store, &scope, ("A-1", "ada"), (1, 10), Some(job)).await;
    let second = held(store, &scope, ("A-1", "ada"), (2, 20), None).await;
    assert_eq!(found(store, &scope, 1).await, Some(first));
    assert_eq!(found(store, &scope, 2).await, Some(second));
    for (second, held, active) in [(1, 4, 2), (9, 4, 2), (10, 2, 1), (20, 0, 0)] {
        let scope = scope.clone();
        let read = store.read(move |r| {
            let standing = r.standing(&scope, &code("A-1"), &user("ada"), at(second))?;
            let standing = standing.unwrap();
            let active = r.count_active_holds(&standing, at(second))?;
            Ok((standing.held, active))
        });
        assert_eq!(read.await.unwrap(), (Points::whole(held), active));
    }
}

async fn a_hold_ends_once(store: &Store) {
    let scope = founded(store, 1).await;
    opened(store, &scope, 1, Limit::default()).await;
    let made = held(store, &scope, ("A-1", "ada"), (1, 10), None).await;
    end(store, &scope, 1, HoldState::Captured).await.unwrap();
    let captured = Hold {
        state: HoldState::Captured,
        charge: Some(charge(9)),
        ..made
    };
    assert_eq!(found(store, &scope, 1).await, Some(captured.clone()));
    for number in [1, 2] {
        let again = end(store, &scope, number, HoldState::Released).await;
        assert!(
            matches!(again, Err(StoreError::NotFound("hold"))),
            "{again:?}"
        );
    }
    assert_eq!(found(store, &scope, 1).await, Some(captured));
}

async fn a_charged_job_captures_every_hold_for_it(store: &Store) {
    let scope = founded(store, 1).await;
    opened(store, &scope, 1, Limit::default()).await;
    let job = SourceKey::new("cups|a", "4711");
    let awaits = || {
        let scope = scope.clone();
        store.read(move |r| r.awaits_jobs(&scope))
    };
    let of_job = |job: &SourceKey| {
        let (scope, job) = (scope.clone(), job.clone());
        store.read(move |r| r.hold_of_job(&scope, &job))
    };
    held(store, &scope, ("A-1", "ada"), (3, 30), None).await;
    assert!(!awaits().await.unwrap());
    for (number, expires) in [(1, 20), (2, 10)] {
        let place = ("A-1", "ada");
        held(store, &scope, place, (number, expires), Some(job.clone())).await;
    }
    assert!(awaits().await.unwrap());
    let longest = of_job(&job).await.unwrap().unwrap();
    assert_eq!(longest.id, id(1));
    for other in [
        SourceKey::new("cups|b", "4711"),
        SourceKey::new("cups|a", "1"),
    ] {
        assert_eq!(of_job(&other).await.unwrap(), None);
    }

    let (within, charged) = (scope.clone(), job.clone());
    let captured = store.write(move |w| w.capture_holds_of_job(&within, &charged, charge(9)));
    captured.await.unwrap();
    for (number, charge) in [(1, Some(charge(9))), (2, Some(charge(9))), (3, None)] {
        let hold = found(store, &scope, number).await.unwrap();
        assert_eq!(hold.charge, charge);
    }
    assert_eq!(of_job(&job).await.unwrap(), None);
    assert!(!awaits().await.unwrap());
}

async fn holds_are_listed_newest_first_by_account_user_and_state(store: &Store) {
    let scope = founded(store, 1).await;
    for number in [1, 2] {
        opened(store, &scope, number, Limit::default()).await;
    }
    let places = [
        ("A-1", "ada"),
        ("A-2", "ada"),
        ("A-1", "ben"),
        ("A-1", "ada"),
    ];
    for (number, place) in (1..).zip(places) {
        held(store, &scope, place, (number, 10 * u64::from(number)), None).await;
    }
    end(store, &scope, 2, HoldState::Captured).await.unwrap();
    end(store, &scope, 3, HoldState::Released).await.unwrap();
    let list = |query: HoldQuery, most| {
        let scope = scope.clone();
        async move {
            let read = store.read(move |r| r.holds(&scope, &query, most, at(20)));
            let holds = read.await.unwrap().unwrap();
            holds
                .iter()
                .map(|hold| hold.id.as_bytes()[0])
                .collect::<Vec<_>>()
        }
    };
    let all = HoldQuery::default;
    assert_eq!(list(all(), 9).await, [4, 3, 2, 1]);
    assert_eq!(list(all(), 2).await, [4, 3]);
    let before = Some(id(3));
    assert_eq!(list(HoldQuery { before, ..all() }, 9).await, [2, 1]);
    let account = Some(code("A-1"));
    let of_account = || HoldQuery {
        account: account.clone(),
        ..all()
    };
    assert_eq!(list(of_account(), 9).await, [4, 3, 1]);
    let user = Some(user("ada"));
    let of_user = HoldQuery {
        user: user.clone(),
        ..all()
    };
    assert_eq!(list(of_user, 9).await, [4, 2, 1]);
    let of_both = HoldQuery {
        user,
        ..of_account()
    };
    assert_eq!(list(of_both, 9).await, [4, 1]);
    for (state, expected) in [
        (HoldState::Active, 4),
        (HoldState::Released, 3),
        (HoldState::Captured, 2),
        (HoldState::Expired, 1),
    ] {
        let state = Some(state);
        assert_eq!(list(HoldQuery { state, ..all() }, 9).await, [expected]);
    }
}

async fn what_another_organization_holds_is_unknown(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    opened(store, &own, 1, Limit::default()).await;
    let job = SourceKey::new("cups|a", "4711");
    let made = held(store, &own, ("A-1", "ada"), (1, 10), Some(job.clone())).await;
    assert_eq!(found(store, &other, 1).await, None);
    let (within, key) = (other.clone(), job.clone());
    let of_job = store.read(move |r| r.hold_of_job(&within, &key));
    assert_eq!(of_job.await.unwrap(), None);
    let within = other.clone();
    assert!(!store.read(move |r| r.awaits_jobs(&within)).await.unwrap());
    for (account, expected) in [(None, Some(Vec::new())), (Some(code("A-1")), None)] {
        let within = other.clone();
        let query = HoldQuery {
            account,
            ..HoldQuery::default()
        };
        let listed = store.read(move |r| r.holds(&within, &query, 9, at(1)));
        assert_eq!(listed.await.unwrap(), expected);
    }
    let ended = end(store, &other, 1, HoldState::Released).await;
    assert!(matches!(ended, Err(StoreError::NotFound(_))), "{ended:?}");
    let captured = store.write(move |w| w.capture_holds_of_job(&other, &job, charge(9)));
    captured.await.unwrap();
    assert_eq!(found(store, &own, 1).await, Some(made));
}

async fn expired_holds_are_noted_a_piece_at_a_time(store: &Store) {
    let scope = founded(store, 1).await;
    opened(store, &scope, 1, Limit::default()).await;
    for number in 1..=4 {
        let expires = 10 * u64::from(number);
        held(store, &scope, ("A-1", "ada"), (number, expires), None).await;
    }
    end(store, &scope, 1, HoldState::Released).await.unwrap();
    for expected in [1, 1, 0] {
        let within = scope.clone();
        let noted = store.write(move |w| w.expire_holds(&within, at(31), 1));
        assert_eq!(noted.await.unwrap(), expected);
    }
    for (number, state) in [
        (1, HoldState::Released),
        (2, HoldState::Expired),
        (3, HoldState::Expired),
        (4, HoldState::Active),
    ] {
        assert_eq!(found(store, &scope, number).await.unwrap().state, state);
    }
}
