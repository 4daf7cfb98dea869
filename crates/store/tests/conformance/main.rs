//! What every back end must do. Each test is a function over `&Store`; `backend.rs` makes the
//! store, so that a second back end runs the same functions.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise"
)]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method's path is not general over the reader's lifetime"
)]

mod access_tokens;
mod account_access;
mod account_limits;
mod account_lists;
mod account_periods;
mod accounts;
mod audit;
mod backend;
mod balances;
mod batches;
mod charged_jobs;
mod charges;
mod clients;
mod collectors;
mod devices;
mod fleet;
mod fleets_apart;
mod groups;
mod holds;
mod idempotency;
mod imports;
mod keys;
mod ledger;
mod licences;
mod links;
mod meters;
mod model;
mod namesakes;
mod neighbours;
mod organizations;
mod person_words;
mod point_rules;
mod polls;
mod price_lists;
mod print_blocks;
mod print_gaps;
mod print_jobs;
mod print_jobs_held;
mod print_months;
mod print_privacy;
mod print_sources;
mod print_user_merges;
mod print_users;
mod privacy;
mod repricings;
mod same_numbers;
mod samples;
mod sessions;
mod settings;
mod status;
mod supplies;
mod units;
mod users;
mod writes;

/// Runs each function named against a fresh store.
macro_rules! conformance {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    let backend = crate::backend::Backend::fresh();
                    super::$name(backend.store()).await;
                }
            )+
        }
    };
}
pub(crate) use conformance;
