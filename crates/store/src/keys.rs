//! Authorization Keys.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{KeyId, OrganizationId};
use platen_domain::keys::{KeyRecord, SecretHash};
use platen_domain::report_apis::ReportApi;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

impl Reader<'_> {
    /// The key with this hash, dead ones included. Unscoped: the key decides the scope.
    pub fn key_by_hash(&self, hash: &SecretHash) -> Result<Option<KeyRecord>, StoreError> {
        let sql = "SELECT id, organization_id, api, hash, prefix, created_at, created_by,
                          last_used_at, revoked_at
                   FROM api_keys WHERE hash = ?1";
        self.one(sql, params![hash.as_bytes()], from_row)
    }

    /// The organization's live keys, at most one an API.
    pub fn live_keys(&self, scope: &Scope) -> Result<Vec<KeyRecord>, StoreError> {
        let sql = "SELECT id, organization_id, api, hash, prefix, created_at, created_by,
                          last_used_at, revoked_at
                   FROM api_keys WHERE organization_id = ?1 AND revoked_at IS NULL ORDER BY id";
        self.all(sql, params![scope.organization().as_bytes()], from_row)
    }
}

impl Writer<'_> {
    /// Adds a key. [`StoreError::Conflict`] while a live one opens the same API.
    pub fn insert_key(&self, scope: &Scope, key: &KeyRecord) -> Result<(), StoreError> {
        if key.organization != scope.organization() {
            return Err(StoreError::OutOfScope("key"));
        }
        self.execute(
            "INSERT INTO api_keys (id, organization_id, api, hash, prefix, created_at, created_by,
                                   last_used_at, revoked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                key.id.as_bytes(),
                key.organization.as_bytes(),
                key.api.keyword(),
                key.hash.as_bytes(),
                key.prefix,
                key.created_at.as_millis(),
                key.created_by,
                columns::millis(key.last_used_at),
                columns::millis(key.revoked_at),
            ],
        )
        .map_err(|error| error.conflict("live key of this API"))?;
        Ok(())
    }

    /// Ends every live key of an API, from the next look-up on, and returns how many there were.
    pub fn revoke_live_keys(
        &self,
        scope: &Scope,
        api: ReportApi,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = "UPDATE api_keys SET revoked_at = ?3
                   WHERE organization_id = ?1 AND api = ?2 AND revoked_at IS NULL";
        let organization = scope.organization();
        self.execute(
            sql,
            params![organization.as_bytes(), api.keyword(), now.as_millis()],
        )
    }

    /// Notes that a key was used; nothing when it is unknown. Unscoped: the key was just shown.
    pub fn touch_key(&self, key: KeyId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE api_keys SET last_used_at = ?2
                   WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";
        self.execute(sql, params![key.as_bytes(), now.as_millis()])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<KeyRecord, StoreError> {
    Ok(KeyRecord {
        id: KeyId::from_bytes(row.get(0)?),
        organization: OrganizationId::from_bytes(row.get(1)?),
        api: columns::word(row, 2, |text| text.parse().ok())?,
        hash: SecretHash::from_bytes(row.get(3)?),
        prefix: row.get(4)?,
        created_at: columns::time(row, 5)?,
        created_by: row.get(6)?,
        last_used_at: columns::time_opt(row, 7)?,
        revoked_at: columns::time_opt(row, 8)?,
    })
}
