//! What an actor was allowed to reach: the value that every use case and every query asks for.

use crate::clients::OauthScopes;
use crate::ids::{ClientId, CollectorId, KeyId, OrganizationId, UserId};
use crate::report_apis::ReportApi;
use crate::roles::Role;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person signed in to the console.
    User {
        /// Which user.
        id: UserId,
        /// With which role.
        role: Role,
    },
    /// A program that showed an Authorization Key.
    Key {
        /// Which key.
        id: KeyId,
        /// The one API it opens.
        api: ReportApi,
    },
    /// A program that pushes print records and showed its credential.
    Collector {
        /// Which collector.
        id: CollectorId,
    },
    /// A program that showed an access token of its Client Application.
    Client {
        /// Which client.
        id: ClientId,
        /// What the token opens.
        scopes: OauthScopes,
    },
    /// A part of Platen itself, such as `collector`.
    System(&'static str),
}

/// One organization, and who acts within it. Queries take a `&Scope`, never a bare organization
/// identifier, so that reaching another organization's rows needs a decision that this one
/// constructor marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    organization: OrganizationId,
    actor: Actor,
}

impl Scope {
    /// States that `actor` may act within `organization`. Only the authorization layer may say
    /// so; `clippy.toml` refuses other callers.
    pub const fn grant(organization: OrganizationId, actor: Actor) -> Self {
        Self {
            organization,
            actor,
        }
    }

    /// The organization reached.
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Who acts.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}
