//! The Basic Encoding Rules (X.690), as far as SNMP uses them.

use crate::oid::ARCS_MAX;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const IP_ADDRESS: u8 = 0x40;
pub(crate) const COUNTER32: u8 = 0x41;
pub(crate) const GAUGE32: u8 = 0x42;
pub(crate) const TIME_TICKS: u8 = 0x43;
pub(crate) const OPAQUE: u8 = 0x44;
pub(crate) const COUNTER64: u8 = 0x46;
pub(crate) const NO_SUCH_OBJECT: u8 = 0x80;
pub(crate) const NO_SUCH_INSTANCE: u8 = 0x81;
pub(crate) const END_OF_MIB_VIEW: u8 = 0x82;

/// Reads one element after the other; `None` is "not an encoding", and nothing panics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes not read yet.
    pub(crate) const fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The next element's tag and content.
    pub(crate) fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, after_tag) = self.0.split_first()?;
        let (&first, after_first) = after_tag.split_first()?;
        let (length, body) = match first {
            0..=0x7F => (usize::from(first), after_first),
            // Long form; the indefinite form (0x80) is not allowed in SNMP (RFC 3417, 8).
            0x81..=0x84 => {
                let (digits, body) = after_first.split_at_checked(usize::from(first & 0x7F))?;
                let length = digits
                    .iter()
                    .fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
                (length, body)
            }
            _ => return None,
        };
        let (content, rest) = body.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The content of the next element, which must have `tag`.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, content) = self.next()?;
        (found == tag).then_some(content)
    }

    /// The next element, an INTEGER of at most eight octets.
    pub(crate) fn integer(&mut self) -> Option<i64> {
        let content = self.expect(INTEGER)?;
        let (&first, _) = content.split_first()?;
        if content.len() > size_of::<i64>() {
            return None;
        }
        let sign = if first & 0x80 == 0 { 0 } else { -1 };
        Some(
            content
                .iter()
                .fold(sign, |sum, octet| (sum << 8) | i64::from(*octet)),
        )
    }
}

/// Puts the arcs of an OBJECT IDENTIFIER's content into `arcs`; `None` if it is not one.
pub(crate) fn read_oid(content: &[u8], arcs: &mut Vec<u32>) -> Option<()> {
    arcs.clear();
    let mut arc = 0_u32;
    let mut complete = true;
    for octet in content {
        arc = arc.checked_mul(128)? | u32::from(octet & 0x7F);
        complete = octet & 0x80 == 0;
        if complete {
            if arcs.is_empty() {
                let first = (arc / 40).min(2);
                arcs.push(first);
                arc -= first * 40;
            }
            if arcs.len() == ARCS_MAX {
                return None;
            }
            arcs.push(arc);
            arc = 0;
        }
    }
    complete.then_some(())
}

/// Appends tag and length of an element with `length` octets of content.
pub(crate) fn write_header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    let [.., high, middle, low] = length.to_be_bytes();
    if length < 0x80 {
        out.push(low);
    } else if length <= 0xFF {
        out.extend_from_slice(&[0x81, low]);
    } else if length <= 0xFFFF {
        out.extend_from_slice(&[0x82, middle, low]);
    } else {
        out.extend_from_slice(&[0x83, high, middle, low]);
    }
}

/// Octets that [`write_header`] appends for `length`.
pub(crate) const fn header_length(length: usize) -> usize {
    match length {
        0..=0x7F => 2,
        0x80..=0xFF => 3,
        0x100..=0xFFFF => 4,
        _ => 5,
    }
}

/// Appends an element.
pub(crate) fn write(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    write_header(out, tag, content.len());
    out.extend_from_slice(content);
}

/// Appends a signed number in the fewest octets.
pub(crate) fn write_integer(out: &mut Vec<u8>, tag: u8, number: i64) {
    let octets = number.to_be_bytes();
    let sign = if number < 0 { 0xFF } else { 0 };
    let redundant = octets.windows(2).take_while(
        |pair| matches!(pair, [first, second] if *first == sign && (second ^ sign) & 0x80 == 0),
    );
    let shortest = octets.get(redundant.count()..).unwrap_or(&octets);
    write(out, tag, shortest);
}

/// Appends an unsigned number of 64 bits, with the leading zero octet that keeps it positive.
pub(crate) fn write_unsigned(out: &mut Vec<u8>, tag: u8, number: u64) {
    if let Ok(number) = i64::try_from(number) {
        write_integer(out, tag, number);
    } else {
        write_header(out, tag, 1 + size_of::<u64>());
        out.push(0);
        out.extend_from_slice(&number.to_be_bytes());
    }
}

/// Appends an OBJECT IDENTIFIER.
pub(crate) fn write_oid(out: &mut Vec<u8>, arcs: &[u32]) {
    let mut content = Vec::with_capacity(arcs.len() * 2);
    match arcs {
        [first, second, rest @ ..] => {
            write_arc(
                &mut content,
                first.saturating_mul(40).saturating_add(*second),
            );
            for arc in rest {
                write_arc(&mut content, *arc);
            }
        }
        [only] => write_arc(&mut content, only.saturating_mul(40)),
        [] => {}
    }
    write(out, OBJECT_IDENTIFIER, &content);
}

fn write_arc(out: &mut Vec<u8>, arc: u32) {
    for shift in [28, 21, 14, 7] {
        if arc >> shift != 0 {
            let [.., low] = (arc >> shift).to_be_bytes();
            out.push(low | 0x80);
        }
    }
    let [.., low] = arc.to_be_bytes();
    out.push(low & 0x7F);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn integer(number: i64) -> Vec<u8> {
        let mut out = Vec::new();
        write_integer(&mut out, INTEGER, number);
        out
    }

    #[test]
    fn numbers_take_the_fewest_octets() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(127), [2, 1, 0x7F]);
        assert_eq!(integer(128), [2, 2, 0, 0x80]);
        assert_eq!(integer(-1), [2, 1, 0xFF]);
        assert_eq!(integer(-129), [2, 2, 0xFF, 0x7F]);
        let mut out = Vec::new();
        write_unsigned(&mut out, COUNTER64, u64::MAX);
        assert_eq!(out, [0x46, 9, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
    }

    proptest! {
        #[test]
        fn numbers_read_back(number: i64) {
            prop_assert_eq!(Reader::new(&integer(number)).integer(), Some(number));
        }

        #[test]
        fn identifiers_read_back(rest in proptest::collection::vec(any::<u32>(), 0..20)) {
            let arcs = [vec![1, 3], rest].concat();
            let mut out = Vec::new();
            write_oid(&mut out, &arcs);
            let content = Reader::new(&out).expect(OBJECT_IDENTIFIER).unwrap();
            let mut read = Vec::new();
            read_oid(content, &mut read).unwrap();
            prop_assert_eq!(read, arcs);
        }

        #[test]
        fn lengths_read_back(length in 0_usize..70_000) {
            let mut out = Vec::new();
            write(&mut out, OCTET_STRING, &vec![7; length]);
            prop_assert_eq!(out.len(), header_length(length) + length);
            prop_assert_eq!(Reader::new(&out).expect(OCTET_STRING).map(<[u8]>::len), Some(length));
        }
    }
}
