//! Chance that begins with a number, so that a run can be had again.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use platen_domain::clock::Clock as _;
use platen_domain::ids::{Ids as _, SeededIds};

use crate::clock::WallClock;

/// How often something is left to chance, and what chance begins with.
#[derive(Args)]
pub(crate) struct Options {
    /// How often the server is killed.
    #[arg(long, default_value_t = 200)]
    pub(crate) times: u32,
    /// What chance begins with; the clock's own number unless given.
    #[arg(long)]
    seed: Option<u64>,
}

impl Options {
    /// What chance begins with.
    pub(crate) fn seed(&self) -> u64 {
        let now = || WallClock.now().as_millis().unsigned_abs();
        self.seed.unwrap_or_else(now)
    }
}

/// Random numbers shared by everybody in a test.
#[derive(Clone)]
pub(crate) struct Chance(Arc<SeededIds>);

impl Chance {
    /// Chance that begins with `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Arc::new(SeededIds::new(seed)))
    }

    /// A number below `bound`.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        let mut random = [0; 8];
        self.0.fill(&mut random);
        u64::from_le_bytes(random) % bound.max(1)
    }

    /// A stretch of time below `millis` milliseconds.
    pub(crate) fn moment(&self, millis: u64) -> Duration {
        Duration::from_millis(self.below(millis))
    }
}
