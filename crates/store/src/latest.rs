//! The one short row a device that every poll compares with and rewrites.

use std::net::IpAddr;

use platen_domain::clock::Timestamp;
use platen_domain::ids::DeviceId;
use platen_domain::readings::Observation;
use platen_domain::status::DeviceState;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

/// The row, but for what only snapshots read.
#[derive(Debug)]
pub(crate) struct Latest {
    pub(crate) organization_no: OrganizationNo,
    pub(crate) device_no: i64,
    pub(crate) id: DeviceId,
    pub(crate) address: IpAddr,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) transport: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) profile_version: Option<u32>,
    pub(crate) color: Option<bool>,
    pub(crate) meters_digest: Option<i64>,
    pub(crate) supplies_digest: Option<i64>,
    pub(crate) alerts_digest: Option<i64>,
    pub(crate) memory_digest: Option<i64>,
    pub(crate) meters_read_at: Option<Timestamp>,
    pub(crate) meters_due_at: Option<Timestamp>,
    pub(crate) supplies_read_at: Option<Timestamp>,
    pub(crate) state: Option<DeviceState>,
    pub(crate) state_since: Option<Timestamp>,
    pub(crate) status_read_at: Option<Timestamp>,
    pub(crate) errors: Option<u16>,
    pub(crate) hr_device_status: Option<i32>,
    pub(crate) hr_printer_status: Option<i32>,
    pub(crate) console: String,
    pub(crate) last_static_at: Option<Timestamp>,
    pub(crate) last_dynamic_at: Option<Timestamp>,
    pub(crate) failures: u32,
    pub(crate) last_failure_at: Option<Timestamp>,
}

macro_rules! select_latest {
    ($rest:literal) => {
        concat!(
            "SELECT l.organization_no, l.device_no, d.id, l.address, l.last_seen_at, l.transport, l.profile,
                    l.profile_version, l.color, l.meters_digest, l.supplies_digest,
                    l.alerts_digest, l.memory_digest, l.meters_read_at, l.meters_due_at,
                    l.supplies_read_at, l.state, l.state_since, l.status_read_at, l.errors,
                    l.hr_device_status, l.hr_printer_status, l.console, l.last_static_at,
                    l.last_dynamic_at, l.failures, l.last_failure_at
             FROM device_latest l JOIN devices d ON d.organization_no = l.organization_no
                 AND d.device_no = l.device_no ",
            $rest
        )
    };
}

impl Latest {
    /// The row of a device that was never read.
    pub(crate) const fn new(
        organization_no: OrganizationNo,
        device_no: i64,
        id: DeviceId,
        address: IpAddr,
        at: Timestamp,
    ) -> Self {
        Self {
            organization_no,
            device_no,
            id,
            address,
            last_seen_at: at,
            transport: None,
            profile: None,
            profile_version: None,
            color: None,
            meters_digest: None,
            supplies_digest: None,
            alerts_digest: None,
            memory_digest: None,
            meters_read_at: None,
            meters_due_at: None,
            supplies_read_at: None,
            state: None,
            state_since: None,
            status_read_at: None,
            errors: None,
            hr_device_status: None,
            hr_printer_status: None,
            console: String::new(),
            last_static_at: None,
            last_dynamic_at: None,
            failures: 0,
            last_failure_at: None,
        }
    }

    /// Notes that the device answered.
    pub(crate) fn answered(&mut self, observation: &Observation) {
        let at = observation.collected_at;
        self.address = observation.address;
        self.last_seen_at = at;
        set_text(&mut self.transport, observation.transport.keyword());
        set_text(&mut self.profile, &observation.profile.name);
        self.profile_version = Some(observation.profile.version);
        let stated = observation
            .identity
            .as_ref()
            .and_then(|identity| identity.color);
        self.color = observation.has_color.or(stated).or(self.color);
        if observation.identity.is_some() {
            self.last_static_at = Some(at);
        }
        self.last_dynamic_at = Some(at);
        self.failures = 0;
    }

    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            organization_no: row.get(0)?,
            device_no: row.get(1)?,
            id: DeviceId::from_bytes(row.get(2)?),
            address: columns::address(row, 3)?,
            last_seen_at: columns::time(row, 4)?,
            transport: row.get(5)?,
            profile: row.get(6)?,
            profile_version: row.get(7)?,
            color: row.get(8)?,
            meters_digest: row.get(9)?,
            supplies_digest: row.get(10)?,
            alerts_digest: row.get(11)?,
            memory_digest: row.get(12)?,
            meters_read_at: columns::time_opt(row, 13)?,
            meters_due_at: columns::time_opt(row, 14)?,
            supplies_read_at: columns::time_opt(row, 15)?,
            state: columns::word_opt(row, 16, DeviceState::from_keyword)?,
            state_since: columns::time_opt(row, 17)?,
            status_read_at: columns::time_opt(row, 18)?,
            errors: row.get(19)?,
            hr_device_status: row.get(20)?,
            hr_printer_status: row.get(21)?,
            console: row.get(22)?,
            last_static_at: columns::time_opt(row, 23)?,
            last_dynamic_at: columns::time_opt(row, 24)?,
            failures: row.get(25)?,
            last_failure_at: columns::time_opt(row, 26)?,
        })
    }
}

