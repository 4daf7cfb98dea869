//! Fleet > Meter, Toner and Status: one grid over the report catalogue's columns.

use askama::Template;
use platen_domain::status::DeviceState;
use platen_report::catalogue::{Alignment, Column, FleetReport};
use platen_report::cell::{Cell, OwnedCell};

use super::frame::Frame;
use crate::console::grid_query::{GridQuery, Sort};
use crate::console::moments::{Moment, Moments};
use crate::console::{icons, paths, states};

/// Rows on one page.
pub(crate) const PAGE_SIZE: u32 = 50;

/// Page links on either side of the current one.
const PAGES_AROUND: u32 = 2;

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
    pub(crate) filter: String,
    pub(crate) sort: Option<String>,
    pub(crate) fold: Option<Fold>,
    pub(crate) columns: Vec<Heading>,
    pub(crate) rows: Vec<Vec<CellView>>,
    pub(crate) pages: Vec<PageLink>,
    pub(crate) download: String,
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

/// A value as a person reads it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CellView {
    /// Not known, or not stated by the device.
    Unknown,
    /// Text.
    Text(String),
    /// What names the row.
    Heading(String),
    /// A number with its thousands apart.
    Number(String),
    /// An instant.
    Moment(Moment),
    /// The state of a device: an icon and a word.
    State { keyword: &'static str, label: &'static str, icon: &'static str },
    /// Percent remaining, with a bar in the colour of the supply.
    Level { percent: u64, ink: &'static str },
}

/// A link to another page of the same grid, or the gap between two.
#[derive(Debug)]
pub(crate) struct PageLink {
    pub(crate) label: String,
    pub(crate) name: String,
    pub(crate) href: Option<String>,
    pub(crate) current: bool,
}

/// The rows of one page, as the application found them.
#[derive(Debug)]
pub(crate) struct Found {
    /// Rows on all pages together.
    pub(crate) total: u64,
    /// Rows of this page, one cell per column of the report.
    pub(crate) rows: Vec<Vec<OwnedCell>>,
}

/// The address of a report's grid.
pub(crate) const fn path(report: FleetReport) -> &'static str {
    match report {
        FleetReport::Meters => paths::METERS,
        FleetReport::Toner => paths::TONER,
        FleetReport::Status => paths::STATUS,
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
    /// The grid of `report` for `query` with what was found for it.
    pub(crate) fn new(
        report: FleetReport,
        query: &GridQuery,
        found: Found,
        moments: &Moments,
    ) -> Self {
        let shown = shown_columns(report, query, &found.rows);
        let folded = report.columns().len() - shown.len();
        let columns = shown.iter().map(|(_, column)| heading(report, query, column));
        Self {
            title: title(report),
            summary: summary(report, query, found.total),
            caption: caption(report, query, found.total, found.rows.len()),
            action: path(report),
            filter: query.filter.clone(),
            sort: query.sort.as_ref().map(Sort::to_string),
            fold: fold(report, query, folded),
            columns: columns.collect(),
            pages: pages(report, query, found.total),
            download: query.download(path(report)),
            empty_title: empty_title(query),
            empty_text: empty_text(query),
            rows: found.rows.into_iter().map(|row| row_view(&shown, row, moments)).collect(),
        }
    }
}

type Shown = Vec<(usize, &'static Column)>;

/// The columns to show with their places: all, or those with a value on this page. The first
/// names the row, and the sorted one stays, so that the sorting can be seen and changed.
fn shown_columns(report: FleetReport, query: &GridQuery, rows: &[Vec<OwnedCell>]) -> Shown {
    let has_value =
        |index: usize| rows.iter().any(|row| row.get(index).is_some_and(|cell| *cell != Cell::Null));
    let is_sorted = |column: &Column| query.sort.as_ref().is_some_and(|s| s.column == column.name);
    let columns = report.columns().iter().enumerate();
    columns
        .filter(|(index, column)| {
            query.all_columns || *index == 0 || is_sorted(column) || has_value(*index)
        })
        .collect()
}

fn fold(report: FleetReport, query: &GridQuery, folded: usize) -> Option<Fold> {
    let toggled = GridQuery { all_columns: !query.all_columns, ..query.clone() };
    let href = toggled.href(path(report));
    if query.all_columns {
        let text = "All columns are shown.".to_owned();
        return Some(Fold { text, href, label: "Fold those without a value" });
    }
    (folded > 0).then(|| Fold {
        text: format!("{folded} columns have no value on this page."),
        href,
        label: "Show all columns",
    })
}

fn heading(report: FleetReport, query: &GridQuery, column: &'static Column) -> Heading {
    let sorted = query.sort.as_ref().filter(|sort| sort.column == column.name);
    let descending = sorted.is_some_and(|sort| !sort.descending);
    let sort = Sort { column: column.name.to_owned(), descending };
    let next = GridQuery { sort: Some(sort), page: 1, ..query.clone() };
    Heading {
        label: column.title,
        description: column.description,
        numeric: column.alignment() == Alignment::End,
        sorted: sorted.map(|sort| if sort.descending { "descending" } else { "ascending" }),
        sort_href: next.href(path(report)),
    }
}

fn row_view(shown: &Shown, row: Vec<OwnedCell>, moments: &Moments) -> Vec<CellView> {
    let ink = ink(shown, &row);
    let mut cells: Vec<_> = row.into_iter().map(Some).collect();
    let views = shown.iter().map(|(index, column)| {
        let cell = cells.get_mut(*index).and_then(Option::take).unwrap_or_default();
        cell_view(*index == 0, column, cell, ink, moments)
    });
    views.collect()
}

fn cell_view(
    first: bool,
    column: &Column,
    cell: OwnedCell,
    ink: &'static str,
    moments: &Moments,
) -> CellView {
    match (column.name, cell) {
        (_, Cell::Null) => CellView::Unknown,
        (_, Cell::Text(text)) if text.is_empty() => CellView::Unknown,
        (_, Cell::Text(text)) if first => CellView::Heading(text.into_owned()),
        ("DeviceState", Cell::Text(keyword)) => state_view(&keyword),
        (_, Cell::Text(text)) => CellView::Text(text.into_owned()),
        ("LevelPercent", Cell::Integer(percent)) => CellView::Level { percent: percent.min(100), ink },
        (_, Cell::Integer(value)) => CellView::Number(thousands(value)),
        (_, Cell::Boolean(yes)) => CellView::Text(if yes { "yes" } else { "no" }.to_owned()),
        (_, Cell::Instant(at)) => CellView::Moment(moments.show(at)),
    }
}

fn state_view(keyword: &str) -> CellView {
    let state = DeviceState::from_keyword(keyword).unwrap_or(DeviceState::Unknown);
    CellView::State {
        keyword: state.keyword(),
        label: states::label(state),
        icon: icons::of_state(state),
    }
}

/// The class that paints the level's bar: the four process colors, and one for all else.
fn ink(shown: &Shown, row: &[OwnedCell]) -> &'static str {
    let place = shown.iter().find(|(_, column)| column.name == "Colorant");
    let colorant = place.and_then(|(index, _)| row.get(*index));
    match colorant {
        Some(Cell::Text(name)) => match name.as_ref() {
            "black" => "ink-black",
            "cyan" => "ink-cyan",
            "magenta" => "ink-magenta",
            "yellow" => "ink-yellow",
            _ => "",
        },
        _ => "",
    }
}

/// `1234567` as `1,234,567`.
fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

const fn noun(report: FleetReport, total: u64) -> &'static str {
    match (report, total) {
        (FleetReport::Toner, 1) => "supply",
        (FleetReport::Toner, _) => "supplies",
        (FleetReport::Meters | FleetReport::Status, 1) => "device",
        (FleetReport::Meters | FleetReport::Status, _) => "devices",
    }
}

