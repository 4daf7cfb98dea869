//! The columns every fleet report shares: which device it is, where it stands, when it answered.

use std::borrow::Cow;

use crate::cell::Cell;
use crate::fleet_rows::{Column, Row};

/// Between the levels of a location or department in one column.
const LEVEL_SEPARATOR: &str = " / ";

pub(crate) static IDENTITY: [Column; 14] = [
    Column::text(
        "SerialNumber",
        "Serial number",
        "Serial number as the device spells it.",
        |row| Cell::text(row.snapshot.device.identity.serial.as_deref()),
    ),
    Column::text(
        "Manufacturer",
        "Manufacturer",
        "Maker of the device.",
        |row| Cell::text(row.snapshot.device.identity.manufacturer.as_deref()),
    ),
    Column::text("Model", "Model", "Model without the maker's name.", |row| {
        Cell::text(row.snapshot.device.identity.model.as_deref())
    }),
    Column::text(
        "DeviceName",
        "Name",
        "Name set in the device (sysName or the printer's own).",
        |row| Cell::text(row.snapshot.device.identity.name.as_deref()),
    ),
    Column::text(
        "IpAddress",
        "IP address",
        "Address where the device last answered.",
        |row| Cell::Text(Cow::Owned(row.snapshot.device.address.to_string())),
    ),
    Column::text(
        "MacAddress",
        "MAC address",
        "MAC address, lower case with colons.",
        |row| Cell::text(row.snapshot.device.identity.mac.as_deref()),
    ),
    Column::text(
        "AssetNumber",
        "Asset number",
        "Asset number given by people.",
        |row| Cell::text(row.snapshot.device.asset_number.as_deref()),
    ),
    Column::text(
        "Location",
        "Location",
        "Location given by people, levels joined by ' / '; else the one set in the device.",
        location,
    ),
    Column::text(
        "Location1",
        "Location level 1",
        "Outermost level given by people.",
        |row| level(row, 0),
    ),
    Column::text(
        "Location2",
        "Location level 2",
        "Second level given by people.",
        |row| level(row, 1),
    ),
    Column::text(
        "Location3",
        "Location level 3",
        "Third level given by people.",
        |row| level(row, 2),
    ),
    Column::text(
        "Location4",
        "Location level 4",
        "Fourth level given by people.",
        |row| level(row, 3),
    ),
    Column::text(
        "Location5",
        "Location level 5",
        "Innermost level given by people.",
        |row| level(row, 4),
    ),
    Column::text(
        "Department",
        "Department",
        "Department given by people, levels joined by ' / '.",
        |row| joined(&row.snapshot.device.department),
    ),
];

pub(crate) static ACTIVITY: [Column; 3] = [
    Column::instant(
        "FirstSeenAt",
        "First seen",
        "When the device first answered.",
        |row| Cell::Instant(row.snapshot.device.first_seen_at),
    ),
    Column::instant(
        "LastSeenAt",
        "Last seen",
        "When the device last answered.",
        |row| Cell::Instant(row.snapshot.device.last_seen_at),
    ),
    Column::text(
        "DeviceId",
        "Device id",
        "Platen's own identifier of the device: stable when address, name or serial change.",
        |row| Cell::Text(Cow::Owned(row.snapshot.device.id.to_string())),
    ),
];

fn location<'a>(row: &Row<'a>) -> Cell<'a> {
    match joined(&row.snapshot.device.location) {
        Cell::Null => Cell::text(row.snapshot.device.identity.location.as_deref()),
        given => given,
    }
}

fn level<'a>(row: &Row<'a>, index: usize) -> Cell<'a> {
    Cell::text(row.snapshot.device.location.get(index).map(String::as_str))
}

pub(crate) fn joined(levels: &[String]) -> Cell<'_> {
    match levels {
        [] => Cell::Null,
        [only] => Cell::text(Some(only)),
        many => Cell::Text(Cow::Owned(many.join(LEVEL_SEPARATOR))),
    }
}
