//! The rows that every peer gets: what our own server answered as NDJSON, so that columns and
//! values are the same by construction.

use std::fmt;
use std::io::{BufRead, Write};

use anyhow::{Context as _, Result};
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::Value;

/// What a column holds, as far as a peer's type depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Instant,
    Whole,
    Decimal,
    /// Text of which there are few spellings.
    Word,
    /// Text that differs from row to row.
    Text,
}

/// A column of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
}

impl Column {
    fn new(name: String) -> Self {
        let kind = match name.as_str() {
            "CompletedAt" | "SubmittedAt" => Kind::Instant,
            "Pages" | "Copies" | "Impressions" | "ImpressionsMono" | "ImpressionsColor"
            | "Sheets" | "Bytes" | "Revision" => Kind::Whole,
            "Cost" | "PaperGrams" | "Co2Grams" => Kind::Decimal,
            "Document" | "TransactionId" => Kind::Text,
            _ => Kind::Word,
        };
        Self { name, kind }
    }

    /// Whether every row has a value: what reports are selected and ordered by.
    pub(super) fn is_key(&self) -> bool {
        matches!(self.name.as_str(), "CompletedAt" | "TransactionId")
    }
}

/// The columns of a row of NDJSON, in their order.
pub(super) fn columns(row: &str) -> Result<Vec<Column>> {
    let mut names = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(row);
    reader.deserialize_map(Entries(|name, _| names.push(name)))?;
    Ok(names.into_iter().map(Column::new).collect())
}

/// Rewrites rows of NDJSON as PostgreSQL's `COPY` reads them, and says how many there were.
pub(super) fn write_copy_text(rows: impl BufRead, out: &mut impl Write) -> Result<u64> {
    let mut count = 0;
    let mut text = String::new();
    for row in rows.lines() {
        text.clear();
        let row = row?;
        let mut reader = serde_json::Deserializer::from_str(&row);
        let fields = Entries(|_, value| push_copy_field(&mut text, &value));
        reader
            .deserialize_map(fields)
            .context("a row is not JSON")?;
        text.pop();
        text.push('\n');
        out.write_all(text.as_bytes())?;
        count += 1;
    }
    Ok(count)
}

/// Appends a value and a tab.
fn push_copy_field(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("\\N"),
        Value::String(value) => {
            for character in value.chars() {
                match character {
                    '\\' => text.push_str("\\\\"),
                    '\t' => text.push_str("\\t"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    other => text.push(other),
                }
            }
        }
        other => text.push_str(&other.to_string()),
    }
    text.push('\t');
}

/// Visits the members of an object in the order in which they stand.
struct Entries<F>(F);

impl<'de, F: FnMut(String, Value)> Visitor<'de> for Entries<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry()? {
            (self.0)(name, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_order_and_know_their_kind() {
        let row = r#"{"CompletedAt":"x","UserName":null,"Pages":3,"Cost":0.1,"Document":""}"#;
        let columns = columns(row).unwrap();
        let kinds: Vec<_> = columns.iter().map(|column| column.kind).collect();
        assert_eq!(
            kinds,
            [
                Kind::Instant,
                Kind::Word,
                Kind::Whole,
                Kind::Decimal,
                Kind::Text
            ]
        );
        assert_eq!(columns[1].name, "UserName");
    }

    #[test]
    fn values_survive_the_way_into_postgresql() {
        let rows = concat!(
            "{\"A\":\"a\\tb\\\\c\\nd\",\"B\":null,\"C\":0.50}\n",
            "{\"A\":\"\",\"B\":\"\\u00fc\",\"C\":7}\n"
        );
        let mut out = Vec::new();
        assert_eq!(write_copy_text(rows.as_bytes(), &mut out).unwrap(), 2);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "a\\tb\\\\c\\nd\t\\N\t0.5\n\tü\t7\n");
    }
}
