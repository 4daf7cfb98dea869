//! Messages of SNMPv3 (RFC 3412, section 6) under the User-based Security Model (RFC 3414,
//! section 2.4).

use std::ops::Range;

use super::ber::{self, Reader};
use super::pdu::Request;

/// `msgFlags`.
pub(crate) const AUTH: u8 = 1;
pub(crate) const PRIVACY: u8 = 2;
pub(crate) const REPORTABLE: u8 = 4;

/// `msgSecurityModel` of the User-based Security Model.
const USER_BASED: i64 = 3;

/// `msgMaxSize`: what a UDP datagram holds.
const MESSAGE_MAX: i64 = 65_507;

/// `msgSecurityParameters`.
#[derive(Debug)]
pub(crate) struct Security<'a> {
    pub(crate) engine_id: &'a [u8],
    pub(crate) boots: u32,
    pub(crate) time: u32,
    pub(crate) user: &'a [u8],
    pub(crate) auth_parameters: &'a [u8],
    pub(crate) privacy_parameters: &'a [u8],
}

/// A message as it came.
#[derive(Debug)]
pub(crate) struct Secured<'a> {
    pub(crate) message_id: i64,
    pub(crate) flags: u8,
    pub(crate) security: Security<'a>,
    /// `msgData`: the encoding of a scoped PDU or of an OCTET STRING.
    pub(crate) data: &'a [u8],
    /// Octets of the message behind the authentication code.
    after_code: usize,
}

/// What an answer takes from its request.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) message_id: i64,
    /// [`AUTH`] and [`PRIVACY`], as the answer is to be secured.
    pub(crate) flags: u8,
    /// The engine's user, by position.
    pub(crate) user: Option<usize>,
}

impl<'a> Secured<'a> {
    /// Reads what follows `msgVersion`.
    pub(crate) fn decode(mut message: Reader<'a>) -> Option<Self> {
        let mut header = Reader::new(message.expect(ber::SEQUENCE)?);
        let message_id = header.integer()?;
        let _max_size = header.integer()?;
        let &[flags] = header.expect(ber::OCTET_STRING)? else {
            return None;
        };
        if header.integer()? != USER_BASED {
            return None;
        }
        let parameters = message.expect(ber::OCTET_STRING)?;
        let mut parameters = Reader::new(Reader::new(parameters).expect(ber::SEQUENCE)?);
        let engine_id = parameters.expect(ber::OCTET_STRING)?;
        let boots = u32::try_from(parameters.integer()?).ok()?;
        let time = u32::try_from(parameters.integer()?).ok()?;
        let user = parameters.expect(ber::OCTET_STRING)?;
        let auth_parameters = parameters.expect(ber::OCTET_STRING)?;
        let after_code = parameters.rest().len() + message.rest().len();
        let privacy_parameters = parameters.expect(ber::OCTET_STRING)?;
        Some(Self {
            message_id,
            flags,
            security: Security {
                engine_id,
                boots,
                time,
                user,
                auth_parameters,
                privacy_parameters,
            },
            data: message.rest(),
            after_code,
        })
    }

    /// The message with zeros in the place of its authentication code, as the code covers it.
    pub(crate) fn with_zeroed_code(&self, datagram: &[u8]) -> Option<Vec<u8>> {
        let mut message = datagram.to_vec();
        let end = message.len().checked_sub(self.after_code)?;
        let begin = end.checked_sub(self.security.auth_parameters.len())?;
        message.get_mut(begin..end)?.fill(0);
        Some(message)
    }
}

impl Security<'_> {
    /// Appends a whole message with `data` to the empty `out` and returns where its
    /// authentication code stands.
    pub(crate) fn write_message(
        &self,
        envelope: &Envelope,
        data: &[u8],
        out: &mut Vec<u8>,
    ) -> Range<usize> {
        let mut body = Vec::with_capacity(data.len() + 128);
        ber::write_integer(&mut body, ber::INTEGER, 3);
        let mut header = Vec::new();
        ber::write_integer(&mut header, ber::INTEGER, envelope.message_id);
        ber::write_integer(&mut header, ber::INTEGER, MESSAGE_MAX);
        ber::write(&mut header, ber::OCTET_STRING, &[envelope.flags]);
        ber::write_integer(&mut header, ber::INTEGER, USER_BASED);
        ber::write(&mut body, ber::SEQUENCE, &header);

        let mut fields = Vec::new();
        ber::write(&mut fields, ber::OCTET_STRING, self.engine_id);
        ber::write_integer(&mut fields, ber::INTEGER, i64::from(self.boots));
        ber::write_integer(&mut fields, ber::INTEGER, i64::from(self.time));
        ber::write(&mut fields, ber::OCTET_STRING, self.user);
        ber::write(&mut fields, ber::OCTET_STRING, self.auth_parameters);
        let before_privacy = fields.len();
        ber::write(&mut fields, ber::OCTET_STRING, self.privacy_parameters);
        let after_code = fields.len() - before_privacy + data.len();
        let mut parameters = Vec::new();
        ber::write(&mut parameters, ber::SEQUENCE, &fields);
        ber::write(&mut body, ber::OCTET_STRING, &parameters);
        body.extend_from_slice(data);

        ber::write(out, ber::SEQUENCE, &body);
        let end = out.len() - after_code;
        end - self.auth_parameters.len()..end
    }
}

/// The context and the request of a scoped PDU.
pub(crate) fn decode_scoped(scoped: &[u8]) -> Option<(&[u8], Request<'_>)> {
    let mut scoped = Reader::new(Reader::new(scoped).expect(ber::SEQUENCE)?);
    let _context_engine_id = scoped.expect(ber::OCTET_STRING)?;
    let context = scoped.expect(ber::OCTET_STRING)?;
    Some((context, Request::decode(&mut scoped)?))
}

/// Appends a scoped PDU.
pub(crate) fn write_scoped(out: &mut Vec<u8>, engine_id: &[u8], context: &[u8], pdu: &[u8]) {
    let mut body = Vec::with_capacity(pdu.len() + 64);
    ber::write(&mut body, ber::OCTET_STRING, engine_id);
    ber::write(&mut body, ber::OCTET_STRING, context);
    body.extend_from_slice(pdu);
    ber::write(out, ber::SEQUENCE, &body);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_or_dropped(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Some(secured) = Secured::decode(Reader::new(&bytes)) {
                secured.with_zeroed_code(&bytes);
            }
            decode_scoped(&bytes);
        }
    }
}
