//! Groups of users who print.

use std::collections::BTreeSet;

use platen_domain::accounts::EXTERNAL_ID_CHARS_MAX;
use platen_domain::ids::{GroupId, PrintUserId};
use platen_domain::print_users::{
    GROUP_NAME_CHARS_MAX, GROUPS_MAX, Group, GroupDetails, GroupRef, UserLabel, UserRef,
};
use platen_domain::scope::Scope;
use platen_store::Reader;

use super::Groups;
use super::checks::{self, invalid};
use super::work::Work;
use super::{AccountsRefusal, Page, PageRequest, paging, print_users};
use crate::operation::audit::action;
use crate::operation::idempotency::{Answered, Once};

/// Members named in one request at most.
pub const MEMBERS_PER_REQUEST_MAX: usize = 10_000;

impl Groups<'_> {
    /// Creates a group without members.
    pub async fn create(
        self,
        scope: &Scope,
        details: GroupDetails,
        once: Once<Group>,
    ) -> Result<Answered, AccountsRefusal> {
        let created = self
            .app
            .accounts()
            .manage_once(scope, once, move |at| create(at, details.clone()));
        created.await
    }

    /// One group.
    pub async fn get(self, scope: &Scope, id: GroupId) -> Result<Group, AccountsRefusal> {
        let read = self
            .app
            .accounts()
            .view(scope, move |at| found(at.reader, at.scope, id));
        read.await
    }

    /// Groups by name, a page at a time; `name` is one without regard to case.
    pub async fn list(
        self,
        scope: &Scope,
        name: Option<String>,
        page: PageRequest,
    ) -> Result<Page<Group>, AccountsRefusal> {
        let read = self.app.accounts().view(scope, move |at| {
            paging::listed("groups", &page, |after, items| {
                Ok(at.reader.groups(at.scope, name.as_deref(), after, items)?)
            })
        });
        read.await
    }

    /// Gives a group other details, where its revision is still `expected`.
    pub async fn update(
        self,
        scope: &Scope,
        id: GroupId,
        details: GroupDetails,
        expected: Option<u64>,
    ) -> Result<Group, AccountsRefusal> {
        let updated = self.app.accounts().manage(scope, move |at| {
            let group = found(at.writer, at.scope, id)?;
            checks::revision(expected, group.revision)?;
            update(at, group, details.clone())
        });
        updated.await
    }

    /// Destroys a group and the access entries that name it.
    pub async fn delete(
        self,
        scope: &Scope,
        id: GroupId,
        expected: Option<u64>,
    ) -> Result<(), AccountsRefusal> {
        let deleted = self.app.accounts().manage(scope, move |at| {
            let group = found(at.writer, at.scope, id)?;
            checks::revision(expected, group.revision)?;
            at.writer.delete_group(at.scope, id, at.now)?;
            log(at, action::GROUP_DELETED, &group, &id.to_string())
        });
        deleted.await
    }

    /// Who belongs to a group, by name, a page at a time.
    pub async fn members(
        self,
        scope: &Scope,
        id: GroupId,
        page: PageRequest,
    ) -> Result<Page<UserLabel>, AccountsRefusal> {
        let read = self.app.accounts().view(scope, move |at| {
            found(at.reader, at.scope, id)?;
            paging::listed(&format!("members/{id}"), &page, |after, items| {
                Ok(at.reader.group_members(at.scope, id, after, items)?)
            })
        });
        read.await
    }

    /// Adds members, where the group's revision is still `expected`; users named for the first
    /// time are made known. Who belongs to it already stays.
    pub async fn add_members(
        self,
        scope: &Scope,
        id: GroupId,
        members: Vec<UserRef>,
        expected: Option<u64>,
        once: Once<Group>,
    ) -> Result<Answered, AccountsRefusal> {
        let added = self.app.accounts().manage_once(scope, once, move |at| {
            let group = found(at.writer, at.scope, id)?;
            checks::revision(expected, group.revision)?;
            let members = met(at, &members)?;
            add(at, &group, &members)?;
            found(at.writer, at.scope, id)
        });
        added.await
    }

    /// Replaces the members as a whole, where the group's revision is still `expected`.
    pub async fn replace_members(
        self,
        scope: &Scope,
        id: GroupId,
        members: Vec<UserRef>,
        expected: Option<u64>,
    ) -> Result<Group, AccountsRefusal> {
        let rows = members.len();
        let replaced = self.app.accounts().manage_many(scope, rows, move |at| {
            let before = found(at.writer, at.scope, id)?;
            checks::revision(expected, before.revision)?;
            let members = met(at, &members)?;
            at.writer.replace_members(at.scope, id, &members)?;
            let group = found(at.writer, at.scope, id)?;
            if group.revision != before.revision {
                let detail = format!("{} members", group.members);
                log(at, action::GROUP_MEMBERS_SET, &group, &detail)?;
            }
            Ok(group)
        });
        replaced.await
    }

    /// Takes one member out, where the group's revision is still `expected`.
    pub async fn remove_member(
        self,
        scope: &Scope,
        id: GroupId,
        member: PrintUserId,
        expected: Option<u64>,
    ) -> Result<(), AccountsRefusal> {
        let removed = self.app.accounts().manage(scope, move |at| {
            let group = found(at.writer, at.scope, id)?;
            checks::revision(expected, group.revision)?;
            let known = at.writer.print_user(at.scope, &UserRef::Id(member))?;
            let member = known.ok_or(AccountsRefusal::NotFound("user"))?.id;
            let members = BTreeSet::from([member]);
            if at.writer.remove_members(at.scope, id, &members)? == 0 {
                return Err(AccountsRefusal::NotFound("user"));
            }
            let detail = format!("without user {member}");
            log(at, action::GROUP_MEMBERS_SET, &group, &detail)
        });
        removed.await
    }
}

