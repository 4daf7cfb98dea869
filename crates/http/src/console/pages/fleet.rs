//! Fleet > Meter, Toner and Status: one grid over the report catalogue's columns.

use askama::Template;
use platen_app::fleet::reports::{GridPage, Sort};
use platen_report::catalogue::{Column, FleetReport};
use platen_report::cell::{Cell, OwnedCell};

use super::cells::{CellView, cell_view, ink_of, is_numeric, thousands};
use super::frame::Frame;
use super::paging::{PageLink, pages};
use crate::console::addresses;
use crate::console::grid_address::{FILTER_CHARS_MAX, GridAddress, PAGE_SIZE};
use crate::console::moments::Moments;

/// The column whose value stands for the whole row.
pub(super) const NAMES_THE_ROW: &str = "SerialNumber";

/// A grid.
#[derive(Debug, Template)]
#[template(path = "fleet.html")]
pub(crate) struct FleetPage {
    pub(crate) frame: Frame,
    pub(crate) grid: Grid,
}

/// What a grid shows.
#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) title: &'static str,
    pub(crate) summary: String,
    pub(crate) caption: String,
    pub(crate) action: &'static str,
    pub(crate) filter_max: usize,
    pub(crate) filter: String,
    pub(crate) sort: Option<String>,
    pub(crate) fold: Option<Fold>,
    pub(crate) columns: Vec<Heading>,
    pub(crate) rows: Vec<Vec<CellView>>,
    pub(crate) pages: Vec<PageLink>,
    pub(crate) download: &'static str,
    pub(crate) empty_title: String,
    pub(crate) empty_text: &'static str,
}

/// Columns without any value on this page, and the way to see or fold them.
#[derive(Debug)]
pub(crate) struct Fold {
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) label: &'static str,
}

/// The heading of a column.
#[derive(Debug)]
pub(crate) struct Heading {
    pub(crate) label: &'static str,
    pub(crate) description: &'static str,
    pub(crate) numeric: bool,
    /// The value of `aria-sort`, of the sorted column only.
    pub(crate) sorted: Option<&'static str>,
    pub(crate) sort_href: String,
}

/// The address of a report's grid.
pub(crate) const fn path(report: FleetReport) -> &'static str {
    match report {
        FleetReport::Meters => addresses::METERS,
        FleetReport::Toner => addresses::TONER,
        FleetReport::Status => addresses::STATUS,
    }
}

/// The address of a report's export.
pub(crate) const fn csv_path(report: FleetReport) -> &'static str {
    match report {
        FleetReport::Meters => addresses::METERS_CSV,
        FleetReport::Toner => addresses::TONER_CSV,
        FleetReport::Status => addresses::STATUS_CSV,
    }
}

const fn title(report: FleetReport) -> &'static str {
    match report {
        FleetReport::Meters => "Meter",
        FleetReport::Toner => "Toner",
        FleetReport::Status => "Status",
    }
}

impl Grid {
    /// The grid of `report` for what was `asked`, with what was found for it.
    pub(crate) fn new(
        report: FleetReport,
        asked: &GridAddress,
        found: GridPage,
        moments: &Moments,
    ) -> Self {
        let shown = shown_columns(report, asked, &found.rows);
        let folded = report.columns().len() - shown.len();
        let columns = shown.iter().map(|(_, column)| heading(asked, column));
        Self {
            title: title(report),
            summary: summary(report, asked, found.total),
            caption: caption(report, asked, found.total, found.rows.len()),
            action: asked.path,
            filter_max: FILTER_CHARS_MAX,
            filter: asked.filter.clone(),
            sort: asked.sort_keyword(),
            fold: fold(asked, folded),
            columns: columns.collect(),
            pages: pages(asked, found.total),
            download: csv_path(report),
            empty_title: empty_title(asked),
            empty_text: empty_text(asked),
            rows: found
                .rows
                .into_iter()
                .map(|row| row_view(&shown, row, moments))
                .collect(),
        }
    }
}

type Shown = Vec<(usize, &'static Column)>;

/// The columns a person looks for first. The others follow in the catalogue's order.
const fn leading(report: FleetReport) -> &'static [&'static str] {
    match report {
        FleetReport::Meters => &[
            NAMES_THE_ROW,
            "Manufacturer",
            "Model",
            "LifeCountTotal",
            "LifeCountMono",
            "LifeCountColor",
            "Location",
        ],
        FleetReport::Toner => &[
            NAMES_THE_ROW,
            "Manufacturer",
            "Model",
            "SupplyDescription",
            "Colorant",
            "LevelPercent",
            "LevelState",
            "Location",
        ],
        FleetReport::Status => &[
            NAMES_THE_ROW,
            "Manufacturer",
            "Model",
            "DeviceState",
            "StateSince",
            "Alerts",
            "ConsoleText",
            "Location",
        ],
    }
}

