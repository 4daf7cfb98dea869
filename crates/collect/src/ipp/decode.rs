//! Octets to messages (RFC 8010 3).
//!
//! | octets | meaning |
//! |---|---|
//! | 2, 2, 4 | version, status or operation, request id |
//! | tag below 0x10 | begins a group; 0x03 ends the message |
//! | other tag, length, name, length, value | an attribute; without a name, a further value |
//! | 0x34 … 0x37 | a collection; 0x4A carries the name of its next member |

use super::message::{Attribute, DecodeError, Group, Message};
use super::value::Value;

/// Most groups: one a job or queue. Answers list at most 500 jobs (CUPS), and a print server has
/// some thousand queues.
const GROUPS_MAX: usize = 10_000;

/// Most attributes of a group. The most talkative recorded printer has about 300.
const ATTRIBUTES_MAX: usize = 1_000;

/// Most values of a whole message, members of collections included, since each costs memory far
/// beyond its 5 octets.
const VALUES_MAX: usize = 20_000;

/// Longest value in octets: the length is a signed short (RFC 8010 3.1).
const VALUE_MAX_OCTETS: usize = 32_767;

/// Most collections within each other, as CUPS has it: `media-col` needs two.
const DEPTH_MAX: u8 = 10;

/// Ends the attributes.
const END_OF_ATTRIBUTES: u8 = 0x03;
/// The first tag that is not a group's.
const FIRST_VALUE_TAG: u8 = 0x10;
/// Begins a collection.
const BEGIN_COLLECTION: u8 = 0x34;
/// Ends it.
const END_COLLECTION: u8 = 0x37;
/// Its value is the name of the next member.
const MEMBER_NAME: u8 = 0x4A;

/// Reads a message.
pub(super) fn message(octets: &[u8]) -> Result<Message, DecodeError> {
    let mut reader = Reader {
        rest: octets,
        values: 0,
    };
    let [major, minor] = reader.array()?;
    let mut message = Message {
        version: (major, minor),
        code: u16::from_be_bytes(reader.array()?),
        request_id: u32::from_be_bytes(reader.array()?),
        groups: Vec::new(),
    };
    loop {
        let [tag] = reader.array()?;
        if tag == END_OF_ATTRIBUTES {
            return Ok(message);
        }
        if tag < FIRST_VALUE_TAG {
            room(message.groups.len(), GROUPS_MAX, "groups")?;
            message.groups.push(Group {
                tag,
                attributes: Vec::new(),
            });
            continue;
        }
        let name = reader.field()?;
        let value = reader.value(tag, 0)?;
        // What stands before the first group belongs to nothing.
        if let Some(group) = message.groups.last_mut() {
            put(&mut group.attributes, name, value)?;
        }
    }
}

/// Adds a value to the attribute it names, or to the last one where it names none.
fn put(
    attributes: &mut Vec<Attribute>,
    name: &[u8],
    value: Option<Value>,
) -> Result<(), DecodeError> {
    if name.is_empty() {
        if let Some(last) = attributes.last_mut() {
            last.values.extend(value);
        }
        return Ok(());
    }
    room(attributes.len(), ATTRIBUTES_MAX, "attributes in a group")?;
    attributes.push(Attribute {
        name: text(name),
        values: value.into_iter().collect(),
    });
    Ok(())
}

fn room(there: usize, max: usize, what: &'static str) -> Result<(), DecodeError> {
    if there < max {
        Ok(())
    } else {
        Err(DecodeError::TooMany { what, max })
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    /// How many values were read.
    values: usize,
}

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (array, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*array)
    }

    /// A length and as many octets.
    fn field(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = usize::from(u16::from_be_bytes(self.array()?));
        let (field, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(field)
    }

    /// The value behind a tag and a name; `None` for one that says nothing.
    fn value(&mut self, tag: u8, depth: u8) -> Result<Option<Value>, DecodeError> {
        room(self.values, VALUES_MAX, "values")?;
        self.values += 1;
        let octets = self.field()?;
        if tag == BEGIN_COLLECTION {
            return self.collection(depth + 1).map(Some);
        }
        let known = Some(octets).filter(|octets| octets.len() <= VALUE_MAX_OCTETS);
        Ok(known.and_then(|octets| simple(tag, octets)))
    }

    /// The members of a collection that has begun (RFC 8010 3.1.6).
    fn collection(&mut self, depth: u8) -> Result<Value, DecodeError> {
        room(
            usize::from(depth),
            usize::from(DEPTH_MAX) + 1,
            "collections within each other",
        )?;
        let mut members = Vec::new();
        loop {
            let [tag] = self.array()?;
            if tag < FIRST_VALUE_TAG {
                return Err(DecodeError::Malformed);
            }
            let name = self.field()?;
            if tag == END_COLLECTION {
                self.field()?;
                return Ok(Value::Collection(members));
            }
            if tag == MEMBER_NAME {
                let name = self.field()?;
                put(&mut members, name, None)?;
                continue;
            }
            let value = self.value(tag, depth)?;
            put(&mut members, name, value)?;
        }
    }
}

/// The value of every tag that has no parts; `None` for out-of-band ones (0x10 to 0x1F: unknown,
/// no-value, …), for lengths that do not fit, and for tags that are not known.
fn simple(tag: u8, octets: &[u8]) -> Option<Value> {
    match tag {
        0x21 | 0x23 => Some(Value::Integer(i32::from_be_bytes(octets.try_into().ok()?))),
        0x22 => match octets {
            [octet] => Some(Value::Boolean(*octet != 0)),
            _ => None,
        },
        0x30..=0x32 => Some(Value::Octets(octets.to_vec())),
        0x33 => {
            let (low, rest) = octets.split_first_chunk()?;
            let high = rest.try_into().ok()?;
            Some(Value::Range(
                i32::from_be_bytes(*low),
                i32::from_be_bytes(high),
            ))
        }
        0x35 | 0x36 => without_language(octets).map(|octets| Value::Text(text(octets))),
        0x40..=0x49 => Some(Value::Text(text(octets))),
        _ => None,
    }
}

/// The text of a `textWithLanguage` or `nameWithLanguage`: language and text, each with its length.
fn without_language(octets: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader {
        rest: octets,
        values: 0,
    };
    let (_language, text) = (reader.field().ok()?, reader.field().ok()?);
    Some(text)
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
