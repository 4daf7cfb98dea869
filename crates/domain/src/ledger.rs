//! The ledger: every movement of points, appended and never changed. A balance is the sum of its
//! entries, and each entry says what the balance was after it.

use crate::accounts::AccountLabel;
use crate::clock::Timestamp;
use crate::ids::{ChargeId, TransferId};
use crate::keywords::keywords;
use crate::points::Points;
use crate::print_users::UserLabel;

/// Longest reason for an entry, in characters.
pub const REASON_CHARS_MAX: usize = 255;

/// Why points moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// A user's first points of an account, or the difference after its limit was changed.
    Allocation,
    /// A period began, or somebody began it early.
    Reset,
    /// A job was printed, or a program charged for something.
    Charge,
    /// A charge was given back, as a whole or in part.
    Refund,
    /// Somebody gave or took points.
    Adjustment,
    /// Points moved from one balance to another.
    Transfer,
}

keywords!(EntryKind {
    Allocation = "allocation",
    Reset = "reset",
    Charge = "charge",
    Refund = "refund",
    Adjustment = "adjustment",
    Transfer = "transfer",
});

/// What an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reference {
    /// A charge.
    Charge(ChargeId),
    /// A transfer; both of its entries name it.
    Transfer(TransferId),
}

/// One movement of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Counts up from 1 within the organization, without a gap.
    pub number: u64,
    /// When it was made.
    pub at: Timestamp,
    /// In which account.
    pub account: AccountLabel,
    /// Of which user.
    pub user: UserLabel,
    /// Why.
    pub kind: EntryKind,
    /// How many; negative where the balance falls.
    pub points: Points,
    /// The balance after it.
    pub balance: Points,
    /// Who made it, by the name that the audit log shows; `limit` where a period or a change of
    /// the limit did.
    pub actor: String,
    /// Why, in words.
    pub reason: Option<String>,
    /// What it belongs to.
    pub reference: Option<Reference>,
}

/// What a period of an account came to, over all its users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedPeriod {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// The sum of all balances when it began.
    pub opening: Points,
    /// Points by [`EntryKind::Allocation`].
    pub allocated: Points,
    /// Points by [`EntryKind::Reset`].
    pub reset: Points,
    /// Points by [`EntryKind::Charge`]; negative.
    pub charged: Points,
    /// Points by [`EntryKind::Refund`].
    pub refunded: Points,
    /// Points by [`EntryKind::Adjustment`].
    pub adjusted: Points,
    /// Points by [`EntryKind::Transfer`].
    pub transferred: Points,
    /// The sum of all balances when it ended.
    pub closing: Points,
    /// How many entries it has.
    pub entries: u64,
}
