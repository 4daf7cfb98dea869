//! Limits: how many points each user of an account gets, for how long, and for which jobs.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::days::Day;
use crate::keywords::keywords;
use crate::points::Points;
use crate::print_jobs::JobFunction;

/// Days on which terms begin, at most: twenty years of five terms.
pub const TERMS_MAX: usize = 100;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Weekday {
    /// The first (ISO 8601).
    #[default]
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The seventh.
    Sunday,
}

keywords!(Weekday {
    Monday = "monday",
    Tuesday = "tuesday",
    Wednesday = "wednesday",
    Thursday = "thursday",
    Friday = "friday",
    Saturday = "saturday",
    Sunday = "sunday",
});

/// How often points are allocated anew. Every period begins with a day in the organization's
/// time zone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Period {
    /// Never: once for all.
    #[default]
    None,
    /// Every day.
    Daily,
    /// Every week, on this day.
    Weekly(Weekday),
    /// Every month, on this day, 1 to 31; in a shorter month on its last one.
    Monthly(u8),
    /// On these days, [`TERMS_MAX`] at most.
    Term(BTreeSet<Day>),
}

/// One period, half open between two instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodSpan {
    /// Its first instant; [`PeriodSpan::ALWAYS`]'s lies before every other.
    pub from: Timestamp,
    /// The first instant after it; `None` where none is known.
    pub until: Option<Timestamp>,
}

impl PeriodSpan {
    /// The period of what is never allocated anew, and of a term before the first one.
    pub const ALWAYS: Self = Self {
        from: Timestamp::from_millis(0),
        until: None,
    };
}

/// What limits need of the organization's calendar. Days begin where its time zone says,
/// which nothing in this crate knows.
pub trait AccountCalendar: Send + Sync {
    /// The day of `at`; `None` outside the years that calendars know.
    fn day_of(&self, at: Timestamp) -> Option<Day>;

    /// The period in which `at` lies.
    fn span(&self, period: &Period, at: Timestamp) -> PeriodSpan;
}

/// How many points of a period that ends go on into the next one. Points that are owed always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CarryOver {
    /// So many at most; 0 is none.
    UpTo(Points),
    /// All of them.
    All,
}

impl Default for CarryOver {
    fn default() -> Self {
        Self::UpTo(Points::ZERO)
    }
}

impl CarryOver {
    /// What goes on of a balance.
    pub fn of(self, balance: Points) -> Points {
        match self {
            Self::UpTo(cap) => balance.min(cap),
            Self::All => balance,
        }
    }
}

/// What happens when points do not suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Enforcement {
    /// Quotes, holds and charges are refused. A job that was printed all the same is charged.
    #[default]
    Hard,
    /// Nothing is refused; answers say that the limit is passed.
    Soft,
}

keywords!(Enforcement {
    Hard = "hard",
    Soft = "soft",
});

/// In which colours may be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum ColorLimit {
    /// In any.
    #[default]
    Any,
    /// In black only.
    Monochrome,
}

keywords!(ColorLimit {
    Any = "any",
    Monochrome = "monochrome",
});

/// The limit of an account, the same for each of its users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Points that each user gets, anew in every period; `None` is no limit.
    pub points_per_user: Option<Points>,
    /// How often.
    pub period: Period,
    /// What goes on into the next period.
    pub carry_over: CarryOver,
    /// How far below zero a balance may go before [`Enforcement::Hard`] refuses; 0 or more.
    pub overdraft: Points,
    /// What happens there.
    pub enforcement: Enforcement,
    /// The most points that one job may take.
    pub job_points_max: Option<Points>,
    /// What may be charged; never empty.
    pub functions: BTreeSet<JobFunction>,
    /// In which colours.
    pub color: ColorLimit,
}

impl Default for Limit {
    /// No limit.
    fn default() -> Self {
        Self {
            points_per_user: None,
            period: Period::None,
            carry_over: CarryOver::default(),
            overdraft: Points::ZERO,
            enforcement: Enforcement::Hard,
            job_points_max: None,
            functions: JobFunction::ALL.iter().copied().collect(),
            color: ColorLimit::Any,
        }
    }
}
