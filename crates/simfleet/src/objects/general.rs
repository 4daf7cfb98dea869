//! General, covers, localization, console and lights of the Printer MIB (RFC 3805).

use super::system::host_name;
use super::texts::Texts;
use super::{DEVICE, PRINTER, Row, counter, row_number};
use crate::life::{Life, TroubleKind};
use crate::mib::MibBuilder;
use crate::printer::SimulatedPrinter;
use crate::value::Value;

/// Row of `prtLocalizationTable` for descriptions, and the one for the console.
const DESCRIPTIONS: u32 = 1;
const CONSOLE: u32 = 2;

pub(super) fn put(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life, texts: &Texts) {
    general(mib, printer);
    localization(mib, DESCRIPTIONS, texts, texts.character_set);
    localization(mib, CONSOLE, texts, texts.console_character_set);
    cover(mib, life, texts);
    console(mib, life, texts);
}

fn general(mib: &mut MibBuilder, printer: &SimulatedPrinter) {
    let mut row = Row::new(mib, &[PRINTER, &[5, 1, 1]], &[DEVICE]);
    row.put(1, counter(3))
        .integers(&[(2, i64::from(DESCRIPTIONS)), (3, 3), (7, 1), (8, 1), (9, 1)])
        .integers(&[(10, i64::from(CONSOLE)), (11, 2), (12, 40), (13, 4)])
        .put(16, Value::text(&host_name(printer)));
    if let Some(serial_number) = printer.serial_number() {
        row.put(17, Value::text(&serial_number));
    }
}

fn localization(mib: &mut MibBuilder, row: u32, texts: &Texts, character_set: i64) {
    Row::new(mib, &[PRINTER, &[7, 1, 1]], &[DEVICE, row])
        .put(2, Value::text(texts.language))
        .put(3, Value::text(texts.country))
        .put(4, Value::Integer(character_set));
}

fn cover(mib: &mut MibBuilder, life: &Life, texts: &Texts) {
    const OPEN: i64 = 3;
    const CLOSED: i64 = 4;
    let status = if life.has(TroubleKind::Jam) {
        OPEN
    } else {
        CLOSED
    };
    Row::new(mib, &[PRINTER, &[6, 1, 1]], &[DEVICE, 1])
        .put(2, texts.description(texts.front_cover))
        .put(3, Value::Integer(status));
}

fn console(mib: &mut MibBuilder, life: &Life, texts: &Texts) {
    let state = if life.has(TroubleKind::Jam) {
        texts.jam
    } else if life.asleep {
        texts.asleep
    } else if life.printing {
        texts.printing
    } else {
        texts.ready
    };
    let hint = life.troubles.iter().find_map(|trouble| match trouble.kind {
        TroubleKind::SupplyLow(_) => Some(texts.supply_low),
        TroubleKind::ReceptacleNearlyFull(_) => Some(texts.nearly_full),
        TroubleKind::TrayEmpty => Some(texts.tray_empty),
        TroubleKind::Jam | TroubleKind::PowerSaver => None,
    });
    for (position, line) in [state, hint.unwrap_or_default()].into_iter().enumerate() {
        // The column of `prtConsoleDisplayBufferText`, the only readable one of its table.
        Row::new(
            mib,
            &[PRINTER, &[16, 5, 1]],
            &[DEVICE, row_number(position)],
        )
        .put(2, texts.console(line));
    }
    light(mib, 1, ("Power", true), GREEN);
    light(mib, 2, ("Attention", life.has(TroubleKind::Jam)), RED);
}

const GREEN: i64 = 4;
const RED: i64 = 3;

fn light(mib: &mut MibBuilder, row: u32, (name, on): (&str, bool), color: i64) {
    const MILLIS: i64 = 1_000;
    let (on_time, off_time) = if on { (MILLIS, 0) } else { (0, MILLIS) };
    Row::new(mib, &[PRINTER, &[17, 6, 1]], &[DEVICE, row])
        .integers(&[(2, on_time), (3, off_time), (4, color)])
        .put(5, Value::text(name));
}
