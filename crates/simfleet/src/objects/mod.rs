//! The objects of a simulated printer, one file per part of a MIB.

mod alerts;
mod general;
mod host_resources;
mod marker;
mod media;
mod port_monitor;
mod private;
mod system;
mod texts;

use crate::life::Life;
use crate::mib::MibBuilder;
use crate::oid::Oid;
use crate::printer::SimulatedPrinter;
use crate::value::Value;

/// `mib-2` (RFC 1213).
pub(crate) const MIB_2: &[u32] = &[1, 3, 6, 1, 2, 1];
/// `enterprises` (RFC 1155).
const ENTERPRISES: &[u32] = &[1, 3, 6, 1, 4, 1];
/// `printmib` below `mib-2` (RFC 3805).
pub(crate) const PRINTER: &[u32] = &[1, 3, 6, 1, 2, 1, 43];
/// `hrDeviceIndex` of the printer.
const DEVICE: u32 = 1;

/// Puts all that `printer` has at this point of its life.
pub(crate) fn put_all(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life) {
    put_standard(mib, printer, life);
    if printer.model.port_monitor {
        port_monitor::put(mib, printer);
    }
    private::put(mib, printer, life);
}

/// Puts what `printer` has of MIB-2, the Host Resources MIB and the Printer MIB.
pub(crate) fn put_standard(mib: &mut MibBuilder, printer: &SimulatedPrinter, life: &Life) {
    let texts = texts::Texts::of(printer.model.language);
    system::put(mib, printer, life);
    host_resources::put(mib, printer, life);
    general::put(mib, printer, life, &texts);
    media::put(mib, printer, life, &texts);
    marker::put(mib, printer, life, &texts);
    alerts::put(mib, printer, life, &texts);
}

/// An entry of a table: the columns of one row.
struct Row<'a> {
    mib: &'a mut MibBuilder,
    entry: Oid,
    index: &'a [u32],
}

impl<'a> Row<'a> {
    /// The row `index` of the table with this `Entry`.
    fn new(mib: &'a mut MibBuilder, entry: &[&[u32]], index: &'a [u32]) -> Self {
        Self {
            mib,
            entry: Oid::new(&entry.concat()),
            index,
        }
    }

    fn put(&mut self, column: u32, value: Value) -> &mut Self {
        self.mib
            .put(self.entry.child(&[column]).child(self.index), value);
        self
    }

    fn integers(&mut self, columns: &[(u32, i64)]) -> &mut Self {
        for (column, number) in columns {
            self.put(*column, Value::Integer(*number));
        }
        self
    }
}

/// A counter, whose 32 bits no printer fills.
fn counter(number: u64) -> Value {
    Value::Counter32(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A row number, from 1, for a position in a list.
fn row_number(position: usize) -> u32 {
    u32::try_from(position)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

/// TimeTicks of a duration.
fn ticks(duration: std::time::Duration) -> Value {
    const MILLIS_PER_TICK: u128 = 10;
    let ticks = duration.as_millis() / MILLIS_PER_TICK;
    Value::TimeTicks(u32::try_from(ticks).unwrap_or(u32::MAX))
}
