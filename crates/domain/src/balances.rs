//! Balances: the points one user has in one account, and what a new period makes of them.

use crate::account_limits::{Limit, PeriodSpan};
use crate::accounts::AccountLabel;
use crate::clock::Timestamp;
use crate::ledger::EntryKind;
use crate::points::Points;
use crate::print_users::UserLabel;

/// What a user has in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Balance {
    /// The sum of the ledger's entries.
    pub points: Points,
    /// The points per user that were allocated last; `None` while the account had no limit.
    pub allocated: Option<Points>,
    /// When the period began for which they were allocated.
    pub period_from: Timestamp,
}

/// A balance as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceView {
    /// In which account.
    pub account: AccountLabel,
    /// Of which user.
    pub user: UserLabel,
    /// The balance in the period shown.
    pub balance: Balance,
    /// Points that are held.
    pub held: Points,
    /// Points that can be charged or held; `None` is any number.
    pub available: Option<Points>,
    /// The period in which it stands.
    pub period: PeriodSpan,
}

/// An entry that brings a balance up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// Why.
    pub kind: EntryKind,
    /// How many points.
    pub points: Points,
}

impl Balance {
    /// The balance at `now`, in the period that began at `period_from`, under `limit`, and the
    /// movements that make it so; `None` where it is so already.
    ///
    /// However many periods went by unseen, one reset leads into the current one; a period that
    /// is still to come is one by a clock that was ahead, and is forgotten without a reset. A
    /// limit that was changed moves the balance by the difference, at once. `balance` is `None`
    /// for a user who never had one.
    pub fn settled(
        balance: Option<Self>,
        limit: &Limit,
        period_from: Timestamp,
        now: Timestamp,
    ) -> Option<(Self, Vec<Movement>)> {
        let fresh = Self {
            period_from,
            ..Self::default()
        };
        let before = balance.unwrap_or(fresh);
        let mut after = before;
        let mut movements = Vec::new();
        if after.period_from > now {
            after.period_from = period_from;
        }
        if after.period_from < period_from {
            after.period_from = period_from;
            if let Some(points) = limit.points_per_user {
                let target = limit.carry_over.of(before.points).plus(points);
                after.add(
                    EntryKind::Reset,
                    target.minus(before.points),
                    &mut movements,
                );
                after.allocated = Some(points);
            }
        }
        if let Some(points) = limit.points_per_user
            && after.allocated != Some(points)
        {
            let difference = points.minus(after.allocated.unwrap_or_default());
            after.add(EntryKind::Allocation, difference, &mut movements);
            after.allocated = Some(points);
        }
        (balance != Some(after)).then_some((after, movements))
    }

    /// The balance after somebody begins its period anew.
    pub fn reset(self, limit: &Limit) -> (Self, Movement) {
        let target = limit.points_per_user.unwrap_or_default();
        let movement = Movement {
            kind: EntryKind::Reset,
            points: target.minus(self.points),
        };
        let after = Self {
            points: target,
            allocated: limit.points_per_user,
            ..self
        };
        (after, movement)
    }

    /// Moves points; a movement of none leaves no entry.
    fn add(&mut self, kind: EntryKind, points: Points, movements: &mut Vec<Movement>) {
        if points != Points::ZERO {
            self.points = self.points.plus(points);
            movements.push(Movement { kind, points });
        }
    }

    /// How many points can be charged or held while `held` are held; `None` is any number. It is
    /// below zero where more was charged than there was.
    pub fn available(&self, limit: &Limit, held: Points) -> Option<Points> {
        limit.points_per_user?;
        Some(self.points.minus(held).plus(limit.overdraft))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account_limits::CarryOver;

    const MAY: Timestamp = Timestamp::from_millis(1_000);
    const JUNE: Timestamp = Timestamp::from_millis(2_000);

    fn limit(points: i64, carry_over: CarryOver) -> Limit {
        Limit {
            points_per_user: Some(Points::whole(points)),
            carry_over,
            ..Limit::default()
        }
    }

    fn balance(points: i64) -> Balance {
        Balance {
            points: Points::whole(points),
            allocated: Some(Points::whole(100)),
            period_from: MAY,
        }
    }

    fn points_after(before: Option<Balance>, limit: &Limit, from: Timestamp) -> Points {
        let settled = Balance::settled(before, limit, from, from);
        settled.map_or_else(
            || before.unwrap_or_default().points,
            |(after, _)| after.points,
        )
    }

    #[test]
    fn a_new_user_gets_the_allocation_once() {
        let limit = limit(100, CarryOver::default());
        let (after, movements) = Balance::settled(None, &limit, MAY, MAY).unwrap();
        assert_eq!(movements.len(), 1);
        assert_eq!(after, balance(100));
        assert_eq!(Balance::settled(Some(after), &limit, MAY, JUNE), None);
    }

    #[test]
    fn a_period_begins_with_what_may_be_carried_over() {
        let whole = Points::whole;
        for (before, carry_over, expected) in [
            (30, CarryOver::default(), 100),
            (30, CarryOver::UpTo(whole(20)), 120),
            (10, CarryOver::UpTo(whole(20)), 110),
            (30, CarryOver::All, 130),
            (-30, CarryOver::default(), 70),
            (-30, CarryOver::All, 70),
        ] {
            let limit = limit(100, carry_over);
            let after = points_after(Some(balance(before)), &limit, JUNE);
            assert_eq!(after, whole(expected), "{before} {carry_over:?}");
        }
    }

    #[test]
    fn a_clock_that_was_ahead_costs_no_allocation() {
        let limit = limit(100, CarryOver::default());
        let ahead = Balance {
            period_from: JUNE,
            ..balance(30)
        };
        let (now, april) = (Timestamp::from_millis(1_500), Timestamp::from_millis(500));
        let (corrected, movements) = Balance::settled(Some(ahead), &limit, MAY, now).unwrap();
        assert_eq!((corrected, movements.len()), (balance(30), 0));
        // A longer period that began before the balance's own is no clock's fault.
        assert_eq!(
            Balance::settled(Some(balance(30)), &limit, april, now),
            None
        );
    }

    #[test]
    fn a_changed_limit_moves_the_balance_by_the_difference() {
        let more = limit(150, CarryOver::default());
        assert_eq!(
            points_after(Some(balance(30)), &more, MAY),
            Points::whole(80)
        );
        let less = limit(50, CarryOver::default());
        assert_eq!(
            points_after(Some(balance(30)), &less, MAY),
            Points::whole(-20)
        );
        let none = Limit::default();
        assert_eq!(
            points_after(Some(balance(30)), &none, MAY),
            Points::whole(30)
        );
    }

    #[test]
    fn what_is_held_and_what_may_be_overdrawn_count() {
        let mut limit = limit(100, CarryOver::default());
        limit.overdraft = Points::whole(5);
        let balance = balance(30);
        let available = balance.available(&limit, Points::whole(10));
        assert_eq!(available, Some(Points::whole(25)));
        assert_eq!(balance.available(&Limit::default(), Points::ZERO), None);
    }
}
