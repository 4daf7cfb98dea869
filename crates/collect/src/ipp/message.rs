//! A response: groups of attributes.

use super::decode;
use super::value::Value;

/// Tags that begin groups (RFC 8010 3.5.1).
pub mod group_tag {
    /// About the exchange itself.
    pub const OPERATION: u8 = 0x01;
    /// One job.
    pub const JOB: u8 = 0x02;
    /// One printer or queue.
    pub const PRINTER: u8 = 0x04;
}

/// Why octets are no message. None of these depends on what a user typed into a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Ends in the middle.
    #[error("the IPP message ends too early")]
    Truncated,
    /// Collections that begin or end where they cannot.
    #[error("the IPP message is broken at a collection")]
    Malformed,
    /// More than a cap allows.
    #[error("the IPP message has more than {max} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The cap.
        max: usize,
    },
}

/// A decoded message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Version: major and minor.
    pub version: (u8, u8),
    /// Status of a response (RFC 8011 B), operation of a request.
    pub code: u16,
    /// The number that an answer repeats from its request.
    pub request_id: u32,
    /// The groups in their order.
    pub groups: Vec<Group>,
}

/// Attributes of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Which kind of thing: [`group_tag`], or a tag that is not known.
    pub tag: u8,
    /// Its attributes in their order.
    pub attributes: Vec<Attribute>,
}

/// An attribute: none, one or many values. None stand where the device says that it has no value
/// or does not know it, and where all are of kinds that are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Vec<Value>,
}

impl Message {
    /// Reads a message; octets behind its end, such as a document, are ignored.
    pub fn decode(octets: &[u8]) -> Result<Self, DecodeError> {
        decode::message(octets)
    }

    /// Whether the peer did what it was asked, if only in part (0x0000 to 0x00FF, RFC 8011 B.1.2).
    pub const fn is_successful(&self) -> bool {
        self.code <= 0x00FF
    }

    /// The groups with this tag.
    pub fn groups_of(&self, tag: u8) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.tag == tag)
    }

    /// What the peer says of the outcome in words (`status-message`).
    pub fn status_message(&self) -> Option<&str> {
        let mut groups = self.groups_of(group_tag::OPERATION);
        groups.find_map(|group| group.text("status-message"))
    }
}

impl Group {
    /// Every value of the attribute with this name; empty where it is not there.
    pub fn values(&self, name: &str) -> &[Value] {
        values(&self.attributes, name)
    }

    /// Its first value, if that is a number.
    pub fn integer(&self, name: &str) -> Option<i32> {
        self.values(name).first()?.as_integer()
    }

    /// Its first value, if that is text that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = self.values(name).first()?.as_text()?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// Those of its values that are text.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values(name).iter().filter_map(Value::as_text)
    }
}

/// Every value of the attribute with this name among these.
pub(crate) fn values<'a>(attributes: &'a [Attribute], name: &str) -> &'a [Value] {
    let found = attributes.iter().find(|attribute| attribute.name == name);
    found.map_or(&[], |attribute| &attribute.values)
}
