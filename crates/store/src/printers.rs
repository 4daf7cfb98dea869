//! Printers as print systems name them, and the polled devices behind.

use std::sync::Arc;

use platen_domain::devices::normalize_serial;
use platen_domain::ids::DeviceId;
use platen_domain::print_jobs::PrintRecord;
use platen_domain::print_rows::{PrinterNames, PrinterNo};
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::counters::Counter;
use crate::error::StoreError;
use crate::interned::Printer;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};
use crate::sqlite::hot::DEVICES_WITH_SERIAL;

/// What a source says of a printer; '' is not stated.
struct Stated<'a> {
    queue: &'a str,
    address: String,
    serial: &'a str,
    uuid: &'a str,
}

impl<'a> Stated<'a> {
    fn of(record: &'a PrintRecord) -> Self {
        let hint = &record.printer;
        Self {
            queue: record.queue.as_deref().unwrap_or_default(),
            address: hint.address.map(|a| a.to_string()).unwrap_or_default(),
            serial: hint.serial.as_deref().unwrap_or_default(),
            uuid: hint.uuid.as_deref().unwrap_or_default(),
        }
    }

    /// One text for all of it. Control characters never reach the parts.
    fn key(&self) -> String {
        let Self {
            queue,
            address,
            serial,
            uuid,
        } = self;
        format!("{queue}\n{address}\n{serial}\n{uuid}")
    }
}

impl Reader<'_> {
    /// The texts of a printer.
    pub(crate) fn printer_names(
        &self,
        organization_no: OrganizationNo,
        printer_no: PrinterNo,
    ) -> Result<Option<PrinterNames>, StoreError> {
        let sql = "SELECT s.source, p.queue, p.serial, d.id, d.serial, d.manufacturer, d.model,
                          d.name, d.site, d.location
                   FROM printers p
                   JOIN print_sources s ON s.organization_no = p.organization_no
                       AND s.source_no = p.source_no
                   LEFT JOIN devices d ON d.organization_no = ?1 AND d.device_no = p.device_no
                   WHERE p.organization_no = ?1 AND p.printer_no = ?2";
        self.one(sql, params![organization_no, printer_no], names_from_row)
    }

    /// The device that a source seems to speak of: by serial number, UUID or address.
    fn device_behind(
        &self,
        organization_no: OrganizationNo,
        stated: &Stated<'_>,
    ) -> Result<Option<i64>, StoreError> {
        let found = |kind: &str, value: &str| {
            self.one(
                "SELECT c.device_no FROM device_claims c
                 WHERE c.organization_no = ?1 AND c.kind = ?2 AND c.value = ?3",
                params![organization_no, kind, value],
                |row| row.get(0),
            )
        };
        if let Some(serial) = normalize_serial(stated.serial)
            && let Some(device_no) = self.device_with_serial(organization_no, &serial)?
        {
            return Ok(Some(device_no));
        }
        if !stated.uuid.is_empty()
            && let Some(device_no) = found("uuid", stated.uuid)?
        {
            return Ok(Some(device_no));
        }
        if stated.address.is_empty() {
            return Ok(None);
        }
        found("address", &stated.address)
    }

    /// A print system states a serial number without its maker: it counts where only one
    /// device has it.
    fn device_with_serial(
        &self,
        organization_no: OrganizationNo,
        serial: &str,
    ) -> Result<Option<i64>, StoreError> {
        let serial = params![organization_no, serial];
        let devices: Vec<i64> = self.all(DEVICES_WITH_SERIAL, serial, |row| row.get(0))?;
        Ok(match devices.as_slice() {
            [device_no] => Some(*device_no),
            _ => None,
        })
    }
}

