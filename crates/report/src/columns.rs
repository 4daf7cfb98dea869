//! What a column is, and what a report is: a name of the Report API and its list of columns.

use std::fmt;

use platen_domain::report_apis::ReportApi;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number with decimal places.
    Decimal,
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

/// One column of a report.
#[derive(Debug, Clone, Copy)]
pub struct Column<V> {
    /// Its name in the Report API, in the published family's `PascalCase`.
    pub name: &'static str,
    /// Its heading in the grid.
    pub title: &'static str,
    /// What its values are.
    pub kind: ColumnKind,
    /// What it means, in one sentence.
    pub description: &'static str,
    /// Where its value comes from.
    pub(crate) value: V,
}

impl<V> Column<V> {
    const fn new(
        kind: ColumnKind,
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: V,
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
        value: V,
    ) -> Self {
        Self::new(ColumnKind::Text, name, title, description, value)
    }

    pub(crate) const fn integer(
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: V,
    ) -> Self {
        Self::new(ColumnKind::Integer, name, title, description, value)
    }

    pub(crate) const fn decimal(
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: V,
    ) -> Self {
        Self::new(ColumnKind::Decimal, name, title, description, value)
    }

    pub(crate) const fn boolean(
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: V,
    ) -> Self {
        Self::new(ColumnKind::Boolean, name, title, description, value)
    }

    pub(crate) const fn instant(
        name: &'static str,
        title: &'static str,
        description: &'static str,
        value: V,
    ) -> Self {
        Self::new(ColumnKind::Instant, name, title, description, value)
    }

    /// On which side its values stand.
    pub const fn alignment(&self) -> Alignment {
        match self.kind {
            ColumnKind::Integer | ColumnKind::Decimal => Alignment::End,
            ColumnKind::Text | ColumnKind::Boolean | ColumnKind::Instant => Alignment::Start,
        }
    }
}

/// A report with columns that programs know by name.
pub trait Report: Copy + fmt::Debug + 'static {
    /// Where the value of a column comes from.
    type Value: fmt::Debug + 'static;

    /// The API that hands it out.
    fn api(self) -> ReportApi;

    /// Its columns. Names and order are a promise: the list grows, and never changes otherwise.
    fn columns(self) -> &'static [Column<Self::Value>];

    /// Its name in configuration and messages.
    fn name(self) -> &'static str {
        self.api().keyword()
    }

    /// The column with this name, compared exactly.
    fn column(self, name: &str) -> Option<&'static Column<Self::Value>> {
        self.columns().iter().find(|column| column.name == name)
    }
}

/// What holds for every catalogue: names are unique and `PascalCase`, and each is explained.
#[cfg(test)]
pub(crate) fn check_catalogue(report: impl Report) {
    let columns = report.columns();
    let names: std::collections::BTreeSet<_> = columns.iter().map(|c| c.name).collect();
    assert_eq!(names.len(), columns.len(), "{}", report.name());
    for column in columns {
        let name = column.name;
        assert!(name.starts_with(|c: char| c.is_ascii_uppercase()), "{name}");
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric()), "{name}");
        assert!(column.description.ends_with('.'), "{name}");
        assert!(!column.title.is_empty(), "{name}");
    }
}
