//! The use cases of Platen: what may be done, by whom, in which order.
//!
//! [`App`] is the one handle. It decides who may act ([`authorization`]), lets people in
//! ([`sign_in`], [`links`], [`sessions`]), opens the report APIs ([`keys`], [`licences`]) and
//! the Accounts API ([`clients`], [`access_tokens`]), reads the fleet ([`reports`]) and keeps it current ([`collection`]), and reads print jobs
//! ([`sources`]), at another site through a spool ([`remote`]). It speaks no SQL, no SNMP and
//! no HTTP: those crates are called, or call, with types of `platen_domain`.

pub mod access_tokens;
pub mod accounts;
pub mod audit;
pub mod authorization;
mod block_changes;
pub mod calendar;
mod charging;
pub mod clients;
pub mod clock_mark;
pub mod collection;
pub mod collectors;
pub mod error;
mod grid;
mod held_jobs;
pub mod housekeeping;
pub mod imports;
pub mod ingest;
pub mod issuers;
pub mod keys;
mod late_jobs;
pub mod licence_installation;
pub mod licences;
pub mod links;
pub mod networks;
pub mod once;
pub mod organizations;
mod passwords;
pub mod people;
mod periods;
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
pub mod reports;
pub mod schedule;
mod sealing;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
pub mod sources;
mod throttle;
pub mod transactions;
pub mod users;
mod veil;
mod verified_licences;

use std::sync::Arc;

use platen_domain::clock::{Clock, Timestamp};
use platen_domain::ids::Ids;
use platen_store::Store;

pub use error::AppError;
pub use passwords::PasswordCost;

use block_changes::{KeptBlocks, KeptParts};
use late_jobs::LateJobs;
use passwords::Passwords;
use sealing::KnownFleets;
use throttle::Throttle;

/// What a deployment may choose.
#[derive(Debug, Clone, Copy, Default)]
pub struct AppOptions {
    /// What one guess of a password costs. Tests choose less.
    pub password_cost: PasswordCost,
}

/// The handle every use case hangs on. Cloning shares it.
#[derive(Clone)]
pub struct App {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    passwords: Arc<Passwords>,
    throttle: Arc<Throttle>,
    /// Apart from the one of people: no name of a person stands for a client.
    client_throttle: Arc<Throttle>,
    blocks: KeptBlocks,
    changed_parts: KeptParts,
    /// Whoever seals, or changes what is sealed, does so alone.
    sealing: Arc<tokio::sync::Mutex<KnownFleets>>,
    /// Jobs of days that are over, since they were last looked for.
    late_jobs: Arc<LateJobs>,
}

impl App {
    /// An application over `store` that takes its time and its randomness from the arguments.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        options: AppOptions,
    ) -> Self {
        let passwords = Arc::new(Passwords::new(options.password_cost, Arc::clone(&ids)));
        Self {
            store,
            clock,
            ids,
            passwords,
            throttle: Arc::new(Throttle::default()),
            client_throttle: Arc::new(Throttle::default()),
            blocks: block_changes::kept_blocks(),
            changed_parts: block_changes::kept_parts(),
            sealing: Arc::default(),
            late_jobs: Arc::default(),
        }
    }

    /// The store below, for what serves no use case: health, fencing, closing.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The current instant of the application's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
