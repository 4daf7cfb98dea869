//! Organizations.

use platen_domain::ids::OrganizationId;
use platen_domain::organizations::Organization;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
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

    /// The number of the scope's organization.
    pub(crate) fn organization_no(&self, scope: &Scope) -> Result<OrganizationNo, StoreError> {
        self.number_of(scope.organization())
    }

    fn number_of(&self, organization: OrganizationId) -> Result<OrganizationNo, StoreError> {
        let sql = "SELECT organization_no FROM organizations WHERE id = ?1";
        let number = self.one(sql, params![organization.as_bytes()], |row| row.get(0))?;
        number.ok_or(StoreError::NotFound("organization"))
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
        let sql = "INSERT INTO organizations (id, name, time_zone, created_at)
                   VALUES (?1, ?2, ?3, ?4)";
        let row = params![id.as_bytes(), name, time_zone, created_at.as_millis()];
        let inserted = self.insert(sql, row);
        let organization_no = inserted.map_err(|error| error.conflict("organization"))?;
        let sql = "INSERT INTO counters (organization_no) VALUES (?1)";
        self.execute(sql, params![organization_no])?;
        Ok(())
    }

    /// The number of the scope's organization, which the writer remembers.
    pub(crate) fn organization_no(&self, scope: &Scope) -> Result<OrganizationNo, StoreError> {
        self.number_of(scope.organization())
    }

    /// The number of an organization, for what has no scope.
    pub(crate) fn number_of(
        &self,
        organization: OrganizationId,
    ) -> Result<OrganizationNo, StoreError> {
        if let Some(number) = self.interned.organization(organization) {
            return Ok(number);
        }
        let number = Reader::number_of(self, organization)?;
        self.interned.add_organization(organization, number);
        Ok(number)
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
