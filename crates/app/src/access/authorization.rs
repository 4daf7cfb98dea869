//! Who may do what: the only place that turns a presented secret into a [`Scope`].

use std::sync::Arc;
use std::time::Duration;

use platen_domain::clients::{ClientRecord, OauthScope, OauthScopes};
use platen_domain::clock::Timestamp;
use platen_domain::collectors::CollectorRecord;
use platen_domain::ids::{OrganizationId, UserId};
use platen_domain::keys::{AuthorizationKey, KeyRecord};
use platen_domain::licences::LicenceRefusal;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::{Capability, Role};
use platen_domain::scope::{Actor, Scope};
use platen_store::{Reader, StoreError};

use super::Access;
use super::verified_licences::VerifiedLicences;
use crate::AppError;

/// The last use of a key or credential is kept to this precision: one write per key and hour, not
/// per request.
const USE_PRECISION: Duration = Duration::from_hours(1);

/// Why an Authorization Key does not open an API.
#[derive(Debug, thiserror::Error)]
pub enum KeyRefusal {
    /// Missing, malformed, unknown, disabled or revoked: one answer for all of them.
    #[error("a valid Authorization Key is required")]
    Unauthorized,
    /// A live key, but of another API.
    #[error("this Authorization Key opens another API")]
    WrongApi,
    /// The organization's licence does not cover the API now.
    #[error(transparent)]
    Licence(LicenceRefusal),
    /// The question could not be answered.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// What the store says about a presented key, read in one transaction.
enum Finding {
    Unknown,
    OtherApi,
    Unlicensed(LicenceRefusal),
    Open(Box<KeyRecord>),
}

impl Access<'_> {
    /// Lets a program in that presents an Authorization Key for `api`.
    ///
    /// The key is looked up by its hash and counts only while it is live, opens this very API
    /// and its organization's licence covers it, in this order. A use is noted to the hour.
    pub async fn authenticate_key(
        self,
        presented: &str,
        api: ReportApi,
    ) -> Result<Scope, KeyRefusal> {
        let key = AuthorizationKey::parse(presented).ok_or(KeyRefusal::Unauthorized)?;
        let (hash, now) = (key.hash(), self.app.now());
        let licences = Arc::clone(&self.app.access.licences);
        let finding = self
            .app
            .store
            .read(move |reader| {
                let record = reader.key_by_hash(&hash)?;
                let live = record.filter(|r| r.revoked_at.is_none() && r.hash == hash);
                live.map_or(Ok(Finding::Unknown), |record| {
                    judge_key(reader, &licences, record, api, now)
                })
            })
            .await
            .map_err(AppError::from)?;
        match finding {
            Finding::Unknown => Err(KeyRefusal::Unauthorized),
            Finding::OtherApi => Err(KeyRefusal::WrongApi),
            Finding::Unlicensed(refusal) => Err(KeyRefusal::Licence(refusal)),
            Finding::Open(record) => {
                self.note_key_use(&record, now).await;
                Ok(key_scope(&record))
            }
        }
    }

    /// Notes that a key was used. A failure is logged and no more: a full disk must not keep
    /// anybody from reading.
    async fn note_key_use(self, record: &KeyRecord, now: Timestamp) {
        // No key was used before it was made.
        let hour = to_the_hour(now).max(record.created_at);
        if record.last_used_at.is_some_and(|last| last >= hour) {
            return;
        }
        let id = record.id;
        if let Err(error) = self.app.store.write(move |w| w.touch_key(id, hour)).await {
            tracing::warn!(key = %id, error = &error as &dyn std::error::Error, "a key's use could not be noted");
        }
    }

    /// Acts as the person at the server's own command line, who owns the data directory. For
    /// the binary only: nothing that serves a request may call it.
    pub const fn operator(self, organization: OrganizationId) -> Scope {
        grant(organization, Actor::System("operator"))
    }
}

fn judge_key(
    reader: &Reader<'_>,
    licences: &VerifiedLicences,
    record: KeyRecord,
    api: ReportApi,
    now: Timestamp,
) -> Result<Finding, StoreError> {
    if record.api != api {
        return Ok(Finding::OtherApi);
    }
    let scope = key_scope(&record);
    Ok(match licences.check(reader, &scope, api.feature(), now)? {
        Ok(()) => Finding::Open(Box::new(record)),
        Err(refusal) => Finding::Unlicensed(refusal),
    })
}

