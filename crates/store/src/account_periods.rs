//! Periods of accounts: which balances have not reached theirs, and what those that are over came
//! to.

use std::ops::Range;

use platen_domain::account_limits::{Period, Weekday};
use platen_domain::clock::Timestamp;
use platen_domain::ids::AccountId;
use platen_domain::ledger::{ClosedPeriod, EntryKind};
use platen_domain::points::Points;
use platen_domain::scope::Scope;

use crate::access::{Reader, Writer};
use crate::account_limits::period;
use crate::columns;
use crate::error::StoreError;
use crate::session::{Row, params};

impl Reader<'_> {
    /// The periods that accounts with a limit have, each once; terms are each account's own, see
    /// [`Self::term_accounts`].
    pub fn account_period_kinds(&self, scope: &Scope) -> Result<Vec<Period>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT DISTINCT period, period_day FROM accounts
                   WHERE organization_no = ?1 AND points_per_user IS NOT NULL
                     AND period BETWEEN ?2 AND ?3";
        let kinds = params![organization_no, period::DAILY, period::MONTHLY];
        self.all(sql, kinds, |row| {
            Ok(match row.get(0)? {
                period::WEEKLY => Period::Weekly(columns::numbered(row, 1, Weekday::from_number)?),
                period::MONTHLY => Period::Monthly(row.get(1)?),
                _ => Period::Daily,
            })
        })
    }

    /// Accounts with a limit whose periods are terms.
    pub fn term_accounts(&self, scope: &Scope) -> Result<Vec<AccountId>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let sql = "SELECT account_id FROM accounts
                   WHERE organization_no = ?1 AND points_per_user IS NOT NULL AND period = ?2";
        self.all(sql, params![organization_no, period::TERM], |row| {
            row.get(0).map(AccountId::from_bytes)
        })
    }

    /// Accounts with this period that have a balance which has not reached the one that began at
    /// `from`, or whose periods before it are not all closed; `most` at most. Of terms and of what
    /// has no period there are none.
    pub fn accounts_due(
        &self,
        scope: &Scope,
        of: &Period,
        from: Timestamp,
        most: u32,
    ) -> Result<Vec<AccountId>, StoreError> {
        let organization_no = self.organization_no(scope)?;
        let (kind, day) = match of {
            Period::Daily => (period::DAILY, 0),
            Period::Weekly(begins) => (period::WEEKLY, begins.number()),
            Period::Monthly(day) => (period::MONTHLY, *day),
            Period::None | Period::Term(_) => return Ok(Vec::new()),
        };
        let sql = "SELECT account_id FROM accounts a
                   WHERE a.organization_no = ?1 AND a.points_per_user IS NOT NULL
                     AND a.period = ?2 AND a.period_day = ?3 AND a.created_at < ?4
                     AND (EXISTS (SELECT 1 FROM balances b
                             WHERE b.organization_no = ?1 AND b.account_no = a.account_no
                               AND b.period_from < ?4)
                         OR EXISTS (SELECT 1 FROM balances b
                             WHERE b.organization_no = ?1 AND b.account_no = a.account_no)
                            AND NOT EXISTS (SELECT 1 FROM account_periods p
                                WHERE p.organization_no = ?1 AND p.account_no = a.account_no
                                  AND p.until_at >= ?4))
                   LIMIT ?5";
        let due = params![organization_no, kind, day, from.as_millis(), most];
        self.all(sql, due, |row| row.get(0).map(AccountId::from_bytes))
    }

    /// What a period of an account came to that ended at `until`: all entries made before, less
    /// what its `closed` periods, the newest first, came to. So an entry that was stamped before
    /// the end of a period which was closed already counts in the next one.
    pub fn sum_period(
        &self,
        scope: &Scope,
        account: AccountId,
        period: Range<Timestamp>,
        closed: &[ClosedPeriod],
        closed_at: Timestamp,
    ) -> Result<ClosedPeriod, StoreError> {
        let opening = closed.first().map_or(Points::ZERO, |last| last.closing);
        let mut sums = ClosedPeriod {
            from: period.start,
            until: period.end,
            closed_at,
            opening,
            allocated: Points::ZERO,
            reset: Points::ZERO,
            charged: Points::ZERO,
            refunded: Points::ZERO,
            adjusted: Points::ZERO,
            transferred: Points::ZERO,
            closing: opening,
            entries: 0,
        };
        // Whole points and millionths apart: no sum of either leaves its range.
        let sql = "SELECT l.kind, sum(l.points / 1000000), sum(l.points % 1000000), count(*)
                   FROM ledger_entries l
                   JOIN accounts a
                       ON a.organization_no = l.organization_no AND a.account_no = l.account_no
                   WHERE a.organization_no = ?1 AND a.account_id = ?2 AND l.at < ?3
                   GROUP BY l.kind";
        let chosen = params![
            self.organization_no(scope)?,
            account.as_bytes(),
            period.end.as_millis()
        ];
        self.each(sql, chosen, |row| {
            let kind = columns::numbered(row, 0, EntryKind::from_number)?;
            let whole = Points::whole(row.get(1)?);
            let all = whole.plus(Points::from_millionths(row.get(2)?));
            let closed_before = closed
                .iter()
                .map(|period| *sum_of(&mut period.clone(), kind));
            let points = closed_before.fold(all, Points::minus);
            *sum_of(&mut sums, kind) = points;
            sums.closing = sums.closing.plus(points);
            sums.entries += columns::count(row, 3)?;
            Ok(())
        })?;
        let counted: u64 = closed.iter().map(|period| period.entries).sum();
        sums.entries = sums.entries.saturating_sub(counted);
        Ok(sums)
    }

    /// An account's closed periods, the newest first.
    pub fn account_periods(
        &self,
        scope: &Scope,
        account: AccountId,
        most: u32,
    ) -> Result<Vec<ClosedPeriod>, StoreError> {
        let sql = "SELECT p.from_at, p.until_at, p.closed_at, p.opening, p.allocated, p.reset,
                          p.charged, p.refunded, p.adjusted, p.transferred, p.closing, p.entries
                   FROM account_periods p
                   JOIN accounts a
                       ON a.organization_no = p.organization_no AND a.account_no = p.account_no
                   WHERE a.organization_no = ?1 AND a.account_id = ?2
                   ORDER BY p.from_at DESC LIMIT ?3";
        let chosen = params![self.organization_no(scope)?, account.as_bytes(), most];
        self.all(sql, chosen, period_from_row)
    }
}

