//! Holds: points reserved for a job that is about to be printed.

use std::time::Duration;

use crate::accounts::AccountLabel;
use crate::clock::Timestamp;
use crate::ids::{ChargeId, HoldId};
use crate::keywords::keywords;
use crate::points::Points;
use crate::print_jobs::SourceKey;
use crate::print_users::UserLabel;

/// The longest that points may be held: a job that is not printed within a day will not be.
pub const HOLD_MAX: Duration = Duration::from_hours(24);

/// Holds that reserve points of one balance at the same time, at most: every charge of it adds
/// them up.
pub const ACTIVE_HOLDS_MAX: u64 = 1_000;

/// How long points are held unless the program says otherwise.
pub const HOLD_DEFAULT: Duration = Duration::from_mins(15);

/// How a hold stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HoldState {
    /// Its points are reserved, until it expires.
    Active,
    /// It became a charge.
    Captured,
    /// Its points are free again.
    Released,
    /// Its time went by: its points are free again.
    Expired,
}

keywords!(HoldState {
    Active = "active",
    Captured = "captured",
    Released = "released",
    Expired = "expired",
});

/// Points reserved in one balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its identifier.
    pub id: HoldId,
    /// In which account.
    pub account: AccountLabel,
    /// For which user.
    pub user: UserLabel,
    /// How many; 0 or more.
    pub points: Points,
    /// The job they are for: when its record comes, it captures the hold.
    pub job: Option<SourceKey>,
    /// How it stands by what somebody did; whether it has expired says [`Hold::state_at`].
    pub state: HoldState,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it holds nothing.
    pub expires_at: Timestamp,
    /// The charge it became.
    pub charge: Option<ChargeId>,
}

impl Hold {
    /// How it stands at `now`.
    pub fn state_at(&self, now: Timestamp) -> HoldState {
        match self.state {
            HoldState::Active if self.expires_at <= now => HoldState::Expired,
            state => state,
        }
    }
}
