//! Octet strings of records, as Brother devices keep counters and maintenance data: one octet of
//! identifier, `01`, one octet of length, a big-endian number; `FF` ends the list.

/// Longest number in a record, in octets.
const NUMBER_OCTETS_MAX: usize = 8;

/// Most records read from one string: identifiers are one octet.
const RECORDS_MAX: usize = 256;

/// The records as identifier and number, up to the end mark or the first thing that is no record.
pub(crate) fn records(octets: &[u8]) -> Vec<(u8, u64)> {
    let mut rest = octets;
    let mut records = Vec::new();
    while records.len() < RECORDS_MAX {
        let &[id, 0x01, length, ref after @ ..] = rest else {
            break;
        };
        let length = usize::from(length);
        if id == 0xFF || length > NUMBER_OCTETS_MAX {
            break;
        }
        let Some((number, after)) = after.split_at_checked(length) else {
            break;
        };
        let value = number
            .iter()
            .fold(0, |value, octet| (value << 8) | u64::from(*octet));
        records.push((id, value));
        rest = after;
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn records_end_at_the_mark_and_at_damage() {
        let octets = b"\x00\x01\x04\x00\x00\x13\x4b\x02\x01\x04\x00\x00\x0c\x69\xff\x01\x01";
        assert_eq!(records(octets), [(0, 4939), (2, 3177)]);
        assert_eq!(records(b"\xa1\x01\x02\x04\x14"), [(0xa1, 1044)]);
        assert_eq!(records(b"\x00\x01\x04\x00\x00"), []);
        assert_eq!(records(b"\x82\x01\x00\xa0\x01\x01"), [(0x82, 0)]);
        assert_eq!(records(b""), []);
    }

    proptest! {
        #[test]
        fn no_octets_make_it_fail(octets in proptest::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert!(records(&octets).len() <= RECORDS_MAX);
        }
    }
}
