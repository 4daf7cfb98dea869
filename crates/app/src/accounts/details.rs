//! Accounts: created, read, listed, updated, archived.

use platen_domain::account_limits::Limit;
use platen_domain::accounts::{
    ACCOUNTS_MAX, Account, AccountDetails, AccountFilter, AccountRef, AccountSort, AccountState,
    CODE_CHARS_MAX, DEPTH_MAX, DESCRIPTION_CHARS_MAX, EXTERNAL_ID_CHARS_MAX, NAME_CHARS_MAX,
    TAG_CHARS_MAX, TAGS_MAX,
};
use platen_domain::ids::AccountId;
use platen_domain::scope::Scope;
use platen_store::{Listed, Reader};

use super::Accounts;
use super::checks::{self, invalid};
use super::work::Work;
use super::{AccountsRefusal, Page, PageRequest, paging};
use crate::operation::audit::action;
use crate::operation::idempotency::{Answered, Once};

impl Accounts<'_> {
    /// Creates an account without a limit and without access.
    pub async fn create(
        self,
        scope: &Scope,
        details: AccountDetails,
        once: Once<Account>,
    ) -> Result<Answered, AccountsRefusal> {
        let created = self.manage_once(scope, once, move |at| create(at, details.clone()));
        created.await
    }

    /// One account.
    pub async fn get(self, scope: &Scope, id: AccountId) -> Result<Account, AccountsRefusal> {
        let read = self.view(scope, move |at| found(at.reader, at.scope, &id.into()));
        let (account, _limit) = read.await?;
        Ok(account)
    }

    /// Accounts, a page at a time.
    pub async fn list(
        self,
        scope: &Scope,
        filter: AccountFilter,
        sort: AccountSort,
        page: PageRequest,
    ) -> Result<Page<Account>, AccountsRefusal> {
        let listed = self.list_with_limits(scope, filter, sort, page).await?;
        let accounts = listed.items.into_iter();
        Ok(Page {
            items: accounts.map(|(account, _limit)| account).collect(),
            next: listed.next,
        })
    }

    /// As [`Self::list`], with the limit of each.
    pub async fn list_with_limits(
        self,
        scope: &Scope,
        filter: AccountFilter,
        sort: AccountSort,
        page: PageRequest,
    ) -> Result<Page<(Account, Limit)>, AccountsRefusal> {
        let read = self.view(scope, move |at| {
            paging::listed(list_name(sort), &page, |after, items| {
                let accounts = at.reader.accounts(at.scope, &filter, sort, after, items)?;
                Ok::<Vec<Listed<_>>, AccountsRefusal>(accounts)
            })
        });
        read.await
    }

    /// Gives an account other details, where its revision is still `expected`.
    pub async fn update(
        self,
        scope: &Scope,
        id: AccountId,
        details: AccountDetails,
        expected: Option<u64>,
    ) -> Result<Account, AccountsRefusal> {
        let updated = self.manage(scope, move |at| {
            let (account, _limit) = found(at.writer, at.scope, &id.into())?;
            checks::revision(expected, account.revision)?;
            update(at, account, details.clone())
        });
        Ok(updated.await?.0)
    }

    /// Destroys an account that has no ledger and no account below it. One that was charged can
    /// be archived, not destroyed ([`AccountsRefusal::State`]).
    pub async fn delete(
        self,
        scope: &Scope,
        id: AccountId,
        expected: Option<u64>,
    ) -> Result<(), AccountsRefusal> {
        let deleted = self.manage(scope, move |at| delete(at, id, expected));
        deleted.await
    }
}

/// The account and its limit.
pub(super) fn found(
    reader: &Reader<'_>,
    scope: &Scope,
    account: &AccountRef,
) -> Result<(Account, Limit), AccountsRefusal> {
    let found = reader.account(scope, account)?;
    found.ok_or(AccountsRefusal::NotFound("account"))
}

/// Makes an account without a limit and without access.
pub(super) fn create(at: &Work<'_>, details: AccountDetails) -> Result<Account, AccountsRefusal> {
    check(&details)?;
    if at.writer.count_accounts(at.scope)? >= ACCOUNTS_MAX {
        return Err(AccountsRefusal::TooMany("accounts"));
    }
    let account = Account {
        id: AccountId::new(at.now, at.ids),
        details,
        revision: 1,
        created_at: at.now,
        updated_at: at.now,
    };
    check_unique(at, &account)?;
    check_place(at, &account, None)?;
    let inserted = at
        .writer
        .insert_account(at.scope, &account, &Limit::default());
    inserted.map_err(|error| AccountsRefusal::taken(error, "code"))?;
    let code = &account.details.code;
    at.log(action::ACCOUNT_CREATED, code, &account.id.to_string())?;
    Ok(account)
}

