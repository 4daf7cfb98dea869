//! Two users of accounts who turned out to be one.

use platen_domain::account_access::{Subject, Verb, Verbs};
use platen_domain::account_limits::Limit;
use platen_domain::holds::{Hold, HoldState};
use platen_domain::ids::{HoldId, PrintUserId};
use platen_domain::ledger::EntryKind;
use platen_domain::person_names::NameRule;
use platen_domain::points::Points;
use platen_domain::print_users::{PrintUser, UserRef};
use platen_domain::scope::Scope;
use platen_store::{HoldQuery, LedgerQuery, Store};

use crate::ledger::{code, movement, note, opened, standing, user};
use crate::samples::{account, add_group, add_print_user, at, founded, group, print_user};

crate::conformance!(
    every_name_and_right_of_a_merged_user_leads_to_the_one_who_stays,
    a_merged_balance_comes_over_with_its_holds,
    users_are_read_anew_by_a_new_rule,
    only_known_users_are_charged_where_the_organization_says_so,
    a_user_who_is_detached_has_no_group_and_no_access,
);

fn id(number: u8) -> PrintUserId {
    print_user(number, "").id
}

async fn known(store: &Store, scope: &Scope, user: &UserRef) -> Option<PrintUser> {
    let (scope, user) = (scope.clone(), user.clone());
    let found = store.read(move |r| r.print_user(&scope, &user));
    found.await.unwrap()
}

/// Users 1, ada, and 2, lovelace, who alone is in the group and may charge the account.
async fn two_users(store: &Store) -> Scope {
    let scope = founded(store, 1).await;
    opened(store, &scope, 1, Limit::default()).await;
    add_print_user(store, &scope, &print_user(1, "ada")).await;
    add_print_user(store, &scope, &print_user(2, "lovelace")).await;
    add_group(store, &scope, &group(1, "Staff")).await;
    let within = scope.clone();
    let given = store.write(move |w| {
        w.add_members(&within, group(1, "").id, &[id(2)].into())?;
        let verbs = Verbs::NONE.with(Verb::Charge);
        let account = account(1, "", "").id;
        w.set_access(&within, account, Subject::User(id(2)), verbs)
    });
    given.await.unwrap();
    scope
}

async fn merge(store: &Store, scope: &Scope) {
    let scope = scope.clone();
    let merged = store.write(move |w| w.merge_print_users(&scope, id(2), id(1), at(50)));
    merged.await.unwrap();
}

/// The groups a user is in, and how many entries of the account's access list there are.
async fn rights(store: &Store, scope: &Scope, user: PrintUserId) -> (Vec<String>, Vec<Subject>) {
    let scope = scope.clone();
    let read = store.read(move |r| {
        let groups = r.groups_of(&scope, user)?;
        let access = r.account_access(&scope, account(1, "", "").id)?;
        Ok((groups, access))
    });
    let (groups, access) = read.await.unwrap();
    let groups = groups.into_iter().map(|group| group.details.name);
    let users = access
        .into_iter()
        .map(|entry| entry.subject)
        .filter(|subject| matches!(subject, Subject::User(_)));
    (groups.collect(), users.collect())
}

async fn every_name_and_right_of_a_merged_user_leads_to_the_one_who_stays(store: &Store) {
    let scope = two_users(store).await;
    let staff = vec!["Staff".to_owned()];
    assert_eq!(rights(store, &scope, id(1)).await.0, [""; 0]);
    merge(store, &scope).await;
    merge(store, &scope).await;
    for named in [user("ada"), user("Lovelace"), UserRef::Id(id(2))] {
        let found = known(store, &scope, &named).await.unwrap();
        assert_eq!(found.id, id(1), "{named:?}");
    }
    let access = vec![Subject::User(id(1))];
    assert_eq!(rights(store, &scope, id(1)).await, (staff, access));

    let mut said = known(store, &scope, &user("ada")).await.unwrap();
    said.details.display_name = Some("Ada Lovelace".to_owned());
    said.details.external_id = Some("4711".to_owned());
    said.revision += 1;
    let (within, kept) = (scope.clone(), said.clone());
    let read = store.write(move |w| {
        w.update_merged_user(&within, &kept)?;
        w.forget_former_names(&within, id(1), || "former-1".to_owned())?;
        Ok((
            w.print_user_by_identity(&within, "ada")?,
            w.count_print_users(&within)?,
        ))
    });
    assert_eq!(read.await.unwrap(), (Some(said), 1));
    assert_eq!(known(store, &scope, &user("lovelace")).await, None);
    let other = founded(store, 2).await;
    let theirs = store.read(move |r| r.print_user_by_identity(&other, "ada"));
    assert_eq!(theirs.await.unwrap(), None);
}

