//! One page of a grid out of a fleet of any size: filter, sort, page with bounded memory.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

use platen_domain::snapshots::DeviceSnapshot;
use platen_report::catalogue::{Column, FleetReport, Row};
use platen_report::cell::{Cell, OwnedCell};

/// Most rows on one page.
pub const PAGE_SIZE_MAX: u32 = 500;

/// Most rows that paging reaches, about 20 MiB while a page is made. Who wants more wants the
/// Report API; the last page reachable stands in for all behind it.
pub const GRID_ROWS_MAX: u32 = 10_000;

/// Characters of a filter that count.
const FILTER_CHARS_MAX: usize = 200;

/// By which column a grid is sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// Name of a column of the catalogue; any other name leaves the grid in device order.
    pub column: String,
    /// Greatest first. What is unknown comes last either way.
    pub descending: bool,
}

/// What a person wants to see of a grid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GridQuery {
    /// Only rows in which some text or number contains this, without regard to case; empty is
    /// every row.
    pub filter: String,
    /// The order; `None` is the order in which the devices were found.
    pub sort: Option<Sort>,
    /// Which page, from 1; 0 is read as 1.
    pub page: u32,
    /// Rows on a page, 1 to [`PAGE_SIZE_MAX`]; what lies outside is moved to the nearer end.
    pub page_size: u32,
}

/// One page of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridPage {
    /// How many rows match the filter, on all pages together.
    pub total: u64,
    /// The page's rows, in the columns of the catalogue.
    pub rows: Vec<Vec<OwnedCell>>,
}

/// Keeps the first rows of the order asked for while the whole fleet passes by.
pub(crate) struct Window {
    report: FleetReport,
    filter: String,
    sort: Option<(&'static Column, bool)>,
    skip: u32,
    end: u32,
    total: u64,
    /// The row that would leave next is on top.
    kept: BinaryHeap<Ranked>,
}

impl Window {
    pub(crate) fn new(report: FleetReport, query: &GridQuery) -> Self {
        let page_size = query.page_size.clamp(1, PAGE_SIZE_MAX);
        let page = query.page.clamp(1, (GRID_ROWS_MAX / page_size).max(1));
        let column = |sort: &Sort| Some((report.column(&sort.column)?, sort.descending));
        let filter = query.filter.trim().chars().take(FILTER_CHARS_MAX);
        Self {
            report,
            filter: filter.flat_map(char::to_lowercase).collect(),
            sort: query.sort.as_ref().and_then(column),
            skip: page_size * (page - 1),
            end: page_size * page,
            total: 0,
            kept: BinaryHeap::new(),
        }
    }

    /// The devices that are the page's rows, from 0, where that is known without a look at the others:
    /// each is one row, and rows stand in device order.
    pub(crate) fn devices(&self) -> Option<Range<u32>> {
        let one_each = self.report != FleetReport::Toner;
        let plain = one_each && self.sort.is_none() && self.filter.is_empty();
        plain.then_some(self.skip..self.end)
    }

    /// The page of these devices, of `total` in service.
    pub(crate) fn page_of(mut self, devices: &[DeviceSnapshot], total: u64) -> GridPage {
        self.skip = 0;
        for device in devices {
            self.offer(device);
        }
        GridPage {
            total,
            ..self.into_page()
        }
    }

    /// Takes in the rows of one device.
    pub(crate) fn offer(&mut self, device: &DeviceSnapshot) {
        for row in self.report.rows(device) {
            if self.matches(&row) {
                self.keep(&row);
                self.total += 1;
            }
        }
    }

    fn matches(&self, row: &Row<'_>) -> bool {
        let contains = |column: &Column| match column.cell(row) {
            Cell::Text(text) => text.to_lowercase().contains(&self.filter),
            Cell::Integer(value) => value.to_string().contains(&self.filter),
            Cell::Null | Cell::Uuid(_) | Cell::Boolean(_) | Cell::Decimal(_) | Cell::Instant(_) => {
                false
            }
        };
        self.filter.is_empty() || self.report.columns().iter().any(contains)
    }

    fn keep(&mut self, row: &Row<'_>) {
        let (key, descending) = self
            .sort
            .map_or((Cell::Null, false), |(column, descending)| {
                (column.cell(row).into_owned(), descending)
            });
        let mut ranked = Ranked {
            key,
            descending,
            sequence: self.total,
            cells: Vec::new(),
        };
        let full = self.kept.len() >= rows(self.end);
        if full && self.kept.peek().is_some_and(|last| ranked >= *last) {
            return;
        }
        let cells = self
            .report
            .columns()
            .iter()
            .map(|c| c.cell(row).into_owned());
        ranked.cells = cells.collect();
        if full {
            self.kept.pop();
        }
        self.kept.push(ranked);
    }

    pub(crate) fn into_page(self) -> GridPage {
        let sorted = self.kept.into_sorted_vec().into_iter();
        GridPage {
            total: self.total,
            rows: sorted
                .skip(rows(self.skip))
                .map(|ranked| ranked.cells)
                .collect(),
        }
    }
}

fn rows(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// A row and its place in the order.
struct Ranked {
    key: OwnedCell,
    descending: bool,
    /// Place in device order, which decides between equals.
    sequence: u64,
    cells: Vec<OwnedCell>,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let known = self.key != Cell::Null && other.key != Cell::Null;
        let by_key = self.key.order(&other.key);
        let by_key = if self.descending && known {
            by_key.reverse()
        } else {
            by_key
        };
        by_key.then(self.sequence.cmp(&other.sequence))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}
