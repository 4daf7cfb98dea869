//! The Port Monitor MIB (PWG 5107.1).

use super::system::host_name;
use super::{DEVICE, ENTERPRISES, Row};
use crate::mib::MibBuilder;
use crate::oid::Oid;
use crate::printer::SimulatedPrinter;
use crate::value::Value;

/// `ppmMIBObjects` below `enterprises`.
const PORT_MONITOR: &[u32] = &[2699, 1, 2, 1];

/// Name, service, `prtChannelType` and TCP port of each port.
const PORTS: [(&str, &str, i64, i64); 3] = [
    ("RAW", "", 11, 9_100),
    ("LPR", "lp", 8, 515),
    ("IPP", "ipp://{host}/ipp/print", 44, 631),
];

pub(super) fn put(mib: &mut MibBuilder, printer: &SimulatedPrinter) {
    let model = printer.model;
    let number_of_printers = [ENTERPRISES, PORT_MONITOR, &[1, 2, 0]].concat();
    mib.put(Oid::new(&number_of_printers), Value::Gauge32(1));
    let serial_number = printer.serial_number();
    let serial_number = serial_number.map_or(String::new(), |serial| format!("SN:{serial};"));
    let id = format!(
        "MFG:{};MDL:{};CLS:PRINTER;DES:{};{serial_number}",
        model.maker,
        model.name,
        model.full_name(),
    );
    Row::new(mib, &[ENTERPRISES, PORT_MONITOR, &[2, 1, 1]], &[1])
        .put(2, Value::text(&model.full_name()))
        .put(3, Value::text(&id))
        .put(4, Value::Gauge32(3))
        .integers(&[(5, 1), (6, i64::from(DEVICE)), (8, 1)])
        .put(7, Value::text("public"));
    for (row, (name, service, channel, tcp_port)) in (1..).zip(PORTS) {
        let service = service.replace("{host}", &host_name(printer));
        Row::new(mib, &[ENTERPRISES, PORT_MONITOR, &[3, 1, 1]], &[1, row])
            .integers(&[
                (2, 1),
                (5, channel),
                (6, tcp_port),
                (8, i64::from(row)),
                (9, 2),
            ])
            .put(3, Value::text(name))
            .put(4, Value::text(&service));
    }
}
