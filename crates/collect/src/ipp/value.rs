//! Values of attributes.

use super::message::Attribute;

/// One value (RFC 8010 3.9). What is not told apart here is not told apart by what reads it: a
/// keyword, a name with or without its language and a URI are all text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `integer` and `enum`.
    Integer(i32),
    /// `boolean`.
    Boolean(bool),
    /// `rangeOfInteger`: lower and upper bound.
    Range(i32, i32),
    /// Every character string; octets that are no UTF-8 are replaced.
    Text(String),
    /// `octetString`, `dateTime` and `resolution`, as they are.
    Octets(Vec<u8>),
    /// `collection`: its members.
    Collection(Vec<Attribute>),
}

impl Value {
    /// The number, where it is one.
    pub const fn as_integer(&self) -> Option<i32> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The octets of a text or an octet string: devices mix the two up.
    pub fn as_octets(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text.as_bytes()),
            Self::Octets(octets) => Some(octets),
            _ => None,
        }
    }

    /// The members, where it is a collection.
    pub fn as_collection(&self) -> Option<&[Attribute]> {
        match self {
            Self::Collection(members) => Some(members),
            _ => None,
        }
    }
}
