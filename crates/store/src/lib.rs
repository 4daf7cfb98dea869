//! Keeps the fleet: the only crate that speaks SQL.
//!
//! A [`Store`] runs closures: [`Store::read`] hands a [`Reader`] to a short read transaction,
//! [`Store::write`] queues for the one [`Writer`] and answers when the change is on disk. What
//! the two can do stands in one file per noun ([`Reader`] and [`Writer`] list it all); those
//! methods are written in SQL that more than one engine knows, against the few verbs of `session`. What SQLite
//! does for them stands in `sqlite/`.
//!
//! Queries within an organization take a [`platen_domain::scope::Scope`]. Those that do not are
//! needed before one exists (sign-in, key look-up) and say so.

mod access;
mod access_tokens;
mod account_access;
mod account_limits;
mod account_lists;
mod account_periods;
mod accounts;
mod alerts;
mod audit;
mod balances;
mod batches;
mod block_changes;
mod block_files;
mod charges;
mod claims;
mod clients;
mod collectors;
mod columns;
mod counters;
mod devices;
mod digest;
mod error;
mod findings;
mod fleet;
mod groups;
mod holds;
mod idempotency;
mod identity;
mod import_marks;
mod import_undo;
mod imports;
mod interned;
mod job_ids;
mod keys;
mod latest;
mod ledger;
mod licences;
mod links;
mod listing;
mod meters;
mod observations;
mod organization_no;
mod organizations;
mod person_merges;
mod person_words;
mod point_rules;
mod polls;
mod price_lists;
mod print_blocks;
mod print_gaps;
mod print_job_changes;
mod print_job_rows;
mod print_jobs;
mod print_jobs_held;
mod print_month_groups;
mod print_months;
mod print_privacy;
mod print_rows;
mod print_sources;
mod print_user_merges;
mod print_users;
mod printers;
mod privacy;
mod repricings;
mod session;
mod sessions;
mod settings;
mod snapshots;
mod spool;
mod sqlite;
mod standings;
mod status;
mod store;
mod supplies;
mod units;
mod users;
mod words;

pub use access::{Reader, Writer};
pub use access_tokens::FORGET_TOKENS_MAX;
pub use account_access::AccessEntry;
pub use alerts::AlertHistoryEntry;
pub use audit::AuditEntry;
pub use balances::{BalancePosition, Difference};
pub use batches::BatchSeen;
pub use block_changes::{BLOCK_CHANGES_MAX, BlockChanges};
pub use block_files::BlockFiles;
pub use charges::ChargeQuery;
pub use claims::{NEW_IDENTITIES_PER_ADDRESS_MAX, NEW_IDENTITIES_WITHIN};
pub use error::{EngineError, OpenError, StoreError};
pub use holds::HoldQuery;
pub use idempotency::IdempotencyRecord;
pub use import_undo::{ChargeBefore, ImportRevision, ImportedJob, ImportedJobs};
pub use ledger::{EntryNote, LedgerQuery};
pub use licences::{InstalledLicence, Issuer};
pub use links::{LinkPurpose, LinkRecord};
pub use listing::{Listed, Place};
pub use meters::{METER_REPEAT_AFTER, MeterHistoryEntry};
pub use observations::Recorded;
pub use person_words::PeoplePending;
pub use polls::{PollPlace, PollTarget};
pub use print_blocks::{BlockName, BlockRef, StretchSign};
pub use print_jobs::{JobOutcome, PlacedRecord};
pub use print_jobs_held::{HELD_JOBS_MAX, HeldJob};
pub use print_month_groups::MonthGroup;
pub use print_months::{MonthKey, MonthRow};
pub use print_privacy::{Cleared, Erased};
pub use print_rows::{JobPosition, JobStretch, Names, PrintPage};
pub use print_user_merges::UnreadUser;
pub use repricings::NewRepricing;
pub use sessions::SessionRecord;
pub use snapshots::Parts;
pub use spool::{
    SourceRead, Spool, SpoolError, SpoolInput, SpoolLimits, SpoolStatus, SpooledBatch,
};
pub use sqlite::writer::Change;
pub use standings::{Standing, Unknown};
pub use status::StateChange;
pub use store::{Health, Store, StoreOptions};
pub use supplies::SupplyLevelEntry;
pub use units::Units;
pub use users::UserCredentials;
