//! Access tokens, as hashes.

use platen_domain::clients::{AccessTokenRecord, ClientRecord};
use platen_domain::clock::Timestamp;
use platen_domain::ids::ClientId;
use platen_domain::keys::SecretHash;

use crate::access::{Reader, Writer};
use crate::clients;
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

/// Expired tokens forgotten by one call, so that no clearing away keeps other writes waiting long.
pub const FORGET_TOKENS_MAX: u32 = 1_000;

impl Reader<'_> {
    /// The token with this hash and the client it was issued to, whether either is over or not.
    /// Unscoped: the token decides the scope.
    pub fn access_token(
        &self,
        hash: &SecretHash,
    ) -> Result<Option<(AccessTokenRecord, ClientRecord)>, StoreError> {
        let sql = "SELECT t.hash, t.client_id, t.scopes, t.issued_at, t.expires_at,
                          c.id, c.organization_id, c.hash, c.created_at, c.created_by,
                          c.last_used_at, c.revoked_at
                   FROM access_tokens t JOIN client_applications c ON c.id = t.client_id
                   WHERE t.hash = ?1";
        self.one(sql, params![hash.as_bytes()], |row| {
            Ok((from_row(row)?, clients::from_row_at(row, 5)?))
        })
    }
}

impl Writer<'_> {
    /// Adds a token. Unscoped: its client's secret was just shown.
    pub fn insert_access_token(&self, token: &AccessTokenRecord) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO access_tokens (hash, client_id, scopes, issued_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                token.hash.as_bytes(),
                token.client.as_bytes(),
                token.scopes.to_string(),
                token.issued_at.as_millis(),
                token.expires_at.as_millis(),
            ],
        )
        .map_err(|error| error.conflict("access token"))?;
        Ok(())
    }

    /// Ends a token of `client`, from the next look-up on; nothing when it is gone or another
    /// client's. Unscoped: the client's secret was just shown.
    pub fn delete_access_token(
        &self,
        client: ClientId,
        hash: &SecretHash,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM access_tokens WHERE hash = ?1 AND client_id = ?2";
        self.execute(sql, params![hash.as_bytes(), client.as_bytes()])?;
        Ok(())
    }

    /// Forgets tokens that expired, the oldest first and at most [`FORGET_TOKENS_MAX`] of them,
    /// and returns how many there were.
    pub fn forget_access_tokens(&self, now: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM access_tokens WHERE hash IN (
                       SELECT hash FROM access_tokens
                       WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";
        self.execute(sql, params![now.as_millis(), FORGET_TOKENS_MAX])
    }
}

fn from_row(row: &Row<'_>) -> Result<AccessTokenRecord, StoreError> {
    Ok(AccessTokenRecord {
        hash: SecretHash::from_bytes(row.get(0)?),
        client: ClientId::from_bytes(row.get(1)?),
        scopes: columns::word(row, 2, |text| text.parse().ok())?,
        issued_at: columns::time(row, 3)?,
        expires_at: columns::time(row, 4)?,
    })
}
