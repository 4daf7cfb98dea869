//! Meters: newest values, and their history.

use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::findings::{Finding, leap};
use platen_domain::ids::DeviceId;
use platen_domain::meters::{MeterKey, MeterValue};
use platen_domain::readings::Observation;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::columns;
use crate::digest::digest;
use crate::error::StoreError;
use crate::findings::Noticed;
use crate::latest::Latest;
use crate::observations::ReadingRef;
use crate::session::params;

/// An unchanged meter is appended to its history again after this long, so that a gap in the
/// history means that nothing was read.
pub const METER_REPEAT_AFTER: Duration = Duration::from_hours(24);

/// One entry of a meter's history.
///
/// A counter that goes backwards was reset, or sits on another board: page counters never reach
/// 2^32. It opens a new segment, as does another source, which counts something else;
/// differences are taken only between entries of one segment, so none is ever negative, near
/// 2^32, or between two counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterHistoryEntry {
    /// When it was read.
    pub read_at: Timestamp,
    /// The count.
    pub value: u64,
    /// Which run of the counter, from 0.
    pub segment: u32,
    /// Where it came from, as in [`MeterValue::source`].
    pub source: String,
}

impl Reader<'_> {
    /// The history of one meter of a device, oldest first: an entry where the value or its
    /// source changed, and after every [`METER_REPEAT_AFTER`].
    pub fn meter_history(
        &self,
        scope: &Scope,
        device: DeviceId,
        meter: &MeterKey,
    ) -> Result<Vec<MeterHistoryEntry>, StoreError> {
        let sql = "SELECT m.read_at, m.value, m.segment, m.source
                   FROM devices d JOIN meter_values m ON m.organization_no = d.organization_no
                     AND m.device_no = d.device_no
                   WHERE d.organization_no = ?1 AND d.id = ?2 AND m.meter = ?3
                   ORDER BY m.reading_no";
        let organization_no = self.organization_no(scope)?;
        let params = params![organization_no, device.as_bytes(), meter.to_string()];
        self.all(sql, params, |row| {
            Ok(MeterHistoryEntry {
                read_at: columns::time(row, 0)?,
                value: columns::count(row, 1)?,
                segment: row.get(2)?,
                source: row.get(3)?,
            })
        })
    }
}

/// A meter as read, beside what was kept of it.
struct Compared<'a> {
    key: String,
    read: &'a MeterValue,
    kept: Option<Kept>,
}

struct Kept {
    value: u64,
    segment: u32,
    same_source: bool,
    recorded_at: Timestamp,
}

impl Compared<'_> {
    /// The segment of the new history entry, where one is due.
    fn new_entry(&self, now: Timestamp) -> Option<u32> {
        let Some(kept) = &self.kept else {
            return Some(0);
        };
        let broken = self.read.value < kept.value || !kept.same_source;
        let changed = broken || kept.value != self.read.value;
        (changed || due_at(kept.recorded_at) <= now).then(|| kept.segment + u32::from(broken))
    }
}

fn due_at(recorded_at: Timestamp) -> Timestamp {
    recorded_at.plus(METER_REPEAT_AFTER)
}

impl Writer<'_> {
    /// Keeps the meters of a reading; none is no statement. Of several values for one meter the
    /// first counts.
    pub(crate) fn record_meters(
        &self,
        reading: ReadingRef,
        observation: &Observation,
        latest: &mut Latest,
        told: &mut Vec<Finding>,
    ) -> Result<(), StoreError> {
        let meters = &observation.meters;
        if meters.is_empty() {
            return Ok(());
        }
        let now = reading.read_at;
        let before = latest.meters_read_at.replace(now);
        let digest = Some(digest(meters));
        let due = latest.meters_due_at.is_none_or(|due| due <= now);
        if latest.meters_digest == digest && !due {
            return Ok(());
        }
        latest.meters_digest = digest;
        let mut next_due = due_at(now);
        let compared = self.compare_meters(reading, meters)?;
        // Other rules may count otherwise.
        let rules = Some(observation.profile.version);
        if let Some(before) = before.filter(|_| latest.profile_version == rules) {
            told.extend(self.notice_leap(&compared, now.since(before), latest, now)?);
        }
        for meter in compared {
            match (meter.new_entry(now), &meter.kept) {
                (Some(segment), _) => self.append_meter(reading, &meter, segment)?,
                (None, Some(kept)) => next_due = next_due.min(due_at(kept.recorded_at)),
                (None, None) => {}
            }
        }
        latest.meters_due_at = Some(next_due);
        Ok(())
    }

    /// Notices the first counter that leapt; what is behind it moves the others too.
    fn notice_leap(
        &self,
        compared: &[Compared<'_>],
        elapsed: Duration,
        latest: &Latest,
        at: Timestamp,
    ) -> Result<Option<Finding>, StoreError> {
        let found = compared.iter().find_map(|meter| {
            let kept = meter.kept.as_ref().filter(|kept| kept.same_source)?;
            let kind = leap(&meter.read.key, kept.value, meter.read.value, elapsed)?;
            Some((meter, kept.value, kind))
        });
        let Some((meter, before, kind)) = found else {
            return Ok(None);
        };
        let (key, now) = (&meter.key, meter.read.value);
        let detail = if now < before {
            format!("{key} went back from {before} to {now}: reset, new board, or another device")
        } else {
            format!("{key} went from {before} to {now}, faster than a printer prints")
        };
        let noticed = Noticed {
            kind,
            subject: key,
            detail,
        };
        self.notice(latest, noticed, at)
    }

    fn compare_meters<'m>(
        &self,
        of: ReadingRef,
        meters: &'m [MeterValue],
    ) -> Result<Vec<Compared<'m>>, StoreError> {
        let mut compared: Vec<Compared<'m>> = Vec::with_capacity(meters.len());
        for read in meters {
            if !compared.iter().any(|known| known.read.key == read.key) {
                let key = read.key.to_string();
                compared.push(Compared {
                    key,
                    read,
                    kept: None,
                });
            }
        }
        let sql = "SELECT meter, value, segment, source, recorded_at FROM meters_latest
                   WHERE organization_no = ?1 AND device_no = ?2";
        self.each(sql, params![of.organization_no, of.device_no], |row| {
            let key = row.text(0)?;
            let Some(meter) = compared.iter_mut().find(|meter| meter.key == key) else {
                return Ok(());
            };
            let source = row.text(3)?;
            meter.kept = Some(Kept {
                value: columns::count(row, 1)?,
                segment: row.get(2)?,
                same_source: source == meter.read.source,
                recorded_at: columns::time(row, 4)?,
            });
            Ok(())
        })?;
        Ok(compared)
    }

    fn append_meter(
        &self,
        reading: ReadingRef,
        meter: &Compared<'_>,
        segment: u32,
    ) -> Result<(), StoreError> {
        let values = params![
            reading.organization_no,
            reading.device_no,
            meter.key,
            reading.reading_no,
            reading.read_at.as_millis(),
            columns::count_form(meter.read.value),
            segment,
            meter.read.source,
        ];
        self.execute(
            "INSERT INTO meter_values
                 (organization_no, device_no, meter, reading_no, read_at, value, segment, source)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            values,
        )?;
        self.execute(
            "INSERT INTO meters_latest
                 (organization_no, device_no, meter, reading_no, recorded_at, value, segment,
                  source)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (organization_no, device_no, meter) DO UPDATE
             SET reading_no = excluded.reading_no, recorded_at = excluded.recorded_at,
                 value = excluded.value, segment = excluded.segment, source = excluded.source",
            values,
        )?;
        Ok(())
    }
}
