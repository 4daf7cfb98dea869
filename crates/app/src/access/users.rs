//! Users of the console: creating them, and what their names and passwords must be.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{Ids, UserId};
use platen_domain::roles::{Capability, Role};
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;
use platen_domain::text::tidy_foreign;
use platen_domain::users::User;
use platen_store::{StoreError, Writer};

use super::Access;
use super::authorization;
use crate::AppError;
use crate::operation::audit::{self, Event, action};

/// Longest name of a user, in characters: an e-mail address fits (RFC 5321, 4.5.3.1).
pub const NAME_CHARS_MAX: usize = 254;

/// Shortest password, in characters. OWASP ASVS 5.0, 6.2.1 asks for 8 and recommends more.
pub const PASSWORD_CHARS_MIN: usize = 12;

/// Longest password, in bytes: far beyond any phrase, and a bound on what one request hashes.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// Why a name or a password will not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialProblem {
    /// The name is empty, too long, or has characters that do not show.
    #[error("choose a name of 1 to {NAME_CHARS_MAX} visible characters")]
    Name,
    /// Another user of this server has the name.
    #[error("this name is taken; choose another")]
    NameTaken,
    /// The password is too short.
    #[error("choose a password of at least {PASSWORD_CHARS_MIN} characters")]
    PasswordTooShort,
    /// The password is too long.
    #[error("choose a password of at most {PASSWORD_BYTES_MAX} bytes")]
    PasswordTooLong,
    /// The password is the name, or one character repeated.
    #[error("choose a password that is harder to guess")]
    PasswordTooSimple,
}

/// Why a user was not created.
#[derive(Debug, thiserror::Error)]
pub enum UserChangeError {
    /// The name will not do.
    #[error(transparent)]
    Credentials(#[from] CredentialProblem),
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

/// The name as it is kept: without white space around it.
pub(crate) fn check_name(name: &str) -> Result<String, CredentialProblem> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX;
    if fits && tidy_foreign(name) == name {
        Ok(name.to_owned())
    } else {
        Err(CredentialProblem::Name)
    }
}

pub(crate) fn check_password(
    password: &Secret<String>,
    name: &str,
) -> Result<(), CredentialProblem> {
    let text = password.expose();
    let chars = text.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Err(CredentialProblem::PasswordTooShort);
    }
    if text.len() > PASSWORD_BYTES_MAX {
        return Err(CredentialProblem::PasswordTooLong);
    }
    let first = text.chars().next();
    let repeated = text.chars().all(|c| Some(c) == first);
    if repeated || text.to_lowercase() == name.to_lowercase() {
        return Err(CredentialProblem::PasswordTooSimple);
    }
    Ok(())
}

/// Inserts a user and logs it. The name must be free.
pub(crate) fn insert(
    writer: &Writer<'_>,
    now: Timestamp,
    ids: &dyn Ids,
    user: &User,
    password_hash: Option<&Secret<String>>,
    actor: &str,
) -> Result<(), StoreError> {
    writer.insert_user(user, password_hash)?;
    let event = Event {
        organization: user.organization,
        actor,
        action: action::USER_CREATED,
        object: &user.name,
        detail: user.role.keyword(),
    };
    audit::append(writer, now, ids, &event)
}

impl Access<'_> {
    /// Every user of the organization.
    pub async fn users(self, scope: &Scope) -> Result<Vec<User>, AppError> {
        let scope = scope.clone();
        Ok(self
            .app
            .store
            .read(move |reader| reader.users(&scope))
            .await?)
    }

    /// Creates a user without a password, who comes in through a sign-in link.
    pub async fn create_user(
        self,
        scope: &Scope,
        name: &str,
        role: Role,
    ) -> Result<User, UserChangeError> {
        authorization::require(scope, Capability::ManageUsers)?;
        let (scope, now, ids) = (scope.clone(), self.app.now(), self.app.ids.clone());
        let user = User {
            id: UserId::new(now, &*ids),
            organization: scope.organization(),
            name: check_name(name)?,
            role,
            created_at: now,
            deactivated_at: None,
        };
        let created = self.app.store.write(move |writer| {
            if writer.user_by_name(&user.name)?.is_some() {
                return Ok(Err(CredentialProblem::NameTaken.into()));
            }
            let actor = audit::actor_name(writer, &scope)?;
            insert(writer, now, &*ids, &user, None, &actor)?;
            Ok(Ok(user.clone()))
        });
        created.await.map_err(AppError::from)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_visible_text() {
        assert_eq!(
            check_name("  ada@example.org "),
            Ok("ada@example.org".to_owned())
        );
        let too_long = "a".repeat(NAME_CHARS_MAX + 1);
        for name in ["", "  ", "a\nb", "a\u{202E}b", too_long.as_str()] {
            assert_eq!(check_name(name), Err(CredentialProblem::Name), "{name:?}");
        }
    }

    #[test]
    fn passwords_are_long_and_not_the_name() {
        let check = |text: &str| check_password(&Secret::new(text.to_owned()), "Administrator");
        assert_eq!(check("grün wie Moos"), Ok(()));
        assert_eq!(check("short"), Err(CredentialProblem::PasswordTooShort));
        assert_eq!(
            check(&"ab".repeat(600)),
            Err(CredentialProblem::PasswordTooLong)
        );
        for simple in ["aaaaaaaaaaaa", "administrator"] {
            assert_eq!(check(simple), Err(CredentialProblem::PasswordTooSimple));
        }
    }
}
