//! Many accounts, limits and access entries at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use platen_domain::account_access::Verbs;
use platen_domain::account_limits::Limit;
use platen_domain::accounts::{Account, AccountDetails, AccountRef};
use platen_domain::ids::AccountId;
use platen_domain::print_users::{GroupDetails, GroupRef, PrintUserDetails, UserRef};
use platen_domain::scope::Scope;
use platen_store::Change;

use super::Accounts;
use super::access::{self, SubjectRef};
use super::checks::invalid;
use super::work::Work;
use super::{AccountsRefusal, details, groups, limits, print_users};
use crate::operation::audit::action;
use crate::operation::idempotency::{Answered, Once};

/// Lines of one request at most.
pub const BULK_LINES_MAX: usize = 10_000;

/// Lines done by one write where each stands for itself. A line is some ten statements: others
/// wait for some tens of milliseconds at most.
const LINES_PER_WRITE: usize = 250;

/// What one line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkLine {
    /// The account with this code: created, or given these details. `parent` is a code, which an
    /// earlier line may have made.
    Account {
        /// The details; their `parent` does not count.
        details: AccountDetails,
        /// The account it stands below.
        parent: Option<AccountRef>,
    },
    /// The account's limit.
    Limit {
        /// Whose.
        account: AccountRef,
        /// The limit.
        limit: Limit,
    },
    /// One entry of the account's access list; no verbs take it away.
    Access {
        /// Whose.
        account: AccountRef,
        /// Who is meant.
        subject: SubjectRef,
        /// What they may do.
        verbs: Verbs,
    },
    /// The user with this name: made known, or given these details.
    User(PrintUserDetails),
    /// A member of a group, which is created where there is none.
    Member {
        /// The group's name.
        group: String,
        /// The user.
        user: UserRef,
    },
    /// A line that says nothing of this kind, and why.
    Unreadable(String),
}

/// How lines that fail are treated, and whether anything is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BulkMode {
    /// Says what would happen and does nothing.
    pub dry_run: bool,
    /// Does nothing unless every line can be done.
    pub all_or_nothing: bool,
}

/// What became of one line.
#[derive(Debug)]
pub struct BulkAnswer {
    /// The account it is about, where there is one by now.
    pub account: Option<AccountId>,
    /// `created`, `updated`, `unchanged`, or why it failed.
    pub outcome: Result<&'static str, AccountsRefusal>,
}

/// What became of a request.
#[derive(Debug)]
pub struct BulkResult {
    /// Each line's answer, in their order.
    pub answers: Vec<BulkAnswer>,
    /// Whether the lines that succeeded are kept.
    pub applied: bool,
}