/// Gives an account other details; says whether that changed anything.
pub(super) fn update(
    at: &Work<'_>,
    account: Account,
    details: AccountDetails,
) -> Result<(Account, bool), AccountsRefusal> {
    if account.details == details {
        return Ok((account, false));
    }
    check(&details)?;
    let parent_before = account.details.parent;
    let account = Account {
        details,
        revision: account.revision.saturating_add(1),
        updated_at: at.now,
        ..account
    };
    check_unique(at, &account)?;
    check_place(at, &account, parent_before)?;
    let updated = at.writer.update_account(at.scope, &account);
    updated.map_err(|error| AccountsRefusal::taken(error, "code"))?;
    let code = &account.details.code;
    at.log(action::ACCOUNT_UPDATED, code, &account.id.to_string())?;
    Ok((account, true))
}

fn delete(at: &Work<'_>, id: AccountId, expected: Option<u64>) -> Result<(), AccountsRefusal> {
    let (account, _limit) = found(at.writer, at.scope, &id.into())?;
    checks::revision(expected, account.revision)?;
    if at.writer.levels_below(at.scope, id)? > 0 {
        return Err(AccountsRefusal::State(
            "accounts stand below this one: move or delete them first",
        ));
    }
    if at.writer.is_account_used(at.scope, id)? {
        return Err(AccountsRefusal::State(
            "points of this account were moved, charged or held: archive it instead",
        ));
    }
    at.writer.delete_account(at.scope, id)?;
    let code = &account.details.code;
    at.log(action::ACCOUNT_DELETED, code, &id.to_string())?;
    Ok(())
}

/// Each order is a list of its own: a cursor of one is refused by the others.
const fn list_name(sort: AccountSort) -> &'static str {
    match sort {
        AccountSort::Code => "accounts/code",
        AccountSort::CodeDescending => "accounts/-code",
        AccountSort::Name => "accounts/name",
        AccountSort::NameDescending => "accounts/-name",
        AccountSort::Created => "accounts/created",
        AccountSort::CreatedDescending => "accounts/-created",
    }
}

/// What can be said of details without looking at other accounts.
fn check(details: &AccountDetails) -> Result<(), AccountsRefusal> {
    checks::name("code", &details.code, CODE_CHARS_MAX)?;
    checks::line("name", &details.name, NAME_CHARS_MAX)?;
    let description = details.description.as_deref();
    checks::prose_opt("description", description, DESCRIPTION_CHARS_MAX)?;
    let external_id = details.external_id.as_deref();
    checks::line_opt("external_id", external_id, EXTERNAL_ID_CHARS_MAX)?;
    if details.tags.len() > TAGS_MAX {
        return Err(invalid("tags", format!("expected {TAGS_MAX} at most")));
    }
    for tag in &details.tags {
        checks::line("tags", tag, TAG_CHARS_MAX)?;
        if tag.contains(';') {
            return Err(invalid("tags", "a semicolon parts tags in tables"));
        }
    }
    match (details.valid_from, details.valid_until) {
        (Some(from), Some(until)) if until < from => {
            Err(invalid("valid_until", "lies before valid_from"))
        }
        _ => Ok(()),
    }
}

fn check_unique(at: &Work<'_>, account: &Account) -> Result<(), AccountsRefusal> {
    let details = &account.details;
    let by_code = AccountRef::Code(details.code.clone());
    let same_code = at.writer.account(at.scope, &by_code)?;
    if same_code.is_some_and(|(other, _limit)| other.id != account.id) {
        return Err(AccountsRefusal::Taken("code"));
    }
    if let Some(external_id) = &details.external_id {
        let called = at.writer.account_called(at.scope, external_id)?;
        if called.is_some_and(|other| other != account.id) {
            return Err(AccountsRefusal::Taken("external_id"));
        }
    }
    Ok(())
}

/// Whether the account may stand below its parent, where that is another than before.
fn check_place(
    at: &Work<'_>,
    account: &Account,
    parent_before: Option<AccountId>,
) -> Result<(), AccountsRefusal> {
    let Some(parent) = account.details.parent else {
        return Ok(());
    };
    if parent_before == Some(parent) {
        return Ok(());
    }
    let known = at.writer.account(at.scope, &parent.into())?;
    let (known, _limit) = known.ok_or_else(|| invalid("parent", "there is no such account"))?;
    if known.details.state == AccountState::Archived {
        return Err(invalid(
            "parent",
            "is archived: nothing new stands below it",
        ));
    }
    let above = at.writer.accounts_above(at.scope, parent)?;
    if parent == account.id || above.contains(&account.id) {
        return Err(invalid("parent", "stands below this account itself"));
    }
    let levels = above.len() + 2 + at.writer.levels_below(at.scope, account.id)?;
    if levels > DEPTH_MAX {
        let reason = format!("accounts stand in {DEPTH_MAX} levels at most");
        return Err(invalid("parent", reason));
    }
    Ok(())
}
