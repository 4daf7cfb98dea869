//! Groups of users who print.

use platen_app::accounts::MEMBERS_PER_REQUEST_MAX;
use platen_domain::accounts::EXTERNAL_ID_CHARS_MAX;
use platen_domain::print_users::{GROUP_NAME_CHARS_MAX, Group, GroupDetails, UserRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sent;
use super::labels::Named;
use super::texts::Line;
use super::times::Instant;

/// What is said of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct GroupInput {
    /// What people call it, unique without regard to case; no UUID.
    #[schemars(with = "Line<GROUP_NAME_CHARS_MAX>")]
    name: String,
    /// What another system calls it, unique where it is stated.
    #[schemars(with = "Option<Line<EXTERNAL_ID_CHARS_MAX>>")]
    external_id: Option<String>,
}

impl Sent for GroupInput {
    const EXAMPLE: &'static str = r#"{"name":"Staff","external_id":"cn=staff"}"#;
}

impl From<GroupInput> for GroupDetails {
    fn from(input: GroupInput) -> Self {
        Self {
            name: input.name,
            external_id: input.external_id,
        }
    }
}

impl From<&GroupDetails> for GroupInput {
    fn from(details: &GroupDetails) -> Self {
        Self {
            name: details.name.clone(),
            external_id: details.external_id.clone(),
        }
    }
}

/// Users by identifier or name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct MembersInput {
    /// The users. Those named for the first time are made known.
    #[schemars(length(max = MEMBERS_PER_REQUEST_MAX))]
    users: Vec<Named>,
}

impl Sent for MembersInput {
    const EXAMPLE: &'static str = r#"{"users":["ada","grace"]}"#;
}

impl MembersInput {
    /// The users.
    pub(crate) fn read(self) -> Vec<UserRef> {
        let users = self.users.into_iter();
        users.map(|Named(text)| UserRef::read(&text)).collect()
    }
}

/// A group of users.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Group")]
pub(crate) struct GroupAnswer {
    /// Its identifier.
    id: String,
    /// What people call it.
    name: String,
    /// What another system calls it.
    external_id: Option<String>,
    /// How many users belong to it.
    members: u64,
    /// Counts changes of the group and of who belongs to it, from 1.
    revision: u64,
    /// When it was created.
    created_at: Instant,
}

impl From<&Group> for GroupAnswer {
    fn from(group: &Group) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.details.name.clone(),
            external_id: group.details.external_id.clone(),
            members: group.members,
            revision: group.revision,
            created_at: Instant(group.created_at),
        }
    }
}
