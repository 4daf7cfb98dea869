//! The operator's own column names, order and choice, per report.
//!
//! The published product names no columns, so an operator who knows what a program expects makes
//! a report match it: `order` puts columns first, `hide` leaves some out, `rename` renames.

use std::collections::BTreeSet;

use crate::catalogue::FleetReport;
use crate::columns::{Column, Report};

/// What the configuration says about one report's columns. Empty changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnMap {
    /// Columns that come first, in this order; the others follow in the catalogue's order.
    pub order: Vec<String>,
    /// Columns that are left out.
    pub hide: Vec<String>,
    /// Pairs of a catalogue name and the name that programs see instead.
    pub rename: Vec<(String, String)>,
}

/// Why a column map cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnMapError {
    /// A name that the catalogue does not have.
    #[error("the {report} report has no column '{column}'{}", hint(.suggestion.as_deref()))]
    Unknown {
        /// The report's name.
        report: &'static str,
        /// The name as written.
        column: String,
        /// The nearest name of the catalogue, where one is near.
        suggestion: Option<String>,
    },
    /// A column that stands twice in one list.
    #[error("the {report} report: column '{column}' is listed twice in `{list}`")]
    ListedTwice {
        /// The report's name.
        report: &'static str,
        /// The column.
        column: String,
        /// `order`, `hide` or `rename`.
        list: &'static str,
    },
    /// Two columns that would bear one name.
    #[error("the {report} report: two columns would be named '{name}'; rename one of them")]
    SameName {
        /// The report's name.
        report: &'static str,
        /// The name both would have.
        name: String,
    },
    /// A new name that is empty.
    #[error("the {report} report: the new name of column '{column}' is empty")]
    EmptyName {
        /// The report's name.
        report: &'static str,
        /// The column.
        column: String,
    },
    /// Every column is hidden.
    #[error("the {report} report: every column is hidden; leave at least one")]
    NothingLeft {
        /// The report's name.
        report: &'static str,
    },
}

fn hint(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!("; did you mean '{name}'?"))
}

/// A report's columns as programs see them: the catalogue after the operator's map.
#[derive(Debug, Clone)]
pub struct Layout<R: Report = FleetReport> {
    report: R,
    columns: Vec<(String, &'static Column<R::Value>)>,
}

impl<R: Report> Layout<R> {
    /// Applies `map` to the columns of `report`.
    pub fn new(report: R, map: &ColumnMap) -> Result<Self, ColumnMapError> {
        let first = known(report, "order", map.order.iter().map(String::as_str))?;
        let hidden = known(report, "hide", map.hide.iter().map(String::as_str))?;
        let renamed = known(
            report,
            "rename",
            map.rename.iter().map(|(from, _)| from.as_str()),
        )?;
        let names: Vec<_> = renamed
            .into_iter()
            .zip(map.rename.iter().map(|(_, to)| to.trim()))
            .collect();
        if let Some((column, _)) = names.iter().find(|(_, to)| to.is_empty()) {
            return Err(ColumnMapError::EmptyName {
                report: report.name(),
                column: column.name.to_owned(),
            });
        }
        let is_in = |list: &[&Column<R::Value>], column: &Column<R::Value>| {
            list.iter().any(|c| c.name == column.name)
        };
        let rest = report
            .columns()
            .iter()
            .filter(|column| !is_in(&first, column));
        let columns: Vec<_> = first
            .iter()
            .copied()
            .chain(rest)
            .filter(|column| !is_in(&hidden, column))
            .map(|column| {
                let new = names.iter().find(|(from, _)| from.name == column.name);
                let name = new.map_or(column.name, |(_, to)| to);
                (name.to_owned(), column)
            })
            .collect();
        Self { report, columns }.checked()
    }

    /// The catalogue's own columns.
    pub fn unchanged(report: R) -> Self {
        let columns = report.columns().iter();
        let columns = columns
            .map(|column| (column.name.to_owned(), column))
            .collect();
        Self { report, columns }
    }

    fn checked(self) -> Result<Self, ColumnMapError> {
        let report = self.report.name();
        if self.columns.is_empty() {
            return Err(ColumnMapError::NothingLeft { report });
        }
        let mut seen = BTreeSet::new();
        match self.columns.iter().find(|(name, _)| !seen.insert(name)) {
            Some((name, _)) => Err(ColumnMapError::SameName {
                report,
                name: name.clone(),
            }),
            None => Ok(self),
        }
    }

    /// Which report it is.
    pub const fn report(&self) -> R {
        self.report
    }

    /// The columns in order, each with the name that programs see.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = (&str, &'static Column<R::Value>)> {
        self.columns
            .iter()
            .map(|(name, column)| (name.as_str(), *column))
    }
}

