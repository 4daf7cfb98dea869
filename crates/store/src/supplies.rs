//! Supplies: the newest rows, and the history of their levels.

use std::borrow::Cow;

use platen_domain::clock::Timestamp;
use platen_domain::devices::normalize_serial;
use platen_domain::ids::DeviceId;
use platen_domain::scope::Scope;
use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};

use crate::access::{Reader, Writer};
use crate::columns;
use crate::digest::digest;
use crate::error::StoreError;
use crate::latest::Latest;
use crate::observations::ReadingRef;
use crate::session::{Row, params};

/// One entry of a supply's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplyLevelEntry {
    /// When it was read.
    pub read_at: Timestamp,
    /// Which supply, as [`Supply::key`].
    pub supply: String,
    /// Which of several with that key, from 0.
    pub occurrence: u32,
    /// How much was left.
    pub level: Level,
    /// The supply's serial number, where the device stated one.
    pub serial: Option<String>,
    /// Whether another serial number stood here before: the supply was replaced.
    pub replaced: bool,
}

/// A supply as it is kept, with when it was put in.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    supply: Supply,
    replaced_at: Option<Timestamp>,
}

/// What is known of the place of a supply before a reading.
#[derive(Debug, Default)]
struct Place {
    serial: Option<String>,
    replaced_at: Option<Timestamp>,
}

