//! Imports: print logs that somebody took in from files, each under a number, to be taken back whole.

use crate::clock::Timestamp;
use crate::keywords::keywords;

/// How an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// It was begun. Where it goes on no more, it was interrupted: what it took in is kept.
    Begun,
    /// Its files were read.
    Ended,
    /// It is being taken back; where that goes on no more, it was interrupted.
    Undoing,
    /// It was taken back.
    Undone,
}

keywords!(ImportState {
    Begun = "begun",
    Ended = "ended",
    Undoing = "undoing",
    Undone = "undone",
});

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its number within the organization, from 1.
    pub number: u32,
    /// Who began it, as the audit log names them.
    pub actor: String,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// How it stands.
    pub state: ImportState,
    /// Since when.
    pub state_since: Timestamp,
    /// What taking it back came to so far.
    pub undone: Undone,
    /// Its files, in the order in which they were read.
    pub files: Vec<ImportedFile>,
}

/// A file of an import, and what became of its records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportedFile {
    /// As it was named.
    pub name: String,
    /// Which kind of log it was read as.
    pub kind: String,
    /// Jobs that were not known.
    pub accepted: u64,
    /// Known jobs of which it said something new.
    pub revised: u64,
    /// Known jobs of which it said nothing new.
    pub duplicate: u64,
    /// Lines and records that were not taken in.
    pub refused: u64,
    /// Whether it was read to its end.
    pub whole: bool,
}

/// What taking an import back did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Undone {
    /// Jobs that are gone.
    pub removed: u64,
    /// Jobs that are again what they were before the import revised them.
    pub reverted: u64,
    /// Jobs that stay as they are, since somebody else has said or done something about them since.
    pub kept: u64,
}

impl Undone {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            removed: self.removed.saturating_add(other.removed),
            reverted: self.reverted.saturating_add(other.reverted),
            kept: self.kept.saturating_add(other.kept),
        }
    }
}
