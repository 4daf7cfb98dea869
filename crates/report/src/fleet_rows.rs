//! Rows of the fleet reports, and how their columns take values out of them.

use platen_domain::clock::Timestamp;
use platen_domain::life_counts::LifeCounts;
use platen_domain::snapshots::DeviceSnapshot;
use platen_domain::supplies::Supply;

use crate::cell::Cell;
use crate::columns;

/// What a row is made of: a device and, in the Toner report, one of its supplies.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub(crate) snapshot: &'a DeviceSnapshot,
    pub(crate) life_counts: LifeCounts,
    pub(crate) supply: Option<&'a Supply>,
    pub(crate) replaced_at: Option<Timestamp>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(snapshot: &'a DeviceSnapshot, supply: Option<(usize, &'a Supply)>) -> Self {
        let place = supply.map(|(place, _)| place);
        let replaced_at = place.and_then(|place| *snapshot.replaced_at.get(place)?);
        Self {
            snapshot,
            life_counts: snapshot.life_counts(),
            supply: supply.map(|(_, supply)| supply),
            replaced_at,
        }
    }
}

/// Takes a column's value out of a row.
pub type FleetValue = for<'a> fn(&Row<'a>) -> Cell<'a>;

/// A column of a fleet report.
pub type Column = columns::Column<FleetValue>;

impl Column {
    /// This column's value in `row`.
    pub fn cell<'a>(&self, row: &Row<'a>) -> Cell<'a> {
        (self.value)(row)
    }
}
