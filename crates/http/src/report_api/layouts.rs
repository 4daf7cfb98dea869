//! The columns of each fleet report as this server hands them out.

use std::sync::Arc;

use platen_report::catalogue::FleetReport;
use platen_report::column_map::{ColumnMap, ColumnMapError, Layout};

/// One layout per fleet report.
#[derive(Debug, Clone)]
pub struct Layouts {
    meters: Arc<Layout>,
    status: Arc<Layout>,
    toner: Arc<Layout>,
}

impl Layouts {
    /// The layouts after the operator's column maps, one for each report.
    pub fn new(map: impl Fn(FleetReport) -> ColumnMap) -> Result<Self, ColumnMapError> {
        let layout = |report| Layout::new(report, &map(report)).map(Arc::new);
        Ok(Self {
            meters: layout(FleetReport::Meters)?,
            status: layout(FleetReport::Status)?,
            toner: layout(FleetReport::Toner)?,
        })
    }

    /// The layout of `report`.
    pub fn of(&self, report: FleetReport) -> &Arc<Layout> {
        match report {
            FleetReport::Meters => &self.meters,
            FleetReport::Status => &self.status,
            FleetReport::Toner => &self.toner,
        }
    }
}

impl Default for Layouts {
    /// The catalogue's own columns.
    fn default() -> Self {
        let layout = |report| Arc::new(Layout::unchanged(report));
        Self {
            meters: layout(FleetReport::Meters),
            status: layout(FleetReport::Status),
            toner: layout(FleetReport::Toner),
        }
    }
}
