//! Community messages: SNMPv1 (RFC 1157) and SNMPv2c (RFC 1901).

use super::ber::{DecodeError, Reader, Writer, tag};
use super::pdu::Pdu;

/// A version of SNMP that carries a community.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// SNMPv1.
    V1,
    /// SNMPv2c.
    V2c,
}

/// A message with its community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its version.
    pub version: Version,
    /// Its community; a password in effect, so never shown.
    pub community: &'a [u8],
    /// What it carries.
    pub pdu: Pdu,
}

impl Message<'_> {
    /// The bytes to send.
    pub fn encode(&self) -> Vec<u8> {
        encode(self.version, self.community, &self.pdu)
    }
}

/// A message whose PDU has not been looked at, so that one with the wrong community costs
/// next to nothing.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) version: Version,
    pub(crate) community: &'a [u8],
    pdu: Reader<'a>,
}

impl<'a> Envelope<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut message = Reader::new(bytes).expect(tag::SEQUENCE)?;
        let version = match message.int32()? {
            0 => Version::V1,
            1 => Version::V2c,
            _ => return Err(DecodeError::Version),
        };
        Ok(Self {
            version,
            community: message.octets()?,
            pdu: message,
        })
    }

    pub(crate) fn pdu(mut self) -> Result<Pdu, DecodeError> {
        Pdu::decode(&mut self.pdu)
    }
}

/// The bytes of a message.
pub(crate) fn encode(version: Version, community: &[u8], pdu: &Pdu) -> Vec<u8> {
    let mut w = Writer::new();
    w.nested(tag::SEQUENCE, |w| {
        w.signed(tag::INTEGER, i64::from(version == Version::V2c));
        w.primitive(tag::OCTET_STRING, community);
        pdu.encode(w);
    });
    w.into_bytes()
}

