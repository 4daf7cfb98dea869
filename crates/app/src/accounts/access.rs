//! Access to accounts.

use std::collections::BTreeSet;

use platen_domain::account_access::{ACCESS_ENTRIES_MAX, AccessList, Subject, Verb, Verbs};
use platen_domain::accounts::Account;
use platen_domain::ids::{AccountId, GroupId};
use platen_domain::print_users::{GroupRef, UserLabel, UserRef};
use platen_domain::scope::Scope;
use platen_store::{AccessEntry, Reader};

use super::Accounts;
use super::checks::{self, invalid};
use super::work::Work;
use super::{AccountsRefusal, details, print_users};
use crate::operation::audit::action;

/// Who is meant, as requests name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectRef {
    /// Every user.
    Everyone,
    /// The members of a group, which must exist.
    Group(GroupRef),
    /// A user. One that is named for the first time is made known.
    User(UserRef),
}

/// Who is meant, as answers name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectLabel {
    /// Every user.
    Everyone,
    /// The members of a group.
    Group {
        /// Its identifier.
        id: GroupId,
        /// Its name.
        name: String,
    },
    /// A user.
    User(UserLabel),
}

/// An account's access list in the order everyone, groups and users by name, with the account's
/// revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The entries.
    pub entries: Vec<(SubjectLabel, Verbs)>,
    /// The account's revision.
    pub revision: u64,
}

impl Accounts<'_> {
    /// An account's access list.
    pub async fn access(self, scope: &Scope, id: AccountId) -> Result<Access, AccountsRefusal> {
        let read = self.view(scope, move |at| {
            let (account, _limit) = details::found(at.reader, at.scope, &id.into())?;
            access(at.reader, at.scope, id, account.revision)
        });
        read.await
    }

    /// Replaces an account's access list as a whole, where its revision is still `expected`.
    pub async fn replace_access(
        self,
        scope: &Scope,
        id: AccountId,
        entries: Vec<(SubjectRef, Verbs)>,
        expected: Option<u64>,
    ) -> Result<Access, AccountsRefusal> {
        let replaced = self.manage(scope, move |at| {
            let (account, _limit) = details::found(at.writer, at.scope, &id.into())?;
            checks::revision(expected, account.revision)?;
            let revision = replace(at, &account, &entries)?;
            access(at.writer, at.scope, id, revision)
        });
        replaced.await
    }

    /// Sets one entry; no verbs take it away. The other entries stay as they are.
    pub async fn set_access(
        self,
        scope: &Scope,
        id: AccountId,
        subject: SubjectRef,
        verbs: Verbs,
        expected: Option<u64>,
    ) -> Result<Access, AccountsRefusal> {
        let changed = self.manage(scope, move |at| {
            let (account, _limit) = details::found(at.writer, at.scope, &id.into())?;
            checks::revision(expected, account.revision)?;
            let revision = set(at, &account, &subject, verbs)?;
            access(
                at.writer,
                at.scope,
                id,
                revision.unwrap_or(account.revision),
            )
        });
        changed.await
    }
}

/// Sets one entry, and answers with the account's new revision; `None` where that changes nothing.
pub(super) fn set(
    at: &Work<'_>,
    account: &Account,
    subject: &SubjectRef,
    verbs: Verbs,
) -> Result<Option<u64>, AccountsRefusal> {
    let Some(subject) = known_subject(at, subject, verbs)? else {
        return Ok(None);
    };
    let before = at.writer.access_of(at.scope, account.id, subject)?;
    if before == verbs {
        return Ok(None);
    }
    if before.is_empty() && !has_room(at.writer.count_access(at.scope, account.id)?) {
        return Err(AccountsRefusal::TooMany("access entries"));
    }
    at.writer.set_access(at.scope, account.id, subject, verbs)?;
    log(at, account, &spelt(subject, verbs))?;
    Ok(Some(at.writer.touch_account(at.scope, account.id, at.now)?))
}

