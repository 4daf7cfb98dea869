//! What a grid's address asks for: filter, order, page, columns.

use std::fmt;

use platen_report::catalogue::FleetReport;
use serde::Deserialize;

/// Longest filter taken, in characters: the longest text a device's column holds.
const FILTER_MAX_CHARS: usize = 255;

/// The query string as sent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RawGridQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    columns: String,
}

/// A grid's question. Whatever the address says, there is one: what makes no sense is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GridQuery {
    /// Text that some column contains; empty is any.
    pub(crate) filter: String,
    /// The order; `None` is the store's own.
    pub(crate) sort: Option<Sort>,
    /// From 1.
    pub(crate) page: u32,
    /// Whether columns without a value are shown too.
    pub(crate) all_columns: bool,
}

/// An order of rows, written `Column` or `-Column`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sort {
    /// A column of the report, by its name in the API.
    pub(crate) column: String,
    /// Largest first.
    pub(crate) descending: bool,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.descending { "-" } else { "" };
        write!(f, "{sign}{}", self.column)
    }
}

impl GridQuery {
    /// Reads the query of a grid of `report`.
    pub(crate) fn read(report: FleetReport, raw: &RawGridQuery) -> Self {
        let name = raw.sort.trim_start_matches('-');
        Self {
            filter: raw.q.trim().chars().take(FILTER_MAX_CHARS).collect(),
            sort: report.column(name).map(|column| Sort {
                column: column.name.to_owned(),
                descending: raw.sort.starts_with('-'),
            }),
            page: raw.page.parse().unwrap_or(1).max(1),
            all_columns: raw.columns == "all",
        }
    }

    /// The address that asks this of the grid at `path`.
    pub(crate) fn href(&self, path: &str) -> String {
        let page = (self.page > 1).then(|| self.page.to_string());
        let columns = self.all_columns.then(|| "all".to_owned());
        with_query(path, &[
            ("q", Some(self.filter.clone())),
            ("sort", self.sort.as_ref().map(Sort::to_string)),
            ("columns", columns),
            ("page", page),
        ])
    }

    /// The address of the same rows, all pages of them, as CSV.
    pub(crate) fn download(&self, path: &str) -> String {
        with_query(&format!("{path}.csv"), &[
            ("q", Some(self.filter.clone())),
            ("sort", self.sort.as_ref().map(Sort::to_string)),
        ])
    }
}

fn with_query(path: &str, pairs: &[(&str, Option<String>)]) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_deref().filter(|v| !v.is_empty())?)))
        .map(|(name, value)| format!("{name}={}", percent_encode(value)))
        .collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

/// RFC 3986: everything but the unreserved characters as `%XX`.
fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(q: &str, sort: &str, page: &str) -> GridQuery {
        let raw = RawGridQuery {
            q: q.to_owned(),
            sort: sort.to_owned(),
            page: page.to_owned(),
            columns: String::new(),
        };
        GridQuery::read(FleetReport::Meters, &raw)
    }

    #[test]
    fn a_grid_is_asked_for_by_its_address() {
        let query = read(" Room 3 & 4 ", "-LifeCountTotal", "2");
        assert_eq!(query.filter, "Room 3 & 4");
        assert_eq!(
            query.href("/fleet/meters"),
            "/fleet/meters?q=Room%203%20%26%204&sort=-LifeCountTotal&page=2"
        );
        assert_eq!(
            query.download("/fleet/meters"),
            "/fleet/meters.csv?q=Room%203%20%26%204&sort=-LifeCountTotal"
        );
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for (sort, page) in [("", ""), ("; DROP TABLE", "0"), ("-", "-1"), ("Nope", "1e9")] {
            let query = read("", sort, page);
            assert_eq!((query.sort.clone(), query.page), (None, 1), "{sort} {page}");
            assert_eq!(query.href("/fleet/meters"), "/fleet/meters");
        }
        assert_eq!(read(&"x".repeat(999), "", "").filter.len(), FILTER_MAX_CHARS);
    }
}
