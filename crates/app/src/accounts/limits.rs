//! Limits of accounts.

use platen_domain::account_limits::{CarryOver, Limit, Period, TERMS_MAX};
use platen_domain::accounts::{Account, AccountRef};
use platen_domain::ids::AccountId;
use platen_domain::scope::Scope;

use super::Accounts;
use super::checks::{self, invalid};
use super::work::Work;
use super::{AccountsRefusal, details};
use crate::operation::audit::action;

impl Accounts<'_> {
    /// An account's limit, with the account's revision.
    pub async fn limit(
        self,
        scope: &Scope,
        id: AccountId,
    ) -> Result<(Limit, u64), AccountsRefusal> {
        let read = self.view(scope, move |at| {
            details::found(at.reader, at.scope, &AccountRef::Id(id))
        });
        let (account, limit) = read.await?;
        Ok((limit, account.revision))
    }

    /// Gives an account another limit, where its revision is still `expected`; answers with the
    /// new revision. Every user's balance moves with it, see
    /// [`platen_domain::balances::Balance::settled`].
    pub async fn set_limit(
        self,
        scope: &Scope,
        id: AccountId,
        limit: Limit,
        expected: Option<u64>,
    ) -> Result<(Limit, u64), AccountsRefusal> {
        let set = self.manage(scope, move |at| {
            let (account, before) = details::found(at.writer, at.scope, &id.into())?;
            checks::revision(expected, account.revision)?;
            let revision = self::set(at, &account, &before, &limit)?;
            Ok((limit.clone(), revision.unwrap_or(account.revision)))
        });
        set.await
    }
}

/// Gives an account another limit, and answers with its new revision; `None` where that changes
/// nothing. Balances follow when they are settled next.
pub(super) fn set(
    at: &Work<'_>,
    account: &Account,
    before: &Limit,
    limit: &Limit,
) -> Result<Option<u64>, AccountsRefusal> {
    check(limit)?;
    if limit == before {
        return Ok(None);
    }
    at.writer.set_limit(at.scope, account.id, limit)?;
    let revision = at.writer.touch_account(at.scope, account.id, at.now)?;
    let code = &account.details.code;
    at.log(action::LIMIT_SET, code, &summary(limit))?;
    Ok(Some(revision))
}

fn check(limit: &Limit) -> Result<(), AccountsRefusal> {
    if let Some(points) = limit.points_per_user {
        checks::points("points_per_user", points)?;
    }
    if let Some(points) = limit.job_points_max {
        checks::points("job_points_max", points)?;
    }
    if let CarryOver::UpTo(points) = limit.carry_over {
        checks::points("carry_over", points)?;
    }
    checks::points("overdraft", limit.overdraft)?;
    if limit.functions.is_empty() {
        return Err(invalid("functions", "expected one at least"));
    }
    match &limit.period {
        Period::Monthly(day) if !(1..=31).contains(day) => {
            Err(invalid("month_day", "expected 1 to 31"))
        }
        Period::Term(begins) if !(1..=TERMS_MAX).contains(&begins.len()) => {
            Err(invalid("terms", format!("expected 1 to {TERMS_MAX} days")))
        }
        _ => Ok(()),
    }
}

/// One line for people: `200 points a user, monthly`.
fn summary(limit: &Limit) -> String {
    let period = match limit.period {
        Period::None => "once for all",
        Period::Daily => "daily",
        Period::Weekly(_) => "weekly",
        Period::Monthly(_) => "monthly",
        Period::Term(_) => "by terms",
    };
    match limit.points_per_user {
        Some(points) => format!("{points} points a user, {period}"),
        None => "no limit".to_owned(),
    }
}