pub(super) fn found(
    reader: &Reader<'_>,
    scope: &Scope,
    id: GroupId,
) -> Result<Group, AccountsRefusal> {
    let found = reader.group(scope, &GroupRef::Id(id))?;
    found.ok_or(AccountsRefusal::NotFound("group"))
}

/// Makes a group without members.
pub(super) fn create(at: &Work<'_>, details: GroupDetails) -> Result<Group, AccountsRefusal> {
    check(&details)?;
    if at.writer.count_groups(at.scope)? >= GROUPS_MAX {
        return Err(AccountsRefusal::TooMany("groups"));
    }
    let group = Group {
        id: GroupId::new(at.now, at.ids),
        details,
        revision: 1,
        members: 0,
        created_at: at.now,
    };
    check_unique(at, &group)?;
    let inserted = at.writer.insert_group(at.scope, &group);
    inserted.map_err(|error| AccountsRefusal::taken(error, "name"))?;
    log(at, action::GROUP_CREATED, &group, &group.id.to_string())?;
    Ok(group)
}

fn update(at: &Work<'_>, group: Group, details: GroupDetails) -> Result<Group, AccountsRefusal> {
    if group.details == details {
        return Ok(group);
    }
    check(&details)?;
    let group = Group {
        details,
        revision: group.revision.saturating_add(1),
        ..group
    };
    check_unique(at, &group)?;
    let updated = at.writer.update_group(at.scope, &group);
    updated.map_err(|error| AccountsRefusal::taken(error, "name"))?;
    log(at, action::GROUP_UPDATED, &group, &group.id.to_string())?;
    Ok(group)
}

/// Adds members, and says whether anybody was none before.
pub(super) fn add(
    at: &Work<'_>,
    group: &Group,
    members: &BTreeSet<PrintUserId>,
) -> Result<bool, AccountsRefusal> {
    let added = at.writer.add_members(at.scope, group.id, members)?;
    if added > 0 {
        let detail = format!("{added} more");
        log(at, action::GROUP_MEMBERS_SET, group, &detail)?;
    }
    Ok(added > 0)
}

fn met(at: &Work<'_>, members: &[UserRef]) -> Result<BTreeSet<PrintUserId>, AccountsRefusal> {
    if members.len() > MEMBERS_PER_REQUEST_MAX {
        let reason = format!("expected {MEMBERS_PER_REQUEST_MAX} at most in one request");
        return Err(invalid("members", reason));
    }
    let met = members
        .iter()
        .map(|member| print_users::make_known(at, member));
    met.map(|user| user.map(|user| user.id)).collect()
}

fn check(details: &GroupDetails) -> Result<(), AccountsRefusal> {
    checks::name("name", &details.name, GROUP_NAME_CHARS_MAX)?;
    let external_id = details.external_id.as_deref();
    checks::line_opt("external_id", external_id, EXTERNAL_ID_CHARS_MAX)
}

fn check_unique(at: &Work<'_>, group: &Group) -> Result<(), AccountsRefusal> {
    let by_name = GroupRef::Name(group.details.name.clone());
    let same_name = at.writer.group(at.scope, &by_name)?;
    if same_name.is_some_and(|other| other.id != group.id) {
        return Err(AccountsRefusal::Taken("name"));
    }
    if let Some(external_id) = &group.details.external_id {
        let called = at.writer.group_called(at.scope, external_id)?;
        if called.is_some_and(|other| other != group.id) {
            return Err(AccountsRefusal::Taken("external_id"));
        }
    }
    Ok(())
}

fn log(
    at: &Work<'_>,
    action: &'static str,
    group: &Group,
    detail: &str,
) -> Result<(), AccountsRefusal> {
    Ok(at.log(action, &group.details.name, detail)?)
}
