//! Print records as lines of JSON.

use super::{Entry, LineParser, Sink, record_json};

/// Reads a record a line, see [`record_json`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Ndjson;

impl LineParser for Ndjson {
    fn line(&mut self, number: u64, line: &[u8], sink: &mut Sink<'_>) {
        if line.trim_ascii().is_empty() {
            return sink(Entry::skipped(number, "blank"));
        }
        sink(match record_json::decode(line) {
            Ok(record) => Entry::Record(Box::new(record)),
            Err(error) => Entry::refused(number, error.to_string()),
        });
    }
}