impl Writer<'_> {
    /// The printer that a record speaks of; a new one where it was never met.
    pub(crate) fn intern_printer(
        &self,
        organization_no: OrganizationNo,
        source_no: i64,
        record: &PrintRecord,
    ) -> Result<Arc<Printer>, StoreError> {
        let stated = Stated::of(record);
        let key = stated.key();
        let source = (organization_no, source_no);
        if let Some(printer) = self.interned.printer(source, &key) {
            return Ok(printer);
        }
        let found = self.one(
            "SELECT printer_no FROM printers
             WHERE organization_no = ?1 AND source_no = ?2 AND queue = ?3 AND address = ?4
               AND serial = ?5 AND uuid = ?6",
            params![
                organization_no,
                source_no,
                stated.queue,
                stated.address,
                stated.serial,
                stated.uuid
            ],
            |row| row.get(0),
        )?;
        let printer_no = match found {
            Some(printer_no) => printer_no,
            None => self.insert_printer(organization_no, source_no, &stated)?,
        };
        let printer = Arc::new(self.printer(organization_no, printer_no)?);
        self.interned
            .add_printer(source, &key, Arc::clone(&printer));
        Ok(printer)
    }

    fn insert_printer(
        &self,
        organization_no: OrganizationNo,
        source_no: i64,
        stated: &Stated<'_>,
    ) -> Result<PrinterNo, StoreError> {
        let device_no = self.device_behind(organization_no, stated)?;
        let printer_no = self.next_no(organization_no, Counter::Printer)?;
        self.execute(
            "INSERT INTO printers (organization_no, printer_no, source_no, queue, address, serial,
                                   uuid, device_no, month_printer_no)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
            params![
                organization_no,
                printer_no,
                source_no,
                stated.queue,
                stated.address,
                stated.serial,
                stated.uuid,
                device_no
            ],
        )?;
        self.execute(
            "UPDATE printers SET month_printer_no = coalesce(
                 (SELECT min(p.printer_no) FROM printers p
                  WHERE p.organization_no = ?1 AND p.device_no = ?3), printer_no)
             WHERE organization_no = ?1 AND printer_no = ?2",
            params![organization_no, printer_no, device_no],
        )?;
        u32::try_from(printer_no).map_err(|_full| StoreError::Full("printers"))
    }

    /// A printer by its number.
    pub(crate) fn printer(
        &self,
        organization_no: OrganizationNo,
        printer_no: PrinterNo,
    ) -> Result<Printer, StoreError> {
        let sql = "SELECT p.month_printer_no, d.id, d.model FROM printers p
                   LEFT JOIN devices d ON d.organization_no = ?1 AND d.device_no = p.device_no
                   WHERE p.organization_no = ?1 AND p.printer_no = ?2";
        let found = self.one(sql, params![organization_no, printer_no], |row| {
            let device: Option<[u8; 16]> = row.get(1)?;
            Ok(Printer {
                number: printer_no,
                sums_under: row.get(0)?,
                device: device.map(DeviceId::from_bytes),
                model: row.get(2)?,
            })
        })?;
        found.ok_or(StoreError::NotFound("printer"))
    }

    /// Looks for the devices behind printers that had none yet, since a print system may be read
    /// before its printers are polled, and returns how many were found. Their jobs read
    /// differently from then on: blocks of the organization are unsealed, monthly figures move
    /// together where two queues turn out to be one device.
    pub fn link_printers(&self, scope: &Scope) -> Result<u64, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let unlinked: Vec<(PrinterNo, [String; 4])> = self.all(
            "SELECT p.printer_no, p.queue, p.address, p.serial, p.uuid FROM printers p
             WHERE p.organization_no = ?1 AND p.device_no IS NULL
               AND (p.address <> '' OR p.serial <> '' OR p.uuid <> '')",
            params![organization_no],
            |row| {
                Ok((
                    row.get(0)?,
                    [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
                ))
            },
        )?;
        let mut linked = 0;
        for (printer_no, [queue, address, serial, uuid]) in unlinked {
            let stated = Stated {
                queue: &queue,
                address,
                serial: &serial,
                uuid: &uuid,
            };
            if let Some(device_no) = self.device_behind(organization_no, &stated)? {
                self.link_printer(organization_no, printer_no, device_no)?;
                linked += 1;
            }
        }
        if linked > 0 {
            self.printers_rewritten(organization_no)?;
        }
        Ok(linked)
    }

    fn link_printer(
        &self,
        organization_no: OrganizationNo,
        printer_no: PrinterNo,
        device_no: i64,
    ) -> Result<(), StoreError> {
        let first: Option<PrinterNo> = self
            .one(
                "SELECT min(printer_no) FROM printers
                 WHERE organization_no = ?1 AND device_no = ?2",
                params![organization_no, device_no],
                |row| row.get(0),
            )?
            .flatten();
        let month_printer_no = first.unwrap_or(printer_no);
        self.execute(
            "UPDATE printers SET device_no = ?3, month_printer_no = ?4
             WHERE organization_no = ?1 AND printer_no = ?2",
            params![organization_no, printer_no, device_no, month_printer_no],
        )?;
        self.move_months(organization_no, printer_no, month_printer_no)
    }
}

fn names_from_row(row: &Row<'_>) -> Result<PrinterNames, StoreError> {
    let device: Option<[u8; 16]> = row.get(3)?;
    let stated: String = row.get(2)?;
    let own: Option<String> = row.get(4)?;
    let site: Option<String> = row.get(8)?;
    let levels = site.map(|site| {
        let levels: Vec<&str> = site.split_terminator('\n').collect();
        levels.join(" / ")
    });
    let location: Option<String> = row.get(9)?;
    let stated_text = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(PrinterNames {
        source: row.get(0)?,
        queue: stated_text(row.get(1)?),
        device: device.map(DeviceId::from_bytes),
        serial: own.or_else(|| stated_text(stated)),
        manufacturer: row.get(5)?,
        model: row.get(6)?,
        name: row.get(7)?,
        location: levels.and_then(stated_text).or(location),
    })
}
