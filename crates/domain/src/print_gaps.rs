//! Holes in what a source handed over: jobs that were there and can no longer be read.
//!
//! A report that says nothing of them would be wrong without anybody knowing.

use crate::clock::Timestamp;
use crate::keywords::keywords;

/// How a hole was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GapReason {
    /// The source numbers its jobs, and some numbers never appeared: its history was too short
    /// for the time in which nobody read it, or somebody purged jobs.
    NumbersMissing,
    /// The source began to number anew: its history was cleared.
    NumbersRestarted,
    /// The source does not hand out what lies behind its first page.
    Unpageable,
    /// A log was cut short: lines written just before may be gone.
    LogCut,
    /// A log was rotated away before its end was read.
    LogRotated,
}

keywords!(GapReason {
    NumbersMissing = "numbers-missing",
    NumbersRestarted = "numbers-restarted",
    Unpageable = "unpageable",
    LogCut = "log-cut",
    LogRotated = "log-rotated",
});

/// A hole in one source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gap {
    /// Whose: [`crate::print_jobs::SourceKey::source`].
    pub source: String,
    /// The last moment of which everything is known.
    pub from: Timestamp,
    /// When it was noticed: whatever is missing happened before.
    pub until: Timestamp,
    /// How many jobs are missing, where they can be counted.
    pub jobs: Option<u64>,
    /// How it was noticed.
    pub reason: GapReason,
}
