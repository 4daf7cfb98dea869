//! Which column of a table holds which field of a print record.
//!
//! ```toml
//! delimiter = ";"                     # one ASCII character; a comma where none is given
//! encoding = "windows-1252"           # a label of the WHATWG list; UTF-8 where none is given
//! time_zone = "Europe/Berlin"         # IANA, for times without offset
//! time_format = "%d.%m.%Y %H:%M:%S"   # strptime; RFC 3339 and 2026-11-23 17:02:11 need none
//!
//! [columns]                           # field = "header of its column"
//! completed_at = "Finished"
//! user = "Login"
//! pages = "Pages of a copy"
//! copies = "Copies"
//!
//! [constants]
//! queue = "front-office"
//! ```

use std::collections::BTreeMap;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::fields::{Draft, Field, RecordError};

/// Why a text is no column map.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// No TOML of this form.
    #[error("column map: {0}")]
    Toml(String),
    /// A field that no record has, or that does not come from a table.
    #[error("column map: no column can hold the field '{0}'")]
    Field(String),
    /// No column for `completed_at`.
    #[error("column map: [columns] needs completed_at, the time by which reports select")]
    NoTime,
    /// The delimiter is no single ASCII character.
    #[error("column map: delimiter '{0}': expected one ASCII character such as ; or \\t")]
    Delimiter(String),
    /// The encoding is unknown.
    #[error("column map: unknown encoding '{0}': expected a label such as windows-1252")]
    Encoding(String),
    /// The time zone is unknown.
    #[error("column map: unknown time zone '{0}': expected an IANA name such as Europe/Berlin")]
    Zone(String),
    /// A constant is no value of its field.
    #[error("column map: [constants]: {0}")]
    Constant(RecordError),
}

/// A column map.
#[derive(Debug, Clone)]
pub struct ColumnMap {
    pub(super) delimiter: u8,
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) zone: Option<TimeZone>,
    pub(super) time_formats: Vec<String>,
    pub(super) columns: Vec<(Field, String)>,
    pub(super) constants: Vec<(Field, String)>,
    /// Whether every column must be there: somebody named them for this very table.
    pub(super) is_strict: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Toml {
    delimiter: Option<String>,
    encoding: Option<String>,
    time_zone: Option<String>,
    time_format: Option<String>,
    columns: BTreeMap<String, String>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
}

impl std::str::FromStr for ColumnMap {
    type Err = MapError;

    fn from_str(text: &str) -> Result<Self, MapError> {
        let toml: Toml = toml::from_str(text).map_err(|error| MapError::Toml(error.to_string()))?;
        let columns = fields(toml.columns)?;
        if !columns
            .iter()
            .any(|(field, _)| *field == Field::CompletedAt)
        {
            return Err(MapError::NoTime);
        }
        let constants = fields(toml.constants)?;
        let mut draft = Draft::new();
        for (field, text) in &constants {
            let set = super::table::set(&mut draft, *field, text);
            set.map_err(MapError::Constant)?;
        }
        Ok(Self {
            delimiter: toml.delimiter.map_or(Ok(b','), delimiter)?,
            encoding: toml.encoding.map(encoding).transpose()?,
            zone: toml.time_zone.map(zone).transpose()?,
            time_formats: toml.time_format.into_iter().collect(),
            columns,
            constants,
            is_strict: true,
        })
    }
}

impl ColumnMap {
    /// The map of a log whose columns are known.
    pub(super) fn known(columns: &[(Field, &str)], time_formats: &[&str]) -> Self {
        let owned = |(field, header): &(Field, &str)| (*field, (*header).to_owned());
        Self {
            delimiter: b',',
            encoding: None,
            zone: None,
            time_formats: time_formats
                .iter()
                .map(|&format| format.to_owned())
                .collect(),
            columns: columns.iter().map(owned).collect(),
            constants: Vec::new(),
            is_strict: false,
        }
    }
}

fn fields(named: BTreeMap<String, String>) -> Result<Vec<(Field, String)>, MapError> {
    let field = |(name, value): (String, String)| match Field::from_name(&name) {
        // The source is the import's own, and remarks are ours.
        None | Some(Field::Source | Field::Flags) => Err(MapError::Field(name)),
        Some(field) => Ok((field, value)),
    };
    named.into_iter().map(field).collect()
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
                error(&format!("{time}[constants]\ncopies = 'many'")),
            ]
            .join("\n"),
            @r"
        column map: [columns] needs completed_at, the time by which reports select
        column map: no column can hold the field 'colour'
        column map: no column can hold the field 'source'
        column map: delimiter ';;': expected one ASCII character such as ; or \t
        column map: unknown encoding 'klingon': expected a label such as windows-1252
        column map: unknown time zone 'Mars/Base': expected an IANA name such as Europe/Berlin
        column map: [constants]: field 'copies': expected a whole number from 0 to 4294967295
        "
        );
        assert!(error("columns = 1").starts_with("column map: TOML parse error"));
    }
}
