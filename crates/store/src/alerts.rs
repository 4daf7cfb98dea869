//! Alerts: opened when a poll first sees the row, closed when one no longer does.

use platen_domain::clock::Timestamp;
use platen_domain::ids::DeviceId;
use platen_domain::scope::Scope;
use platen_domain::status::{Alert, Severity};

use crate::access::{Reader, Writer};
use crate::columns;
use crate::counters::Counter;
use crate::digest::digest;
use crate::error::StoreError;
use crate::latest::Latest;
use crate::observations::ReadingRef;
use crate::session::{Row, params};

/// An alert with its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertHistoryEntry {
    /// The row as read.
    pub alert: Alert,
    /// When a poll first saw it.
    pub opened_at: Timestamp,
    /// When a poll no longer saw it; `None` while it is open.
    pub closed_at: Option<Timestamp>,
}

impl Reader<'_> {
    /// Every alert a device ever had, in the order of opening.
    pub fn alert_history(
        &self,
        scope: &Scope,
        device: DeviceId,
    ) -> Result<Vec<AlertHistoryEntry>, StoreError> {
        let sql = concat!(
            "SELECT ",
            alert_columns!(),
            ", a.opened_at, nullif(a.closed_at, 0)
             FROM devices d JOIN alerts a ON a.organization_no = d.organization_no
                     AND a.device_no = d.device_no
             WHERE d.organization_no = ?1 AND d.id = ?2 ORDER BY a.alert_no"
        );
        let organization_no = self.organization_no(scope)?;
        self.all(sql, params![organization_no, device.as_bytes()], |row| {
            Ok(AlertHistoryEntry {
                alert: from_row_at(row, 0)?,
                opened_at: columns::time(row, ALERT_COLUMNS)?,
                closed_at: columns::time_opt(row, ALERT_COLUMNS + 1)?,
            })
        })
    }

    fn open_alerts(&self, of: ReadingRef) -> Result<Vec<(i64, Alert)>, StoreError> {
        let sql = concat!(
            "SELECT a.alert_no, ",
            alert_columns!(),
            " FROM alerts a
              WHERE a.organization_no = ?1 AND a.device_no = ?2 AND a.closed_at = 0
              ORDER BY a.alert_no"
        );
        self.all(sql, params![of.organization_no, of.device_no], |row| {
            Ok((row.get(0)?, from_row_at(row, 1)?))
        })
    }
}

impl Writer<'_> {
    /// Compares the rows of a reading with those that are open. Two equal rows are one alert.
    pub(crate) fn record_alerts(
        &self,
        reading: ReadingRef,
        alerts: &[Alert],
        latest: &mut Latest,
    ) -> Result<(), StoreError> {
        let digest = Some(digest(alerts));
        if latest.alerts_digest == digest {
            return Ok(());
        }
        latest.alerts_digest = digest;
        let mut open = self.open_alerts(reading)?;
        for (alert_no, alert) in &open {
            if !alerts.contains(alert) {
                let sql = "UPDATE alerts SET closed_at = ?4
                           WHERE organization_no = ?1 AND device_no = ?2 AND closed_at = 0
                             AND alert_no = ?3";
                let key = (reading.organization_no, reading.device_no);
                let closed_at = reading.read_at.as_millis();
                self.execute(sql, params![key.0, key.1, alert_no, closed_at])?;
            }
        }
        for alert in alerts {
            if !open.iter().any(|(_, known)| known == alert) {
                let alert_no = self.open_alert(reading, alert)?;
                open.push((alert_no, alert.clone()));
            }
        }
        Ok(())
    }

    fn open_alert(&self, reading: ReadingRef, alert: &Alert) -> Result<i64, StoreError> {
        let alert_no = self.next_no(reading.organization_no, Counter::Alert)?;
        self.execute(
            "INSERT INTO alerts
                 (organization_no, alert_no, device_no, severity, alert_group, group_index, code,
                  text, pseudo, opened_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                reading.organization_no,
                alert_no,
                reading.device_no,
                alert.severity.keyword(),
                alert.group,
                alert.group_index,
                alert.code,
                alert.text,
                alert.pseudo,
                reading.read_at.as_millis(),
            ],
        )?;
        Ok(alert_no)
    }
}

/// Columns that [`from_row_at`] reads, of `alerts a`.
macro_rules! alert_columns {
    () => {
        "a.severity, a.alert_group, a.group_index, a.code, a.text, a.pseudo"
    };
}
pub(crate) use alert_columns;

/// How many columns [`from_row_at`] reads.
pub(crate) const ALERT_COLUMNS: usize = 6;

/// Reads [`alert_columns`] from column `first` on.
pub(crate) fn from_row_at(row: &Row<'_>, first: usize) -> Result<Alert, StoreError> {
    Ok(Alert {
        severity: columns::word(row, first, Severity::from_keyword)?,
        group: row.get(first + 1)?,
        group_index: row.get(first + 2)?,
        code: row.get(first + 3)?,
        text: row.get(first + 4)?,
        pseudo: row.get(first + 5)?,
    })
}
