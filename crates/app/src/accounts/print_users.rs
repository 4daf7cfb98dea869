//! Users who print.

use platen_collect::privacy::{PersonalField, pseudonym};
use platen_domain::accounts::EXTERNAL_ID_CHARS_MAX;
use platen_domain::ids::PrintUserId;
use platen_domain::person_names::{NameRule, identity};
use platen_domain::print_users::{
    PrintUser, PrintUserDetails, PrintUserFilter, USER_NAME_CHARS_MAX, USERS_MAX, UserRef,
};
use platen_domain::privacy::{FieldMode, PrivacyPolicy, PseudonymKey};
use platen_domain::scope::Scope;

use platen_store::Reader;

use super::PrintUsers;
use super::work::{Look, Work};
use super::{AccountsRefusal, Page, PageRequest, checks, paging};
use crate::operation::audit::action;
use crate::operation::idempotency::{Answered, Once};

/// Longest name that people call a user by, in characters.
pub const DISPLAY_NAME_CHARS_MAX: usize = 255;

/// Longest electronic mail address, in characters (RFC 5321 4.5.3.1.3).
pub const EMAIL_CHARS_MAX: usize = 254;

impl PrintUsers<'_> {
    /// Makes a user known.
    pub async fn create(
        self,
        scope: &Scope,
        details: PrintUserDetails,
        once: Once<PrintUser>,
    ) -> Result<Answered, AccountsRefusal> {
        let created = self.app.accounts().manage_once(scope, once, move |at| {
            let user = create(at, details.clone())?;
            log(at, action::PRINT_USER_CREATED, user.id)?;
            Ok(user)
        });
        created.await
    }

    /// One user.
    pub async fn get(self, scope: &Scope, id: PrintUserId) -> Result<PrintUser, AccountsRefusal> {
        let read = self
            .app
            .accounts()
            .view(scope, move |at| by_id(at.reader, at.scope, id));
        read.await
    }

    /// Users by name, a page at a time.
    pub async fn list(
        self,
        scope: &Scope,
        filter: PrintUserFilter,
        page: PageRequest,
    ) -> Result<Page<PrintUser>, AccountsRefusal> {
        let read = self.app.accounts().view(scope, move |at| {
            paging::listed("users", &page, |after, items| {
                let users = at
                    .reader
                    .print_users_page(at.scope, &filter, after, items)?;
                Ok(users)
            })
        });
        read.await
    }

    /// Gives a user other details, where the revision is still `expected`.
    pub async fn update(
        self,
        scope: &Scope,
        id: PrintUserId,
        details: PrintUserDetails,
        expected: Option<u64>,
    ) -> Result<PrintUser, AccountsRefusal> {
        let updated = self.app.accounts().manage(scope, move |at| {
            let user = by_id(at.writer, at.scope, id)?;
            checks::revision(expected, user.revision)?;
            update(at, user, details.clone())
        });
        Ok(updated.await?.0)
    }

    /// Forgets a user who never had a balance, with memberships and access entries. One who had
    /// can be suspended ([`AccountsRefusal::State`]).
    pub async fn delete(
        self,
        scope: &Scope,
        id: PrintUserId,
        expected: Option<u64>,
    ) -> Result<(), AccountsRefusal> {
        let deleted = self.app.accounts().manage(scope, move |at| {
            checks::revision(expected, by_id(at.writer, at.scope, id)?.revision)?;
            if at.writer.is_print_user_used(at.scope, id)? {
                return Err(AccountsRefusal::State(
                    "this user has, or had, points: suspend the user instead",
                ));
            }
            at.writer.delete_print_user(at.scope, id, at.now)?;
            log(at, action::PRINT_USER_DELETED, id)
        });
        deleted.await
    }
}

pub(super) fn by_id(
    reader: &Reader<'_>,
    scope: &Scope,
    id: PrintUserId,
) -> Result<PrintUser, AccountsRefusal> {
    let found = reader.print_user(scope, &UserRef::Id(id))?;
    found.ok_or(AccountsRefusal::NotFound("user"))
}

/// The user whom a request names, by identifier, by name or by what print jobs make of the name;
/// `None` for a name that nobody has.
pub(super) fn known(
    reader: &Reader<'_>,
    scope: &Scope,
    user: &UserRef,
) -> Result<Option<PrintUser>, AccountsRefusal> {
    let name = match user {
        UserRef::Id(id) => return by_id(reader, scope, *id).map(Some),
        UserRef::Name(name) => name,
    };
    if let Some(found) = reader.print_user(scope, user)? {
        return Ok(Some(found));
    }
    let job_name = job_name(reader, scope, name)?;
    Ok(reader.print_user_by_job_name(scope, &job_name)?)
}

/// The same as requests name users who are known, for what looks at them by name or identifier.
pub(super) fn resolved(at: &Look<'_>, user: UserRef) -> Result<UserRef, AccountsRefusal> {
    let known = known(at.reader, at.scope, &user)?;
    Ok(known.map_or(user, |known| UserRef::Id(known.id)))
}

/// The user whom a request charges; one who is named for the first time is remembered.
pub(super) fn meet(at: &Work<'_>, user: &UserRef) -> Result<PrintUser, AccountsRefusal> {
    match (known(at.writer, at.scope, user)?, user) {
        (Some(found), _) => Ok(found),
        (None, UserRef::Id(_)) => Err(AccountsRefusal::NotFound("user")),
        (None, UserRef::Name(name)) => insert(at, named(name), false),
    }
}

