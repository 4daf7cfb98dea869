//! Page counters.
//!
//! The definition of each:
//! - `total/all/impressions/any` is the standard `prtMarkerLifeCount` (RFC 3805) of the first
//!   marker. Several markers are not added: on the devices seen they count the same sides once
//!   more (trap T8). A second marker's count is kept under the media `marker-2`.
//! - The unit is `prtMarkerCounterUnit`, except that `sheets(8)` is read as impressions: Brother,
//!   Lexmark and Ricoh say sheets there and count sides.
//! - `total/all/impressions/maker` is the maker's own total, where it has one. It is often a few
//!   pages off the standard (a Kyocera P2040dw: 7,342 printed pages, life count 7,432; a Xerox
//!   C315: 4 fewer, glpi-agent #1155) and stands in only where the standard one is missing.
//! - Everything else is what its profile says. The unit of its key is that of the device's own
//!   counter: two-sided output stands here in sheets or in sides, as it is counted, and becomes
//!   sheets in `platen_domain::duplex`.
//!
//! A counter that went down was reset or its board swapped, since page counters never get near
//! 2^32 (trap T10): values are handed on as read, and nothing here computes a difference.

use platen_domain::meters::{
    Function, MEDIA_ANY, MEDIA_MAKER, MEDIA_MARKER_PREFIX, MeterColor, MeterKey, MeterUnit,
    MeterValue,
};

use super::mib;
use super::profile::{Combine, MeterRow, MeterRule, MeterTable, Profile};
use super::records::records;
use super::view::{TABLE_ROWS_MAX, View};
use crate::snmp::value::Value;

/// `prtMarkerProcessColorants` from which a marker prints in colour: cyan, magenta, yellow.
const COLORANTS_OF_COLOR: i64 = 3;

/// Every counter the device reports, each key once, in the order of its keys.
pub(crate) fn meters(view: &View<'_>, profile: &Profile) -> Vec<MeterValue> {
    let mut meters = Vec::new();
    standard(view, &mut meters);
    for table in &profile.meter_tables {
        from_table(view, table, &mut meters);
    }
    for group in &profile.meter_records {
        let octets = view
            .get(&group.oid)
            .and_then(Value::as_octets)
            .unwrap_or(&[]);
        let counts = records(octets);
        for wanted in &group.records {
            if let Some((id, count)) = counts.iter().find(|(id, _)| *id == wanted.id) {
                add(
                    &mut meters,
                    &wanted.key.0,
                    *count,
                    format!("{}#{id:02x}", group.oid.0),
                );
            }
        }
    }
    for rule in &profile.meters {
        from_rule(view, rule, &mut meters);
    }
    stand_in_total(&mut meters);
    meters.sort_by(|a, b| a.key.cmp(&b.key));
    meters
}

/// The first statement of a key stays: tables and records before the fallbacks after them.
fn add(meters: &mut Vec<MeterValue>, key: &MeterKey, value: u64, source: String) {
    if is_count(value) && !meters.iter().any(|meter| meter.key == *key) {
        meters.push(MeterValue {
            key: key.clone(),
            value,
            source,
        });
    }
}

fn standard(view: &View<'_>, meters: &mut Vec<MeterValue>) {
    let counts = view.rows(&mib::PRT_MARKER_LIFE_COUNT);
    let instances = view.instances(&mib::PRT_MARKER_LIFE_COUNT);
    let usable = counts
        .into_iter()
        .zip(instances)
        .filter_map(|((marker, value), instance)| Some((marker, count_of(value)?, instance)));
    for (position, (marker, count, instance)) in usable.enumerate() {
        let unit = view.number(&mib::PRT_MARKER_COUNTER_UNIT, marker);
        let key = MeterKey {
            function: Function::Total,
            color: MeterColor::All,
            unit: counter_unit(unit),
            media: match position {
                0 => MEDIA_ANY.to_owned(),
                _ => format!("{MEDIA_MARKER_PREFIX}{}", position + 1),
            },
        };
        add(meters, &key, count, instance.to_string());
    }
}

/// The count in a value.
pub(crate) fn count_of(value: &Value) -> Option<u64> {
    value.as_u64().filter(|count| is_count(*count))
}

/// No printer gets to the top of 32 or 64 bits: what stands there is -1, -2 or -3 in an unsigned
/// type.
fn is_count(number: u64) -> bool {
    const SENTINELS: std::ops::RangeInclusive<u64> = 0xFFFF_FFFD..=0xFFFF_FFFF;
    !SENTINELS.contains(&number) && i64::try_from(number).is_ok()
}

/// `PrtMarkerCounterUnitTC` (RFC 3805); what is not stated counts sides.
fn counter_unit(code: Option<i64>) -> MeterUnit {
    match code {
        Some(3) => MeterUnit::TenThousandthsOfInches,
        Some(4) => MeterUnit::Micrometres,
        Some(5) => MeterUnit::Characters,
        Some(9) => MeterUnit::DotRows,
        Some(11) => MeterUnit::Hours,
        Some(16) => MeterUnit::Feet,
        Some(17) => MeterUnit::Metres,
        _ => MeterUnit::Impressions,
    }
}

