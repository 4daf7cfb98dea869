//! The audit log: who changed what, when.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{AuditId, OrganizationId};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

/// One change. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its identifier.
    pub id: AuditId,
    /// The organization it concerns.
    pub organization: OrganizationId,
    /// When.
    pub at: Timestamp,
    /// Who, in words such as `user alice` or `key 3f2a91c0`.
    pub actor: String,
    /// What, such as `key.revoke`.
    pub action: String,
    /// To what, such as `meters`.
    pub object: String,
    /// More, for people.
    pub detail: String,
}

impl Reader<'_> {
    /// The organization's newest `limit` entries, newest first.
    pub fn audit(&self, scope: &Scope, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let sql = "SELECT id, organization_id, at, actor, action, object, detail FROM audit
                   WHERE organization_id = ?1 ORDER BY audit_no DESC LIMIT ?2";
        self.all(
            sql,
            params![scope.organization().as_bytes(), limit],
            from_row,
        )
    }
}

impl Writer<'_> {
    /// Appends an entry; entries never change. Unscoped: a refused sign-in has no scope.
    pub fn append_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO audit (id, organization_id, at, actor, action, object, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                entry.id.as_bytes(),
                entry.organization.as_bytes(),
                entry.at.as_millis(),
                entry.actor,
                entry.action,
                entry.object,
                entry.detail,
            ],
        )
        .map_err(|error| error.conflict("audit entry"))?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        id: AuditId::from_bytes(row.get(0)?),
        organization: OrganizationId::from_bytes(row.get(1)?),
        at: columns::time(row, 2)?,
        actor: row.get(3)?,
        action: row.get(4)?,
        object: row.get(5)?,
        detail: row.get(6)?,
    })
}
