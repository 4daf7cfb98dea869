//! Lines of a log as they stand there, to show beside the reason for which they were refused.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};

use platen_domain::text::tidy_foreign;

use super::detect::Kind;
use super::{lines, texts, utf16};

/// Characters shown of a line: what fits two lines of a terminal.
const SHOWN_MAX_CHARS: usize = 150;

impl Kind {
    /// Whether entries of such a log are numbered by its lines. Events are numbered by themselves.
    pub const fn is_lines(self) -> bool {
        matches!(
            self,
            Self::Ndjson | Self::PageLog | Self::PaperCut | Self::WindowsCsv | Self::Table
        )
    }
}

/// The lines of these numbers, counted from 1, in at most 150 characters each, on one line, without
/// control characters. A number that the log does not reach is missing.
pub fn quote(
    reader: &mut dyn BufRead,
    numbers: &BTreeSet<u64>,
) -> io::Result<BTreeMap<u64, String>> {
    match utf16::sniff(reader.fill_buf()?) {
        Some(encoding) => quote_octets(&mut utf16::Transcoded::new(reader, encoding), numbers),
        None => quote_octets(reader, numbers),
    }
}

fn quote_octets(
    reader: &mut dyn BufRead,
    numbers: &BTreeSet<u64>,
) -> io::Result<BTreeMap<u64, String>> {
    let mut quoted = BTreeMap::new();
    let last = numbers.last().copied().unwrap_or(0);
    let mut line = Vec::new();
    for number in 1..=last {
        if lines::next(reader, &mut line)?.is_none() {
            break;
        }
        if numbers.contains(&number) {
            quoted.insert(number, shown(&texts::decode(&line)));
        }
    }
    Ok(quoted)
}

fn shown(line: &str) -> String {
    let line = tidy_foreign(line);
    let mut shown: String = line.chars().take(SHOWN_MAX_CHARS).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_quoted_as_they_stand_there() {
        let long = "x".repeat(400);
        let text = format!("one\r\ntwo\u{1b}[2J\t2\n{long}\nfour");
        let numbers = BTreeSet::from([2, 3, 9]);
        let quoted = quote(&mut text.as_bytes(), &numbers).unwrap();
        assert_eq!(quoted.get(&2).unwrap(), "two [2J 2");
        assert_eq!(quoted.get(&3).unwrap().chars().count(), SHOWN_MAX_CHARS + 1);
        assert_eq!(quoted.get(&9), None);

        let wide: Vec<u8> = "\u{FEFF}eins\nzwei\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let quoted = quote(&mut wide.as_slice(), &numbers).unwrap();
        assert_eq!(quoted.get(&2).unwrap(), "zwei");
    }
}