/// Looks `names` up, each at most once.
fn known<'a, R: Report>(
    report: R,
    list: &'static str,
    names: impl Iterator<Item = &'a str>,
) -> Result<Vec<&'static Column<R::Value>>, ColumnMapError> {
    let mut found: Vec<&'static Column<R::Value>> = Vec::new();
    for name in names {
        let Some(column) = report.column(name) else {
            return Err(ColumnMapError::Unknown {
                report: report.name(),
                column: name.to_owned(),
                suggestion: nearest(report, name),
            });
        };
        if found.iter().any(|earlier| earlier.name == column.name) {
            return Err(ColumnMapError::ListedTwice {
                report: report.name(),
                column: name.to_owned(),
                list,
            });
        }
        found.push(column);
    }
    Ok(found)
}

/// The catalogue's nearest name, unless more than half of its letters would have to change.
fn nearest<R: Report>(report: R, name: &str) -> Option<String> {
    let wanted = name.to_ascii_lowercase();
    let near = report.columns().iter().map(|column| {
        let distance = edit_distance(&column.name.to_ascii_lowercase(), &wanted);
        (distance, column.name)
    });
    let (distance, name) = near.min_by_key(|(distance, _)| *distance)?;
    (distance * 2 <= name.len()).then(|| name.to_owned())
}

/// How many characters have to be put in, taken out or changed (Levenshtein).
fn edit_distance(from: &str, to: &str) -> usize {
    let mut costs: Vec<usize> = (0..=to.chars().count()).collect();
    for (row, a) in from.chars().enumerate() {
        let mut diagonal = row;
        let mut left = row + 1;
        for (cost, b) in costs.iter_mut().skip(1).zip(to.chars()) {
            let change = diagonal + usize::from(a != b);
            diagonal = *cost;
            *cost = change.min(diagonal + 1).min(left + 1);
            left = *cost;
        }
        if let Some(first) = costs.first_mut() {
            *first = row + 1;
        }
    }
    costs.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(order: &[&str], hide: &[&str], rename: &[(&str, &str)]) -> ColumnMap {
        let own = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        ColumnMap {
            order: own(order),
            hide: own(hide),
            rename: rename
                .iter()
                .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
                .collect(),
        }
    }

    fn names(map: &ColumnMap) -> Vec<String> {
        let layout = Layout::new(FleetReport::Toner, map).unwrap();
        layout.columns().map(|(name, _)| name.to_owned()).collect()
    }

    fn refused(map: &ColumnMap) -> String {
        Layout::new(FleetReport::Toner, map)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn columns_are_put_first_hidden_and_renamed() {
        let names = names(&map(
            &["LevelPercent", "Model"],
            &["SerialNumber", "Manufacturer"],
            &[("LevelPercent", "TonerLevel")],
        ));
        assert_eq!(
            names[..4],
            ["TonerLevel", "Model", "DeviceName", "IpAddress"]
        );
        assert_eq!(names.len(), FleetReport::Toner.columns().len() - 2);
    }

    #[test]
    fn a_map_that_swaps_two_names_is_fine() {
        let swap = map(
            &[],
            &[],
            &[("Model", "DeviceName"), ("DeviceName", "Model")],
        );
        assert_eq!(names(&swap)[2..4], ["DeviceName", "Model"]);
    }

    #[test]
    fn refusals_name_the_column_and_the_nearest() {
        insta::assert_snapshot!(refused(&map(&["levelpercent"], &[], &[])), @"the toner report has no column 'levelpercent'; did you mean 'LevelPercent'?");
        insta::assert_snapshot!(refused(&map(&[], &["SerialNo"], &[])), @"the toner report has no column 'SerialNo'; did you mean 'SerialNumber'?");
        insta::assert_snapshot!(refused(&map(&[], &[], &[("Price", "Cost")])), @"the toner report has no column 'Price'");
        insta::assert_snapshot!(refused(&map(&[], &["Model", "Model"], &[])), @"the toner report: column 'Model' is listed twice in `hide`");
        insta::assert_snapshot!(refused(&map(&[], &[], &[("Model", "Unit")])), @"the toner report: two columns would be named 'Unit'; rename one of them");
        insta::assert_snapshot!(refused(&map(&[], &[], &[("Model", " ")])), @"the toner report: the new name of column 'Model' is empty");
        let all: Vec<_> = FleetReport::Toner
            .columns()
            .iter()
            .map(|c| c.name)
            .collect();
        insta::assert_snapshot!(refused(&map(&[], &all, &[])), @"the toner report: every column is hidden; leave at least one");
    }

    #[test]
    fn edit_distances() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("abc", "abc"), 0);
    }
}
