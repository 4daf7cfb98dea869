//! Users.

use platen_domain::roles::Role;
use platen_domain::secret::Secret;
use platen_store::{SessionRecord, Store, StoreError};

use crate::samples::{at, founded, secret, user};

crate::conformance!(
    users_are_found_by_name_in_any_case,
    only_a_live_system_administrator_counts,
    deactivation_ends_sessions,
    another_organizations_users_are_out_of_reach,
);

async fn users_are_found_by_name_in_any_case(store: &Store) {
    let scope = founded(store, 1).await;
    let alice = user(scope.organization(), 1, "Älice", Role::ItAdministrator);
    let (kept, twin) = (
        alice.clone(),
        user(scope.organization(), 2, "ÄLICE", Role::PrintAnalyst),
    );
    store
        .write(move |w| w.insert_user(&kept, Some(&Secret::new("$argon2id$1".to_owned()))))
        .await
        .unwrap();
    let found = store
        .read(|r| r.user_by_name("äLICE"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.user, alice);
    assert_eq!(found.password_hash.unwrap().expose(), "$argon2id$1");
    assert!(
        store
            .read(|r| r.user_by_name("bob"))
            .await
            .unwrap()
            .is_none()
    );

    let taken = store.write(move |w| w.insert_user(&twin, None)).await;
    assert!(
        matches!(taken, Err(StoreError::Conflict("user name"))),
        "{taken:?}"
    );

    let changed = Secret::new("$argon2id$2".to_owned());
    store
        .write(move |w| w.set_password(&scope, alice.id, &changed))
        .await
        .unwrap();
    let found = store
        .read(|r| r.user_by_name("älice"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.password_hash.unwrap().expose(), "$argon2id$2");
}

async fn only_a_live_system_administrator_counts(store: &Store) {
    let scope = founded(store, 1).await;
    let organization = scope.organization();
    let exists = || store.read(move |r| r.administrator_exists(organization));
    let analyst = user(organization, 1, "analyst", Role::PrintAnalyst);
    store
        .write(move |w| w.insert_user(&analyst, None))
        .await
        .unwrap();
    assert!(!exists().await.unwrap());
    let administrator = user(organization, 2, "admin", Role::SystemAdministrator);
    let id = administrator.id;
    store
        .write(move |w| w.insert_user(&administrator, None))
        .await
        .unwrap();
    assert!(exists().await.unwrap());
    store
        .write(move |w| w.deactivate_user(&scope, id, at(50)))
        .await
        .unwrap();
    assert!(!exists().await.unwrap());
}

async fn deactivation_ends_sessions(store: &Store) {
    let scope = founded(store, 1).await;
    let alice = user(scope.organization(), 1, "alice", Role::ItAdministrator);
    let id = alice.id;
    let session = SessionRecord {
        hash: secret("session"),
        user: id,
        created_at: at(1),
        last_seen_at: at(1),
        expires_at: at(1_000),
    };
    store
        .write(move |w| {
            w.insert_user(&alice, None)?;
            w.insert_session(&session)
        })
        .await
        .unwrap();
    for seconds in [50, 60] {
        let scope = scope.clone();
        store
            .write(move |w| w.deactivate_user(&scope, id, at(seconds)))
            .await
            .unwrap();
    }
    assert!(
        store
            .read(|r| r.session(&secret("session")))
            .await
            .unwrap()
            .is_none()
    );
    let users = store.read(move |r| r.users(&scope)).await.unwrap();
    assert_eq!(users[0].deactivated_at, Some(at(50)));
}

async fn another_organizations_users_are_out_of_reach(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let alice = user(one.organization(), 1, "alice", Role::ItAdministrator);
    let id = alice.id;
    store
        .write(move |w| w.insert_user(&alice, None))
        .await
        .unwrap();
    let theirs = two.clone();
    assert!(
        store
            .read(move |r| r.users(&theirs))
            .await
            .unwrap()
            .is_empty()
    );
    let theirs = two.clone();
    let changed = Secret::new("x".to_owned());
    let refused = store
        .write(move |w| w.set_password(&theirs, id, &changed))
        .await;
    assert!(
        matches!(refused, Err(StoreError::NotFound("user"))),
        "{refused:?}"
    );
    let refused = store
        .write(move |w| w.deactivate_user(&two, id, at(1)))
        .await;
    assert!(
        matches!(refused, Err(StoreError::NotFound("user"))),
        "{refused:?}"
    );
    let own = store.read(move |r| r.users(&one)).await.unwrap();
    assert_eq!(own[0].deactivated_at, None);
}
