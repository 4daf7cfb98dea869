//! The Client Application of the Accounts API: generating and revoking it, and letting it in by
//! its secret.
//!
//! An organization has one at a time. A revoked one never lives again: generating anew makes a
//! new one.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use platen_domain::clients::{ClientRecord, ClientSecret};
use platen_domain::clock::Timestamp;
use platen_domain::ids::{ClientId, Ids};
use platen_domain::keys::SecretHash;
use platen_domain::licences::{Feature, LicenceRefusal};
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;
use platen_store::{StoreError, Writer};

use super::Access;
use super::authorization;
use super::throttle::Caller;
use super::verified_licences::VerifiedLicences;
use crate::AppError;
use crate::operation::audit::{self, Event, action};

/// The Client Application as the screen shows it.
#[derive(Debug, Clone)]
pub struct ClientState {
    /// The live client; `None` while there is none.
    pub client: Option<ClientRecord>,
    /// Whether the licence covers the Accounts API now.
    pub licence: Result<(), LicenceRefusal>,
}

/// Why no client was generated.
#[derive(Debug, thiserror::Error)]
pub enum ClientChangeError {
    /// There is a live one, which stays.
    #[error("a Client Application exists already")]
    AlreadyLive,
    /// The licence does not cover the Accounts API now.
    #[error(transparent)]
    Licence(LicenceRefusal),
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// Why a client's credentials let nobody in.
#[derive(Debug, thiserror::Error)]
pub enum ClientRefusal {
    /// Unknown Client ID, wrong secret, or a revoked client: one answer for all.
    #[error("the Client ID or the Client Secret is wrong")]
    Wrong,
    /// Too many wrong attempts on this client from this address.
    #[error("too many wrong attempts; try again in {} seconds", retry_after.as_secs().max(1))]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The question could not be answered.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// A client that has shown its secret. Only [`Access::authenticate_client`] makes one.
#[derive(Debug, Clone)]
pub struct AuthenticatedClient(ClientRecord);

impl AuthenticatedClient {
    /// Its Client ID.
    pub const fn id(&self) -> ClientId {
        self.0.id
    }
}

impl Access<'_> {
    /// The Client Application and whether the licence covers what it opens.
    pub async fn client_application(self, scope: &Scope) -> Result<ClientState, AppError> {
        let (scope, now) = (scope.clone(), self.app.now());
        let licences = Arc::clone(&self.app.access.licences);
        let read = self.app.store.read(move |reader| {
            Ok(ClientState {
                client: reader.live_client(&scope)?,
                licence: licences.check(reader, &scope, Feature::Accounts, now)?,
            })
        });
        Ok(read.await?)
    }

    /// Makes the organization's Client Application. Its secret is returned once and kept as a
    /// hash.
    pub async fn generate_client(
        self,
        scope: &Scope,
    ) -> Result<(ClientRecord, ClientSecret), ClientChangeError> {
        authorization::require(scope, Capability::AnalysisApi)?;
        let (scope, now) = (scope.clone(), self.app.now());
        let ids = Arc::clone(&self.app.ids);
        let licences = Arc::clone(&self.app.access.licences);
        let generated = self
            .app
            .store
            .write(move |writer| generate(writer, &licences, now, &*ids, &scope));
        generated.await.map_err(AppError::from)?
    }

    /// Revokes `client`: its secret and its tokens are dead from this moment. Revoking one that is
    /// dead does nothing, so that a form sent twice leaves its successor alone.
    pub async fn revoke_client(self, scope: &Scope, client: ClientId) -> Result<(), AppError> {
        authorization::require(scope, Capability::AnalysisApi)?;
        let (scope, now, ids) = (scope.clone(), self.app.now(), Arc::clone(&self.app.ids));
        let revoked = self.app.store.write(move |writer| {
            if writer.revoke_client(&scope, client, now)? {
                log(writer, now, &*ids, &scope, action::CLIENT_REVOKED, client)?;
            }
            Ok(())
        });
        Ok(revoked.await?)
    }

