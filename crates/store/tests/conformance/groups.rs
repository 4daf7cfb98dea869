//! Groups of users who print.

use std::collections::BTreeSet;

use platen_domain::ids::PrintUserId;
use platen_domain::print_users::{Group, GroupRef};
use platen_domain::scope::Scope;
use platen_store::{Store, StoreError, Writer};

use crate::samples::{add_group, add_print_user, at, founded, group, print_user};

crate::conformance!(
    groups_read_back_under_both_of_their_names,
    members_are_counted_and_changes_that_change_nothing_are_none,
);

/// What is done to the members of a group.
type Work = fn(&Writer<'_>, &Scope, BTreeSet<PrintUserId>) -> Result<u64, StoreError>;

async fn by_name(store: &Store, scope: &Scope, name: &str) -> Option<Group> {
    let (scope, named) = (scope.clone(), GroupRef::Name(name.to_owned()));
    store.read(move |r| r.group(&scope, &named)).await.unwrap()
}

async fn groups_read_back_under_both_of_their_names(store: &Store) {
    let scope = founded(store, 1).await;
    let mut staff = group(1, "Staff");
    staff.details.external_id = Some("S-1".to_owned());
    add_group(store, &scope, &staff).await;
    add_group(store, &scope, &group(2, "choir")).await;
    assert_eq!(by_name(store, &scope, "STAFF").await, Some(staff.clone()));
    let within = scope.clone();
    let read = store.read(move |r| {
        let listed = r.groups(&within, None, None, 1)?;
        let rest = r.groups(&within, None, listed.first().map(|l| &l.place), 9)?;
        let one = r.groups(&within, Some("Choir"), None, 9)?;
        let listed = [listed, rest, one].concat();
        let names: Vec<_> = listed.into_iter().map(|l| l.item.details.name).collect();
        Ok((
            names,
            r.group_called(&within, "S-1")?,
            r.count_groups(&within)?,
        ))
    });
    let (names, called, count) = read.await.unwrap();
    assert_eq!(names, ["choir", "Staff", "choir"]);
    assert_eq!((called, count), (Some(staff.id), 2));

    let mut taken = staff.clone();
    "CHOIR".clone_into(&mut taken.details.name);
    let within = scope.clone();
    let refused = store.write(move |w| w.update_group(&within, &taken)).await;
    assert!(matches!(refused, Err(StoreError::Conflict("group"))));
    "All staff".clone_into(&mut staff.details.name);
    staff.revision = 2;
    let (within, changed) = (scope.clone(), staff.clone());
    let updated = store.write(move |w| w.update_group(&within, &changed));
    updated.await.unwrap();
    assert_eq!(by_name(store, &scope, "all staff").await, Some(staff));
    let other = founded(store, 2).await;
    assert_eq!(by_name(store, &other, "choir").await, None);
}

async fn members_are_counted_and_changes_that_change_nothing_are_none(store: &Store) {
    let scope = founded(store, 1).await;
    add_group(store, &scope, &group(1, "staff")).await;
    for (number, name) in [(1, "bob"), (2, "Ada"), (3, "carl")] {
        add_print_user(store, &scope, &print_user(number, name)).await;
    }
    let ids = |numbers: &[u8]| -> BTreeSet<PrintUserId> {
        numbers.iter().map(|n| print_user(*n, "").id).collect()
    };
    let id = group(1, "").id;
    let counted = || async {
        by_name(store, &scope, "staff")
            .await
            .map(|g| (g.members, g.revision))
    };
    let change = |numbers: &[u8], work: Work| {
        let (scope, members) = (scope.clone(), ids(numbers));
        store.write(move |w| work(w, &scope, members.clone()))
    };
    let added = change(&[1, 2], |w, s, m| w.add_members(s, group(1, "").id, &m));
    assert_eq!((added.await.unwrap(), counted().await), (2, Some((2, 2))));
    let again = change(&[1, 2], |w, s, m| w.add_members(s, group(1, "").id, &m));
    assert_eq!((again.await.unwrap(), counted().await), (0, Some((2, 2))));
    let replaced = change(&[2, 3], |w, s, m| {
        w.replace_members(s, group(1, "").id, &m).map(|()| 0)
    });
    assert_eq!(
        (replaced.await.unwrap(), counted().await),
        (0, Some((2, 3)))
    );
    let same = change(&[2, 3], |w, s, m| {
        w.replace_members(s, group(1, "").id, &m).map(|()| 0)
    });
    assert_eq!((same.await.unwrap(), counted().await), (0, Some((2, 3))));
    let within = scope.clone();
    let members = store.read(move |r| {
        let first = r.group_members(&within, id, None, 1)?;
        let rest = r.group_members(&within, id, first.first().map(|l| &l.place), 9)?;
        Ok([first, rest].concat())
    });
    let names: Vec<_> = members
        .await
        .unwrap()
        .into_iter()
        .map(|l| l.item.name)
        .collect();
    assert_eq!(names, ["Ada", "carl"]);
    let removed = change(&[1, 3], |w, s, m| w.remove_members(s, group(1, "").id, &m));
    assert_eq!((removed.await.unwrap(), counted().await), (1, Some((1, 4))));
    let stranger = change(&[7], |w, s, m| w.add_members(s, group(1, "").id, &m)).await;
    assert!(matches!(stranger, Err(StoreError::NotFound("user"))));
    let gone = change(&[2], |w, s, _| {
        w.delete_print_user(s, print_user(2, "").id, at(50))
            .map(|()| 0)
    });
    assert_eq!((gone.await.unwrap(), counted().await), (0, Some((0, 5))));
}
