//! Charges.

use platen_domain::account_limits::Limit;
use platen_domain::accounts::AccountLabel;
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblem, ChargeProblems, ChargeState};
use platen_domain::ids::ChargeId;
use platen_domain::points::Points;
use platen_domain::print_jobs::SourceKey;
use platen_domain::scope::Scope;
use platen_store::{ChargeQuery, Store, StoreError};

use crate::ledger::{code, opened, standing, user};
use crate::samples::{at, founded};

crate::conformance!(
    a_charge_reads_back_by_its_identifier_and_by_its_job,
    a_job_has_one_charge,
    charges_are_listed_newest_first_by_account_user_and_state,
    what_another_organization_charges_is_unknown,
);

const fn id(number: u8) -> ChargeId {
    ChargeId::from_bytes([number; 16])
}

fn job(text: &str) -> SourceKey {
    SourceKey::new("cups|a", text)
}

/// A charge that found no account.
fn charge(number: u8, job: Option<SourceKey>) -> Charge {
    Charge {
        id: id(number),
        origin: ChargeOrigin::Program,
        job,
        account_named: Some("Z-9".to_owned()),
        account: None,
        user: None,
        claimed: Points::whole(2),
        refunded: Points::ZERO,
        state: ChargeState::Uncharged,
        problems: ChargeProblems::NONE.with(ChargeProblem::UnknownAccount),
        at: at(9),
        updated_at: at(10),
        revision: 1,
    }
}

async fn put(store: &Store, scope: &Scope, charge: &Charge) -> Result<(), StoreError> {
    let (scope, charge) = (scope.clone(), charge.clone());
    let kept = store.write(move |w| w.put_charge(&scope, &charge));
    kept.await
}

/// Charges the account by its code and the user by the name.
async fn charged(store: &Store, scope: &Scope, number: u8, place: (&'static str, &'static str)) {
    let within = scope.clone();
    let met = store.write(move |w| Ok(standing(w, &within, place)));
    let standing = met.await.unwrap();
    let charge = Charge {
        account: Some(standing.account_label()),
        user: standing.user_label(),
        state: ChargeState::Charged,
        problems: ChargeProblems::NONE,
        ..charge(number, None)
    };
    put(store, scope, &charge).await.unwrap();
    assert_eq!(found(store, scope, number).await, Some(charge));
}

async fn found(store: &Store, scope: &Scope, number: u8) -> Option<Charge> {
    let scope = scope.clone();
    let found = store.read(move |r| r.charge(&scope, id(number)));
    found.await.unwrap()
}

async fn of_job(store: &Store, scope: &Scope, job: &SourceKey) -> Option<Charge> {
    let (scope, job) = (scope.clone(), job.clone());
    let found = store.read(move |r| r.charge_of_job(&scope, &job));
    found.await.unwrap()
}

async fn a_charge_reads_back_by_its_identifier_and_by_its_job(store: &Store) {
    let scope = founded(store, 1).await;
    let first = charge(1, Some(job("4711")));
    put(store, &scope, &first).await.unwrap();
    assert_eq!(found(store, &scope, 1).await, Some(first.clone()));
    assert_eq!(found(store, &scope, 2).await, None);
    assert_eq!(
        of_job(store, &scope, &job("4711")).await,
        Some(first.clone())
    );
    for other in [job("1"), SourceKey::new("cups|b", "4711")] {
        assert_eq!(of_job(store, &scope, &other).await, None);
    }
    let second = Charge {
        refunded: Points::whole(1),
        problems: ChargeProblems::NONE,
        updated_at: at(20),
        revision: 2,
        ..first
    };
    put(store, &scope, &second).await.unwrap();
    assert_eq!(found(store, &scope, 1).await, Some(second));
}

async fn a_job_has_one_charge(store: &Store) {
    let scope = founded(store, 1).await;
    let first = charge(1, Some(job("4711")));
    put(store, &scope, &first).await.unwrap();
    let second = put(store, &scope, &charge(2, Some(job("4711")))).await;
    assert!(matches!(second, Err(StoreError::Conflict(_))), "{second:?}");
    assert_eq!(found(store, &scope, 2).await, None);
    assert_eq!(of_job(store, &scope, &job("4711")).await, Some(first));
    for number in [3, 4] {
        put(store, &scope, &charge(number, None)).await.unwrap();
    }
}

async fn charges_are_listed_newest_first_by_account_user_and_state(store: &Store) {
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
        charged(store, &scope, number, place).await;
    }
    put(store, &scope, &charge(5, None)).await.unwrap();
    let list = |query: ChargeQuery, most| {
        let scope = scope.clone();
        async move {
            let read = store.read(move |r| r.charges(&scope, &query, most));
            let charges = read.await.unwrap().unwrap();
            charges
                .iter()
                .map(|charge| charge.id.as_bytes()[0])
                .collect::<Vec<_>>()
        }
    };
    let all = ChargeQuery::default;
    assert_eq!(list(all(), 9).await, [5, 4, 3, 2, 1]);
    assert_eq!(list(all(), 2).await, [5, 4]);
    let before = Some(id(3));
    assert_eq!(list(ChargeQuery { before, ..all() }, 9).await, [2, 1]);
    for (state, expected) in [
        (ChargeState::Charged, vec![4, 3, 2, 1]),
        (ChargeState::Uncharged, vec![5]),
    ] {
        let state = Some(state);
        assert_eq!(list(ChargeQuery { state, ..all() }, 9).await, expected);
    }
    let of_account = || ChargeQuery {
        account: Some(code("A-1")),
        ..all()
    };
    assert_eq!(list(of_account(), 9).await, [4, 3, 1]);
    let of_both = ChargeQuery {
        user: Some(user("ada")),
        state: Some(ChargeState::Charged),
        ..of_account()
    };
    assert_eq!(list(of_both.clone(), 9).await, [4, 1]);
    let of_user = ChargeQuery {
        account: None,
        ..of_both
    };
    assert_eq!(list(of_user, 9).await, [4, 2, 1]);
}

async fn what_another_organization_charges_is_unknown(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    opened(store, &own, 1, Limit::default()).await;
    let made = Charge {
        account: Some(AccountLabel {
            id: platen_domain::ids::AccountId::from_bytes([1; 16]),
            code: "A-1".to_owned(),
        }),
        ..charge(1, Some(job("4711")))
    };
    put(store, &own, &made).await.unwrap();
    assert_eq!(found(store, &other, 1).await, None);
    assert_eq!(of_job(store, &other, &job("4711")).await, None);
    for (account, expected) in [(None, Some(Vec::new())), (Some(code("A-1")), None)] {
        let within = other.clone();
        let query = ChargeQuery {
            account,
            ..ChargeQuery::default()
        };
        let listed = store.read(move |r| r.charges(&within, &query, 9));
        assert_eq!(listed.await.unwrap(), expected);
    }
    // The other organization's job of the same name is another job.
    let theirs = charge(1, Some(job("4711")));
    put(store, &other, &theirs).await.unwrap();
    assert_eq!(found(store, &other, 1).await, Some(theirs));
    assert_eq!(found(store, &own, 1).await, Some(made));
}