fn from_rule(view: &View<'_>, rule: &MeterRule, meters: &mut Vec<MeterValue>) {
    let read = |oid: &crate::snmp::oid::Oid| {
        let value = view.get(oid)?;
        let count = match value {
            Value::OctetString(octets) => rule.transform.number(octets).filter(|n| is_count(*n)),
            other => count_of(other),
        };
        count
            .filter(|count| *count >= rule.at_least)
            .map(|count| (oid.to_string(), count))
    };
    if rule.beside.iter().any(|oid| view.get(oid).is_none()) {
        return;
    }
    let found: Vec<_> = rule.oids.iter().filter_map(|oid| read(oid)).collect();
    let used = match rule.combine {
        Combine::Prefer => found.get(..1),
        Combine::Sum => Some(&found[..]).filter(|found| found.len() == rule.oids.len()),
        Combine::SumPresent => Some(&found[..]),
    };
    let Some(used) = used.filter(|used| !used.is_empty()) else {
        return;
    };
    let sum = used
        .iter()
        .try_fold(0_u64, |sum, (_, count)| sum.checked_add(*count));
    let sources: Vec<&str> = used.iter().map(|(oid, _)| oid.as_str()).collect();
    if let Some(sum) = sum {
        add(meters, &rule.key.0, sum, sources.join(" + "));
    }
}

fn from_table(view: &View<'_>, table: &MeterTable, meters: &mut Vec<MeterValue>) {
    let labels: Vec<(&[u32], String)> = view
        .answers
        .below(&table.label)
        .take(TABLE_ROWS_MAX)
        .filter_map(|(index, label)| Some((index, label_text(label)?)))
        .collect();
    for row in &table.rows {
        let key = &row.key.0;
        let found: Vec<(String, u64, MeterUnit)> = row
            .labels
            .iter()
            .filter_map(|wanted| {
                let mut places = labels
                    .iter()
                    .filter(|(_, label)| label.eq_ignore_ascii_case(wanted))
                    .map(|(index, _)| (*index, unit_of(view, table, index).unwrap_or(key.unit)));
                let first = places.next()?;
                // One thing may be counted twice, in two units.
                let of_key = |place: &(&[u32], MeterUnit)| place.1 == key.unit;
                let (index, unit) = if of_key(&first) {
                    first
                } else {
                    places.find(of_key).unwrap_or(first)
                };
                let instance = table.value.child(index);
                let count = view.get(&instance).and_then(count_of)?;
                (count >= table.at_least).then(|| (instance.to_string(), count, unit))
            })
            .collect();
        let Some(&(_, _, unit)) = found.first() else {
            continue;
        };
        let summed = || found.iter().filter(|(.., other)| *other == unit);
        let sum = summed().try_fold(0_u64, |sum, (_, count, _)| sum.checked_add(*count));
        let sources: Vec<&str> = summed().map(|(oid, ..)| oid.as_str()).collect();
        if let Some(sum) = sum {
            let key = MeterKey {
                unit,
                ..key.clone()
            };
            add(meters, &key, sum, sources.join(" + "));
        }
    }
}

/// The unit that a counter table states for one row.
fn unit_of(view: &View<'_>, table: &MeterTable, index: &[u32]) -> Option<MeterUnit> {
    let column = table.unit.as_ref()?;
    let code = label_text(view.get(&column.child(index))?)?;
    table.units.get(&code).map(|unit| unit.0)
}

/// The label of a counter table's row as it is compared: a number in digits, or text.
pub(crate) fn label_text(label: &Value) -> Option<String> {
    match label.as_octets() {
        Some(octets) => Some(super::charset::Charset::default().decode(octets)),
        None => label.as_i64().map(|number| number.to_string()),
    }
}

/// Whether a row of a counter table is one its profile asks for.
pub(crate) fn wanted(rows: &[MeterRow], label: &str) -> bool {
    let mut labels = rows.iter().flat_map(|row| &row.labels);
    labels.any(|wanted| wanted.eq_ignore_ascii_case(label))
}

/// Lets the maker's total be the total where the standard has none.
fn stand_in_total(meters: &mut Vec<MeterValue>) {
    let any = MeterKey::impressions(Function::Total, MeterColor::All);
    let is_total = |meter: &&MeterValue| {
        meter.key.function == Function::Total
            && meter.key.color == MeterColor::All
            && meter.key.unit == MeterUnit::Impressions
    };
    let maker = meters
        .iter()
        .filter(is_total)
        .find(|meter| meter.key.media == MEDIA_MAKER);
    if let Some(maker) = maker.cloned() {
        add(meters, &any, maker.value, maker.source);
    }
}

/// Whether the device marks in colour, as far as its counters and marker tell: a marker of three
/// or more process colourants, or a colour counter above zero, does; a marker of one does not.
pub(crate) fn marks_in_color(view: &View<'_>, meters: &[MeterValue]) -> Option<bool> {
    let counted = meters.iter().any(|meter| {
        meter.key.function != Function::Scan
            && matches!(
                meter.key.color,
                MeterColor::Color | MeterColor::TwoColor | MeterColor::SingleColor
            )
            && meter.value > 0
    });
    let colorants = view.rows(&mib::PRT_MARKER_PROCESS_COLORANTS);
    let most = colorants
        .into_iter()
        .filter_map(|(_, value)| value.as_i64())
        .max();
    match most {
        _ if counted => Some(true),
        Some(most) if most >= COLORANTS_OF_COLOR => Some(true),
        Some(1) => Some(false),
        _ => None,
    }
}
