//! What to ask.
//!
//! - [`probe`]: one small GET; whatever answers it is a host.
//! - [`census`]: is it a printer, which one of its devices, of which vendor.
//! - [`full`]: everything a profile reads, static and dynamic.
//! - [`dynamic`]: what changes between polls, as exactly as the device is known: the instances and
//!   columns that exist and no others, so that it fits into one message.

use platen_domain::devices::normalize_serial;

use super::meters::{count_of, label_text, wanted};
use super::mib;
use super::profile::Profile;
use super::profiles::Profiles;
use super::view::{TABLE_ROWS_MAX, View};
use crate::snmp::answers::Answers;
use crate::snmp::oid::Oid;
use crate::snmp::query::{Column, Query};
use crate::snmp::value::Value;

/// The system group and the two places an IEEE 1284 device id is usually found.
pub(crate) fn probe() -> Query {
    Query {
        objects: oids(&[
            &mib::SYS_DESCR,
            &mib::SYS_OBJECT_ID,
            &mib::SYS_UP_TIME,
            &mib::SYS_CONTACT,
            &mib::SYS_NAME,
            &mib::SYS_LOCATION,
            &mib::HP_GD_STATUS_ID,
        ]),
        columns: Vec::new(),
    }
}

/// Where every vendor keeps its IEEE 1284 device id: asked of a host without a `sysObjectID`,
/// since the id names the maker whoever answers it.
pub(crate) fn device_ids(profiles: &Profiles) -> Query {
    let sources = profiles
        .iter()
        .flat_map(|profile| &profile.identity.device_id);
    Query {
        objects: sources.map(|source| source.oid.0.clone()).collect(),
        columns: Vec::new(),
    }
}

/// What shows whether the host is a printer, and of which vendor.
pub(crate) fn census() -> Query {
    walk(&[
        &mib::HR_DEVICE_TYPE,
        &mib::HR_DEVICE_DESCR,
        &mib::HR_DEVICE_STATUS,
        &mib::PRT_GENERAL_SERIAL_NUMBER,
        &mib::PRT_MARKER_LIFE_COUNT,
        &mib::PRT_MARKER_SUPPLIES_LEVEL,
        &mib::PPM_PRINTER_IEEE1284_DEVICE_ID,
    ])
}

/// The columns of the supplies table and what they refer to: all a second SNMP context is asked
/// for (trap T16).
pub(crate) fn supplies() -> Query {
    walk(&[
        &mib::PRT_MARKER_SUPPLIES_COLORANT_INDEX,
        &mib::PRT_MARKER_SUPPLIES_CLASS,
        &mib::PRT_MARKER_SUPPLIES_TYPE,
        &mib::PRT_MARKER_SUPPLIES_DESCRIPTION,
        &mib::PRT_MARKER_SUPPLIES_SUPPLY_UNIT,
        &mib::PRT_MARKER_SUPPLIES_MAX_CAPACITY,
        &mib::PRT_MARKER_SUPPLIES_LEVEL,
        &mib::PRT_MARKER_COLORANT_VALUE,
    ])
}

/// Everything of the standard the census left out, and everything of the profile.
pub(crate) fn full(profile: &Profile) -> Query {
    let mut query = walk(&[
        &mib::IF_TYPE,
        &mib::IF_PHYS_ADDRESS,
        &mib::IF_OPER_STATUS,
        &mib::HR_PRINTER_STATUS,
        &mib::HR_PRINTER_DETECTED_ERROR_STATE,
        &mib::PRT_GENERAL_CURRENT_LOCALIZATION,
        &mib::PRT_CONSOLE_LOCALIZATION,
        &mib::PRT_GENERAL_PRINTER_NAME,
        &mib::PRT_LOCALIZATION_LANGUAGE,
        &mib::PRT_LOCALIZATION_COUNTRY,
        &mib::PRT_LOCALIZATION_CHARACTER_SET,
        &mib::PRT_MARKER_MARK_TECH,
        &mib::PRT_MARKER_COUNTER_UNIT,
        &mib::PRT_MARKER_PROCESS_COLORANTS,
        &mib::PRT_CONSOLE_DISPLAY_BUFFER_TEXT,
        &mib::PRT_ALERT_SEVERITY_LEVEL,
        &mib::PRT_ALERT_GROUP,
        &mib::PRT_ALERT_GROUP_INDEX,
        &mib::PRT_ALERT_CODE,
        &mib::PRT_ALERT_DESCRIPTION,
    ]);
    query.columns.extend(supplies().columns);
    let identity = &profile.identity;
    let sources = [
        &identity.serial,
        &identity.model,
        &identity.firmware,
        &identity.device_id,
    ];
    for source in sources.into_iter().flatten() {
        let oid = source.oid.0.clone();
        if source.column {
            query.columns.push(Column { oid, rows: None });
        } else {
            query.objects.push(oid);
        }
    }
    query.objects.extend(values(profile));
    for table in &profile.meter_tables {
        let columns = [&table.label, &table.value].into_iter().chain(&table.unit);
        for oid in columns {
            // Several tables of counts may share their labels.
            if query.columns.iter().all(|column| column.oid != oid.0) {
                query.columns.push(Column {
                    oid: oid.0.clone(),
                    rows: None,
                });
            }
        }
    }
    let levels = profile.supplies.level_tables.iter();
    let levels = levels.flat_map(|table| table.names.iter().chain([&table.level]));
    query.columns.extend(levels.map(|oid| Column {
        oid: oid.0.clone(),
        rows: None,
    }));
    query.objects.sort_unstable();
    query.objects.dedup();
    query
}