fn summary(report: FleetReport, query: &GridQuery, total: u64) -> String {
    let count = format!("{} {}", thousands(total), noun(report, total));
    if query.filter.is_empty() {
        count
    } else {
        format!("{count} with \u{201c}{}\u{201d}", query.filter)
    }
}

fn caption(report: FleetReport, query: &GridQuery, total: u64, on_page: usize) -> String {
    let before = u64::from(query.page.saturating_sub(1)) * u64::from(PAGE_SIZE);
    let last = before.saturating_add(u64::try_from(on_page).unwrap_or(0));
    format!(
        "{}: rows {} to {} of {}",
        report.api().title(),
        thousands(before.saturating_add(1)),
        thousands(last),
        thousands(total)
    )
}

fn empty_title(query: &GridQuery) -> String {
    if query.filter.is_empty() {
        "No device has answered yet".to_owned()
    } else {
        format!("Nothing contains \u{201c}{}\u{201d}", query.filter)
    }
}

const fn empty_text(query: &GridQuery) -> &'static str {
    if query.filter.is_empty() {
        "Platen asks the address ranges named in its configuration, with the credentials given \
         there. The first answers come within minutes of the start; when none does, check the \
         ranges, and that the printers allow SNMP from this server."
    } else {
        "The filter looks for the text in every column, without regard to case."
    }
}

fn pages(report: FleetReport, query: &GridQuery, total: u64) -> Vec<PageLink> {
    let last = u32::try_from(total.div_ceil(u64::from(PAGE_SIZE))).unwrap_or(u32::MAX).max(1);
    let link = |page: u32, label: String, name: String| PageLink {
        label,
        name,
        href: Some(GridQuery { page, ..query.clone() }.href(path(report))),
        current: page == query.page,
    };
    let numbered = |page: u32| link(page, thousands(page.into()), format!("Page {page}"));
    let from = query.page.saturating_sub(PAGES_AROUND).max(1);
    let until = query.page.saturating_add(PAGES_AROUND).min(last);
    let mut links = Vec::new();
    if from > 1 {
        links.push(numbered(1));
    }
    if from > 2 {
        links.push(gap());
    }
    links.extend((from..=until).map(numbered));
    if until.saturating_add(1) < last {
        links.push(gap());
    }
    if until < last {
        links.push(numbered(last));
    }
    links
}

fn gap() -> PageLink {
    PageLink { label: "…".to_owned(), name: String::new(), href: None, current: false }
}

#[cfg(test)]
#[path = "fleet_tests.rs"]
mod tests;
