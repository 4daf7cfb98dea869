//! The nouns and rules of a print fleet.
//!
//! This crate does no I/O and reads no clock: time comes in as a [`clock::Timestamp`] or a
//! [`clock::Clock`], randomness as [`ids::Ids`]. It knows no SQL, no HTTP and no runtime.
//! Every other crate speaks in these types; wire types and row types live at their edges.

pub mod account_access;
pub mod account_limits;
pub mod accounts;
pub mod balances;
pub mod charges;
pub mod clients;
pub mod clock;
pub mod collectors;
pub mod days;
pub mod devices;
pub mod duplex;
pub mod environment;
pub mod findings;
pub mod function_sums;
pub mod holds;
pub mod ids;
pub mod imports;
pub mod keys;
mod keywords;
pub mod ledger;
pub mod licences;
pub mod life_counts;
pub mod meter_doubts;
pub mod meters;
pub mod organizations;
pub mod paper_sizes;
pub mod person_names;
pub mod points;
pub mod prices;
pub mod print_counts;
pub mod print_gaps;
pub mod print_jobs;
pub mod print_months;
pub mod print_rows;
pub mod print_users;
pub mod privacy;
pub mod readings;
pub mod report_apis;
pub mod repricings;
pub mod roles;
pub mod scope;
pub mod secret;
pub mod snapshots;
pub mod source_job_ids;
pub mod status;
pub mod supplies;
pub mod text;
pub mod users;
