//! Devices: what they last stated of themselves.

use platen_domain::clock::Timestamp;
use platen_domain::devices::{Device, Identity, Lifecycle};
use platen_domain::ids::{DeviceId, OrganizationId};

use crate::access::Writer;
use crate::columns;
use crate::counters::Counter;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

impl Writer<'_> {
    /// Adds a device in service and returns its number.
    pub(crate) fn insert_device(
        &self,
        organization_no: OrganizationNo,
        id: DeviceId,
        at: Timestamp,
        identity: &Identity,
    ) -> Result<i64, StoreError> {
        let device_no = self.next_no(organization_no, Counter::Device)?;
        self.execute(
            "INSERT INTO devices (organization_no, device_no, id, lifecycle, first_seen_at, manufacturer,
                                  model, serial, mac, name, location, contact, firmware,
                                  description, system_object_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params![
                organization_no,
                device_no,
                id.as_bytes(),
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
        )?;
        Ok(device_no)
    }

    /// Takes over what a device states now. What it does not state this time stays: printers
    /// that sleep tell less.
    pub(crate) fn update_identity(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
        identity: &Identity,
    ) -> Result<(), StoreError> {
        let printed = self.is_named_otherwise(organization_no, device_no, identity)?;
        self.execute(
            "UPDATE devices SET manufacturer = coalesce(?3, manufacturer),
                    model = coalesce(?4, model), serial = coalesce(?5, serial),
                    mac = coalesce(?6, mac), name = coalesce(?7, name),
                    location = coalesce(?8, location), contact = coalesce(?9, contact),
                    firmware = coalesce(?10, firmware), description = coalesce(?11, description),
                    system_object_id = coalesce(?12, system_object_id)
             WHERE organization_no = ?1 AND device_no = ?2",
            params![
                organization_no,
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
        if printed {
            self.printers_rewritten(organization_no)?;
        }
        Ok(())
    }

    /// Whether print reports show the device as another than it states it is. A place that changed
    /// is no such thing: jobs keep the place they were sealed with, and fleets move all the time.
    fn is_named_otherwise(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
        identity: &Identity,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM devices d
                   JOIN printers p ON p.organization_no = d.organization_no
                     AND p.device_no = d.device_no
                   WHERE d.organization_no = ?1 AND d.device_no = ?2
                     AND (d.manufacturer IS DISTINCT FROM coalesce(?3, d.manufacturer)
                          OR d.model IS DISTINCT FROM coalesce(?4, d.model)
                          OR d.serial IS DISTINCT FROM coalesce(?5, d.serial))
                   LIMIT 1";
        let stated = params![
            organization_no,
            device_no,
            identity.manufacturer,
            identity.model,
            identity.serial
        ];
        Ok(self.one(sql, stated, |_| Ok(()))?.is_some())
    }

    pub(crate) fn set_lifecycle(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
        lifecycle: Lifecycle,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE devices SET lifecycle = ?3
                   WHERE organization_no = ?1 AND device_no = ?2";
        self.execute(
            sql,
            params![organization_no, device_no, lifecycle.keyword()],
        )?;
        Ok(())
    }
}

/// Columns that [`from_row`] reads, of `devices d` and `device_latest l`.
macro_rules! device_columns {
    () => {
        "d.id, d.lifecycle, d.first_seen_at, d.manufacturer, d.model,
         d.serial, d.mac, d.name, d.location, d.contact, d.firmware, d.description,
         d.system_object_id, d.asset_number, d.department, d.site,
         l.color, l.address, l.last_seen_at"
    };
}
pub(crate) use device_columns;

/// How many columns [`from_row`] reads.
pub(crate) const DEVICE_COLUMNS: usize = 19;

/// Reads [`device_columns`] of a device of `organization` from the first column on.
pub(crate) fn from_row(row: &Row<'_>, organization: OrganizationId) -> Result<Device, StoreError> {
    Ok(Device {
        id: DeviceId::from_bytes(row.get(0)?),
        organization,
        lifecycle: columns::word(row, 1, lifecycle)?,
        first_seen_at: columns::time(row, 2)?,
        identity: Identity {
            manufacturer: row.get(3)?,
            model: row.get(4)?,
            serial: row.get(5)?,
            mac: row.get(6)?,
            uuid: None,
            name: row.get(7)?,
            location: row.get(8)?,
            contact: row.get(9)?,
            firmware: row.get(10)?,
            description: row.get(11)?,
            system_object_id: row.get(12)?,
            color: row.get(16)?,
        },
        asset_number: row.get(13)?,
        department: columns::lines(row, 14)?,
        location: columns::lines(row, 15)?,
        address: columns::address(row, 17)?,
        last_seen_at: columns::time(row, 18)?,
    })
}

fn lifecycle(keyword: &str) -> Option<Lifecycle> {
    [Lifecycle::InService, Lifecycle::OutOfService]
        .into_iter()
        .find(|lifecycle| lifecycle.keyword() == keyword)
}