impl Reader<'_> {
    /// The levels of a device's supplies, oldest first: an entry where a level, a capacity or a
    /// serial number changed.
    pub fn supply_history(
        &self,
        scope: &Scope,
        device: DeviceId,
    ) -> Result<Vec<SupplyLevelEntry>, StoreError> {
        let sql = "SELECT s.read_at, s.supply, s.occurrence, s.level_kind, s.level, s.serial,
                     s.replaced
                   FROM devices d JOIN supply_levels s ON s.organization_no = d.organization_no
                     AND s.device_no = d.device_no
                   WHERE d.organization_no = ?1 AND d.id = ?2
                   ORDER BY s.reading_no, s.supply, s.occurrence";
        let organization_no = self.organization_no(scope)?;
        self.all(sql, params![organization_no, device.as_bytes()], |row| {
            Ok(SupplyLevelEntry {
                read_at: columns::time(row, 0)?,
                supply: row.get(1)?,
                occurrence: row.get(2)?,
                level: level_from_row(row, 3)?,
                serial: row.get(5)?,
                replaced: row.get(6)?,
            })
        })
    }

    fn newest_supplies(&self, of: ReadingRef) -> Result<Vec<Kept>, StoreError> {
        let sql = concat!(
            "SELECT ",
            supply_columns!(),
            " FROM supplies_latest s WHERE s.organization_no = ?1 AND s.device_no = ?2
              ORDER BY s.position"
        );
        self.all(sql, params![of.organization_no, of.device_no], |row| {
            Ok(Kept {
                supply: from_row_at(row, 0)?,
                replaced_at: columns::time_opt(row, SUPPLY_COLUMNS)?,
            })
        })
    }

    /// What the history of a place tells, for a supply that was not listed last time or without
    /// its serial number: a cartridge is out while another is put in.
    fn place_before(
        &self,
        of: ReadingRef,
        key: &str,
        occurrence: usize,
    ) -> Result<Place, StoreError> {
        let sql = "SELECT
                     (SELECT serial FROM supply_levels
                      WHERE organization_no = ?1 AND device_no = ?2 AND supply = ?3
                        AND occurrence = ?4
                        AND serial IS NOT NULL
                      ORDER BY reading_no DESC LIMIT 1),
                     (SELECT MAX(read_at) FROM supply_levels
                      WHERE organization_no = ?1 AND device_no = ?2 AND supply = ?3
                        AND occurrence = ?4
                        AND replaced = 1)";
        let place = params![of.organization_no, of.device_no, key, form(occurrence)];
        let found = self.all(sql, place, |row| {
            Ok(Place {
                serial: row.get(0)?,
                replaced_at: columns::time_opt(row, 1)?,
            })
        })?;
        Ok(found.into_iter().next().unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Keeps the supplies of a reading, the whole list.
    pub(crate) fn record_supplies(
        &self,
        reading: ReadingRef,
        supplies: &[Supply],
        latest: &mut Latest,
    ) -> Result<(), StoreError> {
        latest.supplies_read_at = Some(reading.read_at);
        let digest = Some(digest(supplies));
        if latest.supplies_digest == digest {
            return Ok(());
        }
        latest.supplies_digest = digest;
        let kept = self.newest_supplies(reading)?;
        for (position, supply) in supplies.iter().enumerate() {
            let occurrence = occurrences(supplies.iter().take(position), supply).count();
            let before = kept
                .iter()
                .filter(|kept| is_same(&kept.supply, supply))
                .nth(occurrence);
            let place = self.place(reading, before, supply, occurrence)?;
            let replaced = is_another(place.serial.as_deref(), supply.serial.as_deref());
            let now = Kept {
                supply: supply.clone(),
                replaced_at: if replaced {
                    Some(reading.read_at)
                } else {
                    place.replaced_at
                },
            };
            if kept.get(position) != Some(&now) {
                self.put_supply(reading, position, &now)?;
            }
            if before.is_none_or(|before| differs(&before.supply, supply)) {
                self.append_level(reading, supply, occurrence, replaced)?;
            }
        }
        if kept.len() > supplies.len() {
            let sql = "DELETE FROM supplies_latest
                       WHERE organization_no = ?1 AND device_no = ?2 AND position >= ?3";
            let (organization_no, device_no) = (reading.organization_no, reading.device_no);
            let gone = params![organization_no, device_no, form(supplies.len())];
            self.execute(sql, gone)?;
        }
        Ok(())
    }

    fn place(
        &self,
        of: ReadingRef,
        before: Option<&Kept>,
        supply: &Supply,
        occurrence: usize,
    ) -> Result<Place, StoreError> {
        match before {
            Some(Kept { supply: known, .. })
                if known.serial.is_none() && supply.serial.is_some() =>
            {
                self.place_before(of, &supply.key(), occurrence)
            }
            Some(kept) => Ok(Place {
                serial: kept.supply.serial.clone(),
                replaced_at: kept.replaced_at,
            }),
            None => self.place_before(of, &supply.key(), occurrence),
        }
    }

    fn put_supply(&self, of: ReadingRef, position: usize, kept: &Kept) -> Result<(), StoreError> {
        let supply = &kept.supply;
        self.execute(
            "INSERT INTO supplies_latest
                 (organization_no, device_no, position, supply_index, class, type, colorants, description,
                  part_number, serial, unit, capacity, level_kind, level, raw_capacity,
                  raw_level, rule, replaced_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                     ?17, ?18)
             ON CONFLICT (organization_no, device_no, position) DO UPDATE
             SET supply_index = excluded.supply_index, class = excluded.class,
                 type = excluded.type, colorants = excluded.colorants,
                 description = excluded.description, part_number = excluded.part_number,
                 serial = excluded.serial, unit = excluded.unit, capacity = excluded.capacity,
                 level_kind = excluded.level_kind, level = excluded.level,
                 raw_capacity = excluded.raw_capacity, raw_level = excluded.raw_level,
                 rule = excluded.rule, replaced_at = excluded.replaced_at",
            params![
                of.organization_no,
                of.device_no,
                form(position),
                supply.index,
                supply.class.keyword(),
                supply.kind.keyword(),
                columns::lines_form(&supply.colorants),
                supply.description,
                supply.part_number,
                supply.serial,
                supply.unit,
                supply.capacity.map(columns::count_form),
                supply.level.keyword(),
                level_form(supply.level),
                supply.raw_capacity,
                supply.raw_level,
                supply.rule.as_ref(),
                columns::millis(kept.replaced_at),
            ],
        )?;
        Ok(())
    }

    fn append_level(
        &self,
        reading: ReadingRef,
        supply: &Supply,
        occurrence: usize,
        replaced: bool,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO supply_levels
                 (organization_no, device_no, supply, occurrence, reading_no, read_at, level_kind,
                  level, raw_capacity, raw_level, serial, replaced)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                reading.organization_no,
                reading.device_no,
                supply.key(),
                form(occurrence),
                reading.reading_no,
                reading.read_at.as_millis(),
                supply.level.keyword(),
                level_form(supply.level),
                supply.raw_capacity,
                supply.raw_level,
                supply.serial,
                replaced,
            ],
        )?;
        Ok(())
    }
}

