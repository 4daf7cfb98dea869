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
pub(crate) mod passwords;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
pub(crate) mod throttle;
pub mod users;
mod verified_licences;
