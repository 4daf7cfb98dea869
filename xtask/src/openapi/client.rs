//! A Client Application straight from the store, as the console would make it.

use std::path::Path;

use anyhow::Result;
use platen_domain::clients::{ClientRecord, ClientSecret};
use platen_domain::clock::Clock as _;
use platen_domain::ids::{ClientId, SeededIds};
use platen_domain::scope::{Actor, Scope};
use platen_store::{Store, StoreError, StoreOptions};

use crate::clock::WallClock;

/// What a program shows at `/oauth/token`.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: String,
}

/// Makes the client of the first organization of the data directory `data`, in the place of the
/// one it has. Its server must not be running. To be called within a runtime.
pub(super) async fn make(data: &Path) -> Result<Client> {
    let now = WallClock.now();
    let options = StoreOptions {
        now,
        ..StoreOptions::default()
    };
    let store = Store::open(data, options)?;
    let ids = SeededIds::new(now.as_millis().unsigned_abs());
    let (id, secret) = (ClientId::new(now, &ids), ClientSecret::generate(&ids));
    let hash = secret.hash();
    let written = store.write(move |writer| {
        let organizations = writer.organizations()?;
        let Some(organization) = organizations.first().map(|known| known.id) else {
            return Err(StoreError::NotFound("organization"));
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the test stands in for the authorization layer"
        )]
        let scope = Scope::grant(organization, Actor::System("xtask"));
        if let Some(live) = writer.live_client(&scope)? {
            writer.revoke_client(&scope, live.id, now)?;
        }
        writer.insert_client(
            &scope,
            &ClientRecord {
                id,
                organization,
                hash,
                created_at: now,
                created_by: "xtask".to_owned(),
                last_used_at: None,
                revoked_at: None,
            },
        )
    });
    written.await?;
    store.close().await;
    Ok(Client {
        id: id.to_string(),
        secret: secret.expose().to_owned(),
    })
}
