//! Sessions of the console.

use platen_domain::clock::Timestamp;
use platen_domain::ids::UserId;
use platen_domain::keys::SecretHash;
use platen_domain::users::User;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};
use crate::users;

/// What is kept of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// SHA-256 of its secret.
    pub hash: SecretHash,
    /// Who signed in.
    pub user: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// First instant at which it is dead.
    pub expires_at: Timestamp,
}

impl Reader<'_> {
    /// The session with this secret and its user, expired ones included. Unscoped: the session
    /// decides the scope.
    pub fn session(&self, hash: &SecretHash) -> Result<Option<(SessionRecord, User)>, StoreError> {
        let sql = "SELECT s.hash, s.user_id, s.created_at, s.last_seen_at, s.expires_at,
                          u.id, u.organization_id, u.name, u.role, u.created_at, u.deactivated_at
                   FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.hash = ?1";
        self.one(sql, params![hash.as_bytes()], |row| {
            Ok((from_row(row)?, users::from_row_at(row, 5)?))
        })
    }
}

impl Writer<'_> {
    /// Adds a session.
    pub fn insert_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO sessions (hash, user_id, created_at, last_seen_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                session.hash.as_bytes(),
                session.user.as_bytes(),
                session.created_at.as_millis(),
                session.last_seen_at.as_millis(),
                session.expires_at.as_millis(),
            ],
        )
        .map_err(|error| error.conflict("session"))?;
        Ok(())
    }

    /// Notes that a session was used; nothing when it is gone.
    pub fn touch_session(&self, hash: &SecretHash, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET last_seen_at = ?2 WHERE hash = ?1 AND last_seen_at < ?2";
        self.execute(sql, params![hash.as_bytes(), now.as_millis()])?;
        Ok(())
    }

    /// Ends a session; nothing when it is gone.
    pub fn delete_session(&self, hash: &SecretHash) -> Result<(), StoreError> {
        self.execute(
            "DELETE FROM sessions WHERE hash = ?1",
            params![hash.as_bytes()],
        )?;
        Ok(())
    }

    /// Ends every session of a user and returns how many there were.
    pub fn delete_user_sessions(&self, user: UserId) -> Result<u64, StoreError> {
        self.execute(
            "DELETE FROM sessions WHERE user_id = ?1",
            params![user.as_bytes()],
        )
    }

    /// Forgets sessions that expired and returns how many there were.
    pub fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM sessions WHERE expires_at <= ?1";
        self.execute(sql, params![now.as_millis()])
    }
}

fn from_row(row: &Row<'_>) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        hash: SecretHash::from_bytes(row.get(0)?),
        user: UserId::from_bytes(row.get(1)?),
        created_at: columns::time(row, 2)?,
        last_seen_at: columns::time(row, 3)?,
        expires_at: columns::time(row, 4)?,
    })
}
