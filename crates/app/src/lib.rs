//! The use cases of Platen: what may be done, by whom, in which order.
//!
//! [`App`] is the one handle. Its use cases stand in five houses: [`fleet`] finds, asks and shows
//! printers, [`printing`] takes in print jobs and reports them, [`accounts`] keeps what they cost,
//! [`access`] decides who may act, and [`operation`] keeps a server in order. It speaks no SQL, no
//! SNMP and no HTTP: those crates are called, or call, with types of `platen_domain`.

pub mod access;
pub mod accounts;
pub mod error;
pub mod fleet;
pub mod operation;
pub mod printing;

use std::sync::Arc;

use platen_domain::clock::{Clock, Timestamp};
use platen_domain::ids::Ids;
use platen_store::Store;

pub use access::passwords::PasswordCost;
pub use error::AppError;

use access::passwords::Passwords;
use access::throttle::Throttle;
use printing::block_changes::{self, KeptBlocks, KeptParts};
use printing::late_jobs::LateJobs;
use printing::sealing::KnownFleets;

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
