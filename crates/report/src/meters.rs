//! The columns of Device Meter Data: life counts, counts by function, and how far to trust them.

use platen_domain::meters::{Function, MEDIA_ANY, MeterColor, MeterUnit, MeterValue, impressions};

use crate::catalogue::{Column, Row};
use crate::cell::Cell;

/// Media that makers count as large, the most usual name first.
const LARGE_MEDIA: [&str; 2] = ["a3", "large"];

pub(crate) static COLUMNS: [Column; 30] = [
    Column::integer(
        "LifeCountTotal",
        "Life count total",
        "Impressions in the device's life; see MeterReadRule.",
        |row| Cell::integer(row.life_counts.total),
    ),
    Column::integer(
        "LifeCountMono",
        "Life count mono",
        "Impressions in black only; see MeterReadRule.",
        |row| Cell::integer(row.life_counts.mono),
    ),
    Column::integer(
        "LifeCountColor",
        "Life count color",
        "Impressions in color; see MeterReadRule.",
        |row| Cell::integer(row.life_counts.color),
    ),
    Column::integer(
        "LifeCountTwoColor",
        "Life count two-color",
        "Impressions in two colors, where the maker counts them apart.",
        |row| reported(row, Function::Total, MeterColor::TwoColor),
    ),
    Column::integer(
        "LifeCountSingleColor",
        "Life count single-color",
        "Impressions in one color other than black, where the maker counts them apart.",
        |row| reported(row, Function::Total, MeterColor::SingleColor),
    ),
    Column::boolean(
        "ColorDevice",
        "Color device",
        "Whether the device marks in color; null when its answers do not tell.",
        |row| {
            row.snapshot
                .device
                .identity
                .color
                .map_or(Cell::Null, Cell::Boolean)
        },
    ),
    Column::integer(
        "PrintCountTotal",
        "Print count total",
        "Printed impressions.",
        |row| of_function(row, Function::Print),
    ),
    Column::integer(
        "PrintCountMono",
        "Print count mono",
        "Printed in black only.",
        |row| reported(row, Function::Print, MeterColor::Mono),
    ),
    Column::integer(
        "PrintCountColor",
        "Print count color",
        "Printed in color.",
        |row| reported(row, Function::Print, MeterColor::Color),
    ),
    Column::integer(
        "CopyCountTotal",
        "Copy count total",
        "Copied impressions.",
        |row| of_function(row, Function::Copy),
    ),
    Column::integer(
        "CopyCountMono",
        "Copy count mono",
        "Copied in black only.",
        |row| reported(row, Function::Copy, MeterColor::Mono),
    ),
    Column::integer(
        "CopyCountColor",
        "Copy count color",
        "Copied in color.",
        |row| reported(row, Function::Copy, MeterColor::Color),
    ),
    Column::integer(
        "FaxCountTotal",
        "Fax count total",
        "Impressions of received faxes.",
        |row| of_function(row, Function::Fax),
    ),
    Column::integer(
        "FaxCountMono",
        "Fax count mono",
        "Faxes printed in black only.",
        |row| reported(row, Function::Fax, MeterColor::Mono),
    ),
    Column::integer(
        "FaxCountColor",
        "Fax count color",
        "Faxes printed in color.",
        |row| reported(row, Function::Fax, MeterColor::Color),
    ),
    Column::integer("ScanCount", "Scan count", "Scanned sides.", |row| {
        of_function(row, Function::Scan)
    }),
    Column::integer(
        "ScanCountMono",
        "Scan count mono",
        "Sides scanned in black only.",
        |row| reported(row, Function::Scan, MeterColor::Mono),
    ),
    Column::integer(
        "ScanCountColor",
        "Scan count color",
        "Sides scanned in color.",
        |row| reported(row, Function::Scan, MeterColor::Color),
    ),
    Column::integer(
        "OtherCountTotal",
        "Other count total",
        "Reports, test pages and what the maker does not name.",
        |row| of_function(row, Function::Other),
    ),
    Column::integer(
        "DuplexSheets",
        "Duplex sheets",
        "Sheets marked on both sides; those printed where the device counts no others.",
        |row| in_unit(row, MeterUnit::DuplexSheets),
    ),
    Column::integer(
        "Sheets",
        "Sheets",
        "Sheets of media; those printed where the device counts no others.",
        |row| in_unit(row, MeterUnit::Sheets),
    ),
    Column::integer(
        "LargeCountTotal",
        "A3/large count total",
        "Impressions on A3, Ledger or larger.",
        |row| on_large_media(row, MeterColor::All),
    ),
    Column::integer(
        "LargeCountMono",
        "A3/large count mono",
        "Impressions on A3, Ledger or larger in black only.",
        |row| on_large_media(row, MeterColor::Mono),
    ),
    Column::integer(
        "LargeCountColor",
        "A3/large count color",
        "Impressions on A3, Ledger or larger in color.",
        |row| on_large_media(row, MeterColor::Color),
    ),
    Column::integer(
        "LifeUsage",
        "Life usage",
        "Life count of a device that counts media by length or area, in LifeUsageUnit.",
        |row| Cell::integer(life_usage(row).map(|meter| meter.value)),
    ),
    Column::text(
        "LifeUsageUnit",
        "Life usage unit",
        "Unit of LifeUsage, such as metres or feet.",
        |row| Cell::text(life_usage(row).map(|meter| meter.key.unit.keyword())),
    ),
    Column::integer(
        "MeterReadConfidence",
        "Meter read confidence",
        "How the life counts were obtained, 0 to 5; 1 is all three as the device reports them.",
        |row| Cell::Integer(row.life_counts.rule.confidence().into()),
    ),
    Column::text(
        "MeterReadRule",
        "Meter read rule",
        "The rule that gave the life counts, in words.",
        |row| Cell::text(Some(row.life_counts.rule.words())),
    ),
    Column::instant(
        "MeterReadAt",
        "Meters read",
        "When the meters were last read.",
        |row| Cell::instant(row.snapshot.meters_read_at),
    ),
    Column::text(
        "MeterProfile",
        "Meter profile",
        "Vendor profile whose rules decoded the newest reading.",
        |row| {
            Cell::text(
                row.snapshot
                    .profile
                    .as_ref()
                    .map(|profile| profile.name.as_str()),
            )
        },
    ),
];

