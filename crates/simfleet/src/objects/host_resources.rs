//! The Host Resources MIB (RFC 2790): device, printer status, error state.

use super::{DEVICE, MIB_2, Row, ticks};
use crate::life::{Life, TroubleKind};
use crate::mib::MibBuilder;
use crate::models::{Colorant, Model};
use crate::oid::Oid;
use crate::printer::SimulatedPrinter;
use crate::value::Value;

const HOST: &[u32] = &[25];
/// `hrDeviceTypes`, with 5 for a printer and 4 for a network interface.
const DEVICE_TYPES: &[u32] = &[1, 3, 6, 1, 2, 1, 25, 3, 1];

pub(super) fn put(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life) {
    mib.put(
        Oid::new(&[MIB_2, HOST, &[1, 1, 0]].concat()),
        ticks(life.up_time),
    );
    let name = printer.model.full_name();
    device(mib, DEVICE, 5, &name, device_status(life));
    device(mib, DEVICE + 1, 4, "Network Interface", RUNNING);
    Row::new(mib, &[MIB_2, HOST, &[3, 5, 1]], &[DEVICE])
        .put(1, Value::Integer(printer_status(life)))
        .put(2, Value::OctetString(error_state(printer.model, life)));
}

fn device(mib: &mut MibBuilder, index: u32, kind: u32, description: &str, status: i64) {
    let kind = Oid::new(DEVICE_TYPES).child(&[kind]);
    Row::new(mib, &[MIB_2, HOST, &[3, 2, 1]], &[index])
        .put(1, Value::Integer(i64::from(index)))
        .put(2, Value::ObjectIdentifier(kind))
        .put(3, Value::text(description))
        .put(4, Value::ObjectIdentifier(Oid::new(&[0, 0])))
        .put(5, Value::Integer(status))
        .put(6, Value::Counter32(0));
}

const RUNNING: i64 = 2;

/// `hrDeviceStatus`.
fn device_status(life: &Life) -> i64 {
    const WARNING: i64 = 3;
    const DOWN: i64 = 5;
    if life.has(TroubleKind::Jam) {
        DOWN
    } else if life
        .troubles
        .iter()
        .any(|trouble| trouble.kind != TroubleKind::PowerSaver)
    {
        WARNING
    } else {
        RUNNING
    }
}

/// `hrPrinterStatus`.
fn printer_status(life: &Life) -> i64 {
    const OTHER: i64 = 1;
    const IDLE: i64 = 3;
    const PRINTING: i64 = 4;
    if life.printing {
        PRINTING
    } else if life.asleep || life.has(TroubleKind::Jam) {
        OTHER
    } else {
        IDLE
    }
}

/// `hrPrinterDetectedErrorState`: bit 0 is the most significant of the first octet.
fn error_state(model: &Model, life: &Life) -> Vec<u8> {
    const LOW_PAPER: u8 = 0x80;
    const LOW_TONER: u8 = 0x20;
    const JAMMED: u8 = 0x04;
    const SERVICE_REQUESTED: u8 = 0x01;
    /// `inputTrayEmpty`, bit 13.
    const INPUT_TRAY_EMPTY: u8 = 0x04;
    let mut state = [0_u8; 2];
    for trouble in &life.troubles {
        let bits = match trouble.kind {
            TroubleKind::Jam => [JAMMED, 0],
            TroubleKind::TrayEmpty => [LOW_PAPER, INPUT_TRAY_EMPTY],
            TroubleKind::SupplyLow(row) if colors(model, row) => [LOW_TONER, 0],
            TroubleKind::SupplyLow(_) | TroubleKind::ReceptacleNearlyFull(_) => {
                [SERVICE_REQUESTED, 0]
            }
            TroubleKind::PowerSaver => [0, 0],
        };
        state
            .iter_mut()
            .zip(bits)
            .for_each(|(octet, bit)| *octet |= bit);
    }
    state.to_vec()
}

/// Whether the supply is toner, ink or ribbon, and not a part that wears out.
fn colors(model: &Model, row: usize) -> bool {
    let supply = model.supplies.get(row);
    supply.is_some_and(|supply| supply.colorant != Colorant::None)
}
