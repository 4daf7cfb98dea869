//! Print records as lines of JSON.

use super::{Entry, LineParser, Sink, record_json};

/// What a print record always has.
const NEEDED: &[u8] = b"\"completed_at\"";

/// Why JSON of another kind is refused, and what would be taken.
const NO_RECORD: &str = "neither a print record (source, id, completed_at, …) nor a Windows event \
    as Winlogbeat, evtx_dump, Wazuh, NXLog or Get-WinEvent | ConvertTo-Json write it";

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
            Err(_) if !line.windows(NEEDED.len()).any(|part| part == NEEDED) => {
                Entry::refused(number, NO_RECORD)
            }
            Err(error) => Entry::refused(number, error.to_string()),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_of_another_kind_is_told_what_is_taken() {
        let read = |line: &[u8]| {
            let mut told = None;
            Ndjson.line(1, line, &mut |entry| told = Some(entry));
            told.unwrap()
        };
        assert_eq!(read(b"{\"timestamp\": 1}"), Entry::refused(1, NO_RECORD));
        let record = br#"{"completed_at":"2026-01-05T09:30:00Z","jobs":1}"#;
        assert_eq!(read(record), Entry::refused(1, "unknown field 'jobs'"));
    }
}