impl Accounts<'_> {
    /// Does what the lines ask for, in their order. Where a line that fails, or a dry run, is to
    /// undo the others, they are one transaction. Else they are done in parts of
    /// 250 lines, between which others write: should the server stop in between, the
    /// parts before are done, and the same request does the rest.
    pub async fn bulk(
        self,
        scope: &Scope,
        lines: Vec<BulkLine>,
        mode: BulkMode,
        once: Once<BulkResult>,
    ) -> Result<Answered, AccountsRefusal> {
        if lines.len() > BULK_LINES_MAX {
            let reason = format!("expected {BULK_LINES_MAX} at most in one request");
            return Err(invalid("lines", reason));
        }
        if mode.is_whole() {
            return self.bulk_as_whole(scope, lines, mode, once).await;
        }
        let asked = once.clone();
        let before = self.manage(scope, move |at| at.answered_before(&asked));
        if let Some(answered) = before.await? {
            return Ok(answered);
        }
        let result = self.do_in_parts(scope, lines, done, |_line| {}).await?;
        let result = Arc::new(result);
        let told = move |_: &Work<'_>| Ok(Arc::clone(&result));
        self.manage_once(scope, once, told).await
    }

    async fn bulk_as_whole(
        self,
        scope: &Scope,
        lines: Vec<BulkLine>,
        mode: BulkMode,
        once: Once<BulkResult>,
    ) -> Result<Answered, AccountsRefusal> {
        let asked = once.clone();
        let tried = self.try_many(scope, lines.len(), move |at| {
            if let Some(answered) = at.answered_before(&asked)? {
                return Ok(Change::Keep(answered));
            }
            let result = mode.result(all(at, &lines, done)?);
            if result.applied {
                at.answer(&asked, &result).map(Change::Keep)
            } else {
                Ok(Change::Undo(result))
            }
        });
        match tried.await? {
            Change::Keep(answered) => Ok(answered),
            Change::Undo(result) => {
                let result = Arc::new(self.without_what_is_undone(scope, result).await?);
                let told = move |_: &Work<'_>| Ok(Arc::clone(&result));
                self.manage_once(scope, once, told).await
            }
        }
    }

    /// Does what lines ask for as one transaction, which is undone where `mode` says so.
    /// `advanced` hears how many were looked at, from the thread that writes.
    pub(super) async fn do_as_whole<L: Send + 'static>(
        self,
        scope: &Scope,
        lines: Vec<L>,
        mode: BulkMode,
        done: Done<L>,
        advanced: impl Fn(usize) + Send + 'static,
    ) -> Result<BulkResult, AccountsRefusal> {
        let tried = self.try_many(scope, lines.len(), move |at| {
            let numbered = lines.iter().enumerate();
            let lines = numbered.inspect(|(number, _)| advanced(*number));
            let result = mode.result(all(at, lines.map(|(_, line)| line), done)?);
            Ok(if result.applied {
                Change::Keep(result)
            } else {
                Change::Undo(result)
            })
        });
        match tried.await? {
            Change::Keep(result) => Ok(result),
            Change::Undo(result) => self.without_what_is_undone(scope, result).await,
        }
    }

    /// Accounts that the lines made are gone again: no answer names them.
    async fn without_what_is_undone(
        self,
        scope: &Scope,
        mut result: BulkResult,
    ) -> Result<BulkResult, AccountsRefusal> {
        let scope = scope.clone();
        let told = self.app.store.read(move |reader| {
            for answer in &mut result.answers {
                if let Some(id) = answer.account
                    && reader.account(&scope, &id.into())?.is_none()
                {
                    answer.account = None;
                }
            }
            Ok(result)
        });
        Ok(told.await?)
    }

    /// Does what lines ask for in parts, each in a transaction of its own. `advanced` hears how
    /// many are done.
    pub(super) async fn do_in_parts<L: Send + 'static>(
        self,
        scope: &Scope,
        lines: Vec<L>,
        done: Done<L>,
        advanced: impl Fn(usize) + Send,
    ) -> Result<BulkResult, AccountsRefusal> {
        let mut answers = Vec::with_capacity(lines.len());
        let mut lines = lines.into_iter();
        loop {
            let part: Vec<_> = lines.by_ref().take(LINES_PER_WRITE).collect();
            if part.is_empty() {
                break;
            }
            let written = self.manage_many(scope, part.len(), move |at| all(at, &part, done));
            answers.append(&mut written.await?);
            advanced(answers.len());
        }
        Ok(BulkMode::default().result(answers))
    }
}