/// The last full hour.
pub(crate) fn to_the_hour(now: Timestamp) -> Timestamp {
    let hour = i64::try_from(USE_PRECISION.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(
        now.as_millis()
            .saturating_sub(now.as_millis().rem_euclid(hour)),
    )
}

fn key_scope(record: &KeyRecord) -> Scope {
    let actor = Actor::Key {
        id: record.id,
        api: record.api,
    };
    grant(record.organization, actor)
}

/// The scope of a person who is signed in.
pub(crate) const fn user_scope(organization: OrganizationId, id: UserId, role: Role) -> Scope {
    grant(organization, Actor::User { id, role })
}

/// The scope of a client that showed a token which opens `scopes`.
pub(crate) const fn client_scope(record: &ClientRecord, scopes: OauthScopes) -> Scope {
    let id = record.id;
    grant(record.organization, Actor::Client { id, scopes })
}

/// The scope of a collector that showed its credential.
pub(crate) const fn collector_scope(record: &CollectorRecord) -> Scope {
    grant(record.organization, Actor::Collector { id: record.id })
}

/// The scope of a part of Platen itself.
pub(crate) const fn system_scope(organization: OrganizationId, part: &'static str) -> Scope {
    grant(organization, Actor::System(part))
}

/// Whether who acts in `scope` has `capability`. Routes ask first; use cases that change
/// something ask again, so that a route bound to the wrong policy opens nothing.
pub(crate) fn require(scope: &Scope, capability: Capability) -> Result<(), AppError> {
    let allowed = match scope.actor() {
        Actor::User { role, .. } => role.can(capability),
        Actor::Client { scopes, .. } => {
            opened_by(capability).is_some_and(|scope| scopes.contains(scope))
        }
        Actor::Key { .. } | Actor::Collector { .. } => false,
        Actor::System(_) => true,
    };
    if allowed {
        Ok(())
    } else {
        Err(AppError::Forbidden)
    }
}

/// The scope of an access token that stands for `capability`; `None` where no token does.
const fn opened_by(capability: Capability) -> Option<OauthScope> {
    match capability {
        Capability::ViewAccounts => Some(OauthScope::AccountsRead),
        Capability::ManageAccounts => Some(OauthScope::AccountsWrite),
        Capability::AnalysisApi
        | Capability::ViewFleet
        | Capability::ViewPrintJobs
        | Capability::ViewNames
        | Capability::ManageLicence
        | Capability::ManageUsers
        | Capability::ManageCollectors
        | Capability::ManagePrices
        | Capability::ManagePrivacy => None,
    }
}

/// Whether who acts in `scope` sees names of people, or pseudonyms in their place.
pub(crate) fn sees_names(scope: &Scope) -> bool {
    match scope.actor() {
        Actor::User { role, .. } => role.can(Capability::ViewNames),
        Actor::Key { .. } | Actor::Client { .. } | Actor::Collector { .. } | Actor::System(_) => {
            true
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this module is the authorization layer: every scope begins here"
)]
const fn grant(organization: OrganizationId, actor: Actor) -> Scope {
    Scope::grant(organization, actor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::ids::ClientId;

    #[test]
    fn a_token_stands_for_its_scopes_capabilities_and_no_other() {
        let opened = |scopes| {
            let actor = Actor::Client {
                id: ClientId::from_bytes([1; 16]),
                scopes,
            };
            let scope = grant(OrganizationId::from_bytes([1; 16]), actor);
            let every = Role::SystemAdministrator.capabilities();
            let open = every.iter().copied();
            open.filter(|capability| require(&scope, *capability).is_ok())
                .collect::<Vec<_>>()
        };
        let (view, manage) = (Capability::ViewAccounts, Capability::ManageAccounts);
        assert_eq!(opened(OauthScope::AccountsRead.into()), [view]);
        assert_eq!(opened(OauthScope::AccountsWrite.into()), [manage]);
        assert_eq!(opened(OauthScopes::ALL), [view, manage]);
    }
}