/// The columns to show with their places in the catalogue: all, or those with a value on this
/// page. The sorted one stays, so that the sorting can be seen and changed.
fn shown_columns(report: FleetReport, asked: &GridAddress, rows: &[Vec<OwnedCell>]) -> Shown {
    let has_value = |index: usize| {
        rows.iter()
            .any(|row| row.get(index).is_some_and(|cell| *cell != Cell::Null))
    };
    let is_sorted = |column: &Column| asked.sort.as_ref().is_some_and(|s| s.column == column.name);
    let names_row = |column: &Column| column.name == NAMES_THE_ROW;
    let columns = report.columns().iter().enumerate();
    let mut shown: Shown = columns
        .filter(|(index, column)| {
            asked.all_columns || names_row(column) || is_sorted(column) || has_value(*index)
        })
        .collect();
    let leading = leading(report);
    let rank = |name| {
        leading
            .iter()
            .position(|lead| *lead == name)
            .unwrap_or(leading.len())
    };
    shown.sort_by_key(|(_, column)| rank(column.name));
    shown
}

fn fold(asked: &GridAddress, folded: usize) -> Option<Fold> {
    let toggled = GridAddress {
        all_columns: !asked.all_columns,
        ..asked.clone()
    };
    let href = toggled.href();
    if asked.all_columns {
        let text = "All columns are shown.".to_owned();
        return Some(Fold {
            text,
            href,
            label: "Fold those without a value",
        });
    }
    (folded > 0).then(|| Fold {
        text: format!("{folded} columns have no value on this page."),
        href,
        label: "Show all columns",
    })
}

fn heading(asked: &GridAddress, column: &'static Column) -> Heading {
    let sorted = asked
        .sort
        .as_ref()
        .filter(|sort| sort.column == column.name);
    let descending = sorted.is_some_and(|sort| !sort.descending);
    let sort = Sort {
        column: column.name.to_owned(),
        descending,
    };
    let next = GridAddress {
        sort: Some(sort),
        page: 1,
        ..asked.clone()
    };
    Heading {
        label: column.title,
        description: column.description,
        numeric: is_numeric(column),
        sorted: sorted.map(|sort| {
            if sort.descending {
                "descending"
            } else {
                "ascending"
            }
        }),
        sort_href: next.href(),
    }
}

fn row_view(shown: &Shown, row: Vec<OwnedCell>, moments: &Moments) -> Vec<CellView> {
    let colorant = shown.iter().find(|(_, column)| column.name == "Colorant");
    let ink = ink_of(colorant.and_then(|(index, _)| row.get(*index)));
    let mut cells: Vec<_> = row.into_iter().map(Some).collect();
    let views = shown.iter().map(|(index, column)| {
        let cell = cells
            .get_mut(*index)
            .and_then(Option::take)
            .unwrap_or_default();
        cell_view(column, cell, ink, moments)
    });
    views.collect()
}

const fn noun(report: FleetReport, total: u64) -> &'static str {
    match (report, total) {
        (FleetReport::Toner, 1) => "supply",
        (FleetReport::Toner, _) => "supplies",
        (FleetReport::Meters | FleetReport::Status, 1) => "device",
        (FleetReport::Meters | FleetReport::Status, _) => "devices",
    }
}

fn summary(report: FleetReport, asked: &GridAddress, total: u64) -> String {
    let count = format!("{} {}", thousands(total), noun(report, total));
    if asked.filter.is_empty() {
        count
    } else {
        format!("{count} with \u{201c}{}\u{201d}", asked.filter)
    }
}

fn caption(report: FleetReport, asked: &GridAddress, total: u64, on_page: usize) -> String {
    let before = u64::from(asked.page.saturating_sub(1)) * u64::from(PAGE_SIZE);
    let last = before.saturating_add(u64::try_from(on_page).unwrap_or(0));
    format!(
        "{}: rows {} to {} of {}",
        report.api().title(),
        thousands(before.saturating_add(1)),
        thousands(last),
        thousands(total)
    )
}

fn empty_title(asked: &GridAddress) -> String {
    if asked.filter.is_empty() {
        "No device has answered yet".to_owned()
    } else {
        format!("Nothing contains \u{201c}{}\u{201d}", asked.filter)
    }
}

const fn empty_text(asked: &GridAddress) -> &'static str {
    if asked.filter.is_empty() {
        "Platen asks the address ranges named in its configuration, with the credentials given \
         there. The first answers come within minutes of the start; when none does, check the \
         ranges, and that the printers allow SNMP from this server."
    } else {
        "The filter looks for the text in every column, without regard to case."
    }
}

#[cfg(test)]
#[path = "fleet_tests.rs"]
mod tests;
