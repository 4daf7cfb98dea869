//! SNMPv3 messages (RFC 3412, section 6) with USM security parameters (RFC 3414, section 2.4).

use crate::snmp::ber::{DecodeError, Reader, Writer, tag};
use crate::snmp::pdu::Pdu;
use crate::snmp::pool::DATAGRAM_MAX;

/// `msgFlags`.
pub(super) mod flag {
    pub(crate) const AUTH: u8 = 1;
    pub(crate) const PRIVACY: u8 = 2;
    pub(crate) const REPORTABLE: u8 = 4;
}

/// The User-based Security Model among security models (RFC 3411).
const USM: i64 = 3;

/// A message to send.
#[derive(Debug)]
pub(super) struct Outgoing<'a> {
    pub(super) id: i32,
    pub(super) flags: u8,
    pub(super) engine_id: &'a [u8],
    pub(super) boots: i32,
    pub(super) time: i32,
    pub(super) user: &'a [u8],
    /// Bytes to leave for the digest.
    pub(super) digest_length: usize,
    pub(super) salt: &'a [u8],
    /// A scoped PDU as [`scoped`] makes it, or its encryption.
    pub(super) data: &'a [u8],
}

impl Outgoing<'_> {
    /// The bytes, the digest being zeros, and where the digest goes.
    pub(super) fn encode(&self) -> (Vec<u8>, usize) {
        let mut parameters = Writer::new();
        let mut from_end = 0;
        parameters.nested(tag::SEQUENCE, |w| {
            w.primitive(tag::OCTET_STRING, self.engine_id);
            w.signed(tag::INTEGER, i64::from(self.boots));
            w.signed(tag::INTEGER, i64::from(self.time));
            w.primitive(tag::OCTET_STRING, self.user);
            w.primitive(tag::OCTET_STRING, &vec![0; self.digest_length]);
            let after_digest = w.len();
            w.primitive(tag::OCTET_STRING, self.salt);
            from_end = w.len() - after_digest;
        });
        let mut w = Writer::new();
        w.nested(tag::SEQUENCE, |w| {
            w.signed(tag::INTEGER, 3);
            w.nested(tag::SEQUENCE, |w| {
                w.signed(tag::INTEGER, i64::from(self.id));
                w.unsigned(
                    tag::INTEGER,
                    u64::try_from(DATAGRAM_MAX).unwrap_or(u64::MAX),
                );
                w.primitive(tag::OCTET_STRING, &[self.flags]);
                w.signed(tag::INTEGER, USM);
            });
            w.primitive(tag::OCTET_STRING, &parameters.into_bytes());
            let before_data = w.len();
            if self.flags & flag::PRIVACY == 0 {
                w.raw(self.data);
            } else {
                w.primitive(tag::OCTET_STRING, self.data);
            }
            from_end += w.len() - before_data + self.digest_length;
        });
        let bytes = w.into_bytes();
        let place = bytes.len().saturating_sub(from_end);
        (bytes, place)
    }
}

/// A scoped PDU.
pub(super) fn scoped(engine_id: &[u8], context: &[u8], pdu: &Pdu) -> Vec<u8> {
    let mut w = Writer::new();
    w.nested(tag::SEQUENCE, |w| {
        w.primitive(tag::OCTET_STRING, engine_id);
        w.primitive(tag::OCTET_STRING, context);
        pdu.encode(w);
    });
    w.into_bytes()
}

/// The PDU in a scoped PDU. Its engine and context are not looked at: an answer is known by
/// its request id, and its digest proves who sent it.
pub(super) fn unscoped(scoped: &[u8]) -> Result<Pdu, DecodeError> {
    let mut content = Reader::new(scoped).expect(tag::SEQUENCE)?;
    content.octets()?;
    content.octets()?;
    Pdu::decode(&mut content)
}

/// A received message, its data not looked at yet.
#[derive(Debug)]
pub(super) struct Incoming<'a> {
    bytes: &'a [u8],
    pub(super) id: i32,
    pub(super) flags: u8,
    pub(super) engine_id: &'a [u8],
    pub(super) boots: i32,
    pub(super) time: i32,
    pub(super) user: &'a [u8],
    pub(super) digest: &'a [u8],
    digest_end: usize,
    pub(super) salt: &'a [u8],
    /// The scoped PDU, or its encryption.
    pub(super) data: &'a [u8],
}

impl<'a> Incoming<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut message = Reader::new(bytes).expect(tag::SEQUENCE)?;
        if message.int32()? != 3 {
            return Err(DecodeError::Version);
        }
        let mut header = message.expect(tag::SEQUENCE)?;
        let id = header.int32()?;
        let _largest_answer_it_takes = header.int32()?;
        let flags = header.octets()?.first().copied().unwrap_or(0);
        if i64::from(header.int32()?) != USM {
            return Err(DecodeError::Version);
        }
        let mut parameters = message.expect(tag::OCTET_STRING)?.expect(tag::SEQUENCE)?;
        let engine_id = parameters.octets()?;
        let (boots, time) = (parameters.int32()?, parameters.int32()?);
        let user = parameters.octets()?;
        let digest = parameters.octets()?;
        let digest_end = parameters.offset();
        let salt = parameters.octets()?;
        let data = if flags & flag::PRIVACY == 0 {
            message.rest()
        } else {
            message.octets()?
        };
        Ok(Self {
            bytes,
            id,
            flags,
            engine_id,
            boots,
            time,
            user,
            digest,
            digest_end,
            salt,
            data,
        })
    }

    /// The message before and after its digest. What follows the message in the datagram is not
    /// part of it, and no honest sender authenticates it.
    pub(super) fn around_digest(&self) -> (&'a [u8], &'a [u8]) {
        let (before, after) = self
            .bytes
            .split_at_checked(self.digest_end)
            .unwrap_or_default();
        let start = before.len().saturating_sub(self.digest.len());
        (before.get(..start).unwrap_or_default(), after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snmp::pdu::Operation;

    #[test]
    fn what_is_sent_reads_back_with_its_digest_in_place() {
        let pdu = Pdu {
            operation: Operation::Get,
            request_id: 99,
            bindings: Vec::new(),
        };
        for (length, filler) in [(12, 1), (48, 200)] {
            let data = scoped(b"engine", &vec![b'c'; filler], &pdu);
            let outgoing = Outgoing {
                id: 99,
                flags: flag::REPORTABLE | flag::AUTH,
                engine_id: b"engine",
                boots: 3,
                time: 400,
                user: b"fleet",
                digest_length: length,
                salt: &[],
                data: &data,
            };
            let (mut bytes, place) = outgoing.encode();
            bytes[place..place + length].fill(0xEE);
            let incoming = Incoming::open(&bytes).unwrap();
            assert_eq!(incoming.digest, vec![0xEE; length]);
            let (before, after) = incoming.around_digest();
            assert_eq!(before, &bytes[..place]);
            assert_eq!(after, &bytes[place + length..]);
            assert_eq!((incoming.id, incoming.boots, incoming.time), (99, 3, 400));
            assert_eq!(
                (incoming.engine_id, incoming.user),
                (&b"engine"[..], &b"fleet"[..])
            );
            assert_eq!(unscoped(incoming.data), Ok(pdu.clone()));
        }
    }
}
