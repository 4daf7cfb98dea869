//! The answers of one device, seen through its `hrDeviceIndex`.
//!
//! Most tables of the Printer-MIB are indexed by `hrDeviceIndex` and a row. It is usually 1; it
//! is 0 on some `OfficeJet` printers, missing from Pantum's tables, and one of several rows on
//! multi-function devices (trap T16).

use super::mib;
use crate::snmp::answers::Answers;
use crate::snmp::oid::Oid;
use crate::snmp::value::Value;

/// Most rows looked at in one table. The largest supplies table recorded has 22 rows; a hundred
/// is a finisher's worth more, and a wall against an endless table.
pub(crate) const TABLE_ROWS_MAX: usize = 100;

/// A device's answers and which row of `hrDeviceTable` is the printer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    /// Everything the device answered.
    pub(crate) answers: &'a Answers,
    /// The printer's `hrDeviceIndex`, where one could be told.
    pub(crate) device: Option<u32>,
}

impl<'a> View<'a> {
    /// Looks at `answers`, finding the printer's row by itself.
    pub(crate) fn new(answers: &'a Answers) -> Self {
        Self {
            answers,
            device: printer_index(answers),
        }
    }

    /// The value of one exact instance.
    pub(crate) fn get(&self, instance: &Oid) -> Option<&'a Value> {
        self.answers.get(instance)
    }

    /// The value of a column indexed by `hrDeviceIndex` alone: the printer's row, or the first
    /// row when the printer's own has none.
    pub(crate) fn of_device(&self, column: &Oid) -> Option<&'a Value> {
        self.device_row(column).map(|(_, value)| value)
    }

    /// As [`View::of_device`], with the instance.
    pub(crate) fn device_row(&self, column: &Oid) -> Option<(Oid, &'a Value)> {
        let mut first = None;
        for (suffix, value) in self.answers.below(column).take(TABLE_ROWS_MAX) {
            let &[device] = suffix else { continue };
            if Some(device) == self.device {
                return Some((column.child(suffix), value));
            }
            first.get_or_insert_with(|| (column.child(suffix), value));
        }
        first
    }

    /// The rows of a table indexed by `hrDeviceIndex` and a number, in order: the printer's own,
    /// or those of the first device that has any. Rows without a device index count as well.
    pub(crate) fn rows(&self, column: &Oid) -> Vec<(u32, &'a Value)> {
        let rows = self.indexed_rows(column);
        rows.into_iter()
            .map(|(_, row, value)| (row, value))
            .collect()
    }

    /// As [`View::rows`], with each row's full instance.
    pub(crate) fn instances(&self, column: &Oid) -> Vec<Oid> {
        let rows = self.indexed_rows(column);
        rows.into_iter()
            .map(|(device, row, _)| match device {
                Some(device) => column.child(&[device, row]),
                None => column.child(&[row]),
            })
            .collect()
    }

    fn indexed_rows(&self, column: &Oid) -> Vec<(Option<u32>, u32, &'a Value)> {
        let rows: Vec<_> = self
            .answers
            .below(column)
            .take(TABLE_ROWS_MAX)
            .filter_map(|(suffix, value)| match *suffix {
                [device, row] => Some((Some(device), row, value)),
                [row] => Some((None, row, value)),
                _ => None,
            })
            .collect();
        let has = |wanted| rows.iter().any(|(device, ..)| *device == wanted);
        let shown = if self.device.is_some() && has(self.device) {
            self.device
        } else {
            match rows.first() {
                Some((device, ..)) => *device,
                None => return rows,
            }
        };
        rows.into_iter()
            .filter(|(device, ..)| *device == shown)
            .collect()
    }

    /// The number in one row of a table as [`View::rows`] finds it.
    pub(crate) fn number(&self, column: &Oid, row: u32) -> Option<i64> {
        let rows = self.rows(column);
        let found = rows.into_iter().find(|(found, _)| *found == row);
        found.and_then(|(_, value)| value.as_i64())
    }

    /// The number of a column indexed by `hrDeviceIndex` alone.
    pub(crate) fn device_number(&self, column: &Oid) -> Option<i64> {
        self.of_device(column).and_then(Value::as_i64)
    }
}

/// Whether the device states, by the standard, that it prints: a row of the printer type in
/// `hrDeviceTable`, or anything of the Printer-MIB.
pub(crate) fn is_printer(answers: &Answers) -> bool {
    answers.below(&mib::PRINTER_MIB).next().is_some() || typed_printer(answers).is_some()
}

fn typed_printer(answers: &Answers) -> Option<u32> {
    let mut rows = answers.below(&mib::HR_DEVICE_TYPE);
    rows.find_map(|(suffix, value)| match (suffix, value) {
        (&[device], Value::ObjectIdentifier(kind)) if *kind == *mib::HR_DEVICE_PRINTER => {
            Some(device)
        }
        _ => None,
    })
}

/// The row typed as a printer; else the device of the first Printer-MIB row.
fn printer_index(answers: &Answers) -> Option<u32> {
    typed_printer(answers).or_else(|| {
        let columns = [
            &*mib::PRT_MARKER_LIFE_COUNT,
            &*mib::PRT_MARKER_SUPPLIES_LEVEL,
        ];
        let first = |column| answers.below(column).next().map(|(suffix, _)| suffix);
        columns
            .into_iter()
            .find_map(first)
            .and_then(|suffix| match *suffix {
                [device, _] => Some(device),
                _ => None,
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::answers;

    #[test]
    fn t16_the_printer_is_one_of_several_device_rows() {
        let answers = answers(
            "1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.4
             1.3.6.1.2.1.25.3.2.1.2.2|6|1.3.6.1.2.1.25.3.1.5
             1.3.6.1.2.1.25.3.2.1.5.1|2|2
             1.3.6.1.2.1.25.3.2.1.5.2|2|3
             1.3.6.1.2.1.43.11.1.1.9.2.1|2|70",
        );
        let view = View::new(&answers);
        assert_eq!(view.device, Some(2));
        assert_eq!(view.device_number(&mib::HR_DEVICE_STATUS), Some(3));
        assert_eq!(view.number(&mib::PRT_MARKER_SUPPLIES_LEVEL, 1), Some(70));
    }

    #[test]
    fn t16_device_index_zero_and_none_at_all_are_read() {
        let zero = answers("1.3.6.1.2.1.43.11.1.1.9.0.3|2|40");
        assert_eq!(View::new(&zero).device, Some(0));
        assert_eq!(
            View::new(&zero).number(&mib::PRT_MARKER_SUPPLIES_LEVEL, 3),
            Some(40)
        );
        // Pantum leaves the device index out (glpi-agent, MibSupport for Pantum).
        let none = answers("1.3.6.1.2.1.43.11.1.1.9.1|2|30");
        assert_eq!(View::new(&none).device, None);
        assert_eq!(
            View::new(&none).number(&mib::PRT_MARKER_SUPPLIES_LEVEL, 1),
            Some(30)
        );
    }

    #[test]
    fn a_plain_host_is_no_printer() {
        let host = answers(
            "1.3.6.1.2.1.1.1.0|4|Linux web1 6.1.0
             1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.3",
        );
        assert!(!is_printer(&host));
    }
}