    /// Lets a client in that shows its secret (RFC 6749 2.3.1).
    ///
    /// An unknown Client ID, a wrong secret and a revoked client take the same way and get the
    /// same answer. Wrong attempts slow down, per client and address. A use is noted to the hour.
    pub async fn authenticate_client(
        self,
        client_id: &str,
        secret: &Secret<String>,
        peer: IpAddr,
    ) -> Result<AuthenticatedClient, ClientRefusal> {
        let (caller, now) = (Caller::new(client_id, peer), self.app.now());
        let waited = self.app.access.client_throttle.wait(&caller, now);
        waited.map_err(|retry_after| ClientRefusal::Throttled { retry_after })?;

        let presented = SecretHash::of(secret.expose());
        let known = self.client_called(client_id).await?;
        // Where nobody is known, something is compared all the same.
        let expected = known.as_ref().map_or(SecretHash::of(""), |c| c.hash);
        let right = presented == expected;
        let live = known.filter(|client| right && client.revoked_at.is_none());
        let Some(client) = live else {
            self.app.access.client_throttle.count(&caller, now);
            return Err(ClientRefusal::Wrong);
        };
        self.app.access.client_throttle.forgive(&caller);
        self.note_client_use(&client, now).await;
        Ok(AuthenticatedClient(client))
    }

    /// The client whose identifier is spelt like this, and in no other way: one client has one
    /// name, by which wrong attempts are counted.
    async fn client_called(self, client_id: &str) -> Result<Option<ClientRecord>, AppError> {
        let id: Option<ClientId> = client_id.parse().ok();
        let id = id.filter(|id| id.to_string() == client_id);
        let Some(id) = id else {
            return Ok(None);
        };
        Ok(self.app.store.read(move |reader| reader.client(id)).await?)
    }

    /// Notes that a client or one of its tokens was used. A failure is logged and no more: a full
    /// disk must not keep anybody from reading.
    pub(crate) async fn note_client_use(self, client: &ClientRecord, now: Timestamp) {
        // No client was used before it was made.
        let hour = authorization::to_the_hour(now).max(client.created_at);
        if client.last_used_at.is_some_and(|last| last >= hour) {
            return;
        }
        let id = client.id;
        if let Err(error) = self
            .app
            .store
            .write(move |w| w.touch_client(id, hour))
            .await
        {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(client = %id, error, "a client's use could not be noted");
        }
    }
}

/// All checks come before the first change: a refusal leaves nothing behind.
fn generate(
    writer: &Writer<'_>,
    licences: &VerifiedLicences,
    now: Timestamp,
    ids: &dyn Ids,
    scope: &Scope,
) -> Result<Result<(ClientRecord, ClientSecret), ClientChangeError>, StoreError> {
    if let Err(refusal) = licences.check(writer, scope, Feature::Accounts, now)? {
        return Ok(Err(ClientChangeError::Licence(refusal)));
    }
    if writer.live_client(scope)?.is_some() {
        return Ok(Err(ClientChangeError::AlreadyLive));
    }
    let secret = ClientSecret::generate(ids);
    let record = ClientRecord {
        id: ClientId::new(now, ids),
        organization: scope.organization(),
        hash: secret.hash(),
        created_at: now,
        created_by: audit::actor_name(writer, scope)?,
        last_used_at: None,
        revoked_at: None,
    };
    writer.insert_client(scope, &record)?;
    log(writer, now, ids, scope, action::CLIENT_CREATED, record.id)?;
    Ok(Ok((record, secret)))
}

fn log(
    writer: &Writer<'_>,
    now: Timestamp,
    ids: &dyn Ids,
    scope: &Scope,
    action: &'static str,
    client: ClientId,
) -> Result<(), StoreError> {
    let event = Event {
        organization: scope.organization(),
        actor: &audit::actor_name(writer, scope)?,
        action,
        object: "Client Application",
        detail: &format!("client {client}"),
    };
    audit::append(writer, now, ids, &event)
}
