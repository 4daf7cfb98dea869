//! Values of managed objects.

use crate::oid::Oid;
use crate::wire::ber;

/// A value of a variable binding (RFC 3416, section 3), the exceptions aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `INTEGER`, 32 bits and signed by the standard; wider where a device sends it so.
    Integer(i64),
    /// `OCTET STRING`.
    OctetString(Vec<u8>),
    /// `NULL`.
    Null,
    /// `OBJECT IDENTIFIER`.
    ObjectIdentifier(Oid),
    /// `IpAddress`.
    IpAddress([u8; 4]),
    /// `Counter32`.
    Counter32(u32),
    /// `Gauge32` or `Unsigned32`.
    Gauge32(u32),
    /// `TimeTicks` in hundredths of a second.
    TimeTicks(u32),
    /// `Opaque`.
    Opaque(Vec<u8>),
    /// `Counter64`, which SNMPv1 cannot carry.
    Counter64(u64),
}

impl Value {
    /// An `OCTET STRING` of `text` in UTF-8.
    pub fn text(text: &str) -> Self {
        Self::OctetString(text.as_bytes().to_vec())
    }

    /// Appends the value's encoding (X.690) to `out`.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Integer(number) => ber::write_integer(out, ber::INTEGER, *number),
            Self::OctetString(octets) => ber::write(out, ber::OCTET_STRING, octets),
            Self::Null => ber::write(out, ber::NULL, &[]),
            Self::ObjectIdentifier(oid) => ber::write_oid(out, oid.arcs()),
            Self::IpAddress(octets) => ber::write(out, ber::IP_ADDRESS, octets),
            Self::Counter32(number) => {
                ber::write_integer(out, ber::COUNTER32, i64::from(*number));
            }
            Self::Gauge32(number) => ber::write_integer(out, ber::GAUGE32, i64::from(*number)),
            Self::TimeTicks(number) => {
                ber::write_integer(out, ber::TIME_TICKS, i64::from(*number));
            }
            Self::Opaque(octets) => ber::write(out, ber::OPAQUE, octets),
            Self::Counter64(number) => ber::write_unsigned(out, ber::COUNTER64, *number),
        }
    }
}
