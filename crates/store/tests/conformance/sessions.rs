//! Sessions.

use platen_domain::roles::Role;
use platen_domain::users::User;
use platen_store::{SessionRecord, Store};

use crate::samples::{at, founded, secret, user};

crate::conformance!(
    a_session_comes_with_its_user_and_moves_forward_only,
    sessions_end_one_by_one_by_user_and_by_time,
);

async fn alice(store: &Store) -> User {
    let scope = founded(store, 1).await;
    let alice = user(scope.organization(), 1, "alice", Role::BusinessManager);
    let kept = alice.clone();
    store
        .write(move |w| w.insert_user(&kept, None))
        .await
        .unwrap();
    alice
}

fn session(user: &User, name: &str, expires: u64) -> SessionRecord {
    SessionRecord {
        hash: secret(name),
        user: user.id,
        created_at: at(1),
        last_seen_at: at(1),
        expires_at: at(expires),
    }
}

async fn a_session_comes_with_its_user_and_moves_forward_only(store: &Store) {
    let alice = alice(store).await;
    let kept = session(&alice, "one", 100);
    store.write(move |w| w.insert_session(&kept)).await.unwrap();
    for seconds in [20, 10] {
        store
            .write(move |w| w.touch_session(&secret("one"), at(seconds)))
            .await
            .unwrap();
    }
    let (found, user) = store
        .read(|r| r.session(&secret("one")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(user, alice);
    assert_eq!(found.last_seen_at, at(20));
    assert_eq!(found.expires_at, at(100));
    assert!(
        store
            .read(|r| r.session(&secret("two")))
            .await
            .unwrap()
            .is_none()
    );
}

async fn sessions_end_one_by_one_by_user_and_by_time(store: &Store) {
    let alice = alice(store).await;
    let sessions = [("one", 100), ("two", 100), ("three", 200), ("four", 300)]
        .map(|(name, expires)| session(&alice, name, expires));
    store
        .write(move |w| sessions.iter().try_for_each(|s| w.insert_session(s)))
        .await
        .unwrap();
    store
        .write(|w| w.delete_session(&secret("one")))
        .await
        .unwrap();
    store
        .write(|w| w.delete_session(&secret("one")))
        .await
        .unwrap();
    assert_eq!(
        store
            .write(|w| w.delete_expired_sessions(at(200)))
            .await
            .unwrap(),
        2
    );
    assert!(
        store
            .read(|r| r.session(&secret("four")))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        store
            .write(move |w| w.delete_user_sessions(alice.id))
            .await
            .unwrap(),
        1
    );
}
