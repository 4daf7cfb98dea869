//! Pricing jobs that were taken in before their prices were set.

use crate::clock::Timestamp;
use crate::keywords::keywords;
use crate::prices::Micros;

/// Which jobs a repricing is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RepricedJobs {
    /// Those without a cost; all others keep theirs.
    Unpriced,
    /// Every job: each costs afterwards what it would cost if it were taken in now.
    Every,
}

keywords!(RepricedJobs {
    Unpriced = "unpriced",
    Every = "every",
});

/// Jobs that are priced anew, a piece at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repricing {
    /// Its number within the organization, from 1.
    pub number: u32,
    /// Which jobs.
    pub jobs: RepricedJobs,
    /// The instant that somebody named.
    pub asked_from: Timestamp,
    /// Jobs that ended from this instant on: prices may begin later.
    pub from: Timestamp,
    /// And before this one.
    pub until: Timestamp,
    /// ISO 4217 code of the sums.
    pub currency: String,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When all jobs were priced; `None` while some are not.
    pub ended_at: Option<Timestamp>,
    /// How far it came.
    pub counts: RepricingCounts,
}

/// What a repricing found and did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RepricingCounts {
    /// Jobs that it is about.
    pub jobs: u64,
    /// Jobs that have another cost, or another version of the prices, than before.
    pub changed: u64,
    /// Jobs that have no cost afterwards: a price or a count is missing.
    pub without_cost: u64,
    /// What the jobs cost before, as monthly sums count it.
    pub before: Micros,
    /// What they cost afterwards.
    pub after: Micros,
}

impl RepricingCounts {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |Micros(one): Micros, Micros(other): Micros| Micros(one.saturating_add(other));
        Self {
            jobs: self.jobs.saturating_add(other.jobs),
            changed: self.changed.saturating_add(other.changed),
            without_cost: self.without_cost.saturating_add(other.without_cost),
            before: sum(self.before, other.before),
            after: sum(self.after, other.after),
        }
    }
}
