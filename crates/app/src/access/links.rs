//! One-time links: the way in for the first administrator, and for one who is locked out.

use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::ids::{Ids, OrganizationId, UserId};
use platen_domain::keys::{SecretHash, random_secret};
use platen_domain::secret::Secret;
use platen_domain::users::User;
use platen_store::{LinkRecord, StoreError, Writer};

use super::Access;
use super::authorization;
use super::sessions::{self, NewSession};
use crate::AppError;
use crate::operation::audit::{self, Event, action};

pub use platen_store::LinkPurpose;

/// How long a set-up link is valid: long enough to hand it over, short enough to be forgotten.
pub const SET_UP_LINK_VALID: Duration = Duration::from_hours(24);

/// How long a sign-in link is valid, unless the caller says otherwise.
pub const SIGN_IN_LINK_VALID: Duration = Duration::from_hours(1);

/// Why a one-time link lets nobody in.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefusal {
    /// Unknown, used, expired, or made for something else: one answer for all.
    #[error("this link is not valid: it was used before, or its time is over")]
    Invalid,
    /// A set-up link of an organization that already has an administrator.
    #[error("this organization has an administrator already; sign in instead")]
    AlreadySetUp,
    /// The question could not be answered.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

impl Access<'_> {
    /// Makes a one-time link and returns the token in it: 64 hex digits, kept as a hash only.
    ///
    /// A sign-in link names the `user` it lets in; a set-up link names none.
    pub async fn create_link(
        self,
        purpose: LinkPurpose,
        organization: OrganizationId,
        user: Option<UserId>,
        valid_for: Duration,
    ) -> Result<Secret<String>, AppError> {
        let token = random_secret(&*self.app.ids);
        let (now, ids) = (self.app.now(), self.app.ids.clone());
        let record = LinkRecord {
            hash: SecretHash::of(token.expose()),
            purpose,
            organization,
            user,
            expires_at: now.plus(valid_for),
        };
        let made = self.app.store.write(move |writer| {
            let detail = record
                .user
                .map_or_else(String::new, |user| format!("for user {user}"));
            insert(writer, now, &*ids, &record, "operator", &detail)
        });
        made.await?;
        Ok(token)
    }

    /// Signs in the person a sign-in link was made for. The link is used up by it.
    pub async fn sign_in_with_link(self, token: &str) -> Result<NewSession, LinkRefusal> {
        let hash = SecretHash::of(token);
        let (now, ids) = (self.app.now(), self.app.ids.clone());
        // Anybody may ask: only who holds a good link gets a place in the queue of writes.
        let known = self.app.store.read(move |reader| reader.link(&hash, now));
        if known.await.map_err(AppError::from)?.is_none() {
            return Err(LinkRefusal::Invalid);
        }
        let begun = self.app.store.write(move |writer| {
            let Some(user) = link_user(writer, &hash, now)? else {
                return Ok(None);
            };
            if writer.redeem_link(&hash, now)?.is_none() {
                return Ok(None);
            }
            sessions::begin(writer, now, &*ids, user, "one-time link").map(Some)
        });
        begun
            .await
            .map_err(AppError::from)?
            .ok_or(LinkRefusal::Invalid)
    }
}

/// The active user a valid sign-in link was made for.
fn link_user(
    writer: &Writer<'_>,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    let link = writer.link(hash, now)?;
    let link = link.filter(|link| link.purpose == LinkPurpose::SignIn);
    let Some((organization, id)) = link.and_then(|l| Some((l.organization, l.user?))) else {
        return Ok(None);
    };
    let users = writer.users(&authorization::system_scope(organization, "links"))?;
    let user = users.into_iter().find(|user| user.id == id);
    Ok(user.filter(|user| user.deactivated_at.is_none()))
}

/// Inserts a link and logs it.
pub(crate) fn insert(
    writer: &Writer<'_>,
    now: Timestamp,
    ids: &dyn Ids,
    link: &LinkRecord,
    actor: &str,
    detail: &str,
) -> Result<(), StoreError> {
    writer.insert_link(link)?;
    let event = Event {
        organization: link.organization,
        actor,
        action: action::LINK_CREATED,
        object: match link.purpose {
            LinkPurpose::SetUp => "set-up link",
            LinkPurpose::SignIn => "sign-in link",
            LinkPurpose::Enrol => "enrolment code",
        },
        detail,
    };
    audit::append(writer, now, ids, &event)
}
