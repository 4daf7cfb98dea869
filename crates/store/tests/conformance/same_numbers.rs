//! Two organizations whose accounts, users and groups have the same numbers and identifiers: what a
//! statement that forgets the organization would mix up.

use std::collections::BTreeSet;

use platen_domain::account_access::{Subject, Verb, Verbs};
use platen_domain::account_limits::{Limit, Period};
use platen_domain::accounts::{Account, AccountFilter, AccountSort};
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblems, ChargeState};
use platen_domain::holds::{Hold, HoldState};
use platen_domain::ids::{ChargeId, HoldId};
use platen_domain::ledger::EntryKind;
use platen_domain::person_names::NameRule;
use platen_domain::points::Points;
use platen_domain::print_jobs::SourceKey;
use platen_domain::print_users::{PrintUser, PrintUserFilter};
use platen_domain::scope::Scope;
use platen_store::{
    BalancePosition, ChargeQuery, HoldQuery, LedgerQuery, Reader, Store, StoreError, Writer,
};

use crate::ledger::{code, movement, note, standing, user};
use crate::samples::{account, at, founded, group, print_user};

crate::conformance!(
    each_reads_its_own_rows_alone,
    what_one_changes_stays_as_it_is_with_the_other,
);

/// How names begin in the one organization, and in the other.
const NORTH: &str = "North";
const SOUTH: &str = "South";

/// Of the charge and the hold that both have, for the job of the same name.
const CHARGE: ChargeId = ChargeId::from_bytes([1; 16]);
const HOLD: HoldId = HoldId::from_bytes([1; 16]);

fn job() -> SourceKey {
    SourceKey::new("cups|a", "4711")
}

fn named(number: u8, of: &str) -> PrintUser {
    let mut user = print_user(number, ["", "ada", "ben"][usize::from(number)]);
    user.details.display_name = Some(format!("{of} {number}"));
    user
}

fn opened(number: u8, of: &str) -> Account {
    let mut opened = account(number, &format!("A-{number}"), &format!("{of} {number}"));
    opened.details.tags = [of.to_owned()].into();
    opened.details.parent = (number == 2).then(|| account(1, "", "").id);
    opened
}

/// Rows of every noun; `points` is what tells figures apart.
fn fill(w: &Writer<'_>, scope: &Scope, of: &str, points: i64) -> Result<(), StoreError> {
    let limit = Limit {
        points_per_user: Some(Points::whole(points)),
        period: Period::Daily,
        ..Limit::default()
    };
    for number in [1, 2] {
        w.insert_account(scope, &opened(number, of), &limit)?;
        let known = named(number, of);
        w.insert_print_user(scope, &known, &known.details.name)?;
    }
    let [ada, ben] = [1, 2].map(|number| print_user(number, "").id);
    let staff = group(1, &format!("{of} staff"));
    w.insert_group(scope, &staff)?;
    w.add_members(scope, staff.id, &BTreeSet::from([ada, ben]))?;
    let math = account(1, "", "").id;
    let verbs = Verbs::NONE.with(Verb::Charge);
    w.set_access(scope, math, Subject::Group(staff.id), verbs)?;
    w.set_access(scope, math, Subject::User(ben), verbs)?;
    for who in ["ada", "ben"] {
        let mut place = standing(w, scope, ("A-1", who));
        w.move_points(
            &mut place,
            movement(EntryKind::Allocation, points),
            &note(points),
        )?;
    }
    let place = standing(w, scope, ("A-1", "ben"));
    let hold = Hold {
        id: HOLD,
        account: place.account_label(),
        user: place.user_label().unwrap(),
        points: Points::whole(points),
        job: Some(job()),
        state: HoldState::Active,
        created_at: at(1),
        expires_at: at(100),
        charge: None,
    };
    w.insert_hold(&place, &hold)?;
    let charge = Charge {
        id: CHARGE,
        origin: ChargeOrigin::Program,
        job: Some(job()),
        account_named: Some(of.to_owned()),
        account: Some(place.account_label()),
        user: place.user_label(),
        claimed: Points::whole(points),
        refunded: Points::ZERO,
        state: ChargeState::Charged,
        problems: ChargeProblems::NONE,
        at: at(9),
        updated_at: at(10),
        revision: 1,
    };
    w.put_charge(scope, &charge)
}

/// Everything that can be read of them, as text.
fn everything(r: &Reader<'_>, scope: &Scope) -> Result<Vec<String>, StoreError> {
    let mut all = Vec::new();
    macro_rules! see {
        ($($read:expr),+ $(,)?) => { $( all.push(format!("{:?}", $read)); )+ };
    }
    let below = AccountFilter {
        parent: Some(account(1, "", "").id),
        ..AccountFilter::default()
    };
    for filter in [AccountFilter::default(), below] {
        see!(r.accounts(scope, &filter, AccountSort::Code, None, 9)?);
    }
    let members = PrintUserFilter {
        group: Some(group(1, "").id),
        ..PrintUserFilter::default()
    };
    for filter in [PrintUserFilter::default(), members] {
        see!(r.print_users_page(scope, &filter, None, 9)?);
    }
    for number in [1, 2] {
        let (account, user) = (account(number, "", "").id, print_user(number, "").id);
        see!(
            r.account(scope, &account.into())?,
            r.accounts_above(scope, account)?,
            r.levels_below(scope, account)?,
            r.is_account_used(scope, account)?,
            r.account_access(scope, account)?,
            r.account_periods(scope, account, 9)?,
            r.sum_period(scope, account, at(0)..at(500), &[], at(500))?,
            r.unsettled(scope, &account.into(), at(50), 9, at(60))?,
            r.groups_of(scope, user)?,
            r.is_print_user_used(scope, user)?,
        );
    }
    for who in ["ada", "ben"] {
        see!(r.standing(scope, &code("A-1"), &user(who), at(2))?);
    }
    see!(
        r.groups(scope, None, None, 9)?,
        r.group_members(scope, group(1, "").id, None, 9)?,
        r.users_by_number(scope, 0, 9)?,
        r.standings(scope, None, None, BalancePosition::default(), 9, at(2))?,
        r.merged_standings(scope, 9, at(2))?,
        r.balance_differences(scope, 9)?,
        r.accounts_due(scope, &Period::Daily, at(50), 9)?,
        r.ledger(scope, &LedgerQuery::default(), 9)?,
        r.charges(scope, &ChargeQuery::default(), 9)?,
        r.charge_of_job(scope, &job())?,
        r.holds(scope, &HoldQuery::default(), 9, at(2))?,
        r.hold_of_job(scope, &job())?,
        r.awaits_jobs(scope)?,
        r.is_of_hold(scope, CHARGE)?,
    );
    Ok(all)
}

