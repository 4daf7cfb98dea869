//! Balances.

use platen_domain::account_limits::PeriodSpan;
use platen_domain::balances::BalanceView;
use schemars::JsonSchema;
use serde::Serialize;

use super::labels::{AccountLabelAnswer, LabelAnswer};
use super::points::PointsNumber;
use super::times::Instant;

/// What a user has in an account now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Balance")]
pub(crate) struct BalanceAnswer {
    /// In which account.
    account: AccountLabelAnswer,
    /// Of which user.
    user: LabelAnswer,
    /// The sum of the ledger's entries.
    balance: PointsNumber,
    /// The points that were allocated last; `null` where the account has no limit.
    allocated: Option<PointsNumber>,
    /// Points that are held.
    held: PointsNumber,
    /// Points that can be charged or held; `null` is any number.
    available: Option<PointsNumber>,
    /// When the period began; `null` where there is one for all time.
    period_from: Option<Instant>,
    /// When the next period begins; `null` where none is known.
    period_until: Option<Instant>,
}

impl From<&BalanceView> for BalanceAnswer {
    fn from(view: &BalanceView) -> Self {
        let from = view.period.from;
        Self {
            account: (&view.account).into(),
            user: (&view.user).into(),
            balance: view.balance.points.into(),
            allocated: view.balance.allocated.map(Into::into),
            held: view.held.into(),
            available: view.available.map(Into::into),
            period_from: (from != PeriodSpan::ALWAYS.from).then_some(Instant(from)),
            period_until: view.period.until.map(Instant),
        }
    }
}
