//! People who may sign in.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{OrganizationId, UserId};
use platen_domain::roles::Role;
use platen_domain::scope::Scope;
use platen_domain::secret::Secret;
use platen_domain::users::User;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

/// A user with what signs them in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCredentials {
    /// The user, deactivated ones included.
    pub user: User,
    /// Argon2id in PHC form; `None` until a password was set.
    pub password_hash: Option<Secret<String>>,
}

impl Reader<'_> {
    /// The user of this name, compared without regard to case. Unscoped: names are unique on the
    /// server, and nobody is signed in yet.
    pub fn user_by_name(&self, name: &str) -> Result<Option<UserCredentials>, StoreError> {
        let sql =
            "SELECT id, organization_id, name, role, created_at, deactivated_at, password_hash
                   FROM users WHERE name_folded = ?1";
        self.one(sql, params![fold(name)], |row| {
            let hash: Option<String> = row.get(6)?;
            Ok(UserCredentials {
                user: from_row(row)?,
                password_hash: hash.map(Secret::new),
            })
        })
    }

    /// Every user of the organization, oldest first, deactivated ones included.
    pub fn users(&self, scope: &Scope) -> Result<Vec<User>, StoreError> {
        let sql = "SELECT id, organization_id, name, role, created_at, deactivated_at
                   FROM users WHERE organization_id = ?1 ORDER BY id";
        self.all(sql, params![scope.organization().as_bytes()], from_row)
    }

    /// Whether the organization has a System Administrator who may sign in. Unscoped: it decides
    /// whether the first one may be set up.
    pub fn administrator_exists(&self, organization: OrganizationId) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE organization_id = ?1 AND role = ?2
                   AND deactivated_at IS NULL)";
        let role = Role::SystemAdministrator.keyword();
        let found = self.one(sql, params![organization.as_bytes(), role], |row| {
            row.get(0)
        })?;
        Ok(found.unwrap_or(false))
    }
}

impl Writer<'_> {
    /// Adds a user. [`StoreError::Conflict`] when the name is taken, whatever its case.
    pub fn insert_user(
        &self,
        user: &User,
        password_hash: Option<&Secret<String>>,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO users (id, organization_id, name, name_folded, role, password_hash,
                                created_at, deactivated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                user.id.as_bytes(),
                user.organization.as_bytes(),
                user.name,
                fold(&user.name),
                user.role.keyword(),
                password_hash.map(Secret::expose),
                user.created_at.as_millis(),
                columns::millis(user.deactivated_at),
            ],
        )
        .map_err(|error| error.conflict("user name"))?;
        Ok(())
    }

    /// Replaces a user's password hash (Argon2id in PHC form).
    pub fn set_password(
        &self,
        scope: &Scope,
        user: UserId,
        password_hash: &Secret<String>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE users SET password_hash = ?3 WHERE organization_id = ?1 AND id = ?2";
        let organization = scope.organization();
        let changed = self.execute(
            sql,
            params![
                organization.as_bytes(),
                user.as_bytes(),
                password_hash.expose()
            ],
        )?;
        found_one(changed)
    }

    /// Ends a user's right to sign in, and every session of theirs. A second time keeps the
    /// first time's instant.
    pub fn deactivate_user(
        &self,
        scope: &Scope,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE users SET deactivated_at = coalesce(deactivated_at, ?3)
                   WHERE organization_id = ?1 AND id = ?2";
        let organization = scope.organization();
        let changed = self.execute(
            sql,
            params![organization.as_bytes(), user.as_bytes(), now.as_millis()],
        )?;
        found_one(changed)?;
        self.delete_user_sessions(user)?;
        Ok(())
    }
}

fn found_one(changed: u64) -> Result<(), StoreError> {
    if changed == 0 {
        return Err(StoreError::NotFound("user"));
    }
    Ok(())
}

/// Names that differ only in case are one name.
fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// Reads `id, organization_id, name, role, created_at, deactivated_at`.
fn from_row(row: &Row<'_>) -> Result<User, StoreError> {
    from_row_at(row, 0)
}

/// As [`from_row`], the columns beginning at `first`.
pub(crate) fn from_row_at(row: &Row<'_>, first: usize) -> Result<User, StoreError> {
    Ok(User {
        id: UserId::from_bytes(row.get(first)?),
        organization: OrganizationId::from_bytes(row.get(first + 1)?),
        name: row.get(first + 2)?,
        role: columns::word(row, first + 3, |text| text.parse().ok())?,
        created_at: columns::time(row, first + 4)?,
        deactivated_at: columns::time_opt(row, first + 5)?,
    })
}