async fn seen(store: &Store, scope: &Scope) -> Vec<String> {
    let scope = scope.clone();
    let seen = store.read(move |r| everything(r, &scope));
    seen.await.unwrap()
}

/// The `pair`-th two organizations.
async fn twins(store: &Store, pair: u8) -> [Scope; 2] {
    let twins = [
        founded(store, 2 * pair).await,
        founded(store, 2 * pair + 1).await,
    ];
    let filled = twins.clone();
    let filled = store.write(move |w| {
        let [north, south] = &filled;
        fill(w, north, NORTH, 3)?;
        fill(w, south, SOUTH, 7)
    });
    filled.await.unwrap();
    twins
}

async fn each_reads_its_own_rows_alone(store: &Store) {
    let [north, south] = twins(store, 1).await;
    let (north, south) = (seen(store, &north).await, seen(store, &south).await);
    // The figures aside, one reads what the other does.
    for (north, south) in north.iter().zip(&south) {
        assert_eq!(north.matches(NORTH).count(), south.matches(SOUTH).count());
        assert!(!north.contains(SOUTH), "{north}");
        assert!(!south.contains(NORTH), "{south}");
        let (three, seven) = (Points::whole(3), Points::whole(7));
        let [three, seven] = [three, seven].map(|points| format!("{points:?}"));
        assert_eq!(north.matches(&three).count(), south.matches(&seven).count());
    }
}

async fn what_one_changes_stays_as_it_is_with_the_other(store: &Store) {
    type Change = fn(&Writer<'_>, &Scope) -> Result<(), StoreError>;
    let changes: [(&str, Change); 14] = [
        ("account", |w, scope| {
            w.update_account(scope, &opened(1, "New"))
        }),
        ("account below", |w, scope| {
            w.delete_account(scope, account(2, "", "").id)
        }),
        ("limit", |w, scope| {
            w.set_limit(scope, account(1, "", "").id, &Limit::default())
        }),
        ("access", |w, scope| {
            w.replace_access(scope, account(1, "", "").id, &[].into())
        }),
        ("user", |w, scope| {
            w.update_print_user(scope, &named(1, "New"), "ada")
        }),
        ("former user", |w, scope| {
            w.detach_print_user(scope, print_user(2, "").id, at(50))
        }),
        ("user read anew", |w, scope| {
            let id = print_user(2, "").id;
            w.read_user_anew(scope, id, &NameRule::EveryPrefix, "benno", "benno")
        }),
        ("group", |w, scope| {
            w.delete_group(scope, group(1, "").id, at(50))
        }),
        ("members", |w, scope| {
            let ben = BTreeSet::from([print_user(2, "").id]);
            w.replace_members(scope, group(1, "").id, &ben)
        }),
        ("points", |w, scope| {
            let mut place = standing(w, scope, ("A-1", "ben"));
            let mut settled = place.balance.unwrap();
            w.move_points(&mut place, movement(EntryKind::Charge, -1), &note(9))?;
            settled.period_from = at(50);
            w.set_allocation(&mut place, &settled)
        }),
        ("period", |w, scope| {
            let id = account(1, "", "").id;
            let closed = w.sum_period(scope, id, at(0)..at(50), &[], at(60))?;
            w.close_period(scope, id, &closed)
        }),
        ("holds", |w, scope| {
            w.expire_holds(scope, at(200), 9).map(|_| ())
        }),
        ("captured holds", |w, scope| {
            w.capture_holds_of_job(scope, &job(), CHARGE)
        }),
        ("merged user", |w, scope| {
            let [ada, ben] = [1, 2].map(|number| print_user(number, "").id);
            w.merge_print_users(scope, ben, ada, at(50))?;
            for (from, into) in w.merged_standings(scope, 9, at(51))? {
                w.end_merged_balance(&from, &into)?;
            }
            w.move_merged_charges(scope)?;
            w.end_charge(scope, CHARGE, at(52))
        }),
    ];
    for (pair, (what, change)) in (1..).zip(changes) {
        let [north, south] = twins(store, pair).await;
        let (own, theirs) = (seen(store, &north).await, seen(store, &south).await);
        let within = north.clone();
        let done = store.write(move |w| change(w, &within));
        done.await.unwrap();
        assert_ne!(seen(store, &north).await, own, "{what}");
        assert_eq!(seen(store, &south).await, theirs, "{what}");
    }
}
