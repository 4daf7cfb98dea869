//! Limits of accounts.

use platen_domain::account_limits::{CarryOver, ColorLimit, Enforcement, Limit, Period, Weekday};
use platen_domain::points::{POINTS_MAX, Points};
use platen_domain::print_jobs::JobFunction;
use platen_domain::scope::Scope;
use platen_store::Store;

use crate::samples::{account, add_account, founded};

crate::conformance!(limits_read_back_as_they_were_set);

async fn limit(store: &Store, scope: &Scope) -> Limit {
    let (scope, id) = (scope.clone(), account(1, "", "").id);
    let read = store.read(move |r| r.account(&scope, &id.into())).await;
    read.unwrap().unwrap().1
}

async fn limits_read_back_as_they_were_set(store: &Store) {
    let scope = founded(store, 1).await;
    add_account(store, &scope, &account(1, "a", "")).await;
    assert_eq!(limit(store, &scope).await, Limit::default());
    let terms = ["2026-09-01", "2027-02-01"].map(|day| day.parse().unwrap());
    for period in [
        Period::Term(terms.into()),
        Period::Weekly(Weekday::Sunday),
        Period::Monthly(31),
        Period::Daily,
        Period::None,
    ] {
        for carry_over in [CarryOver::All, CarryOver::UpTo(Points::whole(3))] {
            let set = Limit {
                points_per_user: Some(POINTS_MAX),
                period: period.clone(),
                carry_over,
                overdraft: Points::from_millionths(1),
                enforcement: Enforcement::Soft,
                job_points_max: Some(Points::ZERO),
                functions: [JobFunction::Print, JobFunction::Fax].into(),
                color: ColorLimit::Monochrome,
            };
            let (within, id, written) = (scope.clone(), account(1, "", "").id, set.clone());
            let done = store.write(move |w| w.set_limit(&within, id, &written));
            done.await.unwrap();
            assert_eq!(limit(store, &scope).await, set);
        }
    }
}
