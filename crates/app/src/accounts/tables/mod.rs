//! Tables of accounts and of users (CSV, RFC 4180): read from what people export elsewhere, and
//! written so that reading them again changes nothing.
//!
//! The first line names the columns. A column that is not there leaves what it is about as it is;
//! a cell that is empty says that there is nothing. Lists within a cell are parted by semicolons.

mod account_rows;
mod user_rows;

use std::collections::BTreeMap;

use platen_collect::joblog::CsvLine;

pub(super) use account_rows::AccountChange;
pub use account_rows::{AccountRow, account_rows, write_account, write_account_columns};
pub use user_rows::{UserRow, user_rows};

/// Parts the texts of a list within a cell.
const LIST: char = ';';

/// Begins texts that spreadsheets would run as formulas; spreadsheets do not show it.
const SHIELD: char = '\'';

/// Begins files of some programs; readers of CSV take it away wherever a line begins with it.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A line of a table by its number, from 1: what it says, or what is wrong with it.
pub type Numbered<T> = (u64, Result<T, String>);

/// Why a table cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// It is no text.
    #[error("this is no text in UTF-8: export the table as \"CSV UTF-8\"")]
    NotText,
    /// A column that nobody knows, often a spelling mistake.
    #[error("line 1: there is no column {found:?}; expected some of {}", known.join(", "))]
    UnknownColumn {
        /// The column.
        found: String,
        /// Those there are.
        known: &'static [&'static str],
    },
    /// A column twice.
    #[error("line 1: the column {0:?} is there twice")]
    Twice(&'static str),
    /// The column that says what a row is about.
    #[error("line 1: expected the names of the columns, with {0:?} among them")]
    Missing(&'static str),
}

/// The cells of a row by their columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cells(BTreeMap<&'static str, String>);

impl Cells {
    /// The cell of this column; `None` where the table has no such column.
    fn get(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str)
    }

    /// The cell's text; `before` where there is no such column, `None` where it is empty.
    fn text_or(&self, column: &str, before: Option<String>) -> Option<String> {
        match self.get(column) {
            None => before,
            Some("") => None,
            Some(text) => Some(text.to_owned()),
        }
    }

    /// The texts of a list.
    fn list(&self, column: &str) -> Option<impl Iterator<Item = &str>> {
        let cell = self.get(column)?;
        let texts = cell.split(LIST).map(str::trim);
        Some(texts.filter(|text| !text.is_empty()))
    }
}

/// The rows of a table with some of the `known` columns, `key` among them. Blank lines are none.
fn rows(
    table: &[u8],
    known: &'static [&'static str],
    key: &'static str,
) -> Result<Vec<Numbered<Cells>>, TableError> {
    let text = std::str::from_utf8(table).map_err(|_other| TableError::NotText)?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut lines = (1..).zip(text.lines());
    let (_, header) = lines.next().unwrap_or_default();
    let semicolons = header.contains(';') && !header.contains(',');
    let mut csv = CsvLine::new(if semicolons { b';' } else { b',' });
    csv.parse(header);
    let columns = columns(&csv, known, key)?;
    let filled = lines.filter(|(_, line)| !line.trim().is_empty());
    let rows = filled.map(|(number, line)| {
        csv.parse(line);
        (number, cells(&csv, &columns))
    });
    Ok(rows.collect())
}

fn columns(
    header: &CsvLine,
    known: &'static [&'static str],
    key: &'static str,
) -> Result<Vec<&'static str>, TableError> {
    let mut columns = Vec::new();
    for at in 0..header.len() {
        let name = header.get(at).unwrap_or_default();
        let column = known.iter().copied().find(|column| *column == name);
        let column = column.ok_or_else(|| TableError::UnknownColumn {
            found: name.to_owned(),
            known,
        })?;
        if columns.contains(&column) {
            return Err(TableError::Twice(column));
        }
        columns.push(column);
    }
    if !columns.contains(&key) {
        return Err(TableError::Missing(key));
    }
    Ok(columns)
}

