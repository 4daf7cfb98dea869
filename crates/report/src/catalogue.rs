//! The one catalogue of columns: what the grids show and the Report API hands out.

use std::sync::LazyLock;

use platen_domain::life_counts::LifeCounts;
use platen_domain::report_apis::ReportApi;
use platen_domain::snapshots::DeviceSnapshot;
use platen_domain::supplies::Supply;

use crate::cell::Cell;
use crate::{devices, meters, status, supplies};

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// An instant, written in RFC 3339 with the offset of the organization's time zone.
    Instant,
}

/// On which side of a table's column its values stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alignment {
    /// Where reading starts: everything but numbers.
    Start,
    /// Where reading ends, so that digits stand below each other.
    End,
}

/// What a row is made of: a device and, in the Toner report, one of its supplies.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub(crate) snapshot: &'a DeviceSnapshot,
    pub(crate) life_counts: LifeCounts,
    pub(crate) supply: Option<&'a Supply>,
}

impl<'a> Row<'a> {
    fn new(snapshot: &'a DeviceSnapshot, supply: Option<&'a Supply>) -> Self {
        Self {
            snapshot,
            life_counts: snapshot.life_counts(),
            supply,
        }
    }
}

type Value = for<'a> fn(&Row<'a>) -> Cell<'a>;

/// One column of a report.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the Report API, in the published family's `PascalCase`.
    pub name: &'static str,
    /// Its heading in the grid.
    pub title: &'static str,
    /// What its values are.
    pub kind: ColumnKind,
    /// What it means, in one sentence.
    pub description: &'static str,
    value: Value,
}

impl Column {
    const fn new(
        kind: ColumnKind,
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: Value,
    ) -> Self {
        Self {
            name,
            title,
            kind,
            description,
            value,
        }
    }

    pub(crate) const fn text(
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: Value,
    ) -> Self {
        Self::new(ColumnKind::Text, name, title, description, value)
    }

    pub(crate) const fn integer(
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: Value,
    ) -> Self {
        Self::new(ColumnKind::Integer, name, title, description, value)
    }

    pub(crate) const fn boolean(
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: Value,
    ) -> Self {
        Self::new(ColumnKind::Boolean, name, title, description, value)
    }

    pub(crate) const fn instant(
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: Value,
    ) -> Self {
        Self::new(ColumnKind::Instant, name, title, description, value)
    }

    /// This column's value in `row`.
    pub fn cell<'a>(&self, row: &Row<'a>) -> Cell<'a> {
        (self.value)(row)
    }

    /// On which side its values stand.
    pub const fn alignment(&self) -> Alignment {
        match self.kind {
            ColumnKind::Integer => Alignment::End,
            ColumnKind::Text | ColumnKind::Boolean | ColumnKind::Instant => Alignment::Start,
        }
    }
}

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
        let supplies = snapshot.supplies.iter().filter(move |_| per_supply);
        device
            .into_iter()
            .chain(supplies.map(|supply| Row::new(snapshot, Some(supply))))
    }
}

/// Every report opens with which device it is and closes with its activity.
fn assemble(own: &[Column]) -> Vec<Column> {
    [&devices::IDENTITY[..], own, &devices::ACTIVITY[..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_pascal_case_and_explained() {
        for report in FleetReport::ALL {
            let names: BTreeSet<_> = report.columns().iter().map(|c| c.name).collect();
            assert_eq!(names.len(), report.columns().len(), "{report:?}");
            for column in report.columns() {
                let name = column.name;
                assert!(name.starts_with(|c: char| c.is_ascii_uppercase()), "{name}");
                assert!(name.bytes().all(|b| b.is_ascii_alphanumeric()), "{name}");
                assert!(column.description.ends_with('.'), "{name}");
                assert!(!column.title.is_empty(), "{name}");
            }
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
        insta::assert_snapshot!(names(FleetReport::Meters), @"SerialNumber Manufacturer Model DeviceName IpAddress MacAddress AssetNumber Location Location1 Location2 Location3 Location4 Location5 Department LifeCountTotal LifeCountMono LifeCountColor LifeCountTwoColor LifeCountSingleColor ColorDevice PrintCountTotal PrintCountMono PrintCountColor CopyCountTotal CopyCountMono CopyCountColor FaxCountTotal FaxCountMono FaxCountColor ScanCount ScanCountMono ScanCountColor OtherCountTotal DuplexSheets Sheets LargeCountTotal LargeCountMono LargeCountColor LifeUsage LifeUsageUnit MeterReadConfidence MeterReadRule MeterReadAt MeterProfile FirstSeenAt LastSeenAt DeviceId");
        insta::assert_snapshot!(names(FleetReport::Status), @"SerialNumber Manufacturer Model DeviceName IpAddress MacAddress AssetNumber Location Location1 Location2 Location3 Location4 Location5 Department DeviceState StateSince DetectedErrors AlertCount WorstSeverity Alerts OldestAlertAt ConsoleText StatusReadAt Firmware FirstSeenAt LastSeenAt DeviceId");
        insta::assert_snapshot!(names(FleetReport::Toner), @"SerialNumber Manufacturer Model DeviceName IpAddress MacAddress AssetNumber Location Location1 Location2 Location3 Location4 Location5 Department SupplyType SupplyClass Colorant SupplyDescription PartNumber SupplySerialNumber LevelPercent LevelState LevelUnits Capacity Unit SupplyReadAt FirstSeenAt LastSeenAt DeviceId");
    }
}
