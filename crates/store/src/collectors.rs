//! Collectors: programs that push, each with a credential of its own.

use platen_domain::clock::Timestamp;
use platen_domain::collectors::CollectorRecord;
use platen_domain::ids::{CollectorId, OrganizationId};
use platen_domain::keys::SecretHash;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

impl Reader<'_> {
    /// The collector with this credential, revoked ones included. Unscoped: the credential
    /// decides the scope.
    pub fn collector_by_hash(
        &self,
        hash: &SecretHash,
    ) -> Result<Option<CollectorRecord>, StoreError> {
        let sql = "SELECT id, organization_id, name, hash, enrolled_at, last_seen_at, revoked_at
                   FROM collectors WHERE hash = ?1";
        self.one(sql, params![hash.as_bytes()], from_row)
    }

    /// Every collector of the organization, oldest first, revoked ones included.
    pub fn collectors(&self, scope: &Scope) -> Result<Vec<CollectorRecord>, StoreError> {
        let sql = "SELECT id, organization_id, name, hash, enrolled_at, last_seen_at, revoked_at
                   FROM collectors WHERE organization_id = ?1 ORDER BY id";
        self.all(sql, params![scope.organization().as_bytes()], from_row)
    }
}

impl Writer<'_> {
    /// Adds a collector. [`StoreError::Conflict`] when its identifier or credential exists.
    pub fn insert_collector(
        &self,
        scope: &Scope,
        collector: &CollectorRecord,
    ) -> Result<(), StoreError> {
        if collector.organization != scope.organization() {
            return Err(StoreError::OutOfScope("collector"));
        }
        self.execute(
            "INSERT INTO collectors (id, organization_id, name, hash, enrolled_at, last_seen_at,
                                     revoked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                collector.id.as_bytes(),
                collector.organization.as_bytes(),
                collector.name,
                collector.hash.as_bytes(),
                collector.enrolled_at.as_millis(),
                columns::millis(collector.last_seen_at),
                columns::millis(collector.revoked_at),
            ],
        )
        .map_err(|error| error.conflict("collector"))?;
        Ok(())
    }

    /// Ends a collector's credential, from the next look-up on. A second time keeps the first
    /// time's instant.
    pub fn revoke_collector(
        &self,
        scope: &Scope,
        collector: CollectorId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE collectors SET revoked_at = coalesce(revoked_at, ?3)
                   WHERE organization_id = ?1 AND id = ?2";
        let organization = scope.organization();
        let changed = self.execute(
            sql,
            params![
                organization.as_bytes(),
                collector.as_bytes(),
                now.as_millis()
            ],
        )?;
        if changed == 0 {
            return Err(StoreError::NotFound("collector"));
        }
        Ok(())
    }

    /// Notes that a collector was heard of; nothing when it is unknown. Unscoped: its credential
    /// was just shown.
    pub fn touch_collector(
        &self,
        collector: CollectorId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE collectors SET last_seen_at = ?2
                   WHERE id = ?1 AND (last_seen_at IS NULL OR last_seen_at < ?2)";
        self.execute(sql, params![collector.as_bytes(), now.as_millis()])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<CollectorRecord, StoreError> {
    Ok(CollectorRecord {
        id: CollectorId::from_bytes(row.get(0)?),
        organization: OrganizationId::from_bytes(row.get(1)?),
        name: row.get(2)?,
        hash: SecretHash::from_bytes(row.get(3)?),
        enrolled_at: columns::time(row, 4)?,
        last_seen_at: columns::time_opt(row, 5)?,
        revoked_at: columns::time_opt(row, 6)?,
    })
}
