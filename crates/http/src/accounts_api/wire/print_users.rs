//! Users who print.

use platen_app::accounts::{DISPLAY_NAME_CHARS_MAX, EMAIL_CHARS_MAX};
use platen_domain::accounts::EXTERNAL_ID_CHARS_MAX;
use platen_domain::print_users::{
    PrintUser, PrintUserDetails, PrintUserState, USER_NAME_CHARS_MAX,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sent;
use super::texts::Line;
use super::times::Instant;
use super::words::Word;

/// What is said of a user who prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct UserInput {
    /// The name that print jobs carry, in any spelling: the normal form is kept, without a domain
    /// that the organization takes off. Unique without regard to case; no UUID.
    #[schemars(with = "Line<USER_NAME_CHARS_MAX>")]
    name: String,
    /// What people call the user.
    #[schemars(with = "Option<Line<DISPLAY_NAME_CHARS_MAX>>")]
    display_name: Option<String>,
    /// Electronic mail address.
    #[schemars(with = "Option<Line<EMAIL_CHARS_MAX>>")]
    email: Option<String>,
    /// What another system calls the user, unique where it is stated.
    #[schemars(with = "Option<Line<EXTERNAL_ID_CHARS_MAX>>")]
    external_id: Option<String>,
    /// Whether the user may be charged; active unless stated.
    state: Option<Word<PrintUserState>>,
}

impl Sent for UserInput {
    const EXAMPLE: &'static str = r#"{"name":"ada","display_name":"Ada Lovelace"}"#;
}

impl From<UserInput> for PrintUserDetails {
    fn from(input: UserInput) -> Self {
        Self {
            name: input.name,
            display_name: input.display_name,
            email: input.email,
            external_id: input.external_id,
            state: input.state.map(|word| word.0).unwrap_or_default(),
        }
    }
}

impl From<&PrintUserDetails> for UserInput {
    fn from(details: &PrintUserDetails) -> Self {
        Self {
            name: details.name.clone(),
            display_name: details.display_name.clone(),
            email: details.email.clone(),
            external_id: details.external_id.clone(),
            state: Some(Word(details.state)),
        }
    }
}

/// A user who prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub(crate) struct UserAnswer {
    /// The identifier.
    id: String,
    /// The name that print jobs carry.
    name: String,
    /// What people call the user.
    display_name: Option<String>,
    /// Electronic mail address.
    email: Option<String>,
    /// What another system calls the user.
    external_id: Option<String>,
    /// Whether the user may be charged.
    state: Word<PrintUserState>,
    /// Counts changes, from 1.
    revision: u64,
    /// When it was first named, by a program or by a print job.
    created_at: Instant,
}

impl From<&PrintUser> for UserAnswer {
    fn from(user: &PrintUser) -> Self {
        let details = &user.details;
        Self {
            id: user.id.to_string(),
            name: details.name.clone(),
            display_name: details.display_name.clone(),
            email: details.email.clone(),
            external_id: details.external_id.clone(),
            state: Word(details.state),
            revision: user.revision,
            created_at: Instant(user.created_at),
        }
    }
}
