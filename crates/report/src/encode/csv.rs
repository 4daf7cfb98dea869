//! CSV (RFC 4180): CRLF, a header always, and no cell that a spreadsheet would run.

use platen_domain::source_job_ids::uuid_urn;

use super::LANES;
use crate::cell::Cell;
use crate::instants::InstantWriter;

/// What ends a line.
pub(crate) const END: &[u8] = b"\r\n";

/// Appends the header line.
pub(super) fn header<'a>(names: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
    for (index, name) in names.enumerate() {
        separate(index, out);
        text(name, out);
    }
    out.extend_from_slice(END);
}

/// Appends one line.
pub(super) fn line<'a>(
    cells: impl Iterator<Item = Cell<'a>>,
    instants: &mut InstantWriter,
    out: &mut Vec<u8>,
) {
    for (index, cell) in cells.enumerate() {
        separate(index, out);
        value(&cell, instants, out);
    }
    out.extend_from_slice(END);
}

/// Appends one cell.
pub(super) fn value(cell: &Cell<'_>, instants: &mut InstantWriter, out: &mut Vec<u8>) {
    match cell {
        Cell::Null => {}
        Cell::Text(value) => text(value, out),
        Cell::Uuid(bytes) => out.extend_from_slice(&uuid_urn(bytes)),
        Cell::Integer(value) => super::integer(*value, out),
        Cell::Decimal(value) => value.write(out),
        Cell::Boolean(true) => out.extend_from_slice(b"true"),
        Cell::Boolean(false) => out.extend_from_slice(b"false"),
        Cell::Instant(at) => {
            // An instant that cannot be written is unknown: the cell stays empty.
            instants.write(*at, out);
        }
    }
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

/// What separates cells for a spreadsheet whose locale writes `0,5`: it splits our lines there,
/// quotes or not, and each part is a cell that must not run either.
const OTHER_SEPARATOR: char = ';';

/// Appends a text cell, defused and quoted where needed.
fn text(text: &str, out: &mut Vec<u8>) {
    if is_plain(text.as_bytes()) {
        return out.extend_from_slice(text.as_bytes());
    }
    let quoted = text.bytes().any(must_quote);
    if quoted {
        out.push(b'"');
    }
    for part in text.split_inclusive(OTHER_SEPARATOR) {
        if runs_as_formula(part) {
            out.push(b'\'');
        }
        if quoted {
            doubling_quotes(part, out);
        } else {
            out.extend_from_slice(part.as_bytes());
        }
    }
    if quoted {
        out.push(b'"');
    }
}

/// Whether the text is its own cell, as most are: it begins with a letter or a digit, so it runs
/// as no formula, and nothing in it separates or quotes.
fn is_plain(text: &[u8]) -> bool {
    let first = text.first().is_none_or(u8::is_ascii_alphanumeric);
    // The last octets are looked at together too, some of them for the second time.
    first
        && match text.last_chunk::<LANES>() {
            Some(last) => {
                !any_special(last) && !text.as_chunks::<LANES>().0.iter().any(any_special)
            }
            None => !text.iter().any(|byte| is_special(*byte)),
        }
}

fn any_special(octets: &[u8; LANES]) -> bool {
    // No early end: so the compiler compares all of them at once.
    octets
        .iter()
        .fold(false, |found, byte| found | is_special(*byte))
}

const fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b',' | b';' | b'\r' | b'\n')
}

fn doubling_quotes(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
}

const fn must_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b',' | b'\r' | b'\n')
}

/// Whether a spreadsheet might take the text for a formula: it begins, behind quotes and spaces,
/// with one of `= + - @`, their full-width forms, TAB, CR or LF (OWASP on CSV injection;
/// CVE-2021-41270 for TAB and CR). A device's name is whatever somebody typed into it.
fn runs_as_formula(text: &str) -> bool {
    let first = text.trim_start_matches(['"', '\'', ' ', '\u{a0}', '\u{3000}']);
    first.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(value: &str) -> String {
        let mut out = Vec::new();
        text(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_defused() {
        for hostile in [
            "=1+1",
            "+49 30 1",
            "-2",
            "@SUM(A1)",
            " =1",
            "\"=1",
            "'=1",
            "\t=1",
            "\r=1",
            "\n",
            "＝1",
            "－1",
            "\u{3000}＠x",
            "  \" +1",
        ] {
            let cell = written(hostile);
            assert!(
                cell.trim_start_matches('"').starts_with('\''),
                "{hostile:?} -> {cell:?}"
            );
        }
        for harmless in [
            "",
            "MX711",
            "3-1",
            "a=b",
            "Printer @ 2nd floor",
            "\"quoted\"",
            "jam; cover open",
        ] {
            assert!(!written(harmless).contains('\''), "{harmless:?}");
        }
    }

    #[test]
    fn no_part_runs_where_semicolons_separate_cells() {
        assert_eq!(written("Lobby;=1+1"), "Lobby;'=1+1");
        assert_eq!(written("a; -1;\"@x\",b"), "\"a;' -1;'\"\"@x\"\",b\"");
    }

    #[test]
    fn numbers_stay_numbers() {
        let mut utc = InstantWriter::new("UTC").unwrap();
        let mut out = Vec::new();
        let cells = [
            Cell::Integer(0),
            Cell::Null,
            Cell::Boolean(true),
            Cell::Integer(u64::MAX),
        ];
        line(cells.into_iter(), &mut utc, &mut out);
        assert_eq!(out, b"0,,true,18446744073709551615\r\n");
    }

    /// A reader written from the RFC's grammar, for tests only.
    fn read_back(bytes: &str) -> Vec<Vec<String>> {
        let mut lines = vec![vec![String::new()]];
        let mut chars = bytes.chars().peekable();
        let mut quoted = false;
        while let Some(c) = chars.next() {
            let cell = lines.last_mut().unwrap().last_mut().unwrap();
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    cell.push('"');
                    chars.next();
                }
                '"' => quoted = !quoted,
                ',' if !quoted => lines.last_mut().unwrap().push(String::new()),
                '\r' if !quoted => {
                    assert_eq!(chars.next(), Some('\n'));
                    lines.push(vec![String::new()]);
                }
                _ => cell.push(c),
            }
        }
        lines.pop();
        lines
    }

    proptest! {
        #[test]
        fn plain_texts_need_nothing(text in "[a-c0\u{e4}; ,\"=\n-]{0,40}") {
            if is_plain(text.as_bytes()) {
                prop_assert!(!text.bytes().any(must_quote));
                prop_assert!(!text.split_inclusive(OTHER_SEPARATOR).any(runs_as_formula));
            }
        }

        #[test]
        fn every_text_reads_back(rows in prop::collection::vec(prop::collection::vec(any::<String>(), 3), 1..5)) {
            let mut utc = InstantWriter::new("UTC").unwrap();
            let mut out = Vec::new();
            for row in &rows {
                line(row.iter().map(|text| Cell::text(Some(text))), &mut utc, &mut out);
            }
            let read = read_back(std::str::from_utf8(&out).unwrap());
            for (cell, text) in read.iter().flatten().zip(rows.iter().flatten()) {
                let defused = |part: &str| if runs_as_formula(part) { format!("'{part}") } else { part.to_owned() };
                let expected: String = text.split_inclusive(OTHER_SEPARATOR).map(defused).collect();
                prop_assert_eq!(cell, &expected);
            }
            prop_assert_eq!(read.len(), rows.len());
        }
    }
}
