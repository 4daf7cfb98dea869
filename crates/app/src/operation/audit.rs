//! The audit log: who changed what, when.
//!
//! Every change of keys, clients, users, licences, links, collectors, prices, privacy and accounts
//! and every sign-in appends one entry, in the same transaction as the change itself. Entries carry
//! names and prefixes, never a secret. People who print, and who was exported or erased, are not
//! named in it.

use platen_domain::clock::Timestamp;
use platen_domain::ids::{AuditId, Ids, OrganizationId};
use platen_domain::scope::{Actor, Scope};
use platen_domain::text::tidy_foreign;
use platen_store::{AuditEntry, Reader, StoreError, Writer};

use super::Operation;
use crate::AppError;

/// What happened; the form kept in the log.
pub(crate) mod action {
    pub(crate) const ACCESS_SET: &str = "access.set";
    pub(crate) const ACCOUNT_CREATED: &str = "account.created";
    pub(crate) const ACCOUNT_UPDATED: &str = "account.updated";
    pub(crate) const ACCOUNT_DELETED: &str = "account.deleted";
    pub(crate) const CLIENT_CREATED: &str = "client.created";
    pub(crate) const CLIENT_REVOKED: &str = "client.revoked";
    pub(crate) const COLLECTOR_ENROLLED: &str = "collector.enrolled";
    pub(crate) const COLLECTOR_REVOKED: &str = "collector.revoked";
    pub(crate) const DEVICE_FINDING: &str = "device.finding";
    pub(crate) const GROUP_CREATED: &str = "group.created";
    pub(crate) const GROUP_UPDATED: &str = "group.updated";
    pub(crate) const GROUP_DELETED: &str = "group.deleted";
    pub(crate) const GROUP_MEMBERS_SET: &str = "group.members-set";
    pub(crate) const IMPORT_UNDONE: &str = "import.undone";
    pub(crate) const KEY_ENABLED: &str = "key.enabled";
    pub(crate) const KEY_DISABLED: &str = "key.disabled";
    pub(crate) const KEY_ROTATED: &str = "key.rotated";
    pub(crate) const LICENCE_INSTALLED: &str = "licence.installed";
    pub(crate) const KNOWN_USERS_ONLY_SET: &str = "known-users-only.set";
    pub(crate) const LIMIT_SET: &str = "limit.set";
    pub(crate) const LINK_CREATED: &str = "link.created";
    pub(crate) const NAME_RULE_SET: &str = "name-rule.set";
    pub(crate) const ORGANIZATION_CREATED: &str = "organization.created";
    pub(crate) const PERSON_ERASED: &str = "person.erased";
    pub(crate) const PERSON_EXPORTED: &str = "person.exported";
    pub(crate) const PERSON_MERGED: &str = "person.merged";
    pub(crate) const POINT_RULES_SET: &str = "point-rules.set";
    pub(crate) const PRICES_APPLIED: &str = "prices.applied";
    pub(crate) const PRICES_SET: &str = "prices.set";
    pub(crate) const PRINT_USER_CREATED: &str = "print-user.created";
    pub(crate) const PRINT_USER_UPDATED: &str = "print-user.updated";
    pub(crate) const PRINT_USER_DELETED: &str = "print-user.deleted";
    pub(crate) const PRIVACY_SET: &str = "privacy.set";
    pub(crate) const SIGNED_IN: &str = "sign-in.succeeded";
    pub(crate) const SIGN_IN_REFUSED: &str = "sign-in.refused";
    pub(crate) const SIGNED_OUT: &str = "sign-out";
    pub(crate) const USER_CREATED: &str = "user.created";
}

/// One line of the log before it has an identifier and a time.
pub(crate) struct Event<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) actor: &'a str,
    pub(crate) action: &'static str,
    pub(crate) object: &'a str,
    pub(crate) detail: &'a str,
}

/// Appends `event`. Names typed by people are tidied, so that no entry can forge another line.
pub(crate) fn append(
    writer: &Writer<'_>,
    now: Timestamp,
    ids: &dyn Ids,
    event: &Event<'_>,
) -> Result<(), StoreError> {
    writer.append_audit(&AuditEntry {
        id: AuditId::new(now, ids),
        organization: event.organization,
        at: now,
        actor: tidy_foreign(event.actor),
        action: event.action.to_owned(),
        object: tidy_foreign(event.object),
        detail: tidy_foreign(event.detail),
    })
}

/// The name under which who acts in `scope` appears in the log.
pub(crate) fn actor_name(reader: &Reader<'_>, scope: &Scope) -> Result<String, StoreError> {
    Ok(match scope.actor() {
        Actor::System(part) => (*part).to_owned(),
        Actor::Key { id, .. } => format!("key {id}"),
        Actor::Client { id, .. } => format!("client {id}"),
        Actor::Collector { id } => {
            let collectors = reader.collectors(scope)?;
            let collector = collectors.into_iter().find(|known| known.id == *id);
            collector.map_or_else(
                || format!("collector {id}"),
                |known| format!("collector {}", known.name),
            )
        }
        Actor::User { id, .. } => {
            let users = reader.users(scope)?;
            let user = users.into_iter().find(|user| user.id == *id);
            user.map_or_else(|| format!("user {id}"), |user| user.name)
        }
    })
}

impl Operation<'_> {
    /// The newest `limit` entries of the organization's log, newest first.
    pub async fn audit(self, scope: &Scope, limit: u32) -> Result<Vec<AuditEntry>, AppError> {
        let scope = scope.clone();
        Ok(self.app.store.read(move |r| r.audit(&scope, limit)).await?)
    }
}
