//! Where the columns of a table are: its delimiter, its header, and the places of the fields.

use super::column_map::{Column, ColumnMap};
use super::csv_line::CsvLine;
use super::fields::Field;
use super::table_times::TimeReader;

/// Lines in which the header is looked for: banners and blank lines stand above it.
pub(super) const HEADER_LINES_MAX: u64 = 20;

/// What parts the cells of a line, where nobody says it.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Words for a date in headers, and for the time of day that stands beside it.
const DATE_AND_TIME: [(&str, &str); 22] = [
    ("date", "time"),
    ("date", "heure"),
    ("datum", "zeit"),
    ("datum", "uhrzeit"),
    ("datum", "tijd"),
    ("datum", "tid"),
    ("datum", "čas"),
    ("dato", "tid"),
    ("dato", "klokkeslæt"),
    ("fecha", "hora"),
    ("data", "hora"),
    ("data", "ora"),
    ("data", "godzina"),
    ("dátum", "čas"),
    ("dátum", "idő"),
    ("päivä", "aika"),
    ("tarih", "saat"),
    ("дата", "время"),
    ("日付", "時刻"),
    ("日期", "时间"),
    ("日期", "時間"),
    ("날짜", "시간"),
];

/// Where the columns of a table are.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    /// The line with the names of the columns; `None` where there is none.
    pub(super) header: Option<u64>,
    /// How many cells a line has at most, where a header tells.
    pub(super) width: Option<usize>,
    pub(super) columns: Vec<Places>,
}

/// Where a field is.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) field: Field,
    /// From 0.
    pub(super) at: Vec<usize>,
    /// The time of day for a date that stands without one, by its header, and that header.
    pub(super) beside: Option<(usize, String)>,
}

impl Places {
    /// The cells of a time: its own, or its own and the time of day beside it.
    pub(super) fn time_cells<'a>(&self, csv: &'a CsvLine) -> (&'a str, Option<&'a str>, bool) {
        let cell = |at: &usize| csv.get(*at).unwrap_or_default();
        let first = self.at.first().map_or("", cell);
        match (self.at.get(1), &self.beside) {
            (Some(second), _) => (first, Some(cell(second)), false),
            (None, Some((beside, _))) => (first, Some(cell(beside)), true),
            (None, None) => (first, None, false),
        }
    }
}

/// Looks for the columns, line by line.
#[derive(Debug)]
pub(super) struct LayoutSearch<'a> {
    map: &'a ColumnMap,
    times: TimeReader<'a>,
    /// What a line `sep=;` says.
    said: Option<u8>,
    /// The line that has most of the columns, and what it has.
    nearest: Option<Nearest>,
}

#[derive(Debug)]
struct Nearest {
    found: usize,
    line: u64,
    cells: Vec<String>,
}

/// What the columns of a map were looked for in, and not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingColumns {
    /// What the map names and the table has not.
    pub missing: Vec<String>,
    /// What the map names.
    pub looked_for: Vec<String>,
    /// The line that looks most like the header.
    pub line: u64,
    /// What stands in it.
    pub has: Vec<String>,
}

impl std::fmt::Display for MissingColumns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let has: Vec<_> = self.has.iter().map(|cell| format!("'{cell}'")).collect();
        write!(
            f,
            "the table has no {}: looked for {} in its first {HEADER_LINES_MAX} lines; the \
             nearest is line {} with {}. Correct [columns] in the column map, or the table",
            self.missing.join(", "),
            self.looked_for.join(", "),
            self.line,
            has.join(", "),
        )
    }
}

/// Whether a line is no row and no header: what `Export-Csv` and Excel write above both.
pub(super) fn is_preamble(line: &str) -> bool {
    line.starts_with("#TYPE ") || separator(line).is_some()
}

/// The delimiter that a line `sep=;` names.
fn separator(line: &str) -> Option<u8> {
    let line = line.trim_end().trim_matches('"');
    match line.as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', one] => Some(*one),
        _ => None,
    }
}

impl<'a> LayoutSearch<'a> {
    pub(super) const fn new(map: &'a ColumnMap) -> Self {
        Self {
            map,
            times: TimeReader::new(map),
            said: None,
            nearest: None,
        }
    }

    /// Looks at a line that is not blank; the layout if it tells.
    pub(super) fn see(&mut self, line: u64, text: &str) -> Option<Layout> {
        if is_preamble(text) {
            self.said = self.said.or_else(|| separator(text));
            return None;
        }
        let delimiters = match self.map.delimiter.or(self.said) {
            Some(delimiter) => vec![delimiter],
            None => DELIMITERS.to_vec(),
        };
        let mut best: Option<Layout> = None;
        for delimiter in delimiters {
            let mut csv = CsvLine::new(delimiter);
            csv.parse(text);
            let found = if self.map.is_by_place() {
                self.row(&csv, delimiter)
            } else {
                self.header(&csv, delimiter, line)
            };
            let width = |layout: &Layout| layout.width.unwrap_or(csv.len());
            if let Some(found) = found
                && best.as_ref().is_none_or(|best| width(&found) > width(best))
            {
                best = Some(found);
            }
        }
        best
    }