fn cells(line: &CsvLine, columns: &[&'static str]) -> Result<Cells, String> {
    if line.len() != columns.len() {
        let (found, expected) = (line.len(), columns.len());
        return Err(format!("{found} cells under {expected} columns"));
    }
    let cells = columns.iter().enumerate().map(|(at, column)| {
        let cell = line.get(at).unwrap_or_default();
        (*column, bared(cell).to_owned())
    });
    Ok(Cells(cells.collect()))
}

/// A cell as a table has it: quoted where it must be, and shielded where a spreadsheet would run
/// it as a formula.
fn write_cell(text: &str, out: &mut String) {
    let shielded = text.starts_with(['=', '+', '-', '@', SHIELD]);
    let quoted = text.contains(['"', ',', LIST, '\n', '\r', BYTE_ORDER_MARK]);
    out.extend(quoted.then_some('"'));
    out.extend(shielded.then_some(SHIELD));
    for c in text.chars() {
        out.extend((c == '"').then_some('"'));
        out.push(c);
    }
    out.extend(quoted.then_some('"'));
}

/// A cell without the shield that [`write_cell`] gave it.
fn bared(cell: &str) -> &str {
    let bare = cell.strip_prefix(SHIELD);
    let bare = bare.filter(|bare| bare.starts_with(['=', '+', '-', '@', SHIELD]));
    bare.unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: &[&str] = &["a", "b"];

    fn read(table: &str) -> Result<Vec<Numbered<Cells>>, TableError> {
        rows(table.as_bytes(), KNOWN, "a")
    }

    #[test]
    fn lines_are_told_apart_by_their_numbers() {
        let rows = read("\u{FEFF}b;a\r\n1;2\r\n\r\n3\n4;\"x;\"\"y\"\n").unwrap();
        let cells = |a: &str, b: &str| {
            let [a, b] = [a, b].map(str::to_owned);
            Ok(Cells(BTreeMap::from([("a", a), ("b", b)])))
        };
        let short = Err("1 cells under 2 columns".to_owned());
        assert_eq!(
            rows,
            [(2, cells("2", "1")), (4, short), (5, cells("x;\"y", "4"))]
        );
    }

    #[test]
    fn a_header_says_what_is_wrong_with_it() {
        let refused = |table: &str| read(table).unwrap_err().to_string();
        insta::assert_snapshot!(refused("a,c\n"), @r#"line 1: there is no column "c"; expected some of a, b"#);
        insta::assert_snapshot!(refused("a,b,a\n"), @r#"line 1: the column "a" is there twice"#);
        insta::assert_snapshot!(refused(""), @r#"line 1: expected the names of the columns, with "a" among them"#);
        let other = rows(&[b'a', 0xFF], KNOWN, "a");
        assert_eq!(other, Err(TableError::NotText));
    }

    proptest! {
        #[test]
        fn cells_read_back_as_they_were_written(
            texts in prop::array::uniform2("[^\\s\\p{Cc}]([^\\p{Cc}]{0,20}[^\\s\\p{Cc}])?")
        ) {
            let mut table = "a,b\n".to_owned();
            let [a, b] = &texts;
            write_cell(a, &mut table);
            table.push(',');
            write_cell(b, &mut table);
            let rows = read(&table).unwrap();
            let (_, cells) = rows.into_iter().next().unwrap();
            let cells = cells.unwrap();
            prop_assert_eq!([cells.get("a"), cells.get("b")], [Some(a.as_str()), Some(b.as_str())]);
        }

        #[test]
        fn any_octets_are_read_without_a_panic(table: Vec<u8>) {
            drop(rows(&table, KNOWN, "a"));
            drop(rows(&[b"a,b\n".as_slice(), &table].concat(), KNOWN, "a"));
        }
    }
}