async fn a_merged_balance_comes_over_with_its_holds(store: &Store) {
    let scope = two_users(store).await;
    let within = scope.clone();
    let moved = store.write(move |w| {
        let mut from = standing(w, &within, ("A-1", "lovelace"));
        w.move_points(&mut from, movement(EntryKind::Allocation, 5), &note(1))?;
        let hold = Hold {
            id: HoldId::from_bytes([1; 16]),
            account: from.account_label(),
            user: from.user_label().unwrap(),
            points: Points::whole(2),
            job: None,
            state: HoldState::Active,
            created_at: at(1),
            expires_at: at(100),
            charge: None,
        };
        w.insert_hold(&from, &hold)
    });
    moved.await.unwrap();
    merge(store, &scope).await;
    let within = scope.clone();
    let settled = store.write(move |w| {
        let pairs = w.merged_standings(&within, 9, at(51))?;
        let count = pairs.len();
        for (mut from, mut into) in pairs {
            let points = movement(EntryKind::Transfer, -5);
            w.move_points(&mut from, points, &note(51))?;
            w.move_points(&mut into, movement(EntryKind::Transfer, 5), &note(51))?;
            w.end_merged_balance(&from, &into)?;
        }
        w.move_merged_charges(&within)?;
        let again = w.move_merged_charges(&within)?;
        Ok((count, w.merged_standings(&within, 9, at(51))?.len(), again))
    });
    assert_eq!(settled.await.unwrap(), (1, 0, 0));
    let read = store.read(move |r| {
        let ada = r.standing(&scope, &code("A-1"), &user("ada"), at(52))?;
        let query = HoldQuery {
            user: Some(user("ada")),
            ..HoldQuery::default()
        };
        let holds = r.holds(&scope, &query, 9, at(52))?.unwrap().len();
        let entries = r.ledger(&scope, &LedgerQuery::default(), 9)?.unwrap();
        let differences = r.balance_differences(&scope, 9)?;
        Ok((ada.unwrap(), holds, entries.len(), differences))
    });
    let (ada, holds, entries, differences) = read.await.unwrap();
    assert_eq!(ada.balance.unwrap().points, Points::whole(5));
    assert_eq!((ada.held, holds, entries), (Points::whole(2), 1, 3));
    assert_eq!(differences, []);
}

async fn users_are_read_anew_by_a_new_rule(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    add_print_user(store, &own, &print_user(1, "kim@uni.example")).await;
    add_print_user(store, &own, &print_user(2, "lee")).await;
    let within = own.clone();
    let read = store.write(move |w| {
        let rule = NameRule::Listed(["uni.example".to_owned()].into());
        let (mut after, mut identities) = (0, Vec::new());
        while let [unread] = &w.users_by_number(&within, after, 1)?[..] {
            let (id, name) = (unread.user.id, &unread.user.details.name);
            w.read_user_anew(&within, id, &rule, name, &format!("job {name}"))?;
            after = unread.number;
            identities.push(unread.identity.clone());
        }
        Ok((identities, w.users_by_number(&other, 0, 9)?))
    });
    let (identities, theirs) = read.await.unwrap();
    assert_eq!(identities, ["kim@uni.example", "lee"]);
    assert_eq!(theirs, []);
    let kim = known(store, &own, &user("KIM")).await.unwrap();
    assert_eq!((kim.id, kim.details.name.as_str()), (id(1), "kim"));
    let called = store.read(move |r| r.print_user_by_job_name(&own, "job kim@uni.example"));
    assert_eq!(called.await.unwrap().map(|user| user.id), Some(id(1)));
}

async fn only_known_users_are_charged_where_the_organization_says_so(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    for (number, scope) in [(1, &own), (2, &other)] {
        opened(store, scope, number, Limit::default()).await;
    }
    let within = own.clone();
    let set = store.write(move |w| w.set_known_users_only(&within, true));
    set.await.unwrap();
    for (scope, code, only) in [(own, "A-1", true), (other, "A-2", false)] {
        let read = store.write(move |w| {
            let met = standing(w, &scope, (code, "ada"));
            Ok((
                w.known_users_only(&scope)?,
                met.user.is_none(),
                met.is_stranger(),
            ))
        });
        assert_eq!(read.await.unwrap(), (only, only, only));
    }
}

async fn a_user_who_is_detached_has_no_group_and_no_access(store: &Store) {
    let scope = two_users(store).await;
    let staff = vec!["Staff".to_owned()];
    let access = vec![Subject::User(id(2))];
    assert_eq!(rights(store, &scope, id(2)).await, (staff, access));
    let within = scope.clone();
    let detached = store.write(move |w| w.detach_print_user(&within, id(2), at(50)));
    detached.await.unwrap();
    assert_eq!(rights(store, &scope, id(2)).await, (vec![], vec![]));
    assert!(known(store, &scope, &UserRef::Id(id(2))).await.is_some());
}
