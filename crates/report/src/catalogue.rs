//! The fleet reports' one catalogue of columns: what the grids show and the Report API hands out.

use std::sync::LazyLock;

use platen_domain::report_apis::ReportApi;
use platen_domain::snapshots::DeviceSnapshot;

use crate::columns::Report;
pub use crate::columns::{Alignment, ColumnKind};
pub use crate::fleet_rows::{Column, FleetValue, Row};
use crate::{devices, meters, status, supplies};

/// A report over the devices in service: a grid of the console and an endpoint of the Report API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FleetReport {
    /// Device Meter Data: one row per device.
    Meters,
    /// Device Status Data: one row per device.
    Status,
    /// Device Toner Data: one row per supply, waste boxes included and marked by their class.
    Toner,
}

impl FleetReport {
    /// Every fleet report, in the order of the screen.
    pub const ALL: [Self; 3] = [Self::Meters, Self::Status, Self::Toner];

    /// Its name in configuration and messages.
    pub const fn name(self) -> &'static str {
        self.api().keyword()
    }

    /// The API that hands this report out.
    pub const fn api(self) -> ReportApi {
        match self {
            Self::Meters => ReportApi::Meters,
            Self::Status => ReportApi::Status,
            Self::Toner => ReportApi::Toner,
        }
    }

    /// Its columns, in their stable order.
    pub fn columns(self) -> &'static [Column] {
        static METERS: LazyLock<Vec<Column>> = LazyLock::new(|| assemble(&meters::COLUMNS));
        static STATUS: LazyLock<Vec<Column>> = LazyLock::new(|| assemble(&status::COLUMNS));
        static TONER: LazyLock<Vec<Column>> = LazyLock::new(|| assemble(&supplies::COLUMNS));
        match self {
            Self::Meters => &METERS,
            Self::Status => &STATUS,
            Self::Toner => &TONER,
        }
    }

    /// The column with this name, compared exactly.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }

    /// The rows that one device contributes.
    pub fn rows(self, snapshot: &DeviceSnapshot) -> impl Iterator<Item = Row<'_>> {
        let per_supply = self == Self::Toner;
        let device = (!per_supply).then(|| Row::new(snapshot, None));
        let supplies = snapshot.supplies.iter().enumerate();
        let supplies = supplies.filter(move |_| per_supply);
        device
            .into_iter()
            .chain(supplies.map(|supply| Row::new(snapshot, Some(supply))))
    }
}

impl Report for FleetReport {
    type Value = FleetValue;

    fn api(self) -> ReportApi {
        Self::api(self)
    }

    fn columns(self) -> &'static [Column] {
        Self::columns(self)
    }
}

/// Every report opens with which device it is and closes with its activity.
fn assemble(own: &[Column]) -> Vec<Column> {
    [&devices::IDENTITY[..], own, &devices::ACTIVITY[..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_pascal_case_and_explained() {
        for report in FleetReport::ALL {
            crate::columns::check_catalogue(report);
        }
    }

    /// Column names and their order are a promise to every program that reads the API: this
    /// list grows, and never changes otherwise.
    #[test]
    fn the_published_columns() {
        let names = |report: FleetReport| {
            let names: Vec<_> = report.columns().iter().map(|c| c.name).collect();
            names.join(" ")
        };
        insta::assert_snapshot!(names(FleetReport::Meters), @"SerialNumber Manufacturer Model DeviceName IpAddress MacAddress AssetNumber Location Location1 Location2 Location3 Location4 Location5 Department LifeCountTotal LifeCountMono LifeCountColor LifeCountTwoColor LifeCountSingleColor ColorDevice PrintCountTotal PrintCountMono PrintCountColor CopyCountTotal CopyCountMono CopyCountColor FaxCountTotal FaxCountMono FaxCountColor ScanCount ScanCountMono ScanCountColor OtherCountTotal DuplexSheets Sheets LargeCountTotal LargeCountMono LargeCountColor LifeUsage LifeUsageUnit MeterReadConfidence MeterReadRule MeterReadAt MeterProfile LifeCountMaker DuplexRule CountsBySize MeterDoubts FirstSeenAt LastSeenAt DeviceId");
        insta::assert_snapshot!(names(FleetReport::Status), @"SerialNumber Manufacturer Model DeviceName IpAddress MacAddress AssetNumber Location Location1 Location2 Location3 Location4 Location5 Department DeviceState StateSince DetectedErrors AlertCount WorstSeverity Alerts OldestAlertAt ConsoleText StatusReadAt Firmware Findings FirstSeenAt LastSeenAt DeviceId");
        insta::assert_snapshot!(names(FleetReport::Toner), @"SerialNumber Manufacturer Model DeviceName IpAddress MacAddress AssetNumber Location Location1 Location2 Location3 Location4 Location5 Department SupplyType SupplyClass Colorant SupplyDescription PartNumber SupplySerialNumber LevelPercent LevelState LevelUnits Capacity Unit SupplyReadAt LevelSource ReplacedAt FirstSeenAt LastSeenAt DeviceId");
    }
}
