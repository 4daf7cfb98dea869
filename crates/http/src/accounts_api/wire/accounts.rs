//! Accounts.

use platen_app::accounts::AccountsRefusal;
use platen_domain::accounts::{
    Account, AccountDetails, AccountState, CODE_CHARS_MAX, DESCRIPTION_CHARS_MAX,
    EXTERNAL_ID_CHARS_MAX, NAME_CHARS_MAX, TAG_CHARS_MAX, TAGS_MAX,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::texts::{Identifier, Line, Prose, Tag};
use super::times::{DayText, Instant};
use super::words::Word;
use super::{Sent, invalid};

/// What is said of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct AccountInput {
    /// What print jobs name it by, unique without regard to case; no UUID.
    #[schemars(with = "Line<CODE_CHARS_MAX>")]
    pub(crate) code: String,
    /// What people call it.
    #[schemars(with = "Line<NAME_CHARS_MAX>")]
    name: String,
    /// What it is for.
    #[schemars(with = "Option<Prose<DESCRIPTION_CHARS_MAX>>")]
    description: Option<String>,
    /// What another system calls it, unique where it is stated.
    #[schemars(with = "Option<Line<EXTERNAL_ID_CHARS_MAX>>")]
    external_id: Option<String>,
    /// The identifier of the account it stands below; in a line of a bulk request its code.
    #[schemars(with = "Option<Identifier>")]
    pub(crate) parent: Option<String>,
    /// The first day on which it takes charges.
    valid_from: Option<DayText>,
    /// The last day on which it takes charges.
    valid_until: Option<DayText>,
    /// Whether it takes charges; active unless stated.
    state: Option<Word<AccountState>>,
    /// Words to find it by.
    #[schemars(with = "Option<Vec<Tag<TAG_CHARS_MAX>>>", length(max = TAGS_MAX))]
    #[serde(default, deserialize_with = "super::at_most::<TAGS_MAX, _, _>")]
    tags: Option<Vec<String>>,
}

impl Sent for AccountInput {
    const EXAMPLE: &'static str = r#"{"code":"BIO-101","name":"Biology 101","tags":["course"]}"#;
}

impl AccountInput {
    /// The details, below the account with the identifier in `parent`.
    pub(crate) fn read(mut self) -> Result<AccountDetails, AccountsRefusal> {
        let parent = self.parent.take();
        let parent = parent.map(|text| text.parse()).transpose();
        let parent = parent.map_err(|error| invalid("parent", format!("{error}")))?;
        Ok(AccountDetails {
            parent,
            ..self.read_without_parent()
        })
    }

    /// The details, where `parent` is read by others.
    pub(crate) fn read_without_parent(self) -> AccountDetails {
        AccountDetails {
            code: self.code,
            name: self.name,
            description: self.description,
            external_id: self.external_id,
            parent: None,
            valid_from: self.valid_from.map(|day| day.0),
            valid_until: self.valid_until.map(|day| day.0),
            state: self.state.map(|word| word.0).unwrap_or_default(),
            tags: self.tags.into_iter().flatten().collect(),
        }
    }
}

impl From<&AccountDetails> for AccountInput {
    fn from(details: &AccountDetails) -> Self {
        Self {
            code: details.code.clone(),
            name: details.name.clone(),
            description: details.description.clone(),
            external_id: details.external_id.clone(),
            parent: details.parent.map(|id| id.to_string()),
            valid_from: details.valid_from.map(DayText),
            valid_until: details.valid_until.map(DayText),
            state: Some(Word(details.state)),
            tags: Some(details.tags.iter().cloned().collect()),
        }
    }
}

/// An account.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Account")]
pub(crate) struct AccountAnswer {
    /// Its identifier.
    id: String,
    /// What print jobs name it by.
    code: String,
    /// What people call it.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// What another system calls it.
    external_id: Option<String>,
    /// The identifier of the account it stands below.
    parent: Option<String>,
    /// The first day on which it takes charges.
    valid_from: Option<DayText>,
    /// The last day on which it takes charges.
    valid_until: Option<DayText>,
    /// Whether it takes charges.
    state: Word<AccountState>,
    /// Words to find it by, in the order of the alphabet.
    tags: Vec<String>,
    /// Counts the changes of the account, its limit and its access, from 1.
    revision: u64,
    /// When it was created.
    created_at: Instant,
    /// When it, its limit or its access was changed last.
    updated_at: Instant,
}

impl From<&Account> for AccountAnswer {
    fn from(account: &Account) -> Self {
        let details = &account.details;
        Self {
            id: account.id.to_string(),
            code: details.code.clone(),
            name: details.name.clone(),
            description: details.description.clone(),
            external_id: details.external_id.clone(),
            parent: details.parent.map(|id| id.to_string()),
            valid_from: details.valid_from.map(DayText),
            valid_until: details.valid_until.map(DayText),
            state: Word(details.state),
            tags: details.tags.iter().cloned().collect(),
            revision: account.revision,
            created_at: Instant(account.created_at),
            updated_at: Instant(account.updated_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::clock::Timestamp;
    use platen_domain::ids::AccountId;

    #[test]
    fn an_account_reads_back_as_it_was_sent() {
        let input: AccountInput = serde_json::from_str(AccountInput::EXAMPLE).unwrap();
        let details = input.read().unwrap();
        assert_eq!(AccountInput::from(&details).read().unwrap(), details);
        let account = Account {
            id: AccountId::from_bytes([1; 16]),
            details,
            revision: 3,
            created_at: Timestamp::from_millis(1_795_431_600_000),
            updated_at: Timestamp::from_millis(1_795_431_600_500),
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&AccountAnswer::from(&account)).unwrap(), @r#"
        {
          "id": "01010101-0101-0101-0101-010101010101",
          "code": "BIO-101",
          "name": "Biology 101",
          "description": null,
          "external_id": null,
          "parent": null,
          "valid_from": null,
          "valid_until": null,
          "state": "active",
          "tags": [
            "course"
          ],
          "revision": 3,
          "created_at": "2026-11-23T11:00:00Z",
          "updated_at": "2026-11-23T11:00:00.5Z"
        }
        "#);
    }

    #[test]
    fn a_parent_is_an_identifier() {
        let json = r#"{"code":"a","name":"A","parent":"top"}"#;
        let input: AccountInput = serde_json::from_str(json).unwrap();
        insta::assert_snapshot!(input.read().unwrap_err(), @"parent: not an identifier: expected a UUID such as 018f3f3e-7c1a-7b6e-9d54-0242ac120002");
    }
}
