//! Authorization Keys straight from the store, as the console would make them.

use std::path::Path;

use anyhow::Result;
use platen_domain::clock::Clock as _;
use platen_domain::ids::{KeyId, SeededIds};
use platen_domain::keys::{AuthorizationKey, KeyRecord};
use platen_domain::report_apis::ReportApi;
use platen_domain::scope::{Actor, Scope};
use platen_store::{Store, StoreError, StoreOptions};

use crate::clock::WallClock;

/// Makes a key for each of `apis`, in their order and in place of any other, for the first organization of the data
/// directory `data`, whose server must not be running. To be called within a runtime.
pub(crate) fn make(data: &Path, apis: &[ReportApi]) -> Result<Vec<String>> {
    let (now, runtime) = (WallClock.now(), tokio::runtime::Handle::current());
    let options = StoreOptions {
        now,
        ..StoreOptions::default()
    };
    let store = Store::open(data, options)?;
    let ids = SeededIds::new(now.as_millis().unsigned_abs());
    let make = |api: &ReportApi| {
        let (api, key) = (*api, AuthorizationKey::generate(&ids));
        let (id, text) = (KeyId::new(now, &ids), key.expose().to_owned());
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
            writer.revoke_live_keys(&scope, api, now)?;
            writer.insert_key(
                &scope,
                &KeyRecord {
                    id,
                    organization,
                    api,
                    hash: key.hash(),
                    prefix: key.prefix(),
                    created_at: now,
                    created_by: "xtask".to_owned(),
                    last_used_at: None,
                    revoked_at: None,
                },
            )
        });
        tokio::task::block_in_place(|| runtime.block_on(written))?;
        anyhow::Ok(text)
    };
    let keys = apis.iter().map(make).collect::<Result<Vec<_>>>()?;
    tokio::task::block_in_place(|| runtime.block_on(store.close()));
    Ok(keys)
}