    /// The layout of a table without header, by a row whose time can be read.
    fn row(&mut self, csv: &CsvLine, delimiter: u8) -> Option<Layout> {
        let columns = self.map.columns.iter();
        let columns: Vec<Places> = columns
            .map(|(field, columns)| {
                let at = columns.iter().filter_map(|column| match column {
                    Column::At(place) => Some(*place),
                    Column::Named(_) => None,
                });
                Places {
                    field: *field,
                    at: at.collect(),
                    beside: None,
                }
            })
            .collect();
        let mut places = columns.iter().flat_map(|places| &places.at);
        let is_wide = places.all(|place| *place < csv.len());
        let completed = columns
            .iter()
            .find(|places| places.field == Field::CompletedAt)?;
        let (first, second, _) = completed.time_cells(csv);
        self.note(0, 1, csv);
        (is_wide && self.times.read(first, second).is_some()).then_some(Layout {
            delimiter,
            header: None,
            width: Some(csv.len()),
            columns,
        })
    }

    /// The layout by this line, if it is the header.
    fn header(&mut self, csv: &CsvLine, delimiter: u8, line: u64) -> Option<Layout> {
        let (mut columns, mut found, mut is_whole, mut has_time) = (Vec::new(), 0, true, false);
        for (field, wanted) in &self.map.columns {
            let places = wanted.iter().map(|column| place(csv, column));
            let at: Vec<usize> = places.flatten().collect();
            found += at.len();
            if at.len() < wanted.len() {
                is_whole = false;
                continue;
            }
            has_time |= *field == Field::CompletedAt;
            columns.push(Places {
                field: *field,
                at,
                beside: None,
            });
        }
        let is_header = has_time && (is_whole || !self.map.is_strict);
        if !is_header {
            self.note(found, line, csv);
            return None;
        }
        let taken: Vec<usize> = columns
            .iter()
            .flat_map(|places| places.at.clone())
            .collect();
        for places in &mut columns {
            if let (Field::CompletedAt | Field::SubmittedAt, [at]) =
                (places.field, places.at.as_slice())
            {
                places.beside = beside(csv, *at, &taken);
            }
        }
        Some(Layout {
            delimiter,
            header: Some(line),
            width: Some(csv.len()),
            columns,
        })
    }

    fn note(&mut self, found: usize, line: u64, csv: &CsvLine) {
        let is_nearer =
            |nearest: &Nearest| (found, csv.len()) > (nearest.found, nearest.cells.len());
        if self.nearest.as_ref().is_none_or(is_nearer) {
            let cells = (0..csv.len()).filter_map(|at| csv.get(at));
            self.nearest = Some(Nearest {
                found,
                line,
                cells: cells.map(str::to_owned).collect(),
            });
        }
    }

    /// What is missing, where no line told; `None` where there was none at all.
    pub(super) fn missing(&self) -> Option<MissingColumns> {
        let nearest = self.nearest.as_ref()?;
        let wanted = self.map.columns.iter().flat_map(|(_, columns)| columns);
        let has = |column: &Column| match column {
            Column::Named(names) => nearest
                .cells
                .iter()
                .any(|cell| names.iter().any(|name| same_header(cell, name))),
            Column::At(place) => *place < nearest.cells.len(),
        };
        let missing = wanted.clone().filter(|column| !has(column));
        let mut missing: Vec<String> = missing.map(Column::name).collect();
        if missing.is_empty() {
            let time = self.map.columns_of(Field::CompletedAt).iter();
            missing = time
                .map(|column| format!("{} with a time", column.name()))
                .collect();
        }
        Some(MissingColumns {
            missing,
            looked_for: wanted.map(Column::name).collect(),
            line: nearest.line,
            has: nearest.cells.clone(),
        })
    }
}

fn place(csv: &CsvLine, column: &Column) -> Option<usize> {
    match column {
        Column::At(place) => (*place < csv.len()).then_some(*place),
        Column::Named(names) => names.iter().find_map(|name| {
            let is = |at: &usize| csv.get(*at).is_some_and(|it| same_header(it, name));
            (0..csv.len()).find(is)
        }),
    }
}

/// The column with the time of day for the date in this one, by both headers: `readytime` for
/// `readydate`. One that holds a field of its own is none.
fn beside(csv: &CsvLine, date: usize, taken: &[usize]) -> Option<(usize, String)> {
    let header = csv.get(date)?.to_lowercase();
    let is_beside = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let mut pairs = DATE_AND_TIME.iter();
        pairs.any(|(date, time)| {
            header.contains(date) && header.replacen(date, time, 1) == candidate
        })
    };
    let mut others = (0..csv.len()).filter(|at| *at != date && !taken.contains(at));
    let at = others.find(|at| csv.get(*at).is_some_and(is_beside))?;
    Some((at, csv.get(at)?.to_owned()))
}

/// Whether a cell is the header that the map names, but for case and blanks around it.
fn same_header(cell: &str, header: &str) -> bool {
    let (cell, header) = (cell.trim(), header.trim());
    cell.eq_ignore_ascii_case(header) || cell.to_lowercase() == header.to_lowercase()
}
