//! JSON (RFC 8259): flat objects, every column present in every one.

use platen_domain::clock::Timestamp;
use platen_domain::source_job_ids::{UUID_URN_BYTES, uuid_urn};

use super::LANES;
use crate::cell::Cell;
use crate::instants::{InstantWriter, QUOTED_OCTETS};

/// What stands before each value: `{"SerialNumber":` for the first, `,"Model":` for the others.
pub(crate) fn keys<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Vec<u8>> {
    names
        .enumerate()
        .map(|(index, name)| {
            let mut key = vec![if index == 0 { b'{' } else { b',' }];
            string(name, &mut key);
            key.push(b':');
            key
        })
        .collect()
}

/// Appends one object.
pub(super) fn object<'a>(
    keys: &[Vec<u8>],
    cells: impl Iterator<Item = Cell<'a>>,
    instants: &mut InstantWriter,
    out: &mut Vec<u8>,
) {
    for (key, cell) in keys.iter().zip(cells) {
        out.extend_from_slice(key);
        value(&cell, instants, out);
    }
    out.push(b'}');
}

/// Appends one value.
pub(super) fn value(cell: &Cell<'_>, instants: &mut InstantWriter, out: &mut Vec<u8>) {
    match cell {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Text(text) => string(text, out),
        Cell::Uuid(bytes) => uuid(bytes, out),
        Cell::Integer(value) => super::integer(*value, out),
        Cell::Decimal(value) => value.write(out),
        Cell::Boolean(true) => out.extend_from_slice(b"true"),
        Cell::Boolean(false) => out.extend_from_slice(b"false"),
        Cell::Instant(at) => instant(*at, instants, out),
    }
}

fn uuid(bytes: &[u8; 16], out: &mut Vec<u8>) {
    let mut quoted = [b'"'; UUID_URN_BYTES + 2];
    quoted[1..=UUID_URN_BYTES].copy_from_slice(&uuid_urn(bytes));
    out.extend_from_slice(&quoted);
}

fn instant(at: Timestamp, instants: &mut InstantWriter, out: &mut Vec<u8>) {
    let mut quoted = [0; QUOTED_OCTETS];
    if instants.quote(at, &mut quoted) {
        out.extend_from_slice(&quoted);
    } else {
        out.extend_from_slice(b"null");
    }
}

/// Appends a string literal. A text without anything to escape, the rule in practice, is copied
/// whole.
fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    if !is_clean(rest) {
        while let Some(at) = rest.iter().position(|byte| must_escape(*byte)) {
            let (clean, special) = rest.split_at(at);
            out.extend_from_slice(clean);
            let Some((byte, behind)) = special.split_first() else {
                break;
            };
            escape(*byte, out);
            rest = behind;
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Whether no octet must be escaped.
fn is_clean(text: &[u8]) -> bool {
    // The last ones are looked at together too, some of them for the second time.
    match text.last_chunk::<LANES>() {
        Some(last) => all_clean(last) && text.as_chunks().0.iter().all(all_clean),
        None => !text.iter().any(|byte| must_escape(*byte)),
    }
}

fn all_clean(octets: &[u8; LANES]) -> bool {
    // No early end: so the compiler compares all of them at once.
    !octets
        .iter()
        .fold(false, |found, byte| found | must_escape(*byte))
}

const fn must_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    match byte {
        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ => {
            let hex = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[hex(byte >> 4), hex(byte & 15)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_string_reads_back(text in any::<String>()) {
            let mut out = Vec::new();
            string(&text, &mut out);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }

        #[test]
        fn every_object_reads_back(
            fields in prop::collection::btree_map("\\PC{1,9}", proptest::option::of(any::<String>()), 1..9),
            count: u64,
        ) {
            let names: Vec<_> = fields.keys().map(String::as_str).chain(["#count"]).collect();
            let cells = fields.values().map(|text| Cell::text(text.as_deref()));
            let cells = cells.chain([Cell::Integer(count)]);
            let mut utc = InstantWriter::new("UTC").unwrap();
            let mut out = Vec::new();
            object(&keys(names.into_iter()), cells, &mut utc, &mut out);
            let mut expected: serde_json::Map<_, _> = fields
                .into_iter()
                .map(|(name, text)| (name, serde_json::Value::from(text)))
                .collect();
            expected.insert("#count".to_owned(), count.into());
            let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
            prop_assert_eq!(read, serde_json::Value::Object(expected));
        }
    }
}