/// Does what a line asks for; it may say which account the line is about.
pub(super) type Done<L> =
    fn(&Work<'_>, &L, &mut Option<AccountId>) -> Result<&'static str, AccountsRefusal>;

impl BulkMode {
    /// Whether what one line does may be undone for another, or for all of them.
    pub(super) const fn is_whole(self) -> bool {
        self.dry_run || self.all_or_nothing
    }

    fn result(self, answers: Vec<BulkAnswer>) -> BulkResult {
        let failed = answers.iter().any(|answer| answer.outcome.is_err());
        let applied = !(self.dry_run || self.all_or_nothing && failed);
        BulkResult { answers, applied }
    }
}

/// Does what lines ask for. What fails is answered, and its line undone.
fn all<'l, L: 'l>(
    at: &Work<'_>,
    lines: impl IntoIterator<Item = &'l L>,
    done: Done<L>,
) -> Result<Vec<BulkAnswer>, AccountsRefusal> {
    let answers = lines.into_iter().map(|line| {
        let mut account = None;
        let outcome = outcome(at, |at| done(at, line, &mut account))?;
        Ok(BulkAnswer { account, outcome })
    });
    answers.collect()
}

/// What became of one line, done or undone as a whole. Only what is no fault of the line ends them
/// all.
fn outcome(
    at: &Work<'_>,
    done: impl FnOnce(&Work<'_>) -> Result<&'static str, AccountsRefusal>,
) -> Result<Result<&'static str, AccountsRefusal>, AccountsRefusal> {
    match at.writer.attempt(|_| done(at)) {
        Err(AccountsRefusal::Unavailable(error)) => Err(error.into()),
        outcome => Ok(outcome),
    }
}

pub(super) fn done(
    at: &Work<'_>,
    line: &BulkLine,
    about: &mut Option<AccountId>,
) -> Result<&'static str, AccountsRefusal> {
    let mut found = |account: &AccountRef| {
        let found = details::found(at.writer, at.scope, account)?;
        *about = Some(found.0.id);
        Ok::<_, AccountsRefusal>(found)
    };
    match line {
        BulkLine::Account { details, parent } => {
            let (account, word) = put_account(at, details, parent.as_ref())?;
            *about = Some(account.id);
            Ok(word)
        }
        BulkLine::Limit { account, limit } => {
            let (account, before) = found(account)?;
            Ok(changed(
                limits::set(at, &account, &before, limit)?.is_some(),
            ))
        }
        BulkLine::Access {
            account,
            subject,
            verbs,
        } => {
            let (account, _limit) = found(account)?;
            Ok(changed(
                access::set(at, &account, subject, *verbs)?.is_some(),
            ))
        }
        BulkLine::User(details) => put_user(at, details),
        BulkLine::Member { group, user } => put_member(at, group, user),
        BulkLine::Unreadable(reason) => Err(invalid("line", reason.as_str())),
    }
}

pub(super) fn put_account(
    at: &Work<'_>,
    details: &AccountDetails,
    parent: Option<&AccountRef>,
) -> Result<(Account, &'static str), AccountsRefusal> {
    let parent = parent.map(|parent| {
        let known = at.writer.account(at.scope, parent)?;
        let known = known.ok_or_else(|| invalid("parent", "there is no such account"))?;
        Ok::<_, AccountsRefusal>(known.0.id)
    });
    let details = AccountDetails {
        parent: parent.transpose()?,
        ..details.clone()
    };
    let by_code = AccountRef::Code(details.code.clone());
    match at.writer.account(at.scope, &by_code)? {
        None => Ok((details::create(at, details)?, CREATED)),
        Some((known, _limit)) => {
            let (account, is_changed) = details::update(at, known, details)?;
            Ok((account, changed(is_changed)))
        }
    }
}

pub(super) fn put_user(
    at: &Work<'_>,
    details: &PrintUserDetails,
) -> Result<&'static str, AccountsRefusal> {
    let by_name = UserRef::Name(details.name.clone());
    match print_users::known(at.writer, at.scope, &by_name)? {
        None => {
            let user = print_users::create(at, details.clone())?;
            print_users::log(at, action::PRINT_USER_CREATED, user.id)?;
            Ok(CREATED)
        }
        Some(known) => {
            let (_user, is_changed) = print_users::update(at, known, details.clone())?;
            Ok(changed(is_changed))
        }
    }
}

pub(super) fn put_member(
    at: &Work<'_>,
    group: &str,
    user: &UserRef,
) -> Result<&'static str, AccountsRefusal> {
    let by_name = GroupRef::Name(group.to_owned());
    let (group, word) = if let Some(known) = at.writer.group(at.scope, &by_name)? {
        (known, UPDATED)
    } else {
        let details = GroupDetails {
            name: group.to_owned(),
            external_id: None,
        };
        (groups::create(at, details)?, CREATED)
    };
    let member = print_users::make_known(at, user)?.id;
    let is_added = groups::add(at, &group, &BTreeSet::from([member]))?;
    Ok(if is_added { word } else { UNCHANGED })
}

pub(super) const CREATED: &str = "created";
pub(super) const UPDATED: &str = "updated";
pub(super) const UNCHANGED: &str = "unchanged";

const fn changed(is_changed: bool) -> &'static str {
    if is_changed { UPDATED } else { UNCHANGED }
}
