//! Access: who may come in, as what, and to what. Users and their sessions, keys and licences of the
//! report APIs, clients of the Accounts API, collectors, organizations.

pub mod access_tokens;
pub mod authorization;
pub mod clients;
pub mod collectors;
pub mod issuers;
pub mod keys;
pub mod licence_installation;
pub mod licences;
pub mod links;
pub mod organizations;
mod passwords;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
mod throttle;
pub mod users;
mod verified_licences;

use std::sync::Arc;

use platen_domain::ids::Ids;

use crate::App;

pub use passwords::PasswordCost;

use passwords::Passwords;
use throttle::Throttle;
use verified_licences::VerifiedLicences;

/// Use cases of access.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    pub(crate) app: &'a App,
}

/// What access keeps in memory, whoever asks.
pub(crate) struct AccessState {
    passwords: Passwords,
    throttle: Throttle,
    /// Apart from the one of people: no name of a person stands for a client.
    client_throttle: Throttle,
    /// The licences that opened something lately.
    licences: Arc<VerifiedLicences>,
}

impl AccessState {
    pub(crate) fn new(cost: PasswordCost, ids: Arc<dyn Ids>) -> Self {
        Self {
            passwords: Passwords::new(cost, ids),
            throttle: Throttle::default(),
            client_throttle: Throttle::default(),
            licences: Arc::new(VerifiedLicences::new()),
        }
    }
}
