//! Private objects of makers that do exist, with invented values. The object identifiers are
//! public knowledge: the makers' MIBs and the monitoring tools that read them.

use super::{ENTERPRISES, counter};
use crate::life::Life;
use crate::meters::Meters;
use crate::mib::MibBuilder;
use crate::models::{Model, Private};
use crate::oid::Oid;
use crate::printer::SimulatedPrinter;
use crate::value::Value;

pub(super) fn put(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life) {
    let meters = &life.meters;
    match printer.model.private {
        Private::None => {}
        Private::Hp => hp(&mut Tree { mib, maker: 11 }, printer, meters),
        Private::Lexmark => lexmark(&mut Tree { mib, maker: 641 }, printer, meters),
        Private::Kyocera => kyocera(&mut Tree { mib, maker: 1_347 }, printer, meters),
        Private::KonicaMinolta => {
            konica_minolta(&mut Tree { mib, maker: 18_334 }, printer.model, meters);
        }
    }
}

/// A maker's objects.
struct Tree<'a> {
    mib: &'a mut MibBuilder,
    maker: u32,
}

impl Tree<'_> {
    fn put(&mut self, below: &[u32], value: Value) -> &mut Self {
        let name = [ENTERPRISES, &[self.maker], below].concat();
        self.mib.put(Oid::new(&name), value);
        self
    }

    /// A count in an INTEGER, as these makers send it.
    fn count(&mut self, below: &[u32], count: u64) -> &mut Self {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.put(below, Value::Integer(count))
    }

    fn text(&mut self, below: &[u32], text: &str) -> &mut Self {
        self.put(below, Value::text(text))
    }
}

fn hp(tree: &mut Tree<'_>, printer: &SimulatedPrinter, meters: &Meters) {
    const DEVICE: [u32; 8] = [2, 3, 9, 4, 2, 1, 4, 1];
    const IDENTITY: [u32; 9] = [2, 3, 9, 4, 2, 1, 1, 3, 3];
    /// Strings of its management language begin with these two octets.
    const LEAD: [u8; 2] = [0x01, 0x15];
    let below = |rest: &[u32]| [&DEVICE[..], rest].concat();
    tree.count(&below(&[2, 5, 0]), meters.total)
        .count(&below(&[2, 6, 0]), meters.mono())
        .count(&below(&[2, 22, 0]), meters.double_sided / 2);
    if let Some(serial_number) = printer.serial_number() {
        let text = [&LEAD[..], serial_number.as_bytes()].concat();
        tree.put(&[&IDENTITY[..], &[0]].concat(), Value::OctetString(text));
    }
    let model = printer.model;
    let id = format!("MFG:{};MDL:{};CLS:PRINTER;", model.maker, model.full_name());
    tree.put(&[2, 3, 9, 1, 1, 7, 0], Value::text(&id));
}

fn lexmark(tree: &mut Tree<'_>, printer: &SimulatedPrinter, meters: &Meters) {
    const TYPE: u32 = 2;
    const UNIT: u32 = 3;
    const VALUE: u32 = 4;
    const SIDES: i64 = 2;
    let [print_mono, print_color] = meters.print;
    let [copy_mono, copy_color] = meters.copy;
    let counts: [(i64, u64); 10] = [
        (1, meters.total),
        (2, meters.total),
        (3, meters.mono()),
        (4, meters.color()),
        (16, print_mono + print_color),
        (17, print_mono),
        (18, print_color),
        (32, copy_mono + copy_color),
        (33, copy_mono),
        (48, meters.fax),
    ];
    for (row, (kind, count)) in (1..).zip(counts) {
        let cell = |column| [6, 4, 2, 1, 1, column, 1, row];
        tree.put(&cell(TYPE), Value::Integer(kind))
            .put(&cell(UNIT), Value::Integer(SIDES))
            .put(&cell(VALUE), counter(count));
    }
    tree.put(&[6, 2, 3, 1, 4, 1], Value::text(&printer.model.full_name()));
    if let Some(serial_number) = printer.serial_number() {
        tree.put(&[6, 2, 3, 1, 5, 1], Value::text(&serial_number));
    }
}

fn kyocera(tree: &mut Tree<'_>, printer: &SimulatedPrinter, meters: &Meters) {
    const MONO: u32 = 1;
    const COLOR: u32 = 3;
    let functions = [(1, meters.print), (2, meters.copy), (4, [meters.fax, 0])];
    // What a printer cannot do it does not count.
    let able = functions
        .into_iter()
        .filter(|(_, counts)| *counts != [0, 0]);
    for (function, [mono, color]) in able {
        tree.count(&[42, 3, 1, 1, 1, 1, function], mono + color)
            .count(&[42, 3, 1, 2, 1, 1, function, MONO], mono)
            .count(&[42, 3, 1, 2, 1, 1, function, COLOR], color);
    }
    if meters.scan > 0 {
        let copied = meters.scan / 4;
        tree.count(&[42, 3, 1, 3, 1, 1, 2], copied)
            .count(&[42, 3, 1, 4, 1, 1, 1], meters.scan - copied)
            .count(&[46, 10, 1, 1, 5, 3], meters.scan);
    }
    let counted = meters.mono() + meters.color();
    tree.count(&[43, 10, 1, 1, 12, 1, 1], counted)
        .count(&[42, 2, 5, 1, 1, 1, 1], meters.total - meters.double_sided)
        .count(&[42, 2, 5, 1, 1, 2, 1], meters.double_sided)
        .text(&[43, 5, 1, 1, 1, 1], &printer.model.full_name())
        .text(&[43, 5, 4, 1, 5, 1, 1], printer.model.firmware);
    if let Some(serial_number) = printer.serial_number() {
        tree.text(&[43, 5, 1, 1, 28, 1], &serial_number);
    }
}

fn konica_minolta(tree: &mut Tree<'_>, model: &Model, meters: &Meters) {
    let [print_mono, print_color] = meters.print;
    let [copy_mono, copy_color] = meters.copy;
    tree.count(&[1, 1, 1, 5, 7, 2, 1, 1, 0], meters.total)
        .count(&[1, 1, 1, 5, 7, 2, 1, 3, 0], meters.double_sided / 2)
        .count(&[1, 1, 1, 5, 7, 2, 1, 5, 0], meters.scan)
        .count(&[1, 1, 1, 5, 7, 2, 2, 1, 5, 1, 1], copy_mono)
        .count(&[1, 1, 1, 5, 7, 2, 2, 1, 5, 1, 2], print_mono)
        .count(&[1, 1, 1, 5, 7, 2, 2, 1, 5, 2, 1], copy_color)
        .count(&[1, 1, 1, 5, 7, 2, 2, 1, 5, 2, 2], print_color)
        .text(&[1, 1, 1, 1, 6, 2, 1, 0], &model.full_name())
        .text(&[1, 1, 1, 1, 6, 1, 0], model.firmware);
}