impl Writer<'_> {
    /// Keeps what a period came to; one that is kept already stays.
    pub fn close_period(
        &self,
        scope: &Scope,
        account: AccountId,
        period: &ClosedPeriod,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO account_periods (organization_no, account_no, from_at, until_at,
                       closed_at, opening, allocated, reset, charged, refunded, adjusted,
                       transferred, closing, entries)
                   SELECT a.organization_no, a.account_no, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
                   FROM accounts a
                   WHERE a.organization_no = ?1 AND a.account_id = ?2
                   ON CONFLICT (organization_no, account_no, from_at) DO NOTHING";
        self.execute(
            sql,
            params![
                self.organization_no(scope)?,
                account.as_bytes(),
                period.from.as_millis(),
                period.until.as_millis(),
                period.closed_at.as_millis(),
                period.opening.millionths(),
                period.allocated.millionths(),
                period.reset.millionths(),
                period.charged.millionths(),
                period.refunded.millionths(),
                period.adjusted.millionths(),
                period.transferred.millionths(),
                period.closing.millionths(),
                columns::count_form(period.entries),
            ],
        )?;
        Ok(())
    }
}

const fn sum_of(sums: &mut ClosedPeriod, kind: EntryKind) -> &mut Points {
    match kind {
        EntryKind::Allocation => &mut sums.allocated,
        EntryKind::Reset => &mut sums.reset,
        EntryKind::Charge => &mut sums.charged,
        EntryKind::Refund => &mut sums.refunded,
        EntryKind::Adjustment => &mut sums.adjusted,
        EntryKind::Transfer => &mut sums.transferred,
    }
}

fn period_from_row(row: &Row<'_>) -> Result<ClosedPeriod, StoreError> {
    let points = |column| row.get(column).map(Points::from_millionths);
    Ok(ClosedPeriod {
        from: columns::time(row, 0)?,
        until: columns::time(row, 1)?,
        closed_at: columns::time(row, 2)?,
        opening: points(3)?,
        allocated: points(4)?,
        reset: points(5)?,
        charged: points(6)?,
        refunded: points(7)?,
        adjusted: points(8)?,
        transferred: points(9)?,
        closing: points(10)?,
        entries: columns::count(row, 11)?,
    })
}
