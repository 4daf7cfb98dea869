//! The Basic Encoding Rules as SNMP uses them (RFC 3417, section 8; X.690).
//!
//! Reading is lenient where printers are known to be sloppy (lengths and integers longer than
//! needed, bytes after the end) and strict where leniency would cost memory: every length is
//! checked against what is really there, and nothing is allocated for a length that is only
//! claimed.

use super::oid::{OID_ARCS_MAX, Oid};

/// Tags of the types SNMP knows (RFC 2578 and RFC 3416).
pub(crate) mod tag {
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
    pub(crate) const UINTEGER32: u8 = 0x47;
    pub(crate) const NO_SUCH_OBJECT: u8 = 0x80;
    pub(crate) const NO_SUCH_INSTANCE: u8 = 0x81;
    pub(crate) const END_OF_MIB_VIEW: u8 = 0x82;
}

/// Why bytes are not an SNMP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes end inside a value.
    #[error("the message ends early")]
    Truncated,
    /// A length is spelled in a way SNMP does not allow, or is beyond any datagram.
    #[error("a length cannot be right")]
    Length,
    /// Something else was expected here.
    #[error("an unexpected type of value: tag {0:#04x}")]
    Tag(u8),
    /// A number does not fit its type.
    #[error("a number is out of range")]
    Number,
    /// An object identifier is malformed or longer than [`OID_ARCS_MAX`] arcs.
    #[error("an object identifier is malformed or too long")]
    Oid,
    /// More variable bindings than [`super::pdu::BINDINGS_MAX`].
    #[error("more variable bindings than a device may send in one message")]
    Bindings,
    /// The version is not the one this decoder reads.
    #[error("another SNMP version")]
    Version,
}

/// Walks over encoded values. A reader of nested content knows where it stands in the whole
/// message, which the message digest of SNMPv3 needs.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    end: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of a message.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            end: bytes.len(),
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What has not been read.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// How far the next byte is from the start of the message.
    pub(crate) const fn offset(&self) -> usize {
        self.end - self.rest.len()
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        let (&first, rest) = self.rest.split_first().ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(first)
    }

    fn length(&mut self) -> Result<usize, DecodeError> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(usize::from(first));
        }
        // Up to four bytes are accepted, as devices pad lengths with zeros; the indefinite form
        // (0x80) is not allowed in SNMP.
        let count = first & 0x7F;
        if count == 0 || count > 4 {
            return Err(DecodeError::Length);
        }
        let mut length = 0;
        for _ in 0..count {
            length = length << 8 | usize::from(self.byte()?);
        }
        Ok(length)
    }

    /// The next value: its tag and a reader over its content.
    pub(crate) fn value(&mut self) -> Result<(u8, Reader<'a>), DecodeError> {
        let tag = self.byte()?;
        let length = self.length()?;
        let (content, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        let content = Reader {
            rest: content,
            end: self.end - rest.len(),
        };
        Ok((tag, content))
    }

    /// The content of the next value, which must have this tag.
    pub(crate) fn expect(&mut self, wanted: u8) -> Result<Reader<'a>, DecodeError> {
        let (tag, content) = self.value()?;
        if tag == wanted {
            Ok(content)
        } else {
            Err(DecodeError::Tag(tag))
        }
    }

    /// The next value as an `INTEGER` of 32 bits.
    pub(crate) fn int32(&mut self) -> Result<i32, DecodeError> {
        let number = signed(self.expect(tag::INTEGER)?.rest)?;
        i32::try_from(number).map_err(|_out_of_range| DecodeError::Number)
    }

    /// The next value as an `OCTET STRING`.
    pub(crate) fn octets(&mut self) -> Result<&'a [u8], DecodeError> {
        Ok(self.expect(tag::OCTET_STRING)?.rest)
    }

    /// The next value as an `OBJECT IDENTIFIER`.
    pub(crate) fn oid(&mut self) -> Result<Oid, DecodeError> {
        oid(self.expect(tag::OBJECT_IDENTIFIER)?.rest)
    }
}

/// The content of a signed integer; none at all reads as zero, as some devices write it.
pub(crate) fn signed(content: &[u8]) -> Result<i64, DecodeError> {
    let negative = content.first().is_some_and(|first| first & 0x80 != 0);
    let fill = if negative { u64::MAX } else { 0 };
    let number = magnitude(content, fill)?.cast_signed();
    if (number < 0) == negative {
        Ok(number)
    } else {
        Err(DecodeError::Number)
    }
}

/// The content of an unsigned integer. Devices forget the leading zero byte of numbers whose top
/// bit is set, so that bit is never a sign here.
pub(crate) fn unsigned(content: &[u8]) -> Result<u64, DecodeError> {
    magnitude(content, 0)
}

/// Eight bytes of number, whatever padding of `fill` stands before them.
fn magnitude(content: &[u8], fill: u64) -> Result<u64, DecodeError> {
    let padding = content.len().saturating_sub(8);
    let (padding, number) = content.split_at_checked(padding).unwrap_or_default();
    let [fill_byte, ..] = fill.to_be_bytes();
    if padding.iter().any(|&byte| byte != fill_byte) {
        return Err(DecodeError::Number);
    }
    Ok(number
        .iter()
        .fold(fill, |number, &byte| number << 8 | u64::from(byte)))
}

