//! Organizations.

use platen_domain::ids::OrganizationId;
use platen_domain::organizations::Organization;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

impl Reader<'_> {
    /// Every organization on the server, oldest first. Unscoped: for the command line and the
    /// collector.
    pub fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        let sql = "SELECT id, name, time_zone, created_at FROM organizations ORDER BY id";
        self.all(sql, params![], from_row)
    }

    /// The organization of the scope.
    pub fn organization(&self, scope: &Scope) -> Result<Organization, StoreError> {
        let sql = "SELECT id, name, time_zone, created_at FROM organizations WHERE id = ?1";
        let found = self.one(sql, params![scope.organization().as_bytes()], from_row)?;
        found.ok_or(StoreError::NotFound("organization"))
    }
}

impl Writer<'_> {
    /// Adds an organization. [`StoreError::Conflict`] when its identifier exists.
    pub fn insert_organization(&self, organization: &Organization) -> Result<(), StoreError> {
        let Organization {
            id,
            name,
            time_zone,
            created_at,
        } = organization;
        self.execute(
            "INSERT INTO organizations (id, name, time_zone, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![id.as_bytes(), name, time_zone, created_at.as_millis()],
        )
        .map_err(|error| error.conflict("organization"))?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> Result<Organization, StoreError> {
    Ok(Organization {
        id: OrganizationId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        time_zone: row.get(2)?,
        created_at: columns::time(row, 3)?,
    })
}
