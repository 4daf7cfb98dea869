//! Protocol data units (RFC 3416, section 3; RFC 1157, section 4).

use super::ber::{self, Reader};

/// Which rules an answer follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// RFC 1157: errors instead of exceptions, no GETBULK, no Counter64.
    V1,
    /// RFC 3416, for SNMPv2c and SNMPv3.
    V2,
}

/// What a manager may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Get,
    GetNext,
    GetBulk,
    Set,
}

/// `error-status` values a device answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorStatus {
    NoError = 0,
    TooBig = 1,
    NoSuchName = 2,
    NotWritable = 17,
}

const RESPONSE: u8 = 0xA2;
pub(crate) const REPORT: u8 = 0xA8;

/// A request; `first` and `second` are error-status and error-index, or non-repeaters and
/// max-repetitions of GETBULK.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) operation: Operation,
    pub(crate) id: i64,
    pub(crate) first: i64,
    pub(crate) second: i64,
    pub(crate) bindings: Reader<'a>,
}

impl<'a> Request<'a> {
    /// Reads a PDU; `None` for anything but a request.
    pub(crate) fn decode(reader: &mut Reader<'a>) -> Option<Self> {
        let (tag, content) = reader.next()?;
        let operation = match tag {
            0xA0 => Operation::Get,
            0xA1 => Operation::GetNext,
            0xA3 => Operation::Set,
            0xA5 => Operation::GetBulk,
            _ => return None,
        };
        let mut content = Reader::new(content);
        Some(Self {
            operation,
            id: content.integer()?,
            first: content.integer()?,
            second: content.integer()?,
            bindings: Reader::new(content.expect(ber::SEQUENCE)?),
        })
    }

    /// The name of each binding: its content, without tag and length.
    pub(crate) fn names(&self) -> Names<'a> {
        Names(self.bindings)
    }
}

/// The names of a request; stops at the first binding that is not one.
#[derive(Debug, Clone)]
pub(crate) struct Names<'a>(Reader<'a>);

impl<'a> Iterator for Names<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let binding = self.0.expect(ber::SEQUENCE)?;
        Reader::new(binding).expect(ber::OBJECT_IDENTIFIER)
    }
}

/// Appends a response to the request `id`.
pub(crate) fn write_response(
    out: &mut Vec<u8>,
    id: i64,
    (status, index): (ErrorStatus, usize),
    bindings: &[u8],
) {
    let index = i64::try_from(index).unwrap_or(0);
    write(out, RESPONSE, [id, status as i64, index], bindings);
}

/// Appends a PDU with `tag`, its three numbers and its encoded bindings.
pub(crate) fn write(out: &mut Vec<u8>, tag: u8, numbers: [i64; 3], bindings: &[u8]) {
    let mut head = Vec::with_capacity(32);
    for number in numbers {
        ber::write_integer(&mut head, ber::INTEGER, number);
    }
    ber::write_header(&mut head, ber::SEQUENCE, bindings.len());
    ber::write_header(out, tag, head.len() + bindings.len());
    out.extend_from_slice(&head);
    out.extend_from_slice(bindings);
}
