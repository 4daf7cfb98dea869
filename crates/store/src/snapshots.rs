//! Snapshots: what is known of each device now, a page at a time.

use std::collections::HashMap;

use platen_domain::devices::Lifecycle;
use platen_domain::findings::FINDING_SHOWN_FOR;
use platen_domain::ids::{DeviceId, OrganizationId};
use platen_domain::meters::{MeterKey, MeterValue};
use platen_domain::readings::{ProfileRef, Transport};
use platen_domain::scope::Scope;
use platen_domain::snapshots::{DeviceSnapshot, OpenAlert, StatusSnapshot};
use platen_domain::status::{DetectedErrors, DeviceState};

use crate::access::Reader;
use crate::alerts::{self, ALERT_COLUMNS, alert_columns};
use crate::columns;
use crate::devices::{self, DEVICE_COLUMNS, device_columns};
use crate::error::StoreError;
use crate::findings::{self, finding_columns};
use crate::session::{Row, params};
use crate::supplies::{self, SUPPLY_COLUMNS, supply_columns};

/// Which parts of a snapshot are wanted; the others stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// Newest meters.
    pub meters: bool,
    /// Newest supplies.
    pub supplies: bool,
    /// Newest status with open alerts.
    pub status: bool,
}

impl Parts {
    /// Everything.
    pub const ALL: Self = Self {
        meters: true,
        supplies: true,
        status: true,
    };
}

/// A page in the making.
#[derive(Default)]
struct Page {
    snapshots: Vec<DeviceSnapshot>,
    /// Where in `snapshots` the device with this number is.
    places: HashMap<i64, usize>,
}

impl Page {
    fn get(&mut self, device_no: i64) -> Option<&mut DeviceSnapshot> {
        let place = self.places.get(&device_no)?;
        self.snapshots.get_mut(*place)
    }

    /// The identifiers at its ends.
    fn range(&self) -> Option<[DeviceId; 2]> {
        let first = self.snapshots.first()?;
        let last = self.snapshots.last()?;
        Some([first.device.id, last.device.id])
    }
}

