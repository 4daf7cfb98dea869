//! People who may sign in to the console.

use crate::clock::Timestamp;
use crate::ids::{OrganizationId, UserId};
use crate::roles::Role;

/// A person who may sign in to the console of one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its identifier.
    pub id: UserId,
    /// The organization it belongs to.
    pub organization: OrganizationId,
    /// What the person types to sign in, unique on the server, compared without regard to case.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// When it was created.
    pub created_at: Timestamp,
    /// Since when it may no longer sign in; its live sessions end at the same moment.
    pub deactivated_at: Option<Timestamp>,
}
