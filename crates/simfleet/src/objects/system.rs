//! `system` and `interfaces` (RFC 3418, RFC 2863).

use super::{MIB_2, Row, ticks};
use crate::life::Life;
use crate::mib::MibBuilder;
use crate::oid::Oid;
use crate::printer::SimulatedPrinter;
use crate::value::Value;

const ETHERNET: i64 = 6;
const LOOPBACK: i64 = 24;

pub(super) fn put(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life) {
    let model = printer.model;
    let description = format!("{} firmware {}", model.full_name(), model.firmware);
    let location = format!(
        "Building {}, floor {}",
        printer.number % 3 + 1,
        printer.number % 5
    );
    Row::new(mib, &[MIB_2, &[1]], &[0])
        .put(1, Value::text(&description))
        .put(2, Value::ObjectIdentifier(Oid::new(&model.object_id())))
        .put(3, ticks(life.up_time))
        .put(4, Value::text("it@example.com"))
        .put(5, Value::text(&host_name(printer)))
        .put(6, Value::text(&location))
        .put(7, Value::Integer(72));
    mib.put(Oid::new(&[MIB_2, &[2, 1, 0]].concat()), Value::Integer(2));
    interface(mib, 1, ("lo", LOOPBACK), &[]);
    interface(mib, 2, ("eth0", ETHERNET), &printer.mac_address());
}

/// A name such as `norvik-lp-210-17`.
pub(super) fn host_name(printer: &SimulatedPrinter) -> String {
    let model = printer.model.full_name().to_lowercase().replace(' ', "-");
    format!("{model}-{}", printer.number)
}

fn interface(mib: &mut MibBuilder, index: u32, (name, kind): (&str, i64), address: &[u8]) {
    const UP: i64 = 1;
    Row::new(mib, &[MIB_2, &[2, 2, 1]], &[index])
        .integers(&[
            (1, i64::from(index)),
            (3, kind),
            (4, 1_500),
            (7, UP),
            (8, UP),
        ])
        .put(2, Value::text(name))
        .put(5, Value::Gauge32(1_000_000_000))
        .put(6, Value::OctetString(address.to_vec()));
}
