//! Input, output and media path of the Printer MIB (RFC 3805).

use super::texts::Texts;
use super::{DEVICE, PRINTER, Row, row_number};
use crate::life::{Life, TroubleKind};
use crate::mib::MibBuilder;
use crate::models::Tray;
use crate::printer::SimulatedPrinter;
use crate::value::Value;

/// `PrtCapacityUnitTC`: sheets.
const SHEETS: i64 = 8;
/// `PrtMediaUnitTC`: micrometres.
const MICROMETRES: i64 = 4;

pub(super) fn put(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life, texts: &Texts) {
    for (position, tray) in printer.model.trays.iter().enumerate() {
        let empty = position == 0 && life.has(TroubleKind::TrayEmpty);
        input(mib, row_number(position), tray, empty, texts);
    }
    output(mib, texts);
    media_path(mib, i64::from(printer.model.units_per_hour));
}

fn input(mib: &mut MibBuilder, row: u32, tray: &Tray, empty: bool, texts: &Texts) {
    const SHEET_FEED_AUTO_REMOVABLE: i64 = 3;
    /// `PrtSubUnitStatusTC`: available and idle, or unavailable because empty (a sum of 1 and 8).
    const IDLE: i64 = 0;
    const EMPTY: i64 = 9;
    let level = if empty { 0 } else { tray.level };
    let status = if level == 0 { EMPTY } else { IDLE };
    Row::new(mib, &[PRINTER, &[8, 2, 1]], &[DEVICE, row])
        .integers(&[
            (2, SHEET_FEED_AUTO_REMOVABLE),
            (3, MICROMETRES),
            (4, 297_000),
            (5, 210_000),
        ])
        .integers(&[(6, 297_000), (7, 210_000), (8, SHEETS), (9, tray.capacity)])
        .integers(&[(10, level), (11, status)])
        .put(12, Value::text(tray.media))
        .put(13, texts.description(tray.name))
        .put(18, texts.description(tray.name));
}

fn output(mib: &mut MibBuilder, texts: &Texts) {
    const UNREMOVABLE_BIN: i64 = 4;
    Row::new(mib, &[PRINTER, &[9, 2, 1]], &[DEVICE, 1])
        .integers(&[(2, UNREMOVABLE_BIN), (3, SHEETS), (4, 250), (5, -3), (6, 0)])
        .put(7, texts.description(texts.output_bin))
        .put(12, texts.description(texts.output_bin));
}

fn media_path(mib: &mut MibBuilder, speed: i64) {
    const SHEETS_PER_HOUR: i64 = 8;
    const LONG_EDGE_FEED: i64 = 3;
    Row::new(mib, &[PRINTER, &[13, 4, 1]], &[DEVICE, 1])
        .integers(&[
            (2, SHEETS_PER_HOUR),
            (3, MICROMETRES),
            (4, speed * 20),
            (5, 420_000),
        ])
        .integers(&[
            (6, 297_000),
            (7, 148_000),
            (8, 100_000),
            (9, LONG_EDGE_FEED),
            (11, 0),
        ])
        .put(10, Value::text("Simplex"));
}
