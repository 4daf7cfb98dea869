//! Setting up an organization: its first administrator.
//!
//! The door exists only while the organization has no administrator, and that is read from the
//! users themselves, never from a flag that could be reset.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{Ids, OrganizationId, UserId};
use platen_domain::keys::SecretHash;
use platen_domain::organizations::Organization;
use platen_domain::roles::Role;
use platen_domain::secret::Secret;
use platen_domain::users::User;
use platen_store::{LinkPurpose, Reader, StoreError, Writer};

use super::Access;
use super::authorization;
use super::links::LinkRefusal;
use super::passwords::HashRefusal;
use super::sessions::{self, NewSession};
use super::users::{self, CredentialProblem};
use crate::AppError;

/// Why no administrator was created.
#[derive(Debug, thiserror::Error)]
pub enum SetUpRefusal {
    /// The link lets nobody in.
    #[error(transparent)]
    Link(#[from] LinkRefusal),
    /// The name or the password will not do; the link is still good.
    #[error(transparent)]
    Credentials(#[from] CredentialProblem),
    /// The server computes too many password hashes just now.
    #[error("the server is busy; try again in a few seconds")]
    Busy,
}

impl From<AppError> for SetUpRefusal {
    fn from(error: AppError) -> Self {
        Self::Link(LinkRefusal::Unavailable(error))
    }
}

/// What a set-up link opens at this moment.
enum Door {
    Open(OrganizationId),
    NoSuchLink,
    AlreadySetUp,
}

fn look(reader: &Reader<'_>, hash: &SecretHash, now: Timestamp) -> Result<Door, StoreError> {
    let link = reader.link(hash, now)?;
    let Some(link) = link.filter(|link| link.purpose == LinkPurpose::SetUp) else {
        return Ok(Door::NoSuchLink);
    };
    Ok(if reader.administrator_exists(link.organization)? {
        Door::AlreadySetUp
    } else {
        Door::Open(link.organization)
    })
}

impl Access<'_> {
    /// The organization a set-up link would set up. The link stays good.
    pub async fn set_up_organization(self, token: &str) -> Result<Organization, LinkRefusal> {
        let (hash, now) = (SecretHash::of(token), self.app.now());
        let found = self.app.store.read(move |reader| {
            Ok(match look(reader, &hash, now)? {
                Door::Open(id) => {
                    Ok(reader.organization(&authorization::system_scope(id, "set-up"))?)
                }
                Door::NoSuchLink => Err(LinkRefusal::Invalid),
                Door::AlreadySetUp => Err(LinkRefusal::AlreadySetUp),
            })
        });
        found.await.map_err(AppError::from)?
    }

    /// Creates the organization's first System Administrator and signs the person in. The link
    /// is used up by it; a refusal leaves it good.
    pub async fn set_up(
        self,
        token: &str,
        name: &str,
        password: Secret<String>,
    ) -> Result<NewSession, SetUpRefusal> {
        // Before the costly hash: only who holds a good link may cause one.
        let organization = self.set_up_organization(token).await?;
        let name = users::check_name(name)?;
        users::check_password(&password, &name)?;
        let hashed = self.app.access.passwords.hash(password).await;
        let password_hash = hashed.map_err(|refusal| match refusal {
            HashRefusal::Busy => SetUpRefusal::Busy,
            HashRefusal::Failed(error) => error.into(),
        })?;
        let (now, ids) = (self.app.now(), self.app.ids.clone());
        let user = User {
            id: UserId::new(now, &*ids),
            organization: organization.id,
            name,
            role: Role::SystemAdministrator,
            created_at: now,
            deactivated_at: None,
        };
        let hash = SecretHash::of(token);
        let created = self
            .app
            .store
            .write(move |writer| create(writer, now, &*ids, &hash, &user, &password_hash));
        created.await.map_err(AppError::from)?
    }
}

/// All checks come before the first change: a refusal leaves nothing behind.
fn create(
    writer: &Writer<'_>,
    now: Timestamp,
    ids: &dyn Ids,
    link: &SecretHash,
    user: &User,
    password_hash: &Secret<String>,
) -> Result<Result<NewSession, SetUpRefusal>, StoreError> {
    match look(writer, link, now)? {
        Door::Open(organization) if organization == user.organization => {}
        Door::AlreadySetUp => return Ok(Err(LinkRefusal::AlreadySetUp.into())),
        Door::Open(_) | Door::NoSuchLink => return Ok(Err(LinkRefusal::Invalid.into())),
    }
    if writer.user_by_name(&user.name)?.is_some() {
        return Ok(Err(CredentialProblem::NameTaken.into()));
    }
    if writer.redeem_link(link, now)?.is_none() {
        return Ok(Err(LinkRefusal::Invalid.into()));
    }
    users::insert(writer, now, ids, user, Some(password_hash), "set-up link")?;
    sessions::begin(writer, now, ids, user.clone(), "set-up link").map(Ok)
}
