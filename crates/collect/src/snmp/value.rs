//! Values an agent returns.

use super::oid::Oid;

/// A value of a variable binding (RFC 3416, section 3, and the SNMPv1 types of RFC 1155).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `INTEGER`; wider than 32 bits when an agent sends it so.
    Integer(i64),
    /// `OCTET STRING`.
    OctetString(Vec<u8>),
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
    /// `Counter64`.
    Counter64(u64),
    /// `Opaque`.
    Opaque(Vec<u8>),
    /// `NULL`.
    Null,
    /// The object does not exist (v2c exception; in SNMPv1 an error, which a conversation turns into absence).
    NoSuchObject,
    /// The object has no such row.
    NoSuchInstance,
    /// Nothing follows.
    EndOfMibView,
}

impl Value {
    /// The number it holds, whichever integer type an agent chose, decimal text included
    /// (trap T9: counters come typed as INTEGER, and as digits).
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Counter32(number) | Self::Gauge32(number) | Self::TimeTicks(number) => {
                Some(i64::from(*number))
            }
            Self::Counter64(number) => i64::try_from(*number).ok(),
            Self::OctetString(octets) => std::str::from_utf8(octets).ok()?.trim().parse().ok(),
            _ => None,
        }
    }

    /// As [`Value::as_i64`] for what cannot be negative.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Counter64(number) => Some(*number),
            other => other.as_i64().and_then(|number| u64::try_from(number).ok()),
        }
    }

    /// Its octets, where it is a string.
    pub fn as_octets(&self) -> Option<&[u8]> {
        match self {
            Self::OctetString(octets) | Self::Opaque(octets) => Some(octets),
            _ => None,
        }
    }

    /// Whether it states that nothing is there.
    pub const fn is_absent(&self) -> bool {
        matches!(
            self,
            Self::NoSuchObject | Self::NoSuchInstance | Self::EndOfMibView | Self::Null
        )
    }
}
