//! Community-based messages (RFC 1157, section 4; RFC 1901).

use super::ber::{self, Reader};
use super::pdu::{Dialect, Request};

/// A datagram, as far as its version tells.
#[derive(Debug)]
pub(crate) enum Message<'a> {
    /// SNMPv1 or SNMPv2c.
    Community {
        dialect: Dialect,
        community: &'a [u8],
        request: Request<'a>,
    },
    /// SNMPv3; the reader stands after `msgVersion`.
    V3(Reader<'a>),
}

/// Reads a datagram; `None` for what a device drops without a word.
pub(crate) fn decode(datagram: &[u8]) -> Option<Message<'_>> {
    let mut message = Reader::new(Reader::new(datagram).expect(ber::SEQUENCE)?);
    let dialect = match message.integer()? {
        0 => Dialect::V1,
        1 => Dialect::V2,
        3 => return Some(Message::V3(message)),
        _ => return None,
    };
    Some(Message::Community {
        dialect,
        community: message.expect(ber::OCTET_STRING)?,
        request: Request::decode(&mut message)?,
    })
}

/// Appends a community-based message around the encoded `pdu`.
pub(crate) fn write(out: &mut Vec<u8>, dialect: Dialect, community: &[u8], pdu: &[u8]) {
    const VERSION_LENGTH: usize = 3;
    let community_length = ber::header_length(community.len()) + community.len();
    ber::write_header(
        out,
        ber::SEQUENCE,
        VERSION_LENGTH + community_length + pdu.len(),
    );
    ber::write_integer(out, ber::INTEGER, i64::from(dialect == Dialect::V2));
    ber::write(out, ber::OCTET_STRING, community);
    out.extend_from_slice(pdu);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_or_dropped(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Some(Message::Community { request, .. }) = decode(&bytes) {
                request.names().for_each(drop);
            }
        }
    }
}
