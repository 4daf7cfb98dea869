//! `prtAlertTable` of the Printer MIB (RFC 3805): a row opens with its trouble and vanishes with
//! it.

use super::texts::Texts;
use super::{DEVICE, PRINTER, Row, row_number, ticks};
use crate::life::{Life, Trouble, TroubleKind};
use crate::mib::MibBuilder;
use crate::models::Model;
use crate::printer::SimulatedPrinter;

/// What an alert is about, in the numbers of RFC 3805.
struct Alert {
    severity: i64,
    training: i64,
    group: i64,
    group_index: i64,
    code: i64,
    text: String,
}

const CRITICAL: i64 = 3;
const WARNING: i64 = 4;
const OTHER: i64 = 1;
const UNTRAINED: i64 = 3;
const TRAINED: i64 = 4;

pub(super) fn put(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life, texts: &Texts) {
    for trouble in &life.troubles {
        let alert = alert(printer.model, trouble, texts);
        let opened = life.up_time.saturating_sub(trouble.age);
        Row::new(mib, &[PRINTER, &[18, 1, 1]], &[DEVICE, trouble.index])
            .integers(&[(2, alert.severity), (3, alert.training), (4, alert.group)])
            .integers(&[(5, alert.group_index), (6, 0), (7, alert.code)])
            .put(8, texts.description(&alert.text))
            .put(9, ticks(opened));
    }
}

fn alert(model: &Model, trouble: &Trouble, texts: &Texts) -> Alert {
    match trouble.kind {
        TroubleKind::Jam => Alert {
            severity: CRITICAL,
            training: UNTRAINED,
            group: 13,
            group_index: 1,
            code: 8,
            text: texts.jam.to_owned(),
        },
        TroubleKind::TrayEmpty => Alert {
            severity: WARNING,
            training: UNTRAINED,
            group: 8,
            group_index: 1,
            code: 808,
            text: about(texts.tray_empty, model.trays.first().map(|tray| tray.name)),
        },
        TroubleKind::SupplyLow(row) => Alert {
            severity: WARNING,
            training: UNTRAINED,
            group: 11,
            group_index: i64::from(row_number(row)),
            code: low_code(kind(model, row)),
            text: about(texts.supply_low, description(model, row)),
        },
        TroubleKind::ReceptacleNearlyFull(row) => Alert {
            severity: WARNING,
            training: TRAINED,
            group: 11,
            group_index: i64::from(row_number(row)),
            code: if kind(model, row) == WASTE_INK {
                1_108
            } else {
                1_107
            },
            text: about(texts.nearly_full, description(model, row)),
        },
        TroubleKind::PowerSaver => Alert {
            severity: OTHER,
            training: OTHER,
            group: 5,
            group_index: 1,
            code: 23,
            text: texts.asleep.to_owned(),
        },
    }
}

const WASTE_INK: i64 = 8;

/// `prtAlertCode` for a supply of this kind that is nearly used up.
fn low_code(kind: i64) -> i64 {
    const TONER_ALMOST_EMPTY: i64 = 1_104;
    const INK_ALMOST_EMPTY: i64 = 1_105;
    const RIBBON_ALMOST_EMPTY: i64 = 1_106;
    const OPC_LIFE_ALMOST_OVER: i64 = 1_111;
    const LIFE_ALMOST_OVER: i64 = 10;
    match kind {
        3 | 21 => TONER_ALMOST_EMPTY,
        5 | 6 => INK_ALMOST_EMPTY,
        7 => RIBBON_ALMOST_EMPTY,
        9 => OPC_LIFE_ALMOST_OVER,
        _ => LIFE_ALMOST_OVER,
    }
}

fn kind(model: &Model, row: usize) -> i64 {
    model.supplies.get(row).map_or(0, |supply| supply.kind)
}

fn description(model: &Model, row: usize) -> Option<&'static str> {
    model.supplies.get(row).map(|supply| supply.description)
}

fn about(what: &str, which: Option<&str>) -> String {
    format!("{what}: {}", which.unwrap_or_default())
}
