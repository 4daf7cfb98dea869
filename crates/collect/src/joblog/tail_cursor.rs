//! Where reading of a followed log stands, as a text to be kept.

use std::fmt;
use std::str::FromStr;

/// How much of a file's beginning tells it from others, in octets: a line or two, each with its
/// time.
pub(super) const HEAD_MAX_OCTETS: u16 = 256;

/// The form of the text, for whoever changes it.
const VERSION: &str = "tail1";

/// The text is no cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no place in a log that this version wrote down")]
pub struct CursorError(String);

/// By what a file is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Identity {
    pub(super) device: u64,
    pub(super) inode: u64,
    /// How many of its first octets were there.
    pub(super) head_octets: u16,
    /// First eight octets of their SHA-256.
    pub(super) head_digest: u64,
}

/// A place in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) identity: Identity,
    /// Octets read of the file.
    pub(super) offset: u64,
    /// Lines read of the file.
    pub(super) line: u64,
}

impl Cursor {
    pub(super) const fn at_start(identity: Identity) -> Self {
        Self {
            identity,
            offset: 0,
            line: 0,
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Identity {
            device,
            inode,
            head_octets,
            head_digest,
        } = self.identity;
        let Self { offset, line, .. } = self;
        write!(
            f,
            "{VERSION} {device} {inode} {head_octets} {head_digest} {offset} {line}"
        )
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        parse(text).ok_or_else(|| CursorError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Cursor> {
    let numbers = text.strip_prefix(VERSION)?.strip_prefix(' ')?.split(' ');
    let numbers: Option<Vec<u64>> = numbers.map(|number| number.parse().ok()).collect();
    let [device, inode, head_octets, head_digest, offset, line] = *numbers?.as_slice() else {
        return None;
    };
    let identity = Identity {
        device,
        inode,
        head_octets: u16::try_from(head_octets).ok()?,
        head_digest,
    };
    Some(Cursor {
        identity,
        offset,
        line,
    })
}
