//! The fleet as a whole.

use platen_domain::devices::Lifecycle;
use platen_domain::ids::DeviceId;
use platen_domain::scope::Scope;

use crate::access::Reader;
use crate::columns;
use crate::error::StoreError;
use crate::session::params;

impl Reader<'_> {
    /// A number that grows with every change the fleet's reports can show.
    pub fn fleet_version(&self, scope: &Scope) -> Result<u64, StoreError> {
        let sql = "SELECT fleet_version FROM counters WHERE organization_no = ?1";
        let version = self.one(sql, params![self.organization_no(scope)?], |row| {
            columns::count(row, 0)
        })?;
        version.ok_or(StoreError::NotFound("organization"))
    }

    /// How many devices are in service.
    pub fn device_count(&self, scope: &Scope) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM devices WHERE organization_no = ?1 AND lifecycle = ?2";
        let organization_no = self.organization_no(scope)?;
        let in_service = Lifecycle::InService.keyword();
        let count = self.one(sql, params![organization_no, in_service], |row| {
            columns::count(row, 0)
        })?;
        Ok(count.unwrap_or(0))
    }

    /// The device in service at this place in the order of identifiers, from 0.
    pub fn device_at(&self, scope: &Scope, place: u32) -> Result<Option<DeviceId>, StoreError> {
        let sql = "SELECT id FROM devices WHERE organization_no = ?1 AND lifecycle = ?2
                   ORDER BY id LIMIT 1 OFFSET ?3";
        let in_service = Lifecycle::InService.keyword();
        let params = params![self.organization_no(scope)?, in_service, place];
        self.one(sql, params, |row| Ok(DeviceId::from_bytes(row.get(0)?)))
    }
}
