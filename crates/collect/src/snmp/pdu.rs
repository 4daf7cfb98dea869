//! Protocol data units (RFC 3416, section 3; RFC 1157, section 4).
//!
//! There is no `SetRequest` here, nor any trap: Platen only reads.

use super::ber::{self, DecodeError, Reader, Writer, tag};
use super::oid::Oid;
use super::value::Value;

/// Most variable bindings in one message, either way. Platen asks for fewer
/// ([`super::abilities`]); a device that sends more is not answering the question.
pub const BINDINGS_MAX: usize = 128;

/// Longest octet string taken from a device, in bytes: the longest object of the Printer MIB has
/// 255, vendor blobs some hundreds. A longer one counts as absent.
pub const STRING_MAX: usize = 4096;

/// Fewest bytes a variable binding takes: what bounds how many a message can really hold.
const BINDING_BYTES_MIN: usize = 6;

/// One object and its value.
pub type Binding = (Oid, Value);

/// What a PDU is for, with the two numbers that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Exactly these instances.
    Get,
    /// The instance after each of these identifiers.
    GetNext,
    /// As `GetNext` for the first `non_repeaters`, then up to `max_repetitions` rows of the rest.
    GetBulk {
        /// How many of the bindings are asked once.
        non_repeaters: u16,
        /// How many rows of each other binding are asked.
        max_repetitions: u16,
    },
    /// An answer.
    Response {
        /// How it went.
        status: ErrorStatus,
        /// Which binding, counted from 1, made it fail; 0 where none did.
        index: u32,
    },
    /// An SNMPv3 engine's remark about a message it did not process (RFC 3412, section 3).
    Report,
}

/// `error-status` of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStatus {
    /// It went well.
    NoError,
    /// The answer would not fit into a message.
    TooBig,
    /// SNMPv1: one object does not exist, and nothing is answered because of it.
    NoSuchName,
    /// The device failed.
    GenErr,
    /// Any other code.
    Other(u32),
}

impl ErrorStatus {
    pub(crate) fn from_code(code: i32) -> Self {
        match code {
            0 => Self::NoError,
            1 => Self::TooBig,
            2 => Self::NoSuchName,
            5 => Self::GenErr,
            other => Self::Other(other.unsigned_abs()),
        }
    }

    fn code(self) -> i64 {
        match self {
            Self::NoError => 0,
            Self::TooBig => 1,
            Self::NoSuchName => 2,
            Self::GenErr => 5,
            Self::Other(code) => i64::from(code),
        }
    }
}

/// A protocol data unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdu {
    /// What it is for.
    pub operation: Operation,
    /// Joins an answer to its request; 31 random bits in ours.
    pub request_id: i32,
    /// Objects and values; in a request the values are [`Value::Null`].
    pub bindings: Vec<Binding>,
}

impl Pdu {
    /// The next value as a PDU. Bindings whose value is of no known type, or too long, keep
    /// their place as [`Value::Null`], because an answer to `GETBULK` goes by position.
    ///
    /// # Errors
    ///
    /// Whatever keeps the structure from being read.
    pub(crate) fn decode(message: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (tag, mut content) = message.value()?;
        let request_id = content.int32()?;
        let (first, second) = (content.int32()?, content.int32()?);
        Ok(Self {
            operation: operation(tag, first, second)?,
            request_id,
            bindings: bindings(&mut content)?,
        })
    }

    /// Appends this PDU.
    pub(crate) fn encode(&self, w: &mut Writer) {
        let (tag, first, second) = self.header();
        w.nested(tag, |w| {
            w.signed(tag::INTEGER, i64::from(self.request_id));
            w.signed(tag::INTEGER, first);
            w.signed(tag::INTEGER, second);
            w.nested(tag::SEQUENCE, |w| {
                for (oid, value) in &self.bindings {
                    w.nested(tag::SEQUENCE, |w| {
                        w.oid(oid);
                        encode_value(w, value);
                    });
                }
            });
        });
    }

    fn header(&self) -> (u8, i64, i64) {
        match self.operation {
            Operation::Get => (0xA0, 0, 0),
            Operation::GetNext => (0xA1, 0, 0),
            Operation::Response { status, index } => (0xA2, status.code(), i64::from(index)),
            Operation::GetBulk {
                non_repeaters,
                max_repetitions,
            } => (0xA5, i64::from(non_repeaters), i64::from(max_repetitions)),
            Operation::Report => (0xA8, 0, 0),
        }
    }
}

