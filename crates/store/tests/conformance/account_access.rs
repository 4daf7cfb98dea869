//! Access to accounts.

use std::collections::BTreeSet;

use platen_domain::account_access::{AccessList, Subject, Verb, Verbs};
use platen_domain::scope::Scope;
use platen_store::{AccessEntry, Store, StoreError};

use crate::samples::{
    account, add_account, add_group, add_print_user, at, founded, group, print_user,
};

crate::conformance!(
    access_lists_read_back_in_their_order,
    groups_and_users_that_go_take_their_entries_along,
);

fn verbs<const N: usize>(verbs: [Verb; N]) -> Verbs {
    verbs.into_iter().collect()
}

async fn set(
    store: &Store,
    scope: &Scope,
    subject: Subject,
    verbs: Verbs,
) -> Result<(), StoreError> {
    let (scope, id) = (scope.clone(), account(1, "", "").id);
    store
        .write(move |w| w.set_access(&scope, id, subject, verbs))
        .await
}

async fn list(store: &Store, scope: &Scope) -> Vec<AccessEntry> {
    let (scope, id) = (scope.clone(), account(1, "", "").id);
    store
        .read(move |r| r.account_access(&scope, id))
        .await
        .unwrap()
}

async fn revision(store: &Store, scope: &Scope) -> u64 {
    let (scope, id) = (scope.clone(), account(1, "", "").id);
    let read = store.read(move |r| r.account(&scope, &id.into())).await;
    read.unwrap().unwrap().0.revision
}

/// An account, two groups and two users, none of them with access.
async fn furnished(store: &Store) -> Scope {
    let scope = founded(store, 1).await;
    add_account(store, &scope, &account(1, "a", "")).await;
    for (number, name) in [(1, "staff"), (2, "Choir")] {
        add_group(store, &scope, &group(number, name)).await;
    }
    for (number, name) in [(1, "zoe"), (2, "Ada")] {
        add_print_user(store, &scope, &print_user(number, name)).await;
    }
    scope
}

async fn access_lists_read_back_in_their_order(store: &Store) {
    let scope = furnished(store).await;
    let (charge, all) = (
        verbs([Verb::Charge]),
        verbs([Verb::Charge, Verb::View, Verb::Manage]),
    );
    let subjects = [
        Subject::User(print_user(1, "").id),
        Subject::Group(group(1, "").id),
        Subject::User(print_user(2, "").id),
        Subject::Everyone,
        Subject::Group(group(2, "").id),
    ];
    for subject in subjects {
        set(store, &scope, subject, charge).await.unwrap();
    }
    set(store, &scope, subjects[0], all).await.unwrap();
    let names: Vec<_> = list(store, &scope)
        .await
        .into_iter()
        .map(|e| e.name)
        .collect();
    assert_eq!(names, ["", "Choir", "staff", "Ada", "zoe"]);
    let (within, id) = (scope.clone(), account(1, "", "").id);
    let kept = store.read(move |r| {
        let of = subjects.map(|subject| r.access_of(&within, id, subject).unwrap());
        Ok((of, r.count_access(&within, id)?))
    });
    assert_eq!(
        kept.await.unwrap(),
        ([all, charge, charge, charge, charge], 5)
    );

    set(store, &scope, Subject::Everyone, Verbs::NONE)
        .await
        .unwrap();
    assert_eq!(list(store, &scope).await.len(), 4);
    let (within, whole) = (scope.clone(), AccessList::from([(subjects[4], all)]));
    let replaced = store.write(move |w| w.replace_access(&within, id, &whole));
    replaced.await.unwrap();
    let expected = AccessEntry {
        subject: subjects[4],
        name: "Choir".to_owned(),
        verbs: all,
    };
    assert_eq!(list(store, &scope).await, [expected]);

    let other = founded(store, 2).await;
    let refused = set(store, &other, Subject::Everyone, all).await;
    assert!(matches!(refused, Err(StoreError::NotFound("account"))));
    let stranger = Subject::User(print_user(7, "").id);
    let refused = set(store, &scope, stranger, all).await;
    assert!(matches!(refused, Err(StoreError::NotFound("account"))));
}

async fn groups_and_users_that_go_take_their_entries_along(store: &Store) {
    let scope = furnished(store).await;
    let (ada, choir) = (print_user(2, "").id, group(2, "").id);
    for subject in [Subject::User(ada), Subject::Group(choir)] {
        set(store, &scope, subject, verbs([Verb::View]))
            .await
            .unwrap();
    }
    let within = scope.clone();
    let joined = store.write(move |w| w.add_members(&within, choir, &BTreeSet::from([ada])));
    joined.await.unwrap();
    let within = scope.clone();
    let gone = store.write(move |w| w.delete_print_user(&within, ada, at(50)));
    gone.await.unwrap();
    let names: Vec<_> = list(store, &scope)
        .await
        .into_iter()
        .map(|e| e.name)
        .collect();
    assert_eq!(
        (names, revision(store, &scope).await),
        (vec!["Choir".to_owned()], 2)
    );
    let within = scope.clone();
    let gone = store.write(move |w| w.delete_group(&within, choir, at(60)));
    gone.await.unwrap();
    assert_eq!(
        (list(store, &scope).await, revision(store, &scope).await),
        (Vec::new(), 3)
    );
}
