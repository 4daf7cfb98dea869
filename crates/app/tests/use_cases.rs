//! Use cases over the real store, by a clock that is turned by hand.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends at the first surprise"
)]

#[path = "use_cases/accounts.rs"]
mod accounts;
#[path = "use_cases/accounts_access.rs"]
mod accounts_access;
#[path = "use_cases/accounts_bulk.rs"]
mod accounts_bulk;
#[path = "use_cases/accounts_limits.rs"]
mod accounts_limits;
#[path = "use_cases/balances.rs"]
mod balances;
#[path = "use_cases/charging.rs"]
mod charging;
#[path = "use_cases/clients.rs"]
mod clients;
#[path = "use_cases/clocks.rs"]
mod clocks;
#[path = "use_cases/collection.rs"]
mod collection;
#[path = "use_cases/collectors.rs"]
mod collectors;
#[path = "use_cases/fake_printers.rs"]
mod fake_printers;
#[path = "use_cases/imports.rs"]
mod imports;
#[path = "use_cases/ipp_printers.rs"]
mod ipp_printers;
#[path = "use_cases/keys.rs"]
mod keys;
#[path = "use_cases/licences.rs"]
mod licences;
#[path = "use_cases/people.rs"]
mod people;
#[path = "use_cases/person_merges.rs"]
mod person_merges;
#[path = "use_cases/place.rs"]
mod place;
#[path = "use_cases/prices.rs"]
mod prices;
#[path = "use_cases/privacy.rs"]
mod privacy;
#[path = "use_cases/purse.rs"]
mod purse;
#[path = "use_cases/reports.rs"]
mod reports;
#[path = "use_cases/sessions.rs"]
mod sessions;
#[path = "use_cases/set_up.rs"]
mod set_up;
#[path = "use_cases/sign_in.rs"]
mod sign_in;