/// Devices list some supplies several times: those of `supplies` that have the key of `supply`.
fn occurrences<'s>(
    supplies: impl Iterator<Item = &'s Supply>,
    supply: &Supply,
) -> impl Iterator<Item = &'s Supply> {
    supplies.filter(|other| is_same(other, supply))
}

/// Whether two have the same [`Supply::key`].
fn is_same(one: &Supply, other: &Supply) -> bool {
    other.kind == one.kind
        && other.colorants == one.colorants
        && other.description == one.description
}

/// Whether two serial numbers are known and are two.
fn is_another(before: Option<&str>, now: Option<&str>) -> bool {
    let plain = |serial: Option<&str>| serial.and_then(normalize_serial);
    match (plain(before), plain(now)) {
        (Some(before), Some(now)) => before != now,
        _ => false,
    }
}

fn differs(before: &Supply, now: &Supply) -> bool {
    before.level != now.level
        || before.raw_level != now.raw_level
        || before.raw_capacity != now.raw_capacity
        || before.serial != now.serial
}

fn form(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

const fn level_form(level: Level) -> Option<i64> {
    match level {
        Level::Percent(percent) => Some(percent as i64),
        Level::Units(units) => Some(columns::count_form(units)),
        Level::SomeLeft | Level::Unknown | Level::Unlimited => None,
    }
}

/// Reads a level's kind and number.
fn level_from_row(row: &Row<'_>, first: usize) -> Result<Level, StoreError> {
    let number: Option<i64> = row.get(first + 1)?;
    columns::word(row, first, |kind| match (kind, number) {
        ("percent", Some(percent)) => u8::try_from(percent).ok().map(Level::Percent),
        ("units", Some(units)) => Some(Level::Units(units.cast_unsigned())),
        ("some-left", None) => Some(Level::SomeLeft),
        ("unknown", None) => Some(Level::Unknown),
        ("unlimited", None) => Some(Level::Unlimited),
        _ => None,
    })
}

/// Columns that [`from_row_at`] reads, of `supplies_latest s`.
macro_rules! supply_columns {
    () => {
        "s.supply_index, s.class, s.type, s.colorants, s.description, s.part_number, s.serial,
         s.unit, s.capacity, s.level_kind, s.level, s.raw_capacity, s.raw_level, s.rule,
         s.replaced_at"
    };
}
pub(crate) use supply_columns;

/// How many of [`supply_columns`] are the supply's own; `replaced_at` follows.
pub(crate) const SUPPLY_COLUMNS: usize = 14;

/// Reads [`supply_columns`] from column `first` on.
pub(crate) fn from_row_at(row: &Row<'_>, first: usize) -> Result<Supply, StoreError> {
    Ok(Supply {
        index: row.get(first)?,
        class: columns::word(row, first + 1, SupplyClass::from_keyword)?,
        kind: columns::word(row, first + 2, SupplyType::from_keyword)?,
        colorants: columns::lines(row, first + 3)?,
        description: row.get(first + 4)?,
        part_number: row.get(first + 5)?,
        serial: row.get(first + 6)?,
        unit: row.get(first + 7)?,
        capacity: columns::count_opt(row, first + 8)?,
        level: level_from_row(row, first + 9)?,
        raw_capacity: row.get(first + 11)?,
        raw_level: row.get(first + 12)?,
        rule: Cow::Owned(row.get(first + 13)?),
    })
}
