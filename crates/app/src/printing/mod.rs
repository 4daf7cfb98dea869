//! Printing: print jobs come in from sources, imports and collectors, are priced, summed and sealed
//! by the day, and are read as reports. The people behind them are here too.

pub(crate) mod block_changes;
pub mod calendar;
mod held_jobs;
pub mod imports;
pub mod ingest;
pub(crate) mod late_jobs;
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
pub(crate) mod sealing;
pub mod sources;
pub mod transactions;
mod veil;
