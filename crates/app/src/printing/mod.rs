//! Printing: print jobs come in from sources, imports and collectors, are priced, summed and sealed
//! by the day, and are read as reports. The people behind them are here too.

mod block_changes;
pub mod calendar;
mod held_jobs;
pub mod imports;
pub mod ingest;
mod late_jobs;
pub mod people;
pub mod person_merges;
pub mod prices;
pub mod print_jobs;
pub mod print_months;
pub mod print_reports;
pub mod privacy;
mod recent;
pub mod remote;
mod rendition_file;
pub mod renditions;
mod sealing;
pub mod sources;
pub mod transactions;
mod veil;

use crate::App;

use block_changes::{KeptBlocks, KeptParts};
use late_jobs::LateJobs;
use sealing::KnownFleets;

/// Use cases of print jobs.
#[derive(Clone, Copy)]
pub struct Printing<'a> {
    pub(crate) app: &'a App,
}

/// Use cases of the people behind print jobs.
#[derive(Clone, Copy)]
pub struct People<'a> {
    pub(crate) app: &'a App,
}

/// What printing keeps in memory, whoever uses it.
pub(crate) struct PrintingState {
    blocks: KeptBlocks,
    changed_parts: KeptParts,
    /// Whoever seals, or changes what is sealed, does so alone.
    pub(crate) sealing: tokio::sync::Mutex<KnownFleets>,
    /// Jobs of days that are over, since they were last looked for.
    late_jobs: LateJobs,
}

impl PrintingState {
    pub(crate) fn new() -> Self {
        Self {
            blocks: block_changes::kept_blocks(),
            changed_parts: block_changes::kept_parts(),
            sealing: tokio::sync::Mutex::default(),
            late_jobs: LateJobs::default(),
        }
    }
}