/// Everything of the profile that changes and stands at a known instance.
fn values(profile: &Profile) -> impl Iterator<Item = Oid> {
    let meters = profile.meters.iter().flat_map(|rule| &rule.oids);
    let records = profile.meter_records.iter().map(|group| &group.oid);
    let levels = profile.supplies.levels.iter().map(|rule| &rule.oid);
    let level_records = profile
        .supplies
        .level_records
        .iter()
        .map(|group| &group.oid);
    meters
        .chain(records)
        .chain(levels)
        .chain(level_records)
        .map(|oid| oid.0.clone())
}

/// The object by which every poll makes sure that it is still the same device that answers: an
/// address may belong to another printer since the last poll (DHCP, an exchange). The serial
/// number where the device states a real one, else its name; a renamed device costs one full reading.
/// Not the MAC address, which a Samsung ML-3470 gives wrong in GETBULK (sharpsnmplib #58).
pub(crate) fn witness(known: &Answers) -> Answers {
    let is_text = |value: &Value| value.as_octets().is_some_and(|octets| !octets.is_empty());
    let is_serial = |value: &Value| {
        let text = value.as_octets().map(String::from_utf8_lossy);
        text.is_some_and(|text| normalize_serial(&text).is_some())
    };
    let serial = View::new(known)
        .device_row(&mib::PRT_GENERAL_SERIAL_NUMBER)
        .filter(|(_, value)| is_serial(value));
    let name = known
        .get(&mib::SYS_NAME)
        .map(|name| (mib::SYS_NAME.clone(), name));
    let stated = [serial, name]
        .into_iter()
        .flatten()
        .find(|(_, value)| is_text(value));
    stated
        .map(|(oid, value)| (oid, value.clone()))
        .into_iter()
        .collect()
}

/// What to ask at every poll of a device whose full answers are `known`.
pub(crate) fn dynamic(known: &Answers, profile: &Profile) -> Query {
    let view = View::new(known);
    let scalars = [
        &*mib::HR_DEVICE_STATUS,
        &*mib::HR_PRINTER_STATUS,
        &*mib::HR_PRINTER_DETECTED_ERROR_STATE,
    ];
    let mut objects = vec![mib::SYS_UP_TIME.clone()];
    objects.extend(
        scalars
            .into_iter()
            .filter_map(|column| Some(view.device_row(column)?.0)),
    );
    objects.extend(witness(known).iter().map(|(oid, _)| oid.clone()));
    objects.extend(view.instances(&mib::PRT_MARKER_LIFE_COUNT));
    objects.extend(values(profile).filter(|oid| known.get(oid).is_some()));
    for table in &profile.meter_tables {
        let labels = known.below(&table.label);
        let rows = labels.filter(|(_, label)| {
            label_text(label).is_some_and(|label| wanted(&table.rows, &label))
        });
        let instances = rows.map(|(index, _)| table.value.child(index));
        // What is too low to be a count is asked again with everything else, once a day.
        let count = |oid: &Oid| known.get(oid).and_then(count_of);
        objects.extend(
            instances.filter(|oid| count(oid).is_some_and(|count| count >= table.at_least)),
        );
    }
    for table in &profile.supplies.level_tables {
        let rows = known.below(&table.level).take(TABLE_ROWS_MAX);
        objects.extend(rows.map(|(index, _)| table.level.child(index)));
    }
    let counted = [
        &*mib::PRT_MARKER_SUPPLIES_MAX_CAPACITY,
        &*mib::PRT_MARKER_SUPPLIES_LEVEL,
        &*mib::PRT_CONSOLE_DISPLAY_BUFFER_TEXT,
    ];
    let mut columns: Vec<Column> = counted
        .into_iter()
        .filter_map(|column| {
            let rows = known.below(column).count();
            (rows > 0).then(|| Column {
                oid: column.clone(),
                rows: u16::try_from(rows).ok(),
            })
        })
        .collect();
    columns.extend(alerts(known));
    objects.sort_unstable();
    objects.dedup();
    Query { objects, columns }
}

