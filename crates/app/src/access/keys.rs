//! Authorization Keys: enabling, disabling and rotating the report APIs.
//!
//! An API is enabled while it has a live key. A dead key never lives again: enabling anew makes
//! a new one.

use std::sync::Arc;

use platen_domain::clock::Timestamp;
use platen_domain::ids::{Ids, KeyId};
use platen_domain::keys::{AuthorizationKey, KeyRecord};
use platen_domain::licences::LicenceRefusal;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_store::{StoreError, Writer};

use super::Access;
use super::authorization;
use super::verified_licences::VerifiedLicences;
use crate::AppError;
use crate::operation::audit::{self, Event, action};

/// One report API as the screen lists it.
#[derive(Debug, Clone)]
pub struct ReportApiState {
    /// Which.
    pub api: ReportApi,
    /// Its live key; `None` while it is disabled.
    pub key: Option<KeyRecord>,
    /// Whether the licence covers it now.
    pub licence: Result<(), LicenceRefusal>,
}

/// Why a key was not made.
#[derive(Debug, thiserror::Error)]
pub enum KeyChangeError {
    /// Enabling what is enabled: the key it has stays.
    #[error("this API is enabled already")]
    AlreadyEnabled,
    /// Rotating a key that is not the live one: it was replaced or disabled in the meantime.
    #[error("this key was replaced or disabled in the meantime")]
    NotLive,
    /// The licence does not cover it now.
    #[error(transparent)]
    Licence(LicenceRefusal),
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// What a change of the key is meant to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Enable,
    /// Replaces this key.
    Rotate(KeyId),
}

impl Access<'_> {
    /// Every report API with its key and whether the licence covers it, in the screen's order.
    pub async fn report_apis(self, scope: &Scope) -> Result<Vec<ReportApiState>, AppError> {
        let (scope, now) = (scope.clone(), self.app.now());
        let licences = Arc::clone(&self.app.access.licences);
        let listed = self.app.store.read(move |reader| {
            let keys = reader.live_keys(&scope)?;
            let licence = licences.installed(reader, &scope)?;
            let state = |api: ReportApi| ReportApiState {
                api,
                key: keys.iter().find(|key| key.api == api).cloned(),
                licence: platen_domain::licences::check(licence.as_ref(), api.feature(), now),
            };
            Ok(ReportApi::ALL.map(state).to_vec())
        });
        Ok(listed.await?)
    }

    /// Opens `api` with a new key. The key in clear is returned once and kept as a hash.
    pub async fn enable_key(
        self,
        scope: &Scope,
        api: ReportApi,
    ) -> Result<AuthorizationKey, KeyChangeError> {
        self.change_key(scope, api, Change::Enable).await
    }

    /// Replaces `old`, the live key of `api`, by a new one; the old one is dead from this moment.
    /// Asked twice for one key, it makes one: whoever was shown that one keeps it.
    pub async fn rotate_key(
        self,
        scope: &Scope,
        api: ReportApi,
        old: KeyId,
    ) -> Result<AuthorizationKey, KeyChangeError> {
        self.change_key(scope, api, Change::Rotate(old)).await
    }

    /// Closes `api`: its key is dead from this moment. Closing what is closed does nothing.
    pub async fn disable_key(self, scope: &Scope, api: ReportApi) -> Result<(), AppError> {
        authorization::require(scope, Capability::AnalysisApi)?;
        let (scope, now, ids) = (scope.clone(), self.app.now(), self.app.ids.clone());
        let disabled = self.app.store.write(move |writer| {
            let Some(old) = live_key(writer, &scope, api)? else {
                return Ok(());
            };
            writer.revoke_live_keys(&scope, api, now)?;
            log(writer, now, &*ids, &scope, action::KEY_DISABLED, &old)
        });
        Ok(disabled.await?)
    }

    async fn change_key(
        self,
        scope: &Scope,
        api: ReportApi,
        change: Change,
    ) -> Result<AuthorizationKey, KeyChangeError> {
        authorization::require(scope, Capability::AnalysisApi)?;
        let (scope, now) = (scope.clone(), self.app.now());
        let ids = Arc::clone(&self.app.ids);
        let licences = Arc::clone(&self.app.access.licences);
        let changed = self
            .app
            .store
            .write(move |writer| change_key(writer, &licences, now, &*ids, &scope, api, change));
        changed.await.map_err(AppError::from)?
    }
}

/// All checks come before the first change: a refusal leaves nothing behind.
fn change_key(
    writer: &Writer<'_>,
    licences: &VerifiedLicences,
    now: Timestamp,
    ids: &dyn Ids,
    scope: &Scope,
    api: ReportApi,
    change: Change,
) -> Result<Result<AuthorizationKey, KeyChangeError>, StoreError> {
    if let Err(refusal) = licences.check(writer, scope, api.feature(), now)? {
        return Ok(Err(KeyChangeError::Licence(refusal)));
    }
    let live = live_key(writer, scope, api)?.map(|key| key.id);
    let action = match (change, live) {
        (Change::Enable, None) => action::KEY_ENABLED,
        (Change::Enable, Some(_)) => return Ok(Err(KeyChangeError::AlreadyEnabled)),
        (Change::Rotate(old), live) if live == Some(old) => action::KEY_ROTATED,
        (Change::Rotate(_), _) => return Ok(Err(KeyChangeError::NotLive)),
    };
    writer.revoke_live_keys(scope, api, now)?;
    let key = AuthorizationKey::generate(ids);
    let record = KeyRecord {
        id: KeyId::new(now, ids),
        organization: scope.organization(),
        api,
        hash: key.hash(),
        prefix: key.prefix(),
        created_at: now,
        created_by: audit::actor_name(writer, scope)?,
        last_used_at: None,
        revoked_at: None,
    };
    writer.insert_key(scope, &record)?;
    log(writer, now, ids, scope, action, &record)?;
    Ok(Ok(key))
}

fn live_key(
    writer: &Writer<'_>,
    scope: &Scope,
    api: ReportApi,
) -> Result<Option<KeyRecord>, StoreError> {
    let keys = writer.live_keys(scope)?;
    Ok(keys.into_iter().find(|key| key.api == api))
}

fn log(
    writer: &Writer<'_>,
    now: Timestamp,
    ids: &dyn Ids,
    scope: &Scope,
    action: &'static str,
    key: &KeyRecord,
) -> Result<(), StoreError> {
    let event = Event {
        organization: scope.organization(),
        actor: &audit::actor_name(writer, scope)?,
        action,
        object: key.api.title(),
        detail: &format!("key {}…", key.prefix),
    };
    audit::append(writer, now, ids, &event)
}
