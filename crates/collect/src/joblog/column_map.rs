//! Which column of a table holds which field of a print record. `docs/tables.md` explains it with
//! examples.
//!
//! ```toml
//! delimiter = ";"                     # , ; | or a tab; found in the table where none is given
//! encoding = "windows-1252"           # a label of the WHATWG list; UTF-8 where none is given
//! time_zone = "Europe/Berlin"         # IANA, for times without offset
//! time_format = "%d.%m.%Y %H:%M:%S"   # strptime; hardly ever needed
//! date_order = "dmy"                  # where the table's own dates do not tell
//!
//! [columns]                           # field = a column by its header, or by its number from 1
//! completed_at = ["Date", "Time"]     # two columns: a date and a time of day
//! user = "Login"
//! impressions = ["Black", "Colour"]   # two columns of a count: their sum
//! color_impressions = 7
//!
//! [words.color_mode]                  # what cells of a field mean
//! "4 B/W" = "monochrome"
//!
//! [constants]
//! queue = "front-office"
//! ```

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::cells;
use super::date_order::DateOrder;
use super::fields::{Draft, Field, RecordError};

/// Columns that one field is made of: no table parts a count further.
const COLUMNS_OF_FIELD_MAX: usize = 16;

/// Why a text is no column map.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// No TOML of this form.
    #[error("column map: {0}")]
    Toml(String),
    /// A field that no record has, or that does not come from a table.
    #[error("column map: no column can hold the field '{field}': expected one of {known}")]
    Field {
        /// The field.
        field: String,
        /// Those that there are.
        known: String,
    },
    /// No column for `completed_at`.
    #[error("column map: [columns] needs completed_at, the time by which reports select")]
    NoTime,
    /// Columns that cannot be one field.
    #[error("column map: [columns]: {0}")]
    Columns(String),
    /// The delimiter is no single ASCII character.
    #[error("column map: delimiter '{0}': expected one ASCII character such as ; or \\t")]
    Delimiter(String),
    /// The encoding is unknown.
    #[error("column map: unknown encoding '{0}': expected a label such as windows-1252")]
    Encoding(String),
    /// The time zone is unknown.
    #[error("column map: unknown time zone '{0}': expected an IANA name such as Europe/Berlin")]
    Zone(String),
    /// The order of dates is unknown.
    #[error("column map: date_order '{0}': expected dmy, mdy or ymd")]
    DateOrder(String),
    /// A constant is no value of its field.
    #[error("column map: [constants]: {0}")]
    Constant(RecordError),
    /// A word means no value of its field.
    #[error("column map: [words.{}]: '{word}': {error}", .error_field)]
    Word {
        /// The field.
        error_field: &'static str,
        /// The word.
        word: String,
        /// Why not.
        error: RecordError,
    },
}

/// A column map.
#[derive(Debug, Clone)]
pub struct ColumnMap {
    /// `None` where the table itself tells.
    pub(super) delimiter: Option<u8>,
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) zone: Option<TimeZone>,
    pub(super) time_formats: Vec<String>,
    pub(super) date_order: Option<DateOrder>,
    pub(super) columns: Vec<(Field, Vec<Column>)>,
    /// What words of a field mean, in lower case.
    pub(super) words: Vec<(Field, BTreeMap<String, String>)>,
    pub(super) constants: Vec<(Field, String)>,
    /// Whether every column must be there: somebody named them for this very table.
    pub(super) is_strict: bool,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// By its header, in one of these spellings.
    Named(Vec<String>),
    /// By its place, from 0.
    At(usize),
}

