//! Access: who may do what with an account.

use std::collections::BTreeMap;

use crate::ids::{GroupId, PrintUserId};
use crate::keywords::keywords;

/// Entries of one account's access list at most. Whoever has more to name makes a group.
pub const ACCESS_ENTRIES_MAX: usize = 1_000;

/// What may be done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// Print on it.
    Charge,
    /// See its balances and its ledger: told to programs, for what they show; Platen itself asks
    /// for the program's token.
    View,
    /// Change it, its limit, its access and its balances: told to programs as well.
    Manage,
}

keywords!(Verb {
    Charge = "charge",
    View = "view",
    Manage = "manage",
});

/// A set of verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Verbs(u8);

impl Verbs {
    /// No verb.
    pub const NONE: Self = Self(0);

    /// This set with `verb`.
    #[must_use]
    pub const fn with(self, verb: Verb) -> Self {
        Self(self.0 | 1 << verb.number())
    }

    /// Whether `verb` is in it.
    pub const fn contains(self, verb: Verb) -> bool {
        self.0 & 1 << verb.number() != 0
    }

    /// Whether it is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its verbs, in the order of [`Verb::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Verb> {
        Verb::ALL.iter().copied().filter(move |v| self.contains(*v))
    }

    /// The form the store keeps.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set with these bits; unknown bits are dropped.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 0b111)
    }
}

impl FromIterator<Verb> for Verbs {
    fn from_iter<I: IntoIterator<Item = Verb>>(verbs: I) -> Self {
        verbs.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Who is meant by an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// Every user of the organization, known or not: a global account.
    Everyone,
    /// The members of a group.
    Group(GroupId),
    /// One user.
    User(PrintUserId),
}

/// An account's access list: for each subject its verbs, none of them empty. Verbs add up over
/// all entries that mean a user; what no entry allows is refused.
pub type AccessList = BTreeMap<Subject, Verbs>;
