//! The columns of Device Meter Data: life counts, counts by function, and how far to trust them.

use platen_domain::duplex::DuplexCount;
use platen_domain::function_sums::of_function;
use platen_domain::meter_doubts::doubts;
use platen_domain::meters::{
    Function, MEDIA_MAKER, MeterColor, MeterUnit, MeterValue, counted_in, impressions, total_on,
};
use platen_domain::paper_sizes::{by_size, large};

use crate::cell::Cell;
use crate::fleet_rows::{Column, Row};

pub(crate) static COLUMNS: [Column; 34] = [
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
        "Impressions in color, without those counted apart as two-color or single-color; see MeterReadRule.",
        |row| Cell::integer(row.life_counts.color),
    ),
    Column::integer(
        "LifeCountTwoColor",
        "Life count two-color",
        "Impressions in two colors, where the maker counts them apart.",
        |row| Cell::integer(row.life_counts.two_color),
    ),
    Column::integer(
        "LifeCountSingleColor",
        "Life count single-color",
        "Impressions in one color other than black, where the maker counts them apart.",
        |row| Cell::integer(row.life_counts.single_color),
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
        |row| made(row, Function::Print),
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
        |row| made(row, Function::Copy),
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
        |row| made(row, Function::Fax),
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
        made(row, Function::Scan)
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
        |row| made(row, Function::Other),
    ),
    Column::integer(
        "DuplexSheets",
        "Duplex sheets",
        "Sheets marked on both sides; those printed where the device counts no others. See DuplexRule.",
        |row| Cell::integer(duplex(row).sheets),
    ),
    Column::integer(
        "Sheets",
        "Sheets",
        "Sheets of media; those printed where the device counts no others.",
        |row| Cell::integer(counted_in(&row.snapshot.meters, MeterUnit::Sheets)),
    ),
    Column::integer(
        "LargeCountTotal",
        "A3/large count total",
        "Impressions on A3, Ledger or larger.",
        |row| on_large(row, MeterColor::All),
    ),
    Column::integer(
        "LargeCountMono",
        "A3/large count mono",
        "Impressions on A3, Ledger or larger in black only.",
        |row| on_large(row, MeterColor::Mono),
    ),
    Column::integer(
        "LargeCountColor",
        "A3/large count color",
        "Impressions on A3, Ledger or larger in color.",
        |row| on_large(row, MeterColor::Color),
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
        "How the life counts were obtained, 0 to 5: 1 is all three as the device reports them, 0 nothing read or counts that contradict each other (see MeterDoubts).",
        |row| Cell::Integer(row.life_counts.confidence().into()),
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
    Column::integer(
        "LifeCountMaker",
        "Life count by the maker",
        "The maker's own total, as its status page shows it: often some pages off LifeCountTotal, and as right.",
        |row| {
            let meters = &row.snapshot.meters;
            Cell::integer(total_on(meters, MeterColor::All, MEDIA_MAKER))
        },
    ),
    Column::text(
        "DuplexRule",
        "Duplex rule",
        "The rule that gave DuplexSheets, in words: makers count sheets or sides.",
        |row| Cell::text(Some(duplex(row).rule.words())),
    ),
    Column::text(
        "CountsBySize",
        "Counts by paper size",
        "Impressions of each paper size that the device counts, such as 'a3 120; a4 5400'.",
        |row| {
            let sizes = by_size(&row.snapshot.meters);
            listed(sizes.map(|(size, count)| format!("{size} {count}")))
        },
    ),
    Column::text(
        "MeterDoubts",
        "Meter doubts",
        "What of the meters contradicts itself or is not proven, in words; null where nothing does.",
        |row| {
            let doubts = doubts(&row.snapshot.meters, &row.life_counts);
            listed(doubts.iter().map(ToString::to_string))
        },
    ),
];

fn reported<'a>(row: &Row<'a>, function: Function, color: MeterColor) -> Cell<'a> {
    Cell::integer(impressions(&row.snapshot.meters, function, color))
}

fn made<'a>(row: &Row<'a>, function: Function) -> Cell<'a> {
    Cell::integer(of_function(&row.snapshot.meters, function))
}

fn duplex(row: &Row<'_>) -> DuplexCount {
    DuplexCount::derive(&row.snapshot.meters, &row.life_counts)
}

fn on_large<'a>(row: &Row<'a>, color: MeterColor) -> Cell<'a> {
    Cell::integer(large(&row.snapshot.meters, color))
}

/// Several in one cell; null where there is none.
fn listed<'a>(items: impl Iterator<Item = String>) -> Cell<'a> {
    let items: Vec<String> = items.collect();
    Cell::text_owned((!items.is_empty()).then(|| items.join("; ")))
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
                | MeterUnit::DuplexSides
                | MeterUnit::DuplexUnproven
                | MeterUnit::Pages
                | MeterUnit::Hours
        );
        (key.function, key.color) == (Function::Total, MeterColor::All) && !page_like
    })
}
