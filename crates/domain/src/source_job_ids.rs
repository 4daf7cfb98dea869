//! Ids that sources give their print jobs, as they are kept and shown.

use std::fmt;

use crate::keys::hex;

/// Before the digits of a UUID that is a name (RFC 9562 4).
const URN: &str = "urn:uuid:";

/// Bytes of a UUID as a name: `urn:uuid:` and 36 more.
pub const UUID_URN_BYTES: usize = 45;

/// Bytes of a UUID without what stands before it.
const UUID_BYTES: usize = 36;

/// Which characters of a UUID are hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// Hexadecimal digits of a line's digest.
const DIGEST_DIGITS: usize = 16;

/// A job's id at its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceJobId<'a> {
    /// A UUID that the source spells as `urn:uuid:0189f3a2-0000-7000-8000-00000000abcd`.
    Uuid([u8; 16]),
    /// Any other text.
    Text(&'a str),
}

impl<'a> SourceJobId<'a> {
    /// The id that a source spells so. Only the canonical spelling of a UUID is one: another
    /// spelling stays a text, so that two texts never become one key.
    pub fn of(text: &'a str) -> Self {
        let uuid = text.strip_prefix(URN).and_then(uuid_bytes);
        uuid.map_or(Self::Text(text), Self::Uuid)
    }
}

/// As the source spells it.
impl fmt::Display for SourceJobId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uuid(bytes) => f.write_str(&String::from_utf8_lossy(&uuid_urn(bytes))),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A UUID as a name, in lower case. Reports write millions of them: eight digits are made at a time,
/// without a branch.
pub fn uuid_urn(uuid: &[u8; 16]) -> [u8; UUID_URN_BYTES] {
    let mut digits = [0; 32];
    for (eight, bytes) in digits.as_chunks_mut().0.iter_mut().zip(uuid.as_chunks().0) {
        *eight = eight_digits(u32::from_be_bytes(*bytes));
    }
    let mut urn = *b"urn:uuid:00000000-0000-0000-0000-000000000000";
    urn[9..17].copy_from_slice(&digits[..8]);
    urn[18..22].copy_from_slice(&digits[8..12]);
    urn[23..27].copy_from_slice(&digits[12..16]);
    urn[28..32].copy_from_slice(&digits[16..20]);
    urn[33..].copy_from_slice(&digits[20..]);
    urn
}

/// A number in eight hexadecimal digits, each made in a byte of its own.
fn eight_digits(number: u32) -> [u8; 8] {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let spread = u64::from(number);
    let spread = (spread << 16 | spread) & 0x0000_ffff_0000_ffff;
    let spread = (spread << 8 | spread) & 0x00ff_00ff_00ff_00ff;
    let nibbles = (spread << 4 | spread) & (ONES * 0x0f);
    // A nibble of 10 or more reaches 16 with 6.
    let letters = (nibbles + ONES * 6) >> 4 & ONES;
    let beyond_digits = u64::from(b'a' - b'0' - 10);
    (nibbles + ONES * u64::from(b'0') + letters * beyond_digits).to_be_bytes()
}

/// The bytes of a UUID in its one canonical spelling.
fn uuid_bytes(text: &str) -> Option<[u8; 16]> {
    if text.len() != UUID_BYTES {
        return None;
    }
    let mut bytes = [0; 16];
    let mut nibbles = 0_usize;
    for (place, byte) in text.bytes().enumerate() {
        if HYPHENS.contains(&place) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        let nibble = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        let target = bytes.get_mut(nibbles / 2)?;
        *target = *target << 4 | nibble;
        nibbles += 1;
    }
    Some(bytes)
}

/// The id of a job whose log gives it none: the day, a digest of its line, and how many equal lines
/// the day has up to it: `2020-05-29|ba7816bf8f01cfea|1`.
pub fn line_id(day: &str, digest: [u8; DIGEST_DIGITS / 2], times: u32) -> String {
    format!("{day}|{}|{times}", hex(&digest))
}

/// Whether an id has the form of [`line_id`]. Who has such an id can tell by trial what the line
/// said: who printed, and what.
pub fn is_line_id(id: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_day = |text: &str| {
        let fits = |(place, byte): (usize, u8)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        text.len() == 10 && text.bytes().enumerate().all(fits)
    };
    let is_digest = |text: &str| {
        text.len() == DIGEST_DIGITS && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let mut parts = id.splitn(3, '|');
    let mut part_is = |is: &dyn Fn(&str) -> bool| parts.next().is_some_and(is);
    part_is(&is_day) && part_is(&is_digest) && part_is(&is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_canonical_spelling_of_a_uuid_is_shortened() {
        let canonical = "urn:uuid:0189f3a2-0000-7000-8000-00000000abcd";
        let SourceJobId::Uuid(bytes) = SourceJobId::of(canonical) else {
            panic!("{canonical} is a UUID");
        };
        assert_eq!((bytes[0], bytes[1], bytes[15]), (0x01, 0x89, 0xcd));
        for other in [
            "0189f3a2-0000-7000-8000-00000000abcd",
            "URN:UUID:0189f3a2-0000-7000-8000-00000000abcd",
            "urn:uuid:0189F3A2-0000-7000-8000-00000000ABCD",
            "urn:uuid:0189f3a2000070008000000000000abcd",
            "urn:uuid:0189f3a2-0000-7000-8000-00000000abc",
            "urn:uuid:0189f3a2-0000-7000-8000_00000000abcd",
            "urn:uuid:",
            "",
        ] {
            assert_eq!(SourceJobId::of(other), SourceJobId::Text(other), "{other}");
        }
    }

    #[test]
    fn ids_made_of_lines_are_known() {
        // Half of a half of SHA-256("abc"), FIPS 180-4's own example.
        let made = line_id("2020-05-29", *b"\xba\x78\x16\xbf\x8f\x01\xcf\xea", 12);
        assert_eq!(made, "2020-05-29|ba7816bf8f01cfea|12");
        assert!(is_line_id(&made));
        for other in [
            "KM|300|2009-05-26",
            "2020-05-29|ba7816bf8f01cfea|",
            "2020-05-29|BA7816BF8F01CFEA|1",
            "2020-05-29|ba7816bf8f01cfe|1",
            "2020-05-29|ba7816bf8f01cfea",
            "20-20-05-9|ba7816bf8f01cfea|1",
            "20201-5-29|ba7816bf8f01cfea|1|2",
            "Microsoft-Windows-PrintService/Operational|2026-11-23T11:00:00.123Z|17",
            "4711",
        ] {
            assert!(!is_line_id(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn every_id_is_spelt_as_its_source_spelt_it(text in any::<String>(), uuid: [u8; 16]) {
            prop_assert_eq!(SourceJobId::of(&text).to_string(), text);
            let urn = SourceJobId::Uuid(uuid).to_string();
            prop_assert_eq!(SourceJobId::of(&urn), SourceJobId::Uuid(uuid));
        }
    }
}
