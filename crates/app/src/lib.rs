//! The use cases of Platen: what may be done, by whom, in which order.
//!
//! [`App`] is the one handle. Its use cases stand in five houses: [`fleet`] finds, asks and shows
//! printers, [`printing`] takes in print jobs and reports them, [`accounts`] keeps what they cost,
//! [`access`] decides who may act, and [`operation`] keeps a server in order. Each house has its
//! services ([`App::fleet`], [`App::charges`]), which only borrow the handle. It speaks no SQL, no
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

pub use access::PasswordCost;
pub use error::AppError;

use access::{Access, AccessState};
use accounts::{Accounts, Charges, Groups, PrintUsers};
use fleet::Fleet;
use operation::Operation;
use printing::{People, Printing, PrintingState};

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
    access: Arc<AccessState>,
    printing: Arc<PrintingState>,
}

impl App {
    /// An application over `store` that takes its time and its randomness from the arguments.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        options: AppOptions,
    ) -> Self {
        let access = AccessState::new(options.password_cost, Arc::clone(&ids));
        Self {
            store,
            clock,
            ids,
            access: Arc::new(access),
            printing: Arc::new(PrintingState::new()),
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

    /// Finding, asking and showing printers.
    pub const fn fleet(&self) -> Fleet<'_> {
        Fleet { app: self }
    }

    /// Taking in, pricing, sealing and reporting print jobs.
    pub const fn printing(&self) -> Printing<'_> {
        Printing { app: self }
    }

    /// What is kept of the people behind print jobs.
    pub const fn people(&self) -> People<'_> {
        People { app: self }
    }

    /// Accounts with their limits, access, balances and ledger.
    pub const fn accounts(&self) -> Accounts<'_> {
        Accounts { app: self }
    }

    /// Groups of users.
    pub const fn groups(&self) -> Groups<'_> {
        Groups { app: self }
    }

    /// Users whose print jobs are charged.
    pub const fn print_users(&self) -> PrintUsers<'_> {
        PrintUsers { app: self }
    }

    /// Charges, holds and quotes.
    pub const fn charges(&self) -> Charges<'_> {
        Charges { app: self }
    }

    /// Who may come in, as what, and to what.
    pub const fn access(&self) -> Access<'_> {
        Access { app: self }
    }

    /// What keeps the server in order.
    pub const fn operation(&self) -> Operation<'_> {
        Operation { app: self }
    }
}
