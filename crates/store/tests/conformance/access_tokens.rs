//! Access tokens.

use platen_domain::clients::{AccessTokenRecord, ClientRecord, OauthScope, OauthScopes};
use platen_domain::scope::Scope;
use platen_store::{FORGET_TOKENS_MAX, Store, StoreError};

use crate::samples::{at, client, founded, secret};

crate::conformance!(
    a_token_comes_with_its_client_dead_or_alive,
    a_token_is_deleted_by_its_own_client_only,
    expired_tokens_are_forgotten_a_piece_at_a_time,
);

/// The client of organization `number`.
async fn registered(store: &Store, number: u8) -> (Scope, ClientRecord) {
    let scope = founded(store, number).await;
    let record = client(scope.organization(), number);
    let (within, kept) = (scope.clone(), record.clone());
    let inserted = store.write(move |w| w.insert_client(&within, &kept));
    inserted.await.unwrap();
    (scope, record)
}

fn token(client: &ClientRecord, name: &str, expires: u64) -> AccessTokenRecord {
    AccessTokenRecord {
        hash: secret(name),
        client: client.id,
        scopes: OauthScope::AccountsRead.into(),
        issued_at: at(40),
        expires_at: at(expires),
    }
}

async fn insert(store: &Store, tokens: Vec<AccessTokenRecord>) -> Result<(), StoreError> {
    let inserted = store.write(move |w| tokens.iter().try_for_each(|t| w.insert_access_token(t)));
    inserted.await
}

async fn found(store: &Store, name: &str) -> Option<(AccessTokenRecord, ClientRecord)> {
    let hash = secret(name);
    store.read(move |r| r.access_token(&hash)).await.unwrap()
}

async fn a_token_comes_with_its_client_dead_or_alive(store: &Store) {
    let (scope, client) = registered(store, 1).await;
    let both = AccessTokenRecord {
        scopes: OauthScopes::ALL,
        ..token(&client, "both", 100)
    };
    insert(store, vec![token(&client, "read", 100), both.clone()])
        .await
        .unwrap();
    assert_eq!(found(store, "both").await, Some((both, client.clone())));
    let (read, _) = found(store, "read").await.unwrap();
    assert_eq!(read, token(&client, "read", 100));
    assert_eq!(found(store, "unknown").await, None);
    let again = insert(store, vec![token(&client, "read", 100)]).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");

    let id = client.id;
    let revoked = store.write(move |w| w.revoke_client(&scope, id, at(60)));
    assert!(revoked.await.unwrap());
    let (_, dead) = found(store, "read").await.unwrap();
    assert_eq!(dead.revoked_at, Some(at(60)));
}

async fn a_token_is_deleted_by_its_own_client_only(store: &Store) {
    let (_, one) = registered(store, 1).await;
    let (_, two) = registered(store, 2).await;
    insert(store, vec![token(&one, "one", 100)]).await.unwrap();
    for (client, left) in [(two.id, true), (one.id, false), (one.id, false)] {
        let hash = secret("one");
        let deleted = store.write(move |w| w.delete_access_token(client, &hash));
        deleted.await.unwrap();
        assert_eq!(found(store, "one").await.is_some(), left);
    }
}

async fn expired_tokens_are_forgotten_a_piece_at_a_time(store: &Store) {
    let (_, client) = registered(store, 1).await;
    let mut tokens: Vec<_> = (0..=FORGET_TOKENS_MAX)
        .map(|n| token(&client, &format!("over {n}"), 200))
        .collect();
    tokens.push(token(&client, "later", 201));
    insert(store, tokens).await.unwrap();
    for expected in [u64::from(FORGET_TOKENS_MAX), 1, 0] {
        let forgotten = store.write(|w| w.forget_access_tokens(at(200)));
        assert_eq!(forgotten.await.unwrap(), expected);
    }
    assert!(found(store, "later").await.is_some());
}
