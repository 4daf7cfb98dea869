//! Users who print.

use platen_domain::print_users::{PrintUser, PrintUserFilter, PrintUserState, UserRef};
use platen_domain::scope::Scope;
use platen_store::{Store, StoreError};

use crate::samples::{add_group, add_print_user, at, founded, group, print_user};

crate::conformance!(
    users_read_back_under_each_of_their_names,
    users_are_listed_by_name,
    print_jobs_call_everybody_otherwise_when_names_are_hashed,
);

async fn by_name(store: &Store, scope: &Scope, name: &str) -> Option<PrintUser> {
    let (scope, named) = (scope.clone(), UserRef::Name(name.to_owned()));
    store
        .read(move |r| r.print_user(&scope, &named))
        .await
        .unwrap()
}

async fn by_job_name(store: &Store, scope: &Scope, name: &str) -> Option<PrintUser> {
    let (scope, name) = (scope.clone(), name.to_owned());
    let read = store.read(move |r| r.print_user_by_job_name(&scope, &name));
    read.await.unwrap()
}

async fn users_read_back_under_each_of_their_names(store: &Store) {
    let scope = founded(store, 1).await;
    let mut ada = print_user(1, "Ada");
    add_print_user(store, &scope, &ada).await;
    assert_eq!(by_name(store, &scope, "ADA").await, Some(ada.clone()));
    assert_eq!(by_job_name(store, &scope, "ADA").await, Some(ada.clone()));
    let details = &mut ada.details;
    "Ada.L".clone_into(&mut details.name);
    details.display_name = Some("Ada Lovelace".to_owned());
    details.email = Some("ada@example.org".to_owned());
    details.external_id = Some("4711".to_owned());
    details.state = PrintUserState::Suspended;
    ada.revision = 2;
    let (within, changed) = (scope.clone(), ada.clone());
    let updated = store.write(move |w| w.update_print_user(&within, &changed, "u-1"));
    updated.await.unwrap();
    assert_eq!(by_job_name(store, &scope, "ada").await, None);
    assert_eq!(by_job_name(store, &scope, "u-1").await, Some(ada.clone()));
    let within = scope.clone();
    let called = store
        .read(move |r| r.print_user_called(&within, "4711"))
        .await;
    assert_eq!(called.unwrap(), Some(ada.id));

    for (name, job_name) in [("ada.l", "x"), ("x", "u-1")] {
        let (scope, second) = (scope.clone(), print_user(2, name));
        let refused = store.write(move |w| w.insert_print_user(&scope, &second, job_name));
        assert!(matches!(refused.await, Err(StoreError::Conflict("user"))));
    }
    let other = founded(store, 2).await;
    assert_eq!(by_name(store, &other, "ada.l").await, None);
    add_print_user(store, &other, &print_user(3, "ada.l")).await;
    let counted = store.read(move |r| r.count_print_users(&scope));
    assert_eq!(counted.await.unwrap(), 1);
}

async fn users_are_listed_by_name(store: &Store) {
    let scope = founded(store, 1).await;
    let mut suspended = print_user(3, "carl");
    suspended.details.state = PrintUserState::Suspended;
    for user in [&print_user(1, "bob"), &print_user(2, "Ada"), &suspended] {
        add_print_user(store, &scope, user).await;
    }
    let staff = group(1, "staff");
    add_group(store, &scope, &staff).await;
    let (within, members) = (scope.clone(), [print_user(1, "").id, suspended.id].into());
    let joined = store.write(move |w| w.add_members(&within, group(1, "").id, &members));
    joined.await.unwrap();
    let text = |text: &str| Some(text.to_owned());
    let none = PrintUserFilter::default;
    for (filter, expected) in [
        (none(), vec!["Ada", "bob", "carl"]),
        (
            PrintUserFilter {
                name: text("BOB"),
                ..none()
            },
            vec!["bob"],
        ),
        (
            PrintUserFilter {
                external_id: text("1"),
                ..none()
            },
            vec![],
        ),
        (
            PrintUserFilter {
                group: Some(staff.id),
                ..none()
            },
            vec!["bob", "carl"],
        ),
        (
            PrintUserFilter {
                group: Some(staff.id),
                state: Some(PrintUserState::Active),
                ..none()
            },
            vec!["bob"],
        ),
    ] {
        let within = scope.clone();
        let read = store.read(move |r| {
            let first = r.print_users_page(&within, &filter, None, 1)?;
            let place = first.first().map(|listed| listed.place.clone());
            let rest = match &place {
                Some(place) => r.print_users_page(&within, &filter, Some(place), 9)?,
                None => Vec::new(),
            };
            Ok([first, rest].concat())
        });
        let names: Vec<_> = read
            .await
            .unwrap()
            .into_iter()
            .map(|l| l.item.details.name)
            .collect();
        assert_eq!(names, expected);
    }
}

async fn print_jobs_call_everybody_otherwise_when_names_are_hashed(store: &Store) {
    let scope = founded(store, 1).await;
    // Somebody was met in a print job by what is the pseudonym of Ada.
    for (number, name) in [(1, "Ada"), (2, "bob"), (3, "u-ada")] {
        add_print_user(store, &scope, &print_user(number, name)).await;
    }
    let pseudonym = |name: &str| match name.strip_prefix("u-") {
        Some(_) => name.to_owned(),
        None => format!("u-{}", name.to_lowercase()),
    };
    let mut after = Some(0);
    while let Some(place) = after {
        let within = scope.clone();
        let renamed = store.write(move |w| w.rename_in_jobs(&within, pseudonym, place, 2));
        after = renamed.await.unwrap();
    }
    let bob = by_job_name(store, &scope, "u-bob").await.unwrap();
    assert_eq!((bob.details.name.as_str(), bob.revision), ("bob", 1));
    let met = by_job_name(store, &scope, "u-ada").await.unwrap();
    assert_eq!(met.details.name, "u-ada");
    assert_eq!(
        by_job_name(store, &scope, "ada")
            .await
            .unwrap()
            .details
            .name,
        "Ada"
    );
    let within = scope.clone();
    let used = store.read(move |r| r.is_print_user_used(&within, bob.id));
    assert!(!used.await.unwrap());
    let gone = store.write(move |w| {
        w.delete_print_user(&scope, bob.id, at(50))?;
        w.count_print_users(&scope)
    });
    assert_eq!(gone.await.unwrap(), 2);
}
