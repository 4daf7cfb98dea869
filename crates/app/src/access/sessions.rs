//! Sessions of people who are signed in.

use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::ids::Ids;
use platen_domain::keys::{SecretHash, random_secret};
use platen_domain::organizations::Organization;
use platen_domain::roles::Capability;
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;
use platen_domain::users::User;
use platen_store::{SessionRecord, StoreError, Writer};

use super::Access;
use super::authorization;
use crate::AppError;
use crate::operation::audit::{self, Event, action};

/// A session ends after this long without a request.
pub const SESSION_IDLE: Duration = Duration::from_mins(30);

/// A session ends after this long in any case.
pub const SESSION_ABSOLUTE: Duration = Duration::from_hours(12);

/// The last request of a session is kept to this precision: one write a minute, not one per
/// request.
const SEEN_PRECISION: Duration = Duration::from_mins(1);

/// A session that has just begun.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The secret for the browser's cookie: 64 hex digits. Kept here as a hash only.
    pub secret: Secret<String>,
    /// When the session ends even if it is used all the time.
    pub expires_at: Timestamp,
    /// Who signed in.
    pub user: User,
}

/// A live session: who asks, and within which organization.
#[derive(Debug, Clone)]
pub struct SessionContext {
    /// What the person may reach.
    pub scope: Scope,
    /// Who it is.
    pub user: User,
    /// The person's organization.
    pub organization: Organization,
    /// The session's own hash: what a form's token is bound to, and what signing out deletes.
    pub session: SecretHash,
}

impl SessionContext {
    /// Whether the person has `capability`.
    pub fn can(&self, capability: Capability) -> bool {
        self.user.role.can(capability)
    }
}

/// Begins a session of `user` within the transaction of whatever let the person in.
pub(crate) fn begin(
    writer: &Writer<'_>,
    now: Timestamp,
    ids: &dyn Ids,
    user: User,
    how: &str,
) -> Result<NewSession, StoreError> {
    let secret = random_secret(ids);
    let expires_at = now.plus(SESSION_ABSOLUTE);
    writer.insert_session(&SessionRecord {
        hash: SecretHash::of(secret.expose()),
        user: user.id,
        created_at: now,
        last_seen_at: now,
        expires_at,
    })?;
    let event = Event {
        organization: user.organization,
        actor: &user.name,
        action: action::SIGNED_IN,
        object: &user.name,
        detail: how,
    };
    audit::append(writer, now, ids, &event)?;
    Ok(NewSession {
        secret,
        expires_at,
        user,
    })
}

/// Whether the session still counts at `now`.
fn is_live(session: &SessionRecord, user: &User, now: Timestamp) -> bool {
    now < session.expires_at
        && now.since(session.last_seen_at) < SESSION_IDLE
        && user.deactivated_at.is_none()
}

impl Access<'_> {
    /// Finds the live session behind a cookie's secret; `None` when there is none, whatever the
    /// reason. A dead session found on the way is deleted.
    pub async fn authenticate_session(
        self,
        secret: &str,
    ) -> Result<Option<SessionContext>, AppError> {
        let (hash, now) = (SecretHash::of(secret), self.app.now());
        let found = self
            .app
            .store
            .read(move |reader| {
                let Some((session, user)) = reader.session(&hash)? else {
                    return Ok(None);
                };
                let scope = authorization::user_scope(user.organization, user.id, user.role);
                let organization = reader.organization(&scope)?;
                Ok(Some((session, user, scope, organization)))
            })
            .await?;
        let Some((session, user, scope, organization)) = found else {
            return Ok(None);
        };
        if !is_live(&session, &user, now) {
            self.forget(hash).await;
            return Ok(None);
        }
        self.note_seen(&session, now).await;
        Ok(Some(SessionContext {
            scope,
            user,
            organization,
            session: hash,
        }))
    }

    /// Deletes a dead session. A failure is logged and no more: it counts for nothing either way,
    /// and who wants to sign in anew must not be told of a full disk instead.
    async fn forget(self, session: SecretHash) {
        let deleted = self.app.store.write(move |w| w.delete_session(&session));
        if let Err(error) = deleted.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "a dead session could not be deleted");
        }
    }

    /// Notes that the session was used. A failure is logged and no more: a full disk must not
    /// shut people out.
    async fn note_seen(self, session: &SessionRecord, now: Timestamp) {
        if now.since(session.last_seen_at) < SEEN_PRECISION {
            return;
        }
        let hash = session.hash;
        if let Err(error) = self
            .app
            .store
            .write(move |w| w.touch_session(&hash, now))
            .await
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a session's use could not be noted"
            );
        }
    }

    /// Ends a session.
    pub async fn sign_out(self, context: &SessionContext) -> Result<(), AppError> {
        let (hash, user) = (context.session, context.user.clone());
        let (now, ids) = (self.app.now(), self.app.ids.clone());
        let ended = self.app.store.write(move |writer| {
            writer.delete_session(&hash)?;
            let event = Event {
                organization: user.organization,
                actor: &user.name,
                action: action::SIGNED_OUT,
                object: &user.name,
                detail: "",
            };
            audit::append(writer, now, &*ids, &event)
        });
        Ok(ended.await?)
    }
}
