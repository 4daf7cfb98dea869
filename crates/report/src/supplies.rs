//! The columns of Device Toner Data: one row per supply, what it is and how much is left.

use std::borrow::Cow;

use platen_domain::supplies::{Level, Supply};

use crate::cell::Cell;
use crate::fleet_rows::Column;

pub(crate) static COLUMNS: [Column; 14] = [
    Column::text(
        "SupplyType",
        "Type",
        "What it is, by its name in the IANA Printer-MIB registry, such as toner or wasteToner.",
        |row| Cell::text(row.supply.map(|supply| supply.kind.keyword())),
    ),
    Column::text(
        "SupplyClass",
        "Class",
        "supplyThatIsConsumed, receptacleThatIsFilled (a waste box) or other.",
        |row| Cell::text(row.supply.map(|supply| supply.class.keyword())),
    ),
    Column::text(
        "Colorant",
        "Colorant",
        "Its color or colors, joined by '+'; null when it colors nothing.",
        |row| row.supply.map_or(Cell::Null, colorants),
    ),
    Column::text(
        "SupplyDescription",
        "Description",
        "The maker's description.",
        |row| Cell::text(row.supply.map(|supply| supply.description.as_str())),
    ),
    Column::text(
        "PartNumber",
        "Part number",
        "Part number the device states; several are joined by '/'.",
        |row| Cell::text(row.supply.and_then(|supply| supply.part_number.as_deref())),
    ),
    Column::text(
        "SupplySerialNumber",
        "Supply serial number",
        "The supply's own serial number, where the device states one.",
        |row| Cell::text(row.supply.and_then(|supply| supply.serial.as_deref())),
    ),
    Column::integer(
        "LevelPercent",
        "Level %",
        "Percent that remains, 0 to 100; of a receptacle, remaining space.",
        |row| Cell::integer(row.supply.and_then(|supply| supply.level.percent())),
    ),
    Column::text(
        "LevelState",
        "Level state",
        "What is known of the level: percent, units, some-left, unknown or unlimited.",
        |row| Cell::text(row.supply.map(|supply| supply.level.keyword())),
    ),
    Column::integer(
        "LevelUnits",
        "Level units",
        "Amount left in Unit, where the capacity is not known.",
        |row| Cell::integer(row.supply.and_then(|supply| units(supply.level))),
    ),
    Column::integer(
        "Capacity",
        "Capacity",
        "Capacity in Unit, where known.",
        |row| Cell::integer(row.supply.and_then(|supply| supply.capacity)),
    ),
    Column::text(
        "Unit",
        "Unit",
        "Unit of the capacity by its name in RFC 3805, such as impressions.",
        |row| Cell::text(row.supply.and_then(|supply| supply.unit.as_deref())),
    ),
    Column::instant(
        "SupplyReadAt",
        "Supplies read",
        "When the supplies were last read.",
        |row| Cell::instant(row.snapshot.supplies_read_at),
    ),
    Column::text(
        "LevelSource",
        "Level source",
        "What gave the level: a rule such as rfc3805, or a maker's own object as 'ricoh: ' and its OID.",
        |row| Cell::text(row.supply.map(|supply| supply.rule.as_ref())),
    ),
    Column::instant(
        "ReplacedAt",
        "Replaced",
        "When the device first stated another serial number in this place; null when it never did.",
        |row| Cell::instant(row.replaced_at),
    ),
];

fn colorants(supply: &Supply) -> Cell<'_> {
    match supply.colorants.as_slice() {
        [] => Cell::Null,
        [only] => Cell::text(Some(only)),
        many => Cell::Text(Cow::Owned(many.join("+"))),
    }
}

const fn units(level: Level) -> Option<u64> {
    match level {
        Level::Units(amount) => Some(amount),
        Level::Percent(_) | Level::SomeLeft | Level::Unknown | Level::Unlimited => None,
    }
}