/// The content of an object identifier.
pub(crate) fn oid(content: &[u8]) -> Result<Oid, DecodeError> {
    let mut arcs = [0; OID_ARCS_MAX];
    let mut slots = arcs.iter_mut();
    let mut arc: u32 = 0;
    let mut open = false;
    for &byte in content {
        if arc > u32::MAX >> 7 {
            return Err(DecodeError::Oid);
        }
        arc = arc << 7 | u32::from(byte & 0x7F);
        open = byte & 0x80 != 0;
        if open {
            continue;
        }
        if slots.len() == OID_ARCS_MAX {
            // X.690, 8.19.4: the first two arcs share one number.
            let first = (arc / 40).min(2);
            *slots.next().ok_or(DecodeError::Oid)? = first;
            arc -= first * 40;
        }
        *slots.next().ok_or(DecodeError::Oid)? = arc;
        arc = 0;
    }
    let used = OID_ARCS_MAX - slots.len();
    let arcs = arcs.get(..used).filter(|_| !open);
    arcs.and_then(Oid::from_arcs).ok_or(DecodeError::Oid)
}

/// Puts encoded values one after the other.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A writer with room for a request of ordinary size, to grow once at most.
    pub(crate) fn new() -> Self {
        Self {
            bytes: Vec::with_capacity(512),
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// How many bytes there are so far.
    pub(crate) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Appends a value whose content `write` appends.
    pub(crate) fn nested(&mut self, tag: u8, write: impl FnOnce(&mut Self)) {
        self.bytes.push(tag);
        self.bytes.push(0);
        let start = self.bytes.len();
        write(self);
        let length = self.bytes.len() - start;
        let Ok(short @ 0..0x80) = u8::try_from(length) else {
            let (buffer, used) = long_length(length);
            self.bytes.splice(
                start - 1..start,
                buffer.into_iter().skip(buffer.len() - used),
            );
            return;
        };
        if let Some(byte) = self.bytes.get_mut(start - 1) {
            *byte = short;
        }
    }

    /// Appends bytes that are encoded already.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends a value with this content.
    pub(crate) fn primitive(&mut self, tag: u8, content: &[u8]) {
        self.bytes.push(tag);
        if let Ok(short @ 0..0x80) = u8::try_from(content.len()) {
            self.bytes.push(short);
        } else {
            let (buffer, used) = long_length(content.len());
            self.bytes
                .extend(buffer.into_iter().skip(buffer.len() - used));
        }
        self.bytes.extend_from_slice(content);
    }

    /// Appends a signed integer in as few bytes as it takes.
    pub(crate) fn signed(&mut self, tag: u8, number: i64) {
        let bytes = number.to_be_bytes();
        let mut content = bytes.as_slice();
        while let [first @ (0 | 0xFF), rest @ ..] = content
            && let [second, ..] = rest
            && (second & 0x80 == 0) == (*first == 0)
        {
            content = rest;
        }
        self.primitive(tag, content);
    }

    /// Appends an unsigned integer: as a signed one of one more bit.
    pub(crate) fn unsigned(&mut self, tag: u8, number: u64) {
        match i64::try_from(number) {
            Ok(number) => self.signed(tag, number),
            Err(_wider) => {
                self.bytes.extend([tag, 9, 0]);
                self.bytes.extend(number.to_be_bytes());
            }
        }
    }

    /// Appends an object identifier. Fewer than two arcs cannot be encoded; they become 0.0,
    /// the identifier that names nothing.
    pub(crate) fn oid(&mut self, oid: &Oid) {
        self.nested(tag::OBJECT_IDENTIFIER, |w| match oid.arcs() {
            [first, second, rest @ ..] => {
                w.arc(u64::from(*first) * 40 + u64::from(*second));
                for arc in rest {
                    w.arc(u64::from(*arc));
                }
            }
            _ => w.bytes.push(0),
        });
    }

    fn arc(&mut self, arc: u64) {
        if let Ok(short @ 0..0x80) = u8::try_from(arc) {
            self.bytes.push(short);
            return;
        }
        let groups = (u64::BITS - arc.leading_zeros()).div_ceil(7).max(1);
        for group in (0..groups).rev() {
            let [.., low] = (arc >> (7 * group)).to_be_bytes();
            let more = if group > 0 { 0x80 } else { 0 };
            self.bytes.push(low & 0x7F | more);
        }
    }
}

/// The long form of a length, in the last `used` bytes.
fn long_length(length: usize) -> ([u8; 9], usize) {
    let mut buffer = [0; 9];
    let length = u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes();
    let count = 8 - length.iter().take_while(|&&byte| byte == 0).count();
    for (slot, byte) in buffer.iter_mut().skip(1).zip(length) {
        *slot = byte;
    }
    if let (Some(slot), Ok(count)) = (buffer.get_mut(8 - count), u8::try_from(count)) {
        *slot = 0x80 | count;
    }
    (buffer, count + 1)
}

#[cfg(test)]
#[path = "ber_tests.rs"]
mod tests;
