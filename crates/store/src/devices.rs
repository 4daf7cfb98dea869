//! Devices: what they last stated of themselves.

use platen_domain::clock::Timestamp;
use platen_domain::devices::{Device, Identity, Lifecycle};
use platen_domain::ids::{DeviceId, OrganizationId};
use platen_domain::scope::Scope;

use crate::access::Writer;
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

impl Writer<'_> {
    /// Adds a device in service and returns its number.
    pub(crate) fn insert_device(
        &self,
        scope: &Scope,
        id: DeviceId,
        at: Timestamp,
        identity: &Identity,
    ) -> Result<i64, StoreError> {
        self.insert(
            "INSERT INTO devices (id, organization_id, lifecycle, first_seen_at, manufacturer,
                                  model, serial, mac, name, location, contact, firmware,
                                  description, system_object_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                id.as_bytes(),
                scope.organization().as_bytes(),
                Lifecycle::InService.keyword(),
                at.as_millis(),
                identity.manufacturer,
                identity.model,
                identity.serial,
                identity.mac,
                identity.name,
                identity.location,
                identity.contact,
                identity.firmware,
                identity.description,
                identity.system_object_id,
            ],
        )
    }

    /// Takes over what a device states now. What it does not state this time stays: printers
    /// that sleep tell less.
    pub(crate) fn update_identity(
        &self,
        device_no: i64,
        identity: &Identity,
    ) -> Result<(), StoreError> {
        let printed = self.print_reports_that_name(device_no, identity)?;
        self.execute(
            "UPDATE devices SET manufacturer = coalesce(?2, manufacturer),
                    model = coalesce(?3, model), serial = coalesce(?4, serial),
                    mac = coalesce(?5, mac), name = coalesce(?6, name),
                    location = coalesce(?7, location), contact = coalesce(?8, contact),
                    firmware = coalesce(?9, firmware), description = coalesce(?10, description),
                    system_object_id = coalesce(?11, system_object_id)
             WHERE device_no = ?1",
            params![
                device_no,
                identity.manufacturer,
                identity.model,
                identity.serial,
                identity.mac,
                identity.name,
                identity.location,
                identity.contact,
                identity.firmware,
                identity.description,
                identity.system_object_id,
            ],
        )?;
        printed.map_or(Ok(()), |organization_no| {
            self.printers_rewritten(organization_no)
        })
    }

    /// Whose print reports show the device as another than it states it is. A place that changed
    /// is no such thing: jobs keep the place they were sealed with, and fleets move all the time.
    fn print_reports_that_name(
        &self,
        device_no: i64,
        identity: &Identity,
    ) -> Result<Option<OrganizationNo>, StoreError> {
        let sql = "SELECT s.organization_no FROM devices d
                   JOIN printers p ON p.device_no = d.device_no
                   JOIN print_sources s ON s.source_no = p.source_no
                   WHERE d.device_no = ?1
                     AND (d.manufacturer IS DISTINCT FROM coalesce(?2, d.manufacturer)
                          OR d.model IS DISTINCT FROM coalesce(?3, d.model)
                          OR d.serial IS DISTINCT FROM coalesce(?4, d.serial))
                   LIMIT 1";
        let stated = params![
            device_no,
            identity.manufacturer,
            identity.model,
            identity.serial
        ];
        self.one(sql, stated, |row| row.get(0))
    }

    pub(crate) fn set_lifecycle(
        &self,
        device_no: i64,
        lifecycle: Lifecycle,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE devices SET lifecycle = ?2 WHERE device_no = ?1";
        self.execute(sql, params![device_no, lifecycle.keyword()])?;
        Ok(())
    }
}

/// Columns that [`from_row`] reads, of `devices d` and `device_latest l`.
macro_rules! device_columns {
    () => {
        "d.id, d.organization_id, d.lifecycle, d.first_seen_at, d.manufacturer, d.model,
         d.serial, d.mac, d.name, d.location, d.contact, d.firmware, d.description,
         d.system_object_id, d.asset_number, d.department, d.site,
         l.color, l.address, l.last_seen_at"
    };
}
pub(crate) use device_columns;

/// How many columns [`from_row`] reads.
pub(crate) const DEVICE_COLUMNS: usize = 20;

/// Reads [`device_columns`] from the first column on.
pub(crate) fn from_row(row: &Row<'_>) -> Result<Device, StoreError> {
    Ok(Device {
        id: DeviceId::from_bytes(row.get(0)?),
        organization: OrganizationId::from_bytes(row.get(1)?),
        lifecycle: columns::word(row, 2, lifecycle)?,
        first_seen_at: columns::time(row, 3)?,
        identity: Identity {
            manufacturer: row.get(4)?,
            model: row.get(5)?,
            serial: row.get(6)?,
            mac: row.get(7)?,
            uuid: None,
            name: row.get(8)?,
            location: row.get(9)?,
            contact: row.get(10)?,
            firmware: row.get(11)?,
            description: row.get(12)?,
            system_object_id: row.get(13)?,
            color: row.get(17)?,
        },
        asset_number: row.get(14)?,
        department: columns::lines(row, 15)?,
        location: columns::lines(row, 16)?,
        address: columns::address(row, 18)?,
        last_seen_at: columns::time(row, 19)?,
    })
}

fn lifecycle(keyword: &str) -> Option<Lifecycle> {
    [Lifecycle::InService, Lifecycle::OutOfService]
        .into_iter()
        .find(|lifecycle| lifecycle.keyword() == keyword)
}