fn reported<'a>(row: &Row<'a>, function: Function, color: MeterColor) -> Cell<'a> {
    Cell::integer(impressions(&row.snapshot.meters, function, color))
}

/// The function's total as reported, else the sum of its colours where mono and colour are known.
fn of_function<'a>(row: &Row<'a>, function: Function) -> Cell<'a> {
    let count = |color| impressions(&row.snapshot.meters, function, color);
    let sum = || {
        let apart = [MeterColor::TwoColor, MeterColor::SingleColor];
        let main = count(MeterColor::Mono)?.checked_add(count(MeterColor::Color)?)?;
        let mut apart = apart.into_iter().filter_map(count);
        apart.try_fold(main, u64::checked_add)
    };
    Cell::integer(count(MeterColor::All).or_else(sum))
}

/// What the device counts of everything, else of printing: IPP tells of printing alone.
fn in_unit<'a>(row: &Row<'a>, unit: MeterUnit) -> Cell<'a> {
    let count = |function| {
        let value = row.snapshot.meters.iter().find(|meter| {
            let key = &meter.key;
            (key.function, key.color) == (function, MeterColor::All)
                && key.unit == unit
                && key.media == MEDIA_ANY
        });
        value.map(|meter| meter.value)
    };
    Cell::integer(count(Function::Total).or_else(|| count(Function::Print)))
}

fn on_large_media<'a>(row: &Row<'a>, color: MeterColor) -> Cell<'a> {
    let on = |media: &str| {
        let value = row.snapshot.meters.iter().find(|meter| {
            let key = &meter.key;
            (key.function, key.color, key.unit) == (Function::Total, color, MeterUnit::Impressions)
                && key.media == media
        });
        value.map(|meter| meter.value)
    };
    Cell::integer(LARGE_MEDIA.into_iter().find_map(on))
}

/// The life count in a unit of length, dots or characters.
fn life_usage<'a>(row: &Row<'a>) -> Option<&'a MeterValue> {
    row.snapshot.meters.iter().find(|meter| {
        let key = &meter.key;
        let page_like = matches!(
            key.unit,
            MeterUnit::Impressions
                | MeterUnit::Sheets
                | MeterUnit::DuplexSheets
                | MeterUnit::Pages
                | MeterUnit::Hours
        );
        (key.function, key.color) == (Function::Total, MeterColor::All) && !page_like
    })
}
