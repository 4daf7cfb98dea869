//! One-time links.

use platen_store::{LinkPurpose, LinkRecord, Store};

use crate::samples::{at, founded, organization, secret};

crate::conformance!(
    a_link_is_redeemed_once_however_many_try,
    a_link_ends_with_its_time,
);

fn link(name: &str) -> LinkRecord {
    LinkRecord {
        hash: secret(name),
        purpose: LinkPurpose::SetUp,
        organization: organization(1).id,
        user: None,
        expires_at: at(100),
    }
}

async fn a_link_is_redeemed_once_however_many_try(store: &Store) {
    founded(store, 1).await;
    store.write(|w| w.insert_link(&link("a"))).await.unwrap();
    for _ in 0..2 {
        let looked = store.read(|r| r.link(&secret("a"), at(1))).await.unwrap();
        assert_eq!(looked, Some(link("a")));
    }
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        tries.spawn(async move { store.write(|w| w.redeem_link(&secret("a"), at(2))).await });
    }
    let redeemed: Vec<_> = tries
        .join_all()
        .await
        .into_iter()
        .filter_map(Result::unwrap)
        .collect();
    assert_eq!(redeemed, [link("a")]);
    assert_eq!(
        store.read(|r| r.link(&secret("a"), at(3))).await.unwrap(),
        None
    );
}

async fn a_link_ends_with_its_time(store: &Store) {
    founded(store, 1).await;
    store.write(|w| w.insert_link(&link("a"))).await.unwrap();
    assert_eq!(
        store.read(|r| r.link(&secret("a"), at(100))).await.unwrap(),
        None
    );
    assert_eq!(
        store
            .write(|w| w.redeem_link(&secret("a"), at(100)))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .write(|w| w.redeem_link(&secret("b"), at(1)))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .write(|w| w.delete_expired_links(at(99)))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        store
            .write(|w| w.delete_expired_links(at(100)))
            .await
            .unwrap(),
        1
    );
}
