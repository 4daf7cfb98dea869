//! Files of accounts and users, taken in by an administrator as a whole.

use platen_domain::account_limits::Limit;
use platen_domain::accounts::{AccountDetails, AccountRef};
use platen_domain::ids::AccountId;
use platen_domain::print_users::{PrintUserDetails, UserRef};
use platen_domain::scope::Scope;

use super::Accounts;
use super::bulk::{self, BulkLine, BulkMode, BulkResult, CREATED, UNCHANGED, UPDATED};
use super::checks::invalid;
use super::tables::{AccountChange, AccountRow, UserRow};
use super::work::Work;
use super::{AccountsRefusal, limits};

/// Lines of one file at most: every account and every user that an organization may have.
pub const IMPORT_LINES_MAX: usize = 3_000_000;

/// What one line of a file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportLine {
    /// A line of the kinds that requests have.
    Bulk(BulkLine),
    /// A row of a table of accounts. What it does not say stays as it is.
    Account(AccountRow),
    /// A row of a table of users. What it does not say stays as it is.
    User(UserRow),
}

impl Accounts<'_> {
    /// Does what the lines of a file ask for, in their order, as [`Accounts::bulk`] does. `advanced`
    /// hears how many were looked at.
    pub async fn import(
        self,
        scope: &Scope,
        lines: Vec<ImportLine>,
        mode: BulkMode,
        advanced: impl Fn(usize) + Send + 'static,
    ) -> Result<BulkResult, AccountsRefusal> {
        if lines.len() > IMPORT_LINES_MAX {
            let reason = format!("expected {IMPORT_LINES_MAX} at most in one file");
            return Err(invalid("lines", reason));
        }
        if mode.is_whole() {
            self.do_as_whole(scope, lines, mode, done, advanced).await
        } else {
            self.do_in_parts(scope, lines, done, advanced).await
        }
    }
}

fn done(
    at: &Work<'_>,
    line: &ImportLine,
    about: &mut Option<AccountId>,
) -> Result<&'static str, AccountsRefusal> {
    match line {
        ImportLine::Bulk(line) => bulk::done(at, line, about),
        ImportLine::Account(row) => put_account(at, row, about),
        ImportLine::User(row) => put_user(at, row),
    }
}

fn put_account(
    at: &Work<'_>,
    row: &AccountRow,
    about: &mut Option<AccountId>,
) -> Result<&'static str, AccountsRefusal> {
    let by_code = AccountRef::Code(row.code().to_owned());
    let known = at.writer.account(at.scope, &by_code)?;
    let known = known.map(|(account, limit)| (account.details, limit));
    let (details, before) = known.unwrap_or_else(|| (AccountDetails::default(), Limit::default()));
    let AccountChange {
        details,
        parent,
        limit,
    } = row.over(details, before.clone())?;
    let (account, word) = bulk::put_account(at, &details, parent.as_ref())?;
    let limited = limits::set(at, &account, &before, &limit)?;
    *about = Some(account.id);
    Ok(match (word, limited) {
        (UNCHANGED, Some(_)) => UPDATED,
        (word, _) => word,
    })
}

fn put_user(at: &Work<'_>, row: &UserRow) -> Result<&'static str, AccountsRefusal> {
    let by_name = UserRef::Name(row.name().to_owned());
    let known = super::print_users::known(at.writer, at.scope, &by_name)?;
    let before = known.map_or_else(PrintUserDetails::default, |known| known.details);
    let mut word = bulk::put_user(at, &row.over(before)?)?;
    for group in row.groups() {
        let joined = bulk::put_member(at, group, &by_name)?;
        if word != CREATED && joined != UNCHANGED {
            word = UPDATED;
        }
    }
    Ok(word)
}
