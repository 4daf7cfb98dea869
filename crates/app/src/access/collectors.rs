//! Collectors: programs that push, let in one by one and put out at once.
//!
//! A collector comes in by a one-time enrolment code and then has a credential of its own, which
//! opens nothing but the pushing of print records.

use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::collectors::{CollectorCredential, CollectorRecord};
use platen_domain::ids::{CollectorId, Ids};
use platen_domain::keys::{SecretHash, random_secret};
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;
use platen_domain::text::tidy_foreign;
use platen_store::{LinkPurpose, LinkRecord, StoreError, Writer};

use super::Access;
use super::authorization;
use super::links;
use crate::AppError;
use crate::operation::audit::{self, Event, action};

/// How long an enrolment code is valid: long enough to carry it to another site.
pub const ENROLMENT_CODE_VALID: Duration = Duration::from_hours(24);

/// Longest name of a collector, in characters: a host name fits (RFC 1035, 2.3.4).
pub const COLLECTOR_NAME_CHARS_MAX: usize = 255;

/// Why no collector was enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentRefusal {
    /// Unknown, used, expired, or made for something else: one answer for all.
    #[error("this enrolment code is not valid: it was used before, or its time is over")]
    Code,
    /// The name will not do; the code is still good.
    #[error("name the collector with 1 to {COLLECTOR_NAME_CHARS_MAX} visible characters")]
    Name,
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// Why a credential lets no collector in.
#[derive(Debug, thiserror::Error)]
pub enum CredentialRefusal {
    /// Missing, malformed, unknown or revoked: one answer for all of them.
    #[error("a valid collector credential is required")]
    Unauthorized,
    /// The question could not be answered.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

impl Access<'_> {
    /// Makes an enrolment code, good for one collector: 64 hex digits, kept as a hash only.
    /// `note` says in the audit log what it is for.
    pub async fn create_enrolment_code(
        self,
        scope: &Scope,
        note: &str,
    ) -> Result<Secret<String>, AppError> {
        authorization::require(scope, Capability::ManageCollectors)?;
        let code = random_secret(&*self.app.ids);
        let (scope, now, ids) = (scope.clone(), self.app.now(), self.app.ids.clone());
        let record = LinkRecord {
            hash: SecretHash::of(code.expose()),
            purpose: LinkPurpose::Enrol,
            organization: scope.organization(),
            user: None,
            expires_at: now.plus(ENROLMENT_CODE_VALID),
        };
        let note = note.to_owned();
        let made = self.app.store.write(move |writer| {
            let actor = audit::actor_name(writer, &scope)?;
            links::insert(writer, now, &*ids, &record, &actor, &note)
        });
        made.await?;
        Ok(code)
    }

    /// Enrols a collector by an enrolment code, which is used up by it. The credential is
    /// returned this once and kept as a hash.
    pub async fn enrol(
        self,
        code: &str,
        name: &str,
    ) -> Result<(CollectorRecord, CollectorCredential), EnrolmentRefusal> {
        let name = check_name(name)?;
        let code = SecretHash::of(code.trim());
        let (now, ids) = (self.app.now(), self.app.ids.clone());
        // Anybody may ask: only who holds a good code gets a place in the queue of writes.
        let known = self.app.store.read(move |reader| reader.link(&code, now));
        let known = known.await.map_err(AppError::from)?;
        if known.is_none_or(|link| link.purpose != LinkPurpose::Enrol) {
            return Err(EnrolmentRefusal::Code);
        }
        let enrolled = self.app.store.write(move |writer| {
            // Read as of an enrolment code above, and a code never changes its purpose.
            let Some(link) = writer.redeem_link(&code, now)? else {
                return Ok(None);
            };
            insert(writer, now, &*ids, &link, name.clone()).map(Some)
        });
        enrolled
            .await
            .map_err(AppError::from)?
            .ok_or(EnrolmentRefusal::Code)
    }

