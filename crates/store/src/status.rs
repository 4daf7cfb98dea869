//! Status: the newest, and the history of states.

use platen_domain::clock::Timestamp;
use platen_domain::ids::DeviceId;
use platen_domain::scope::Scope;
use platen_domain::status::{DetectedErrors, DeviceState, Status};

use crate::access::{Reader, Writer};
use crate::columns;
use crate::counters::Counter;
use crate::error::StoreError;
use crate::latest::Latest;
use crate::observations::ReadingRef;
use crate::session::params;

/// One entry of a device's history of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateChange {
    /// The state it came into.
    pub state: DeviceState,
    /// When a poll first told.
    pub since: Timestamp,
}

impl Reader<'_> {
    /// The states a device went through, oldest first.
    pub fn state_history(
        &self,
        scope: &Scope,
        device: DeviceId,
    ) -> Result<Vec<StateChange>, StoreError> {
        let sql = "SELECT s.state, s.since
                   FROM devices d JOIN device_states s ON s.organization_no = d.organization_no
                     AND s.device_no = d.device_no
                   WHERE d.organization_no = ?1 AND d.id = ?2 ORDER BY s.change_no";
        let organization_no = self.organization_no(scope)?;
        self.all(sql, params![organization_no, device.as_bytes()], |row| {
            Ok(StateChange {
                state: columns::word(row, 0, DeviceState::from_keyword)?,
                since: columns::time(row, 1)?,
            })
        })
    }
}

impl Writer<'_> {
    /// Keeps the status of a reading.
    pub(crate) fn record_status(
        &self,
        reading: ReadingRef,
        status: &Status,
        latest: &mut Latest,
    ) -> Result<(), StoreError> {
        self.change_state(latest, status.state, reading.read_at)?;
        latest.errors = status.errors.map(DetectedErrors::bits);
        latest.hr_device_status = status.hr_device_status;
        latest.hr_printer_status = status.hr_printer_status;
        latest.console = columns::lines_form(&status.console);
        self.record_alerts(reading, &status.alerts, latest)
    }

    /// Notes that a device is in `state` at `at`, and since when when that is new.
    pub(crate) fn change_state(
        &self,
        latest: &mut Latest,
        state: DeviceState,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        latest.status_read_at = Some(at);
        if latest.state == Some(state) {
            return Ok(());
        }
        latest.state = Some(state);
        latest.state_since = Some(at);
        let organization_no = latest.organization_no;
        let sql = "INSERT INTO device_states (organization_no, device_no, change_no, since, state)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute(
            sql,
            params![
                organization_no,
                latest.device_no,
                self.next_no(organization_no, Counter::Change)?,
                at.as_millis(),
                state.keyword()
            ],
        )?;
        Ok(())
    }
}