/// Reads a message; bytes after its end are ignored, as devices pad.
///
/// # Errors
///
/// Whatever keeps the structure from being read. Never panics, whatever the bytes.
pub fn decode(bytes: &[u8]) -> Result<Message<'_>, DecodeError> {
    let envelope = Envelope::open(bytes)?;
    Ok(Message {
        version: envelope.version,
        community: envelope.community,
        pdu: envelope.pdu()?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::snmp::oid::Oid;
    use crate::snmp::pdu::{BINDINGS_MAX, ErrorStatus, Operation, STRING_MAX};
    use crate::snmp::value::Value;

    /// `snmpget -v2c -c public 1.3.6.1.2.1.1.3.0` as tcpdump sees it on the wire.
    const GET_UPTIME: &[u8] = b"\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x07\x02\x01\x00\
        \x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x03\x00\x05\x00";

    fn response(bindings: Vec<(Oid, Value)>) -> Vec<u8> {
        let operation = Operation::Response {
            status: ErrorStatus::NoError,
            index: 0,
        };
        let pdu = Pdu {
            operation,
            request_id: 7,
            bindings,
        };
        encode(Version::V2c, b"public", &pdu)
    }

    #[test]
    fn a_request_is_written_as_other_tools_write_it() {
        let message = decode(GET_UPTIME).unwrap();
        assert_eq!(message.version, Version::V2c);
        assert_eq!(message.community, b"public");
        assert_eq!(message.pdu.operation, Operation::Get);
        let uptime: Oid = "1.3.6.1.2.1.1.3.0".parse().unwrap();
        assert_eq!(message.pdu.bindings, [(uptime, Value::Null)]);
        assert_eq!(message.encode(), GET_UPTIME);
    }

    #[test]
    fn every_truncation_is_an_error_and_padding_is_none() {
        for length in 0..GET_UPTIME.len() {
            assert!(decode(&GET_UPTIME[..length]).is_err(), "{length} bytes");
        }
        let padded = [GET_UPTIME, &[0; 9]].concat();
        assert_eq!(decode(&padded), decode(GET_UPTIME));
    }

    #[test]
    fn a_set_request_cannot_even_be_read() {
        let mut set = GET_UPTIME.to_vec();
        set[13] = 0xA3;
        assert_eq!(decode(&set), Err(DecodeError::Tag(0xA3)));
    }

    #[test]
    fn too_long_strings_keep_their_place_without_a_value() {
        let oid: Oid = "1.3.6.1".parse().unwrap();
        let string = |length| (oid.clone(), Value::OctetString(vec![b'x'; length]));
        let bytes = response(vec![string(STRING_MAX), string(STRING_MAX + 1), string(1)]);
        let bindings = decode(&bytes).unwrap().pdu.bindings;
        assert_eq!(bindings[0], string(STRING_MAX));
        assert_eq!(bindings[1], (oid.clone(), Value::Null));
        assert_eq!(bindings[2], string(1));
    }

    #[test]
    fn more_bindings_than_allowed_are_refused() {
        let binding = ("1.3.6.1".parse().unwrap(), Value::Null);
        assert!(decode(&response(vec![binding.clone(); BINDINGS_MAX])).is_ok());
        let error = decode(&response(vec![binding; BINDINGS_MAX + 1])).unwrap_err();
        assert_eq!(error, DecodeError::Bindings);
    }

    fn any_oid() -> impl Strategy<Value = Oid> {
        (
            0_u32..3,
            0_u32..40,
            prop::collection::vec(any::<u32>(), 0..20),
        )
            .prop_map(|(first, second, rest)| {
                Oid::from_arcs(&[vec![first, second], rest].concat()).unwrap()
            })
    }

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<i64>().prop_map(Value::Integer),
            prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::OctetString),
            any_oid().prop_map(Value::ObjectIdentifier),
            any::<[u8; 4]>().prop_map(Value::IpAddress),
            any::<u32>().prop_map(Value::Counter32),
            any::<u32>().prop_map(Value::Gauge32),
            any::<u32>().prop_map(Value::TimeTicks),
            any::<u64>().prop_map(Value::Counter64),
            prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::Opaque),
            Just(Value::Null),
            Just(Value::NoSuchObject),
            Just(Value::NoSuchInstance),
            Just(Value::EndOfMibView),
        ]
    }

    fn any_operation() -> impl Strategy<Value = Operation> {
        prop_oneof![
            Just(Operation::Get),
            Just(Operation::GetNext),
            Just(Operation::Report),
            (0..i16::MAX.unsigned_abs(), 0..i16::MAX.unsigned_abs()).prop_map(|(a, b)| {
                Operation::GetBulk {
                    non_repeaters: a,
                    max_repetitions: b,
                }
            }),
            (0..20, 0_u32..200).prop_map(|(code, index)| Operation::Response {
                status: ErrorStatus::from_code(code),
                index,
            }),
        ]
    }

    fn any_pdu() -> impl Strategy<Value = Pdu> {
        let bindings = prop::collection::vec((any_oid(), any_value()), 0..20);
        (any_operation(), any::<i32>(), bindings).prop_map(|(operation, request_id, bindings)| {
            Pdu {
                operation,
                request_id,
                bindings,
            }
        })
    }

    proptest! {
        #[test]
        fn messages_read_back(pdu in any_pdu(), v1: bool, community in prop::collection::vec(any::<u8>(), 0..40)) {
            let version = if v1 { Version::V1 } else { Version::V2c };
            let message = Message { version, community: &community, pdu };
            let bytes = message.encode();
            prop_assert_eq!(decode(&bytes), Ok(message));
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            crate::snmp::decode_untrusted(&bytes);
        }

        #[test]
        fn damaged_messages_are_survived(
            pdu in any_pdu(),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        ) {
            let mut bytes = encode(Version::V2c, b"public", &pdu);
            for (position, byte) in damage {
                let position = position.index(bytes.len());
                bytes[position] = byte;
            }
            crate::snmp::decode_untrusted(&bytes);
        }
    }
}