/// Replaces a text, keeping its allocation when it is the same.
fn set_text(text: &mut Option<String>, new: &str) {
    if text.as_deref() != Some(new) {
        *text = Some(new.to_owned());
    }
}

impl Reader<'_> {
    /// The row of the device that answered at `address` last.
    pub(crate) fn latest_at(
        &self,
        organization_no: OrganizationNo,
        address: IpAddr,
    ) -> Result<Option<Latest>, StoreError> {
        let sql = select_latest!(
            "JOIN device_claims c ON c.organization_no = l.organization_no
                 AND c.device_no = l.device_no
             WHERE c.organization_no = ?1 AND c.kind = 'address' AND c.value = ?2"
        );
        self.one(
            sql,
            params![organization_no, address.to_string()],
            Latest::from_row,
        )
    }

    /// The row of a device of the organization.
    pub(crate) fn latest_of(
        &self,
        organization_no: OrganizationNo,
        device: DeviceId,
    ) -> Result<Option<Latest>, StoreError> {
        let sql = select_latest!("WHERE d.organization_no = ?1 AND d.id = ?2");
        self.one(
            sql,
            params![organization_no, device.as_bytes()],
            Latest::from_row,
        )
    }

    /// The row with this number.
    pub(crate) fn latest_no(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
    ) -> Result<Latest, StoreError> {
        let sql = select_latest!("WHERE l.organization_no = ?1 AND l.device_no = ?2");
        let found = self.one(sql, params![organization_no, device_no], Latest::from_row)?;
        found.ok_or(StoreError::NotFound("device"))
    }
}

impl Writer<'_> {
    /// Adds the row of a new device.
    pub(crate) fn insert_latest(&self, latest: &Latest) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO device_latest (organization_no, device_no, address, last_seen_at)
             VALUES (?1, ?2, ?3, ?4)",
            params![
                latest.organization_no,
                latest.device_no,
                latest.address.to_string(),
                latest.last_seen_at.as_millis()
            ],
        )?;
        Ok(())
    }

    /// Rewrites the row.
    pub(crate) fn save_latest(&self, latest: &Latest) -> Result<(), StoreError> {
        self.execute(
            "UPDATE device_latest SET address = ?3, last_seen_at = ?4, transport = ?5,
                    profile = ?6, profile_version = ?7, color = ?8, meters_digest = ?9,
                    supplies_digest = ?10, alerts_digest = ?11, memory_digest = ?12,
                    meters_read_at = ?13, meters_due_at = ?14, supplies_read_at = ?15,
                    state = ?16, state_since = ?17, status_read_at = ?18, errors = ?19,
                    hr_device_status = ?20, hr_printer_status = ?21, console = ?22,
                    last_static_at = ?23, last_dynamic_at = ?24, failures = ?25,
                    last_failure_at = ?26
             WHERE organization_no = ?1 AND device_no = ?2",
            params![
                latest.organization_no,
                latest.device_no,
                latest.address.to_string(),
                latest.last_seen_at.as_millis(),
                latest.transport,
                latest.profile,
                latest.profile_version,
                latest.color,
                latest.meters_digest,
                latest.supplies_digest,
                latest.alerts_digest,
                latest.memory_digest,
                columns::millis(latest.meters_read_at),
                columns::millis(latest.meters_due_at),
                columns::millis(latest.supplies_read_at),
                latest.state.map(DeviceState::keyword),
                columns::millis(latest.state_since),
                columns::millis(latest.status_read_at),
                latest.errors,
                latest.hr_device_status,
                latest.hr_printer_status,
                latest.console,
                columns::millis(latest.last_static_at),
                columns::millis(latest.last_dynamic_at),
                latest.failures,
                columns::millis(latest.last_failure_at),
            ],
        )?;
        Ok(())
    }
}
