//! Limits of accounts, which stand in the accounts' own rows.

use std::collections::BTreeSet;

use platen_domain::account_limits::{CarryOver, ColorLimit, Enforcement, Limit, Period, Weekday};
use platen_domain::days::Day;
use platen_domain::ids::AccountId;
use platen_domain::points::Points;
use platen_domain::print_jobs::JobFunction;
use platen_domain::scope::Scope;

use crate::access::Writer;
use crate::columns;
use crate::error::StoreError;
use crate::organization_no::OrganizationNo;
use crate::session::{Row, params};

/// How `accounts.period` spells a [`Period`].
pub(crate) mod period {
    pub(crate) const NONE: u8 = 0;
    pub(crate) const DAILY: u8 = 1;
    pub(crate) const WEEKLY: u8 = 2;
    pub(crate) const MONTHLY: u8 = 3;
    pub(crate) const TERM: u8 = 4;
}

/// The limit whose ten columns begin at `first`: those of [`LimitColumns`] in their order, and the
/// days of terms, one a line.
pub(crate) fn limit_from_row(row: &Row<'_>, first: usize) -> Result<Limit, StoreError> {
    let carry_over = columns::points_opt(row, first + 3)?;
    let functions: u32 = row.get(first + 7)?;
    Ok(Limit {
        points_per_user: columns::points_opt(row, first)?,
        period: period_from_row(row, first + 1, first + 2, first + 9)?,
        carry_over: carry_over.map_or(CarryOver::All, CarryOver::UpTo),
        overdraft: columns::points(row, first + 4)?,
        enforcement: columns::numbered(row, first + 5, Enforcement::from_number)?,
        job_points_max: columns::points_opt(row, first + 6)?,
        functions: functions_of(functions),
        color: columns::numbered(row, first + 8, ColorLimit::from_number)?,
    })
}

fn period_from_row(
    row: &Row<'_>,
    kind: usize,
    day: usize,
    terms: usize,
) -> Result<Period, StoreError> {
    Ok(match row.get(kind)? {
        period::DAILY => Period::Daily,
        period::WEEKLY => Period::Weekly(columns::numbered(row, day, Weekday::from_number)?),
        period::MONTHLY => Period::Monthly(row.get(day)?),
        period::TERM => Period::Term(columns::day_lines(row, terms)?),
        _ => Period::None,
    })
}

fn functions_of(bits: u32) -> BTreeSet<JobFunction> {
    let all = JobFunction::ALL.iter().copied();
    all.filter(|function| bits & 1 << function.number() != 0)
        .collect()
}

/// A limit as the columns of an account have it.
pub(crate) struct LimitColumns {
    pub(crate) points_per_user: Option<i64>,
    pub(crate) period: u8,
    pub(crate) period_day: u8,
    pub(crate) carry_over: Option<i64>,
    pub(crate) overdraft: i64,
    pub(crate) enforcement: u8,
    pub(crate) job_points_max: Option<i64>,
    pub(crate) functions: u32,
    pub(crate) color: u8,
}

impl LimitColumns {
    pub(crate) fn of(limit: &Limit) -> Self {
        let (period, period_day) = match &limit.period {
            Period::None => (period::NONE, 0),
            Period::Daily => (period::DAILY, 0),
            Period::Weekly(begins) => (period::WEEKLY, begins.number()),
            Period::Monthly(day) => (period::MONTHLY, *day),
            Period::Term(_) => (period::TERM, 0),
        };
        let functions = limit.functions.iter();
        Self {
            points_per_user: limit.points_per_user.map(Points::millionths),
            period,
            period_day,
            carry_over: match limit.carry_over {
                CarryOver::UpTo(cap) => Some(cap.millionths()),
                CarryOver::All => None,
            },
            overdraft: limit.overdraft.millionths(),
            enforcement: limit.enforcement.number(),
            job_points_max: limit.job_points_max.map(Points::millionths),
            functions: functions.fold(0, |bits, function| bits | 1 << function.number()),
            color: limit.color.number(),
        }
    }
}

impl Writer<'_> {
    /// Gives an account another limit. Neither its revision nor any balance moves with it.
    pub fn set_limit(
        &self,
        scope: &Scope,
        account: AccountId,
        limit: &Limit,
    ) -> Result<(), StoreError> {
        let organization_no = self.organization_no(scope)?;
        let limits = LimitColumns::of(limit);
        let sql = "UPDATE accounts
                   SET points_per_user = ?3, period = ?4, period_day = ?5, carry_over = ?6,
                       overdraft = ?7, enforcement = ?8, job_points_max = ?9, functions = ?10,
                       color = ?11
                   WHERE organization_no = ?1 AND account_id = ?2 RETURNING account_no";
        let account_no = self.one(
            sql,
            params![
                organization_no,
                account.as_bytes(),
                limits.points_per_user,
                limits.period,
                limits.period_day,
                limits.carry_over,
                limits.overdraft,
                limits.enforcement,
                limits.job_points_max,
                limits.functions,
                limits.color,
            ],
            |row| row.get(0),
        )?;
        let account_no: i64 = account_no.ok_or(StoreError::NotFound("account"))?;
        let sql = "DELETE FROM account_terms WHERE organization_no = ?1 AND account_no = ?2";
        self.execute(sql, params![organization_no, account_no])?;
        self.insert_terms(organization_no, account_no, &limit.period)
    }

    pub(crate) fn insert_terms(
        &self,
        organization_no: OrganizationNo,
        account_no: i64,
        period: &Period,
    ) -> Result<(), StoreError> {
        let Period::Term(begins) = period else {
            return Ok(());
        };
        let sql = "INSERT INTO account_terms (organization_no, account_no, begins_on)
                   VALUES (?1, ?2, ?3)";
        for day in begins.iter().copied().map(Day::number) {
            self.execute(sql, params![organization_no, account_no, day])?;
        }
        Ok(())
    }
}