    /// Lets a collector in that presents its credential; the scope opens no door of the console.
    ///
    /// It asks for no licence: a licence that ran out never stops collecting. A use is noted to
    /// the hour.
    pub async fn authenticate_collector(self, presented: &str) -> Result<Scope, CredentialRefusal> {
        let credential =
            CollectorCredential::parse(presented).ok_or(CredentialRefusal::Unauthorized)?;
        let (hash, now) = (credential.hash(), self.app.now());
        let found = self
            .app
            .store
            .read(move |r| r.collector_by_hash(&hash))
            .await;
        let record = found
            .map_err(AppError::from)?
            .filter(|record| record.revoked_at.is_none() && record.hash == hash)
            .ok_or(CredentialRefusal::Unauthorized)?;
        self.note_collector_use(&record, now).await;
        Ok(authorization::collector_scope(&record))
    }

    /// Every collector of the organization, oldest first, revoked ones included.
    pub async fn collectors(self, scope: &Scope) -> Result<Vec<CollectorRecord>, AppError> {
        authorization::require(scope, Capability::ManageCollectors)?;
        let scope = scope.clone();
        Ok(self.app.store.read(move |r| r.collectors(&scope)).await?)
    }

    /// Ends a collector's credential: it is dead from this moment and never lives again.
    /// [`StoreError::NotFound`] where the organization has no such collector; revoking what is
    /// revoked does nothing.
    pub async fn revoke_collector(
        self,
        scope: &Scope,
        collector: CollectorId,
    ) -> Result<(), AppError> {
        authorization::require(scope, Capability::ManageCollectors)?;
        let (scope, now, ids) = (scope.clone(), self.app.now(), self.app.ids.clone());
        let revoked = self.app.store.write(move |writer| {
            let collectors = writer.collectors(&scope)?;
            let known = collectors.iter().find(|known| known.id == collector);
            let known = known.ok_or(StoreError::NotFound("collector"))?;
            if known.revoked_at.is_some() {
                return Ok(());
            }
            writer.revoke_collector(&scope, collector, now)?;
            let event = Event {
                organization: scope.organization(),
                actor: &audit::actor_name(writer, &scope)?,
                action: action::COLLECTOR_REVOKED,
                object: &known.name,
                detail: &collector.to_string(),
            };
            audit::append(writer, now, &*ids, &event)
        });
        Ok(revoked.await?)
    }

    /// Notes that a collector was heard of. A failure is logged and no more: whether its records
    /// can be kept is for the write of those to say.
    async fn note_collector_use(self, record: &CollectorRecord, now: Timestamp) {
        // Nothing was heard of a collector before it was enrolled.
        let hour = authorization::to_the_hour(now).max(record.enrolled_at);
        if record.last_seen_at.is_some_and(|last| last >= hour) {
            return;
        }
        let id = record.id;
        let noted = self.app.store.write(move |w| w.touch_collector(id, hour));
        if let Err(error) = noted.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(collector = %id, error, "a collector's use could not be noted");
        }
    }
}

/// Inserts the collector that `link` lets in, and logs it.
fn insert(
    writer: &Writer<'_>,
    now: Timestamp,
    ids: &dyn Ids,
    link: &LinkRecord,
    name: String,
) -> Result<(CollectorRecord, CollectorCredential), StoreError> {
    let credential = CollectorCredential::generate(ids);
    let record = CollectorRecord {
        id: CollectorId::new(now, ids),
        organization: link.organization,
        name,
        hash: credential.hash(),
        enrolled_at: now,
        last_seen_at: None,
        revoked_at: None,
    };
    let scope = authorization::system_scope(link.organization, "enrolment");
    writer.insert_collector(&scope, &record)?;
    let event = Event {
        organization: record.organization,
        actor: "enrolment code",
        action: action::COLLECTOR_ENROLLED,
        object: &record.name,
        detail: &record.id.to_string(),
    };
    audit::append(writer, now, ids, &event)?;
    Ok((record, credential))
}

/// The name as it is kept: without white space around it.
fn check_name(name: &str) -> Result<String, EnrolmentRefusal> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= COLLECTOR_NAME_CHARS_MAX;
    if fits && tidy_foreign(name) == name {
        Ok(name.to_owned())
    } else {
        Err(EnrolmentRefusal::Name)
    }
}
