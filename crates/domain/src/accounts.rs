//! Accounts: budget centres that hold points for each of their users.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::days::Day;
use crate::ids::AccountId;
use crate::keywords::keywords;

/// Longest code of an account, in characters: what a cost centre's number needs, many times over.
pub const CODE_CHARS_MAX: usize = 64;

/// Longest name of an account, in characters.
pub const NAME_CHARS_MAX: usize = 255;

/// Longest description of an account, in characters.
pub const DESCRIPTION_CHARS_MAX: usize = 1_000;

/// Longest identifier that another system gave something, in characters.
pub const EXTERNAL_ID_CHARS_MAX: usize = 255;

/// Tags of an account at most.
pub const TAGS_MAX: usize = 20;

/// Longest tag, in characters.
pub const TAG_CHARS_MAX: usize = 64;

/// How deep accounts stand below each other: company, faculty, school, course and some to spare.
pub const DEPTH_MAX: usize = 8;

/// Accounts of an organization at most.
pub const ACCOUNTS_MAX: u64 = 1_000_000;

/// Whether an account takes charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum AccountState {
    /// It does.
    #[default]
    Active,
    /// It does not at the moment.
    Suspended,
    /// It never will again, unless it is made active; its ledger stays.
    Archived,
}

keywords!(AccountState {
    Active = "active",
    Suspended = "suspended",
    Archived = "archived",
});

/// What people and programs say of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountDetails {
    /// What print jobs name it by, unique in the organization without regard to case.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What another system calls it, unique in the organization where it is stated.
    pub external_id: Option<String>,
    /// The account it stands below. A parent pays nothing for it.
    pub parent: Option<AccountId>,
    /// The first day on which it takes charges.
    pub valid_from: Option<Day>,
    /// The last day on which it takes charges.
    pub valid_until: Option<Day>,
    /// Whether it takes charges.
    pub state: AccountState,
    /// Words to find it by.
    pub tags: BTreeSet<String>,
}

impl AccountDetails {
    /// Whether it takes a charge of this day.
    pub fn is_open_on(&self, day: Day) -> bool {
        self.state == AccountState::Active
            && self.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day <= until)
    }
}

/// An account as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// What is said of it.
    pub details: AccountDetails,
    /// Counts the changes of the account, its limit and its access, from 1.
    pub revision: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it, its limit or its access was changed last.
    pub updated_at: Timestamp,
}

/// An account by its identifier and by what people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLabel {
    /// Its identifier.
    pub id: AccountId,
    /// Its code.
    pub code: String,
}

/// An account as requests name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRef {
    /// By its identifier.
    Id(AccountId),
    /// By its code, without regard to case.
    Code(String),
}

impl From<AccountId> for AccountRef {
    fn from(id: AccountId) -> Self {
        Self::Id(id)
    }
}

impl AccountRef {
    /// What a text names: an identifier where it has the form of one, else a code.
    pub fn read(text: &str) -> Self {
        let id = text.parse().map(Self::Id);
        id.unwrap_or_else(|_other| Self::Code(text.to_owned()))
    }
}

/// Which accounts are listed. What is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountFilter {
    /// With this code, without regard to case.
    pub code: Option<String>,
    /// With this external id.
    pub external_id: Option<String>,
    /// In this state.
    pub state: Option<AccountState>,
    /// With this tag.
    pub tag: Option<String>,
    /// Directly below this account.
    pub parent: Option<AccountId>,
    /// With this text in code or name, without regard to case.
    pub search: Option<String>,
}

/// In which order accounts are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccountSort {
    /// By code.
    #[default]
    Code,
    /// By code, backwards.
    CodeDescending,
    /// By name.
    Name,
    /// By name, backwards.
    NameDescending,
    /// The oldest first.
    Created,
    /// The newest first.
    CreatedDescending,
}

/// The form in which codes and user names are compared: without regard to case.
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_open_on_both_of_its_outer_days() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut details = AccountDetails {
            valid_from: Some(day("2026-09-01")),
            valid_until: Some(day("2026-12-31")),
            ..AccountDetails::default()
        };
        let open = |details: &AccountDetails, text| details.is_open_on(day(text));
        assert!(!open(&details, "2026-08-31"));
        assert!(open(&details, "2026-09-01") && open(&details, "2026-12-31"));
        assert!(!open(&details, "2027-01-01"));
        details.state = AccountState::Suspended;
        assert!(!open(&details, "2026-09-01"));
    }
}