/// Replaces the list, and answers with the account's revision.
fn replace(
    at: &Work<'_>,
    account: &Account,
    entries: &[(SubjectRef, Verbs)],
) -> Result<u64, AccountsRefusal> {
    if entries.len() > ACCESS_ENTRIES_MAX {
        let reason = format!("expected {ACCESS_ENTRIES_MAX} at most: name more by a group");
        return Err(invalid("entries", reason));
    }
    let mut list = AccessList::new();
    let mut named = BTreeSet::new();
    for (subject, verbs) in entries {
        let Some(subject) = known_subject(at, subject, *verbs)? else {
            continue;
        };
        if !named.insert(subject) {
            return Err(invalid("entries", "name each subject once"));
        }
        if !verbs.is_empty() {
            list.insert(subject, *verbs);
        }
    }
    let before = at.writer.account_access(at.scope, account.id)?;
    let before = before.into_iter().map(|entry| (entry.subject, entry.verbs));
    if before.collect::<AccessList>() == list {
        return Ok(account.revision);
    }
    at.writer.replace_access(at.scope, account.id, &list)?;
    log(at, account, &format!("{} entries", list.len()))?;
    Ok(at.writer.touch_account(at.scope, account.id, at.now)?)
}

/// Who is meant. A user who is named for the first time is made known, unless the entry takes
/// something away: then there is nobody, `None`.
fn known_subject(
    at: &Work<'_>,
    subject: &SubjectRef,
    verbs: Verbs,
) -> Result<Option<Subject>, AccountsRefusal> {
    Ok(match subject {
        SubjectRef::Everyone => Some(Subject::Everyone),
        SubjectRef::Group(group) => {
            let known = at.writer.group(at.scope, group)?;
            let known = known.ok_or(AccountsRefusal::NotFound("group"))?;
            Some(Subject::Group(known.id))
        }
        SubjectRef::User(user) if verbs.is_empty() => {
            print_users::check_name(user)?;
            let known = print_users::known(at.writer, at.scope, user)?;
            known.map(|known| Subject::User(known.id))
        }
        SubjectRef::User(user) => Some(Subject::User(print_users::make_known(at, user)?.id)),
    })
}

fn access(
    reader: &Reader<'_>,
    scope: &Scope,
    id: AccountId,
    revision: u64,
) -> Result<Access, AccountsRefusal> {
    let entries = reader.account_access(scope, id)?;
    Ok(Access {
        entries: entries.into_iter().map(labelled).collect(),
        revision,
    })
}

fn labelled(entry: AccessEntry) -> (SubjectLabel, Verbs) {
    let AccessEntry {
        subject,
        name,
        verbs,
    } = entry;
    let label = match subject {
        Subject::Everyone => SubjectLabel::Everyone,
        Subject::Group(id) => SubjectLabel::Group { id, name },
        Subject::User(id) => SubjectLabel::User(UserLabel { id, name }),
    };
    (label, verbs)
}

fn has_room(entries: u64) -> bool {
    usize::try_from(entries).is_ok_and(|entries| entries < ACCESS_ENTRIES_MAX)
}

/// An entry for the audit log, which names no people.
fn spelt(subject: Subject, verbs: Verbs) -> String {
    let verbs: Vec<_> = verbs.iter().map(Verb::keyword).collect();
    let subject = match subject {
        Subject::Everyone => "everyone".to_owned(),
        Subject::Group(id) => format!("group {id}"),
        Subject::User(id) => format!("user {id}"),
    };
    match verbs.as_slice() {
        [] => format!("{subject}: nothing"),
        some => format!("{subject}: {}", some.join(", ")),
    }
}

fn log(at: &Work<'_>, account: &Account, detail: &str) -> Result<(), AccountsRefusal> {
    Ok(at.log(action::ACCESS_SET, &account.details.code, detail)?)
}
