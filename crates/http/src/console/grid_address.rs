//! What a grid's address asks for: filter, order, page, columns.

use platen_app::fleet::reports::{GRID_ROWS_MAX, GridQuery, Sort};
use platen_report::catalogue::FleetReport;

use crate::fields::Fields;

/// Rows on one page: what fits a few screens and loads at once.
pub(crate) const PAGE_SIZE: u32 = 50;

/// The last page that paging reaches.
pub(crate) const PAGES_MAX: u32 = GRID_ROWS_MAX / PAGE_SIZE;

/// Longest filter taken, in characters.
pub(crate) const FILTER_CHARS_MAX: usize = 200;

/// A grid's question. Whatever the address says, there is one: what makes no sense is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GridAddress {
    /// Where the grid is.
    pub(crate) path: &'static str,
    /// Text that some column contains; empty is any.
    pub(crate) filter: String,
    /// The order; `None` is the order in which the devices were found.
    pub(crate) sort: Option<Sort>,
    /// From 1 to [`PAGES_MAX`].
    pub(crate) page: u32,
    /// Whether columns without a value are shown too.
    pub(crate) all_columns: bool,
}

impl GridAddress {
    /// Reads the query of the grid of `report` at `path`.
    pub(crate) fn read(report: FleetReport, path: &'static str, fields: &Fields) -> Self {
        let field = |name| fields.get(name).unwrap_or("");
        let sort = field("sort");
        let column = report.column(sort.trim_start_matches('-'));
        let page: u32 = field("page").parse().unwrap_or(1);
        Self {
            path,
            filter: field("q").trim().chars().take(FILTER_CHARS_MAX).collect(),
            sort: column.map(|column| Sort {
                column: column.name.to_owned(),
                descending: sort.starts_with('-'),
            }),
            page: page.clamp(1, PAGES_MAX),
            all_columns: field("columns") == "all",
        }
    }

    /// The same question, put to the application.
    pub(crate) fn query(&self) -> GridQuery {
        GridQuery {
            filter: self.filter.clone(),
            sort: self.sort.clone(),
            page: self.page,
            page_size: PAGE_SIZE,
        }
    }

    /// The order as the address writes it: `Column` or `-Column`.
    pub(crate) fn sort_keyword(&self) -> Option<String> {
        let sort = self.sort.as_ref()?;
        let sign = if sort.descending { "-" } else { "" };
        Some(format!("{sign}{}", sort.column))
    }

    /// The address.
    pub(crate) fn href(&self) -> String {
        let page = (self.page > 1).then(|| self.page.to_string());
        let fields = [
            ("q", (!self.filter.is_empty()).then(|| self.filter.clone())),
            ("sort", self.sort_keyword()),
            ("columns", self.all_columns.then(|| "all".to_owned())),
            ("page", page),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        let query = query.finish();
        if query.is_empty() {
            self.path.to_owned()
        } else {
            format!("{}?{query}", self.path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> GridAddress {
        let fields = Fields::parse(query.as_bytes()).unwrap();
        GridAddress::read(FleetReport::Meters, "/fleet/meters", &fields)
    }

    #[test]
    fn a_grid_is_asked_for_by_its_address() {
        let address = read("q=+Room+3+%26+4&sort=-LifeCountTotal&page=2&columns=all");
        assert_eq!(address.filter, "Room 3 & 4");
        assert_eq!(
            address.href(),
            "/fleet/meters?q=Room+3+%26+4&sort=-LifeCountTotal&columns=all&page=2"
        );
        let query = address.query();
        assert_eq!((query.page, query.page_size), (2, 50));
        assert!(query.sort.unwrap().descending);
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for query in [
            "",
            "sort=;+DROP+TABLE&page=0",
            "sort=-&page=-1",
            "sort=Nope&page=1e9",
        ] {
            assert_eq!(read(query).href(), "/fleet/meters", "{query}");
        }
        let long = format!("q={}", "x".repeat(999));
        assert_eq!(read(&long).filter.len(), FILTER_CHARS_MAX);
        assert_eq!(read("page=4000000000").page, PAGES_MAX);
    }
}
