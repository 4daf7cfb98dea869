//! Marker, supplies and colorants of the Printer MIB (RFC 3805).

use super::texts::Texts;
use super::{DEVICE, PRINTER, Row, counter, row_number};
use crate::life::Life;
use crate::mib::MibBuilder;
use crate::models::{Colorant, Level, Model, Supply};
use crate::printer::SimulatedPrinter;
use crate::value::Value;

/// `prtMarkerIndex` of the only marker.
const MARKER: u32 = 1;

pub(super) fn put(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life, texts: &Texts) {
    let model = printer.model;
    marker(mib, model, life);
    let colorants: Vec<_> = Colorant::ALL
        .into_iter()
        .filter(|colorant| {
            model
                .supplies
                .iter()
                .any(|supply| supply.colorant == *colorant)
        })
        .collect();
    for (position, colorant) in colorants.iter().enumerate() {
        put_colorant(mib, row_number(position), *colorant);
    }
    for (position, (supply, level)) in model.supplies.iter().zip(&life.levels).enumerate() {
        let colorant = colorants
            .iter()
            .position(|colorant| *colorant == supply.colorant);
        let colorant = colorant.map_or(0, |position| i64::from(row_number(position)));
        let description = texts.description(supply.description);
        let class = class(supply);
        Row::new(
            mib,
            &[PRINTER, &[11, 1, 1]],
            &[DEVICE, row_number(position)],
        )
        .integers(&[
            (2, i64::from(MARKER)),
            (3, colorant),
            (4, class),
            (5, supply.kind),
        ])
        .put(6, description)
        .integers(&[(7, supply.unit), (8, supply.capacity), (9, *level)]);
    }
}

fn marker(mib: &mut MibBuilder, model: &Model, life: &Life) {
    let colors = if model.shares.color > 0 { 4 } else { 1 };
    let power_on = 1 + life.meters.count % 40;
    Row::new(mib, &[PRINTER, &[10, 2, 1]], &[DEVICE, MARKER])
        .integers(&[(2, model.technology), (3, model.counter_unit)])
        .put(4, counter(life.meters.count))
        .put(5, counter(power_on))
        .integers(&[(6, colors), (7, 0), (8, 3), (9, 600), (10, 600), (15, 0)]);
}

/// `prtMarkerSuppliesClass`: 3 is consumed, 4 is filled.
fn class(supply: &Supply) -> i64 {
    const WASTE_TONER: i64 = 4;
    const WASTE_INK: i64 = 8;
    let is_receptacle = matches!(supply.level, Level::Room { .. })
        || matches!(supply.kind, WASTE_TONER | WASTE_INK);
    if is_receptacle { 4 } else { 3 }
}

fn put_colorant(mib: &mut MibBuilder, row: u32, colorant: Colorant) {
    const PROCESS: i64 = 3;
    Row::new(mib, &[PRINTER, &[12, 1, 1]], &[DEVICE, row])
        .integers(&[(2, i64::from(MARKER)), (3, PROCESS), (5, 2)])
        .put(4, Value::text(colorant.value()));
}
