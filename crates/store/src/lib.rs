//! Keeps the fleet: the only crate that speaks SQL.
//!
//! A [`Store`] runs closures: [`Store::read`] hands a [`Reader`] to a short read transaction,
//! [`Store::write`] queues for the one [`Writer`] and answers when the change is on disk. What
//! the two can do stands in one file per noun ([`Reader`] and [`Writer`] list it all); those
//! methods are the seam behind which a second back end fits. The rest is the engine on SQLite:
//! `store`, `writer`, `group`, `readers`, `connection`, `migrations`, `lock`.
//!
//! Queries within an organization take a [`platen_domain::scope::Scope`]. Those that do not are
//! needed before one exists (sign-in, key look-up) and say so.

mod access;
mod alerts;
mod audit;
mod claims;
mod columns;
mod connection;
mod devices;
mod digest;
mod error;
mod fleet;
mod group;
mod identity;
mod integrity;
mod keys;
mod latest;
mod licences;
mod links;
mod lock;
mod meters;
mod migrations;
mod observations;
mod organizations;
mod polls;
mod readers;
mod sessions;
mod settings;
mod snapshots;
mod status;
mod store;
mod supplies;
mod users;
mod writer;

pub use access::{Reader, Writer};
pub use alerts::AlertHistoryEntry;
pub use audit::AuditEntry;
pub use error::{OpenError, StoreError};
pub use licences::{InstalledLicence, Issuer};
pub use links::{LinkPurpose, LinkRecord};
pub use meters::{METER_REPEAT_AFTER, MeterHistoryEntry};
pub use observations::Recorded;
pub use polls::PollTarget;
pub use sessions::SessionRecord;
pub use snapshots::Parts;
pub use status::StateChange;
pub use store::{Health, Store, StoreOptions};
pub use supplies::SupplyLevelEntry;
pub use users::UserCredentials;