/// The user whom a request puts into a group or an access list: made known by that.
pub(super) fn make_known(at: &Work<'_>, user: &UserRef) -> Result<PrintUser, AccountsRefusal> {
    match (known(at.writer, at.scope, user)?, user) {
        (Some(found), _) if found.is_known => Ok(found),
        (Some(found), _) => {
            let details = found.details.clone();
            Ok(update(at, found, details)?.0)
        }
        (None, UserRef::Id(_)) => Err(AccountsRefusal::NotFound("user")),
        (None, UserRef::Name(name)) => create(at, named(name)),
    }
}

fn named(name: &str) -> PrintUserDetails {
    PrintUserDetails {
        name: name.to_owned(),
        ..PrintUserDetails::default()
    }
}

/// Whether a user could be made known by the name that a request gives.
pub(super) fn check_name(user: &UserRef) -> Result<(), AccountsRefusal> {
    match user {
        UserRef::Id(_) => Ok(()),
        UserRef::Name(name) => checks::name("user", name, USER_NAME_CHARS_MAX),
    }
}

/// Makes a user known.
pub(super) fn create(
    at: &Work<'_>,
    details: PrintUserDetails,
) -> Result<PrintUser, AccountsRefusal> {
    insert(at, details, true)
}

fn insert(
    at: &Work<'_>,
    details: PrintUserDetails,
    is_known: bool,
) -> Result<PrintUser, AccountsRefusal> {
    let details = checked(at, details)?;
    if at.writer.count_print_users(at.scope)? >= USERS_MAX {
        return Err(AccountsRefusal::TooMany("users"));
    }
    let user = PrintUser {
        id: PrintUserId::new(at.now, at.ids),
        details,
        is_known,
        revision: 1,
        created_at: at.now,
    };
    let job_name = check_unique(at, &user)?;
    let inserted = at.writer.insert_print_user(at.scope, &user, &job_name);
    inserted.map_err(|error| AccountsRefusal::taken(error, "name"))?;
    Ok(user)
}

/// Gives a user other details; says whether that changed anything.
pub(super) fn update(
    at: &Work<'_>,
    user: PrintUser,
    details: PrintUserDetails,
) -> Result<(PrintUser, bool), AccountsRefusal> {
    if user.details == details && user.is_known {
        return Ok((user, false));
    }
    let details = checked(at, details)?;
    if user.details == details && user.is_known {
        return Ok((user, false));
    }
    let user = PrintUser {
        details,
        is_known: true,
        revision: user.revision.saturating_add(1),
        ..user
    };
    let job_name = check_unique(at, &user)?;
    let updated = at.writer.update_print_user(at.scope, &user, &job_name);
    updated.map_err(|error| AccountsRefusal::taken(error, "name"))?;
    log(at, action::PRINT_USER_UPDATED, user.id)?;
    Ok((user, true))
}

/// The details with the name in its normal form.
fn checked(
    at: &Work<'_>,
    mut details: PrintUserDetails,
) -> Result<PrintUserDetails, AccountsRefusal> {
    check(&details)?;
    let rule = at.writer.name_rule(at.scope)?;
    let read = rule.read(&details.name).map(|read| read.name.into_owned());
    let unseen = || checks::invalid("name", "nothing of it can be seen");
    details.name = read.ok_or_else(unseen)?;
    Ok(details)
}

fn check(details: &PrintUserDetails) -> Result<(), AccountsRefusal> {
    checks::name("name", &details.name, USER_NAME_CHARS_MAX)?;
    let display_name = details.display_name.as_deref();
    checks::line_opt("display_name", display_name, DISPLAY_NAME_CHARS_MAX)?;
    checks::line_opt("email", details.email.as_deref(), EMAIL_CHARS_MAX)?;
    let external_id = details.external_id.as_deref();
    checks::line_opt("external_id", external_id, EXTERNAL_ID_CHARS_MAX)
}

/// What print jobs call the user, if nobody else has name or external id.
fn check_unique(at: &Work<'_>, user: &PrintUser) -> Result<String, AccountsRefusal> {
    let details = &user.details;
    let job_name = job_name(at.writer, at.scope, &details.name)?;
    let by_name = UserRef::Name(details.name.clone());
    for other in [
        at.writer.print_user(at.scope, &by_name)?,
        at.writer.print_user_by_job_name(at.scope, &job_name)?,
    ] {
        if other.is_some_and(|other| other.id != user.id) {
            return Err(AccountsRefusal::Taken("name"));
        }
    }
    if let Some(external_id) = &details.external_id {
        let called = at.writer.print_user_called(at.scope, external_id)?;
        if called.is_some_and(|other| other != user.id) {
            return Err(AccountsRefusal::Taken("external_id"));
        }
    }
    Ok(job_name)
}

fn job_name(reader: &Reader<'_>, scope: &Scope, name: &str) -> Result<String, AccountsRefusal> {
    let privacy = reader.privacy(scope)?;
    let names = reader.name_rule(scope)?;
    Ok(name_in_jobs(privacy.as_ref(), &names, name))
}

/// What print jobs call the user with this name: the name's identity, or the pseudonym where the
/// organization hashes names. Where it drops them, jobs name nobody, and only programs charge.
pub(crate) fn name_in_jobs(
    privacy: Option<&(PrivacyPolicy, PseudonymKey)>,
    names: &NameRule,
    name: &str,
) -> String {
    let read = names.read(name);
    let name = read.map_or_else(String::new, |read| read.name.into_owned());
    match privacy {
        Some((policy, key)) if policy.user == FieldMode::Hash => {
            pseudonym(key, PersonalField::User, &name)
        }
        _ => identity(&name),
    }
}

/// The audit log names no people: users stand in it by their identifiers.
pub(super) fn log(
    at: &Work<'_>,
    action: &'static str,
    user: PrintUserId,
) -> Result<(), AccountsRefusal> {
    Ok(at.log(action, &format!("user {user}"), "")?)
}
