//! Licences and issuers.

use platen_store::{InstalledLicence, Issuer, Store};

use crate::samples::{at, founded};

crate::conformance!(the_newest_licence_counts, issuers_are_trusted_once);

async fn the_newest_licence_counts(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let within = one.clone();
    assert_eq!(store.read(move |r| r.licence(&within)).await.unwrap(), None);
    // The clock may be set back between two installations.
    for (document, seconds) in [("old", 200), ("new", 100)] {
        let within = one.clone();
        store
            .write(move |w| w.install_licence(&within, document, at(seconds)))
            .await
            .unwrap();
    }
    let newest = InstalledLicence {
        document: "new".to_owned(),
        installed_at: at(100),
    };
    assert_eq!(
        store.read(move |r| r.licence(&one)).await.unwrap(),
        Some(newest)
    );
    assert_eq!(store.read(move |r| r.licence(&two)).await.unwrap(), None);
}

async fn issuers_are_trusted_once(store: &Store) {
    let issuer = |name: &str, byte| Issuer {
        name: name.to_owned(),
        public_key: [byte; 32],
    };
    let given = [
        issuer("own", 2),
        issuer("other", 1),
        issuer("own, renamed", 2),
    ];
    for (seconds, issuer) in (1..).zip(given) {
        store
            .write(move |w| w.trust_issuer(&issuer, at(seconds)))
            .await
            .unwrap();
    }
    let trusted = store.read(|r| r.trusted_issuers()).await.unwrap();
    assert_eq!(trusted, [issuer("own, renamed", 2), issuer("other", 1)]);
}
