//! The audit log: who changed what, when.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{AuditId, OrganizationId};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::counters::Counter;
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
        let sql = "SELECT id, at, actor, action, object, detail FROM audit
                   WHERE organization_no = ?1 ORDER BY audit_no DESC LIMIT ?2";
        let organization_no = self.organization_no(scope)?;
        self.all(sql, params![organization_no, limit], |row| {
            from_row(scope.organization(), row)
        })
    }
}

impl Writer<'_> {
    /// Appends an entry; entries never change. Unscoped: a refused sign-in has no scope.
    pub fn append_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let organization_no = self.number_of(entry.organization)?;
        let audit_no = self.next_no(organization_no, Counter::Audit)?;
        self.execute(
            "INSERT INTO audit (organization_no, audit_no, id, at, actor, action, object, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                organization_no,
                audit_no,
                entry.id.as_bytes(),
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

fn from_row(organization: OrganizationId, row: &Row<'_>) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        id: AuditId::from_bytes(row.get(0)?),
        organization,
        at: columns::time(row, 1)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        object: row.get(4)?,
        detail: row.get(5)?,
    })
}
