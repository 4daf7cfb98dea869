//! Findings: what was noticed about devices, one row for each device, kind and subject.

use platen_domain::clock::Timestamp;
use platen_domain::findings::{FINDING_TOLD_AGAIN_AFTER, Finding, FindingKind};
use platen_domain::ids::DeviceId;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::counters::Counter;
use crate::error::StoreError;
use crate::latest::Latest;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

/// A finding before it is kept.
pub(crate) struct Noticed<'a> {
    pub(crate) kind: FindingKind,
    /// What it is about, so that the same thing noticed again is one row: a device's identifier or a
    /// meter's key.
    pub(crate) subject: &'a str,
    pub(crate) detail: String,
}

impl Reader<'_> {
    /// Everything ever noticed about devices of the organization, the newest last.
    pub fn findings(&self, scope: &Scope) -> Result<Vec<Finding>, StoreError> {
        let sql = concat!(
            "SELECT ",
            finding_columns!(),
            " FROM devices d JOIN findings f ON f.organization_no = d.organization_no
                AND f.device_no = d.device_no
              WHERE d.organization_no = ?1 ORDER BY f.finding_no"
        );
        let organization_no = self.organization_no(scope)?;
        self.all(sql, params![organization_no], |row| from_row_at(row, 0))
    }

    /// Whether `device_no` was met beside the device `other`, whose identity it states.
    pub(crate) fn is_namesake(
        &self,
        organization_no: OrganizationNo,
        device_no: i64,
        other: DeviceId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM findings
                   WHERE organization_no = ?1 AND device_no = ?2 AND kind = ?3 AND subject = ?4";
        let kind = FindingKind::SameIdentity.keyword();
        let key = params![organization_no, device_no, kind, other.to_string()];
        let found = self.one(sql, key, |_| Ok(()))?;
        Ok(found.is_some())
    }
}

impl Writer<'_> {
    /// Keeps what was noticed about a device at `at`. Gives it back where people should be told: it
    /// is new, or was not noticed for long.
    pub(crate) fn notice(
        &self,
        latest: &Latest,
        noticed: Noticed<'_>,
        at: Timestamp,
    ) -> Result<Option<Finding>, StoreError> {
        let Noticed {
            kind,
            subject,
            detail,
        } = noticed;
        let (organization_no, device_no) = (latest.organization_no, latest.device_no);
        let sql = "SELECT first_at, last_at FROM findings
                   WHERE organization_no = ?1 AND device_no = ?2 AND kind = ?3 AND subject = ?4";
        let key = params![organization_no, device_no, kind.keyword(), subject];
        let times = |row: &Row<'_>| Ok((columns::time(row, 0)?, columns::time(row, 1)?));
        let known = self.one(sql, key, times)?;
        if known.is_some() {
            let sql = "UPDATE findings SET detail = ?5, last_at = ?6
                       WHERE organization_no = ?1 AND device_no = ?2 AND kind = ?3
                         AND subject = ?4";
            self.execute(
                sql,
                params![
                    organization_no,
                    device_no,
                    kind.keyword(),
                    subject,
                    detail,
                    at.as_millis()
                ],
            )?;
        } else {
            let sql = "INSERT INTO findings (organization_no, finding_no, device_no, kind, subject,
                                             detail, first_at, last_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
            self.execute(
                sql,
                params![
                    organization_no,
                    self.next_no(organization_no, Counter::Finding)?,
                    device_no,
                    kind.keyword(),
                    subject,
                    detail,
                    at.as_millis()
                ],
            )?;
        }
        let again = |last: Timestamp| last.plus(FINDING_TOLD_AGAIN_AFTER) <= at;
        let told = known.is_none_or(|(_, last)| again(last));
        Ok(told.then(|| Finding {
            device: latest.id,
            kind,
            detail,
            first_at: known.map_or(at, |(first, _)| first),
            last_at: at,
        }))
    }
}

/// Columns that [`from_row_at`] reads, of `devices d` and `findings f`.
macro_rules! finding_columns {
    () => {
        "d.id, f.kind, f.detail, f.first_at, f.last_at"
    };
}
pub(crate) use finding_columns;

/// Reads [`finding_columns`] from column `first` on.
pub(crate) fn from_row_at(row: &Row<'_>, first: usize) -> Result<Finding, StoreError> {
    Ok(Finding {
        device: DeviceId::from_bytes(row.get(first)?),
        kind: columns::word(row, first + 1, FindingKind::from_keyword)?,
        detail: row.get(first + 2)?,
        first_at: columns::time(row, first + 3)?,
        last_at: columns::time(row, first + 4)?,
    })
}