impl Reader<'_> {
    /// At most `limit` devices in service that come after `after`, in the order of identifiers:
    /// one range of keys, one query for each part asked for.
    pub fn snapshots(
        &self,
        scope: &Scope,
        after: Option<DeviceId>,
        limit: u32,
        parts: Parts,
    ) -> Result<Vec<DeviceSnapshot>, StoreError> {
        let mut page = self.page_of_devices(scope, after, limit, parts)?;
        if parts.meters {
            self.add_meters(scope, &mut page)?;
        }
        if parts.supplies {
            self.add_supplies(scope, &mut page)?;
        }
        if parts.status {
            self.add_alerts(scope, &mut page)?;
            self.add_findings(scope, &mut page)?;
        }
        Ok(page.snapshots)
    }

    fn page_of_devices(
        &self,
        scope: &Scope,
        after: Option<DeviceId>,
        limit: u32,
        parts: Parts,
    ) -> Result<Page, StoreError> {
        let sql = concat!(
            "SELECT ",
            device_columns!(),
            ", d.device_no, l.transport, l.profile, l.profile_version, l.meters_read_at,
               l.supplies_read_at, l.state, l.state_since, l.status_read_at, l.errors, l.console
             FROM devices d JOIN device_latest l ON l.organization_no = d.organization_no
                 AND l.device_no = d.device_no
             WHERE d.organization_no = ?1 AND d.id > ?2 AND d.lifecycle = ?3
             ORDER BY d.id LIMIT ?4"
        );
        let organization_no = self.organization_no(scope)?;
        // Every identifier is greater than no bytes at all.
        let after: &[u8] = after.as_ref().map_or(&[], |id| id.as_bytes());
        let in_service = Lifecycle::InService.keyword();
        let params = params![organization_no, after, in_service, limit];
        let mut page = Page::default();
        self.each(sql, params, |row| {
            let place = page.snapshots.len();
            page.places.insert(row.get(DEVICE_COLUMNS)?, place);
            page.snapshots
                .push(from_row(row, scope.organization(), parts)?);
            Ok(())
        })?;
        Ok(page)
    }

    fn add_meters(&self, scope: &Scope, page: &mut Page) -> Result<(), StoreError> {
        let sql = "SELECT m.device_no, m.meter, m.value, m.source
                   FROM devices d JOIN meters_latest m ON m.organization_no = d.organization_no
                 AND m.device_no = d.device_no
                   WHERE d.organization_no = ?1 AND d.id BETWEEN ?2 AND ?3
                   ORDER BY d.id, m.meter";
        self.add(scope, page, sql, |row, snapshot| {
            snapshot.meters.push(MeterValue {
                key: columns::word(row, 1, |text| text.parse::<MeterKey>().ok())?,
                value: columns::count(row, 2)?,
                source: row.get(3)?,
            });
            Ok(())
        })
    }

    fn add_supplies(&self, scope: &Scope, page: &mut Page) -> Result<(), StoreError> {
        let sql = concat!(
            "SELECT s.device_no, ",
            supply_columns!(),
            " FROM devices d JOIN supplies_latest s ON s.organization_no = d.organization_no
                 AND s.device_no = d.device_no
              WHERE d.organization_no = ?1 AND d.id BETWEEN ?2 AND ?3
              ORDER BY d.id, s.position"
        );
        self.add(scope, page, sql, |row, snapshot| {
            snapshot.supplies.push(supplies::from_row_at(row, 1)?);
            let replaced_at = columns::time_opt(row, 1 + SUPPLY_COLUMNS)?;
            snapshot.replaced_at.push(replaced_at);
            Ok(())
        })
    }

    fn add_alerts(&self, scope: &Scope, page: &mut Page) -> Result<(), StoreError> {
        let sql = concat!(
            "SELECT a.device_no, ",
            alert_columns!(),
            ", a.opened_at
             FROM devices d JOIN alerts a ON a.organization_no = d.organization_no
                 AND a.device_no = d.device_no
             WHERE d.organization_no = ?1 AND d.id BETWEEN ?2 AND ?3 AND a.closed_at = 0
             ORDER BY d.id, a.alert_no"
        );
        self.add(scope, page, sql, |row, snapshot| {
            if let Some(status) = &mut snapshot.status {
                status.alerts.push(OpenAlert {
                    alert: alerts::from_row_at(row, 1)?,
                    opened_at: columns::time(row, 1 + ALERT_COLUMNS)?,
                });
            }
            Ok(())
        })
    }

    fn add_findings(&self, scope: &Scope, page: &mut Page) -> Result<(), StoreError> {
        let sql = concat!(
            "SELECT f.device_no, ",
            finding_columns!(),
            " FROM devices d JOIN findings f ON f.organization_no = d.organization_no
                 AND f.device_no = d.device_no
              WHERE d.organization_no = ?1 AND d.id BETWEEN ?2 AND ?3
              ORDER BY d.id, f.finding_no"
        );
        self.add(scope, page, sql, |row, snapshot| {
            let finding = findings::from_row_at(row, 1)?;
            if snapshot.device.last_seen_at < finding.last_at.plus(FINDING_SHOWN_FOR) {
                snapshot.findings.push(finding);
            }
            Ok(())
        })
    }

    /// Runs a query over the page's range whose first column is the device's number.
    fn add(
        &self,
        scope: &Scope,
        page: &mut Page,
        sql: &str,
        mut take: impl FnMut(&Row<'_>, &mut DeviceSnapshot) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some([first, last]) = page.range() else {
            return Ok(());
        };
        let organization_no = self.organization_no(scope)?;
        let params = params![organization_no, first.as_bytes(), last.as_bytes()];
        self.each(sql, params, |row| {
            if let Some(snapshot) = page.get(row.get(0)?) {
                take(row, snapshot)?;
            }
            Ok(())
        })
    }
}

fn from_row(
    row: &Row<'_>,
    organization: OrganizationId,
    parts: Parts,
) -> Result<DeviceSnapshot, StoreError> {
    let column = |place: usize| DEVICE_COLUMNS + place;
    let profile: Option<String> = row.get(column(2))?;
    let version: Option<u32> = row.get(column(3))?;
    Ok(DeviceSnapshot {
        device: devices::from_row(row, organization)?,
        meters: Vec::new(),
        meters_read_at: columns::time_opt(row, column(4))?,
        supplies: Vec::new(),
        replaced_at: Vec::new(),
        supplies_read_at: columns::time_opt(row, column(5))?,
        status: if parts.status {
            status_from_row(row, column(6))?
        } else {
            None
        },
        findings: Vec::new(),
        transport: columns::word_opt(row, column(1), Transport::from_keyword)?,
        profile: profile
            .zip(version)
            .map(|(name, version)| ProfileRef { name, version }),
    })
}

/// Reads `state, state_since, status_read_at, errors, console`.
fn status_from_row(row: &Row<'_>, first: usize) -> Result<Option<StatusSnapshot>, StoreError> {
    let state = columns::word_opt(row, first, DeviceState::from_keyword)?;
    let since = columns::time_opt(row, first + 1)?;
    let read_at = columns::time_opt(row, first + 2)?;
    let errors: Option<u16> = row.get(first + 3)?;
    let console = columns::lines(row, first + 4)?;
    let known = state.zip(since).zip(read_at);
    Ok(known.map(|((state, since), read_at)| StatusSnapshot {
        state,
        since,
        read_at,
        errors: errors.map(DetectedErrors::from_bits),
        alerts: Vec::new(),
        console,
    }))
}
