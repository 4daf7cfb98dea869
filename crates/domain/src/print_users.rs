//! Users who print, and their groups, as far as accounts need them. (Who may sign in to the
//! console is in [`crate::users`].)

use crate::clock::Timestamp;
use crate::ids::{GroupId, PrintUserId};
use crate::keywords::keywords;

/// Longest name of a user who prints, in characters.
pub const USER_NAME_CHARS_MAX: usize = 255;

/// Longest name of a group, in characters.
pub const GROUP_NAME_CHARS_MAX: usize = 255;

/// Groups of an organization at most.
pub const GROUPS_MAX: u64 = 100_000;

/// Users of an organization at most.
pub const USERS_MAX: u64 = 2_000_000;

/// Whether a user may be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum PrintUserState {
    /// Yes.
    #[default]
    Active,
    /// No: quotes and holds are refused, and print jobs are marked and not charged.
    Suspended,
}

keywords!(PrintUserState {
    Active = "active",
    Suspended = "suspended",
});

/// What is said of a user who prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrintUserDetails {
    /// The name that print jobs carry, in its normal form; its [identity](crate::person_names::identity)
    /// is unique.
    pub name: String,
    /// What people call the user.
    pub display_name: Option<String>,
    /// Electronic mail address.
    pub email: Option<String>,
    /// What another system calls the user, unique where it is stated.
    pub external_id: Option<String>,
    /// Whether the user may be charged.
    pub state: PrintUserState,
}

/// A user by identifier and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserLabel {
    /// The identifier.
    pub id: PrintUserId,
    /// The name.
    pub name: String,
}

/// A user as requests name one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserRef {
    /// By identifier.
    Id(PrintUserId),
    /// By name, without regard to case.
    Name(String),
}

impl UserRef {
    /// What a text names: an identifier where it has the form of one, else a name.
    pub fn read(text: &str) -> Self {
        let id = text.parse().map(Self::Id);
        id.unwrap_or_else(|_other| Self::Name(text.to_owned()))
    }
}

/// A group as requests name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupRef {
    /// By its identifier.
    Id(GroupId),
    /// By its name, without regard to case.
    Name(String),
}

impl GroupRef {
    /// What a text names: an identifier where it has the form of one, else a name.
    pub fn read(text: &str) -> Self {
        let id = text.parse().map(Self::Id);
        id.unwrap_or_else(|_other| Self::Name(text.to_owned()))
    }
}

/// A user who prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintUser {
    /// Its identifier.
    pub id: PrintUserId,
    /// What is said of the user.
    pub details: PrintUserDetails,
    /// Whether somebody made the user known; otherwise a print job, a charge or a hold named one.
    pub is_known: bool,
    /// Counts changes, from 1.
    pub revision: u64,
    /// When it was first named, by a program or by a print job.
    pub created_at: Timestamp,
}

/// Which users are listed, by name. What is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrintUserFilter {
    /// With this name, without regard to case.
    pub name: Option<String>,
    /// With this external id.
    pub external_id: Option<String>,
    /// In this state.
    pub state: Option<PrintUserState>,
    /// Members of this group.
    pub group: Option<GroupId>,
}

/// What is said of a group of users.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupDetails {
    /// What people call it, unique without regard to case.
    pub name: String,
    /// What another system calls it, unique where it is stated.
    pub external_id: Option<String>,
}

/// A group of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its identifier.
    pub id: GroupId,
    /// What is said of it.
    pub details: GroupDetails,
    /// Counts changes of the group and of who belongs to it, from 1.
    pub revision: u64,
    /// How many users belong to it.
    pub members: u64,
    /// When it was created.
    pub created_at: Timestamp,
}
