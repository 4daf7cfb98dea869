//! Client Applications of the Accounts API.

use platen_domain::clients::ClientRecord;
use platen_domain::clock::Timestamp;
use platen_domain::ids::{ClientId, OrganizationId};
use platen_domain::keys::SecretHash;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

impl Reader<'_> {
    /// The client with this identifier, a dead one included. Unscoped: the client decides the
    /// scope.
    pub fn client(&self, client: ClientId) -> Result<Option<ClientRecord>, StoreError> {
        let sql =
            "SELECT id, organization_id, hash, created_at, created_by, last_used_at, revoked_at
                   FROM client_applications WHERE id = ?1";
        self.one(sql, params![client.as_bytes()], |row| from_row_at(row, 0))
    }

    /// The organization's live client, where there is one.
    pub fn live_client(&self, scope: &Scope) -> Result<Option<ClientRecord>, StoreError> {
        let sql =
            "SELECT id, organization_id, hash, created_at, created_by, last_used_at, revoked_at
                   FROM client_applications WHERE organization_id = ?1 AND revoked_at IS NULL";
        let organization = scope.organization();
        self.one(sql, params![organization.as_bytes()], |row| {
            from_row_at(row, 0)
        })
    }
}

impl Writer<'_> {
    /// Adds a client. [`StoreError::Conflict`] while the organization has a live one.
    pub fn insert_client(&self, scope: &Scope, client: &ClientRecord) -> Result<(), StoreError> {
        if client.organization != scope.organization() {
            return Err(StoreError::OutOfScope("client"));
        }
        self.execute(
            "INSERT INTO client_applications (id, organization_id, hash, created_at, created_by,
                                              last_used_at, revoked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                client.id.as_bytes(),
                client.organization.as_bytes(),
                client.hash.as_bytes(),
                client.created_at.as_millis(),
                client.created_by,
                columns::millis(client.last_used_at),
                columns::millis(client.revoked_at),
            ],
        )
        .map_err(|error| error.conflict("live client"))?;
        Ok(())
    }

    /// Ends a client and, from the next look-up on, every token it was given. Says whether it was
    /// live.
    pub fn revoke_client(
        &self,
        scope: &Scope,
        client: ClientId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE client_applications SET revoked_at = ?3
                   WHERE organization_id = ?1 AND id = ?2 AND revoked_at IS NULL";
        let organization = scope.organization();
        let changed = self.execute(
            sql,
            params![organization.as_bytes(), client.as_bytes(), now.as_millis()],
        )?;
        Ok(changed > 0)
    }

    /// Notes that a client was used; nothing when it is unknown. Unscoped: its secret or a token
    /// was just shown.
    pub fn touch_client(&self, client: ClientId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE client_applications SET last_used_at = ?2
                   WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)";
        self.execute(sql, params![client.as_bytes(), now.as_millis()])?;
        Ok(())
    }
}

/// The client whose columns begin at `first`.
pub(crate) fn from_row_at(row: &Row<'_>, first: usize) -> Result<ClientRecord, StoreError> {
    Ok(ClientRecord {
        id: ClientId::from_bytes(row.get(first)?),
        organization: OrganizationId::from_bytes(row.get(first + 1)?),
        hash: SecretHash::from_bytes(row.get(first + 2)?),
        created_at: columns::time(row, first + 3)?,
        created_by: row.get(first + 4)?,
        last_used_at: columns::time_opt(row, first + 5)?,
        revoked_at: columns::time_opt(row, first + 6)?,
    })
}