fn operation(tag: u8, first: i32, second: i32) -> Result<Operation, DecodeError> {
    // RFC 3416, 4.2.3: a negative count is zero; counts above any limit of ours stay above it.
    let count = |number: i32| u16::try_from(number.max(0)).unwrap_or(u16::MAX);
    Ok(match tag {
        0xA0 => Operation::Get,
        0xA1 => Operation::GetNext,
        0xA2 => Operation::Response {
            status: ErrorStatus::from_code(first),
            index: u32::try_from(second).unwrap_or(0),
        },
        0xA5 => Operation::GetBulk {
            non_repeaters: count(first),
            max_repetitions: count(second),
        },
        0xA8 => Operation::Report,
        other => return Err(DecodeError::Tag(other)),
    })
}

fn bindings(content: &mut Reader<'_>) -> Result<Vec<Binding>, DecodeError> {
    let mut list = content.expect(tag::SEQUENCE)?;
    let room = list.rest().len() / BINDING_BYTES_MIN;
    let mut bindings = Vec::with_capacity(room.min(BINDINGS_MAX));
    while !list.is_empty() {
        if bindings.len() == BINDINGS_MAX {
            return Err(DecodeError::Bindings);
        }
        let mut binding = list.expect(tag::SEQUENCE)?;
        let oid = binding.oid()?;
        let (tag, value) = binding.value()?;
        bindings.push((oid, decode_value(tag, value.rest())));
    }
    Ok(bindings)
}

/// The value with this tag and content; [`Value::Null`] for one that makes no sense.
fn decode_value(tag: u8, content: &[u8]) -> Value {
    let number = |make: fn(u32) -> Value| {
        let number = ber::unsigned(content).map(u32::try_from);
        number.ok().and_then(Result::ok).map(make)
    };
    let octets =
        |make: fn(Vec<u8>) -> Value| (content.len() <= STRING_MAX).then(|| make(content.to_vec()));
    let value = match tag {
        tag::INTEGER => ber::signed(content).ok().map(Value::Integer),
        tag::OCTET_STRING => octets(Value::OctetString),
        tag::OBJECT_IDENTIFIER => ber::oid(content).ok().map(Value::ObjectIdentifier),
        tag::IP_ADDRESS => content.try_into().ok().map(Value::IpAddress),
        tag::COUNTER32 => number(Value::Counter32),
        tag::GAUGE32 | tag::UINTEGER32 => number(Value::Gauge32),
        tag::TIME_TICKS => number(Value::TimeTicks),
        tag::OPAQUE => octets(Value::Opaque),
        tag::COUNTER64 => ber::unsigned(content).ok().map(Value::Counter64),
        tag::NO_SUCH_OBJECT => Some(Value::NoSuchObject),
        tag::NO_SUCH_INSTANCE => Some(Value::NoSuchInstance),
        tag::END_OF_MIB_VIEW => Some(Value::EndOfMibView),
        _ => None,
    };
    value.unwrap_or(Value::Null)
}

fn encode_value(w: &mut Writer, value: &Value) {
    match value {
        Value::Integer(number) => w.signed(tag::INTEGER, *number),
        Value::OctetString(octets) => w.primitive(tag::OCTET_STRING, octets),
        Value::ObjectIdentifier(oid) => w.oid(oid),
        Value::IpAddress(address) => w.primitive(tag::IP_ADDRESS, address),
        Value::Counter32(number) => w.unsigned(tag::COUNTER32, u64::from(*number)),
        Value::Gauge32(number) => w.unsigned(tag::GAUGE32, u64::from(*number)),
        Value::TimeTicks(number) => w.unsigned(tag::TIME_TICKS, u64::from(*number)),
        Value::Counter64(number) => w.unsigned(tag::COUNTER64, *number),
        Value::Opaque(octets) => w.primitive(tag::OPAQUE, octets),
        Value::Null => w.primitive(tag::NULL, &[]),
        Value::NoSuchObject => w.primitive(tag::NO_SUCH_OBJECT, &[]),
        Value::NoSuchInstance => w.primitive(tag::NO_SUCH_INSTANCE, &[]),
        Value::EndOfMibView => w.primitive(tag::END_OF_MIB_VIEW, &[]),
    }
}