/// Alerts come and go, so their number is never known; a device that speaks the Printer-MIB is
/// asked for them always, any other never.
fn alerts(known: &Answers) -> Vec<Column> {
    if known.below(&mib::PRINTER_MIB).next().is_none() {
        return Vec::new();
    }
    walk(&[
        &mib::PRT_ALERT_SEVERITY_LEVEL,
        &mib::PRT_ALERT_GROUP,
        &mib::PRT_ALERT_GROUP_INDEX,
        &mib::PRT_ALERT_CODE,
        &mib::PRT_ALERT_DESCRIPTION,
    ])
    .columns
}

/// Those of a device's answers that stay the same between polls and are needed to decode the
/// others: descriptions, units, colours, labels, character sets, and which device is the printer.
pub(crate) fn lasting(known: &Answers, profile: &Profile) -> Answers {
    let mut columns: Vec<&Oid> = vec![
        &mib::HR_DEVICE_TYPE,
        &mib::PRT_GENERAL_CURRENT_LOCALIZATION,
        &mib::PRT_CONSOLE_LOCALIZATION,
        &mib::PRT_MARKER_MARK_TECH,
        &mib::PRT_MARKER_COUNTER_UNIT,
        &mib::PRT_MARKER_PROCESS_COLORANTS,
        &mib::PRT_MARKER_SUPPLIES_COLORANT_INDEX,
        &mib::PRT_MARKER_SUPPLIES_CLASS,
        &mib::PRT_MARKER_SUPPLIES_TYPE,
        &mib::PRT_MARKER_SUPPLIES_DESCRIPTION,
        &mib::PRT_MARKER_SUPPLIES_SUPPLY_UNIT,
        &mib::PRT_MARKER_COLORANT_VALUE,
    ];
    for table in &profile.meter_tables {
        columns.extend([&table.label.0].into_iter().chain(table.unit.as_deref()));
    }
    let names = profile.supplies.level_tables.iter();
    columns.extend(names.flat_map(|table| table.names.iter().map(|name| &name.0)));
    let view = View::new(known);
    let pointers = [
        &*mib::PRT_GENERAL_CURRENT_LOCALIZATION,
        &*mib::PRT_CONSOLE_LOCALIZATION,
    ];
    let used = pointers.map(|pointer| super::charset::localization_row(&view, pointer));
    let localization = [
        &*mib::PRT_LOCALIZATION_LANGUAGE,
        &*mib::PRT_LOCALIZATION_COUNTRY,
        &*mib::PRT_LOCALIZATION_CHARACTER_SET,
    ];
    let needed = |oid: &Oid| {
        columns.iter().any(|column| oid.suffix(column).is_some())
            || localization.iter().any(|column| {
                let row = oid.suffix(column).and_then(<[u32]>::last);
                row.is_some() && used.contains(&row.copied())
            })
    };
    let lasting = known.iter().filter(|(oid, _)| needed(oid));
    lasting
        .map(|(oid, value)| (oid.clone(), value.clone()))
        .collect()
}

/// Whether any row of the supplies table is there.
pub(crate) fn has_supplies(answers: &Answers) -> bool {
    answers
        .below(&mib::PRT_MARKER_SUPPLIES_LEVEL)
        .next()
        .is_some()
}

/// The rows of the supplies table, as indices below its columns.
pub(crate) fn supply_rows(answers: &Answers) -> Vec<Vec<u32>> {
    let rows = answers.below(&mib::PRT_MARKER_SUPPLIES_LEVEL);
    rows.map(|(row, _)| row.to_vec()).collect()
}

/// A poll's question as that for the supplies and that for the rest.
pub(crate) fn split_supplies(question: Query) -> (Query, Query) {
    let table = &*mib::PRT_MARKER_SUPPLIES_TABLE;
    let (supplies, rest) = question
        .columns
        .into_iter()
        .partition(|column| column.oid.suffix(table).is_some());
    let of = |objects, columns| Query { objects, columns };
    (of(Vec::new(), supplies), of(question.objects, rest))
}

fn walk(columns: &[&Oid]) -> Query {
    Query {
        objects: Vec::new(),
        columns: columns
            .iter()
            .map(|oid| Column {
                oid: (*oid).clone(),
                rows: None,
            })
            .collect(),
    }
}

fn oids(objects: &[&Oid]) -> Vec<Oid> {
    objects.iter().map(|oid| (*oid).clone()).collect()
}