impl Column {
    /// How people call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Named(names) => {
                let name = names.first().map_or("", String::as_str);
                format!("column '{name}'")
            }
            Self::At(place) => format!("column {}", place + 1),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Toml {
    delimiter: Option<String>,
    encoding: Option<String>,
    time_zone: Option<String>,
    time_format: Option<String>,
    date_order: Option<String>,
    columns: BTreeMap<String, Columns>,
    #[serde(default)]
    words: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a column: its header, its number from 1, or a list of them"
)]
enum Columns {
    One(TomlColumn),
    Several(Vec<TomlColumn>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TomlColumn {
    Number(u16),
    Name(String),
}

impl std::str::FromStr for ColumnMap {
    type Err = MapError;

    fn from_str(text: &str) -> Result<Self, MapError> {
        let toml: Toml = toml::from_str(text).map_err(|error| MapError::Toml(error.to_string()))?;
        let columns: Vec<_> = toml
            .columns
            .into_iter()
            .map(field_columns)
            .collect::<Result<_, _>>()?;
        if !columns
            .iter()
            .any(|(field, _)| *field == Field::CompletedAt)
        {
            return Err(MapError::NoTime);
        }
        let constants = toml.constants.into_iter();
        let constants: Vec<_> = constants
            .map(|(name, text)| Ok((field(&name)?, text)))
            .collect::<Result<_, _>>()?;
        let mut draft = Draft::new();
        for (field, text) in &constants {
            cells::set_known(&mut draft, *field, text).map_err(MapError::Constant)?;
        }
        let words = toml.words.into_iter().map(field_words);
        Ok(Self {
            delimiter: toml.delimiter.map(delimiter).transpose()?,
            encoding: toml.encoding.map(encoding).transpose()?,
            zone: toml.time_zone.map(zone).transpose()?,
            time_formats: toml.time_format.into_iter().collect(),
            date_order: toml.date_order.map(date_order).transpose()?,
            columns,
            words: words.collect::<Result<_, _>>()?,
            constants,
            is_strict: true,
        })
    }
}

impl ColumnMap {
    /// The map of a log whose columns are known, each by the names that it goes by.
    pub(super) fn known(columns: &[(Field, &[&str])]) -> Self {
        let owned = |(field, names): &(Field, &[&str])| {
            let names = names.iter().map(|&name| name.to_owned());
            (*field, vec![Column::Named(names.collect())])
        };
        Self {
            delimiter: None,
            encoding: None,
            zone: None,
            time_formats: Vec::new(),
            date_order: None,
            columns: columns.iter().map(owned).collect(),
            words: Vec::new(),
            constants: Vec::new(),
            is_strict: false,
        }
    }

    /// The columns of a field.
    pub(super) fn columns_of(&self, field: Field) -> &[Column] {
        let found = self.columns.iter().find(|(known, _)| *known == field);
        found.map_or(&[], |(_, columns)| columns)
    }

    /// Whether every column is named by its place, so that no header is needed.
    pub(super) fn is_by_place(&self) -> bool {
        let mut columns = self.columns.iter().flat_map(|(_, columns)| columns);
        columns.all(|column| matches!(column, Column::At(_)))
    }

    /// What a cell of a field means: its own text unless a word is given for it.
    pub(super) fn meaning<'a>(&'a self, field: Field, text: &'a str) -> &'a str {
        let words = self.words.iter().find(|(known, _)| *known == field);
        let meaning = words.and_then(|(_, words)| words.get(&text.to_lowercase()));
        meaning.map_or(text, String::as_str)
    }
}

fn field(name: &str) -> Result<Field, MapError> {
    match Field::from_name(name) {
        // The source is the import's own, and remarks are ours.
        None | Some(Field::Source | Field::Flags) => {
            let known = Field::ALL.iter();
            let known = known.filter(|field| !matches!(field, Field::Source | Field::Flags));
            let known: Vec<_> = known.map(|field| field.name()).collect();
            Err(MapError::Field {
                field: name.to_owned(),
                known: known.join(", "),
            })
        }
        Some(field) => Ok(field),
    }
}

fn field_columns((name, columns): (String, Columns)) -> Result<(Field, Vec<Column>), MapError> {
    let field = field(&name)?;
    let columns = match columns {
        Columns::One(column) => vec![column],
        Columns::Several(columns) => columns,
    };
    let refuse = |text: &str| Err(MapError::Columns(format!("{name}: {text}")));
    let max = match field {
        Field::CompletedAt | Field::SubmittedAt => 2,
        _ if cells::is_count(field) => COLUMNS_OF_FIELD_MAX,
        _ => 1,
    };
    if columns.is_empty() {
        return refuse("a list without a column");
    }
    if columns.len() > max {
        return refuse(match max {
            1 => "only a time (date, time of day) and a count (a sum) may have several columns",
            2 => "a time has two columns at most: its date and its time of day",
            _ => "more than 16 columns",
        });
    }
    let mut found = Vec::new();
    for column in columns {
        found.push(match column {
            TomlColumn::Number(0) => return refuse("columns are counted from 1"),
            TomlColumn::Number(number) => Column::At(usize::from(number) - 1),
            TomlColumn::Name(name) => Column::Named(vec![name]),
        });
    }
    Ok((field, found))
}

fn field_words(
    (name, words): (String, BTreeMap<String, String>),
) -> Result<(Field, BTreeMap<String, String>), MapError> {
    let field = field(&name)?;
    if matches!(field, Field::CompletedAt | Field::SubmittedAt) {
        return Err(MapError::Columns(format!(
            "[words.{name}]: a time is no word"
        )));
    }
    let mut lower = BTreeMap::new();
    for (word, value) in words {
        if !value.is_empty() {
            let set = cells::set_known(&mut Draft::new(), field, &value);
            set.map_err(|error| MapError::Word {
                error_field: field.name(),
                word: word.clone(),
                error,
            })?;
        }
        lower.insert(word.trim().to_lowercase(), value);
    }
    Ok((field, lower))
}

fn delimiter(text: String) -> Result<u8, MapError> {
    match *text.as_bytes() {
        [one] if one.is_ascii() && !matches!(one, b'"' | b'\r' | b'\n') => Ok(one),
        _ => Err(MapError::Delimiter(text)),
    }
}

fn encoding(label: String) -> Result<&'static Encoding, MapError> {
    Encoding::for_label(label.as_bytes()).ok_or(MapError::Encoding(label))
}

fn zone(name: String) -> Result<TimeZone, MapError> {
    TimeZone::get(&name).map_err(|_not_listed| MapError::Zone(name))
}

fn date_order(keyword: String) -> Result<DateOrder, MapError> {
    DateOrder::from_keyword(&keyword).ok_or(MapError::DateOrder(keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_says_what_is_wrong_with_it() {
        let error = |text: &str| text.parse::<ColumnMap>().unwrap_err().to_string();
        let time = "[columns]\ncompleted_at = 'Time'\n";
        insta::assert_snapshot!(
            [
                error("[columns]\nuser = 'Login'"),
                error(&format!("{time}colour = 'C'")),
                error(&format!("{time}source = 'S'")),
                error(&format!("delimiter = ';;'\n{time}")),
                error(&format!("encoding = 'klingon'\n{time}")),
                error(&format!("time_zone = 'Mars/Base'\n{time}")),
                error(&format!("date_order = 'day'\n{time}")),
                error(&format!("{time}user = ['A', 'B']")),
                error("[columns]\ncompleted_at = ['A', 'B', 'C']"),
                error(&format!("{time}copies = 0")),
                error(&format!("{time}[words.sides]\n'Twin' = 'both'")),
                error(&format!("{time}[constants]\ncopies = 'many'")),
            ]
            .join("\n"),
            @r"
        column map: [columns] needs completed_at, the time by which reports select
        column map: no column can hold the field 'colour': expected one of id, function, state, completed_at, time_quality, submitted_at, user, account, client, document, application, queue, printer_address, printer_serial, printer_uuid, pages, copies, impressions, color_impressions, sheets, sheets_quality, evidence, color_mode, sides, media, bytes
        column map: no column can hold the field 'source': expected one of id, function, state, completed_at, time_quality, submitted_at, user, account, client, document, application, queue, printer_address, printer_serial, printer_uuid, pages, copies, impressions, color_impressions, sheets, sheets_quality, evidence, color_mode, sides, media, bytes
        column map: delimiter ';;': expected one ASCII character such as ; or \t
        column map: unknown encoding 'klingon': expected a label such as windows-1252
        column map: unknown time zone 'Mars/Base': expected an IANA name such as Europe/Berlin
        column map: date_order 'day': expected dmy, mdy or ymd
        column map: [columns]: user: only a time (date, time of day) and a count (a sum) may have several columns
        column map: [columns]: completed_at: a time has two columns at most: its date and its time of day
        column map: [columns]: copies: columns are counted from 1
        column map: [words.sides]: 'Twin': field 'sides': expected one of one-sided, two-sided-long-edge, two-sided-short-edge, two-sided
        column map: [constants]: field 'copies': expected a whole number from 0 to 4294967295
        "
        );
        assert!(error("columns = 1").starts_with("column map: TOML parse error"));
    }
}
