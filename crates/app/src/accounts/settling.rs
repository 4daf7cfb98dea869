//! New periods: every balance is brought into the one that has begun, and what the last one came
//! to is kept.
//!
//! Nothing depends on when this runs: whoever uses a balance before settles it on the way, and
//! whoever looks at it is shown what it will be. However long the server was down, one reset
//! leads into the current period.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use platen_domain::account_limits::{AccountCalendar as _, Limit, Period, PeriodSpan};
use platen_domain::accounts::{Account, AccountRef};
use platen_domain::clock::Timestamp;
use platen_domain::ids::AccountId;
use platen_domain::ledger::ClosedPeriod;
use platen_domain::scope::Scope;

use super::Accounts;
use super::AccountsRefusal;
use super::standings::settle;
use super::work::Look;
use crate::access::authorization::system_scope;

/// How often. Balances are right at any moment; this makes the ledger say so.
const INTERVAL: Duration = Duration::from_mins(1);

/// Balances settled in one transaction, so that other writes come in between.
const BALANCES_PER_WRITE: u32 = 500;

/// Accounts looked for at a time.
const ACCOUNTS_PER_LOOK: u32 = 1_000;

impl Accounts<'_> {
    /// Brings balances into their periods now and every minute, until `stop` resolves.
    pub async fn keep_settling(self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        loop {
            if let Err(error) = self.settle().await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "balances could not be brought into their period");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }

    /// Brings every balance into its period and closes periods that are over; says how many
    /// balances were settled.
    pub async fn settle(self) -> Result<u64, AccountsRefusal> {
        let mut settled: u64 = 0;
        for organization in self.app.access().organizations().await? {
            let scope = system_scope(organization.id, "accounts");
            for account in self.due(&scope).await? {
                match self.settle_account(&scope, account).await {
                    Ok(balances) => settled = settled.saturating_add(balances),
                    // One account must not keep the others from their periods.
                    Err(error) => {
                        let error = &error as &dyn std::error::Error;
                        tracing::warn!(%account, error, "an account could not be settled");
                    }
                }
            }
        }
        Ok(settled)
    }

    async fn due(self, scope: &Scope) -> Result<BTreeSet<AccountId>, AccountsRefusal> {
        let looked = self.view(scope, |at| {
            let mut due: BTreeSet<_> = at.reader.term_accounts(at.scope)?.into_iter().collect();
            for period in at.reader.account_period_kinds(at.scope)? {
                let from = at.calendar.span(&period, at.now).from;
                let accounts =
                    at.reader
                        .accounts_due(at.scope, &period, from, ACCOUNTS_PER_LOOK)?;
                due.extend(accounts);
            }
            Ok(due)
        });
        looked.await
    }

    /// Settles an account's balances, and closes its last period once none is left behind.
    async fn settle_account(
        self,
        scope: &Scope,
        account: AccountId,
    ) -> Result<u64, AccountsRefusal> {
        let mut settled: u64 = 0;
        loop {
            let now = self.app.now();
            let found = self.view(scope, move |at| has_unsettled(at, account, now));
            if !found.await? {
                break;
            }
            let rows = BALANCES_PER_WRITE as usize;
            let done = self.manage_many(scope, rows, move |at| {
                let reference = AccountRef::Id(account);
                let Some((_, limit)) = at.writer.account(at.scope, &reference)? else {
                    return Ok(0);
                };
                let from = at.calendar.span(&limit.period, at.now).from;
                let unsettled =
                    at.writer
                        .unsettled(at.scope, &reference, from, BALANCES_PER_WRITE, at.now)?;
                let count = u64::try_from(unsettled.len()).unwrap_or(u64::MAX);
                for mut standing in unsettled {
                    settle(at, &mut standing)?;
                }
                Ok(count)
            });
            settled = settled.saturating_add(done.await?);
        }
        self.close_last_period(scope, account).await?;
        Ok(settled)
    }

    /// Sums the account's last period up, on a reader, and keeps the sums.
    async fn close_last_period(self, scope: &Scope, id: AccountId) -> Result<(), AccountsRefusal> {
        let summed = self.view(scope, move |at| {
            let known = at.reader.account(at.scope, &AccountRef::Id(id))?;
            let Some((account, limit)) = known else {
                return Ok(None);
            };
            sum_last_period(at, &account, &limit)
        });
        let Some(period) = summed.await? else {
            return Ok(());
        };
        let done = self.manage(scope, move |at| {
            Ok(at.writer.close_period(at.scope, id, &period)?)
        });
        done.await
    }
}

/// Whether a balance of the account has yet to be settled.
fn has_unsettled(
    at: &Look<'_>,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, AccountsRefusal> {
    let reference = AccountRef::Id(account);
    let Some((_, limit)) = at.reader.account(at.scope, &reference)? else {
        return Ok(false);
    };
    let from = at.calendar.span(&limit.period, now).from;
    let unsettled = at.reader.unsettled(at.scope, &reference, from, 1, now)?;
    Ok(!unsettled.is_empty())
}

/// What the account came to from the end of its last closed period to the beginning of the
/// current one; `None` where that is closed already or there is no period.
fn sum_last_period(
    at: &Look<'_>,
    account: &Account,
    limit: &Limit,
) -> Result<Option<ClosedPeriod>, AccountsRefusal> {
    let span = at.calendar.span(&limit.period, at.now);
    if limit.period == Period::None || span == PeriodSpan::ALWAYS {
        return Ok(None);
    }
    let closed = at.reader.account_periods(at.scope, account.id, u32::MAX)?;
    let last = closed.first();
    let from = last.map_or(account.created_at, |last| last.until);
    if span.from <= from {
        return Ok(None);
    }
    let sums = at
        .reader
        .sum_period(at.scope, account.id, from..span.from, &closed, at.now)?;
    Ok(Some(sums))
}
