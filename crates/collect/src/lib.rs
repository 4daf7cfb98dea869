//! From the outside world to observations.
//!
//! [`snmp`] speaks the protocol and knows nothing of printers; [`printer`] knows what to ask and
//! what the answers mean, and no network; [`Collector`] joins them. [`cups`] and [`joblog`] read
//! print jobs from spoolers and logs; [`privacy`] says what is left of the people behind a job
//! before it goes anywhere, and [`ingest`] sends it to a server. A printer is a hostile server:
//! decoders cap everything, never panic, and drop what they do not know.

mod collector;
pub mod cups;
pub mod http;
pub mod ingest;
pub mod ipp;
pub mod joblog;
mod memory;
pub mod printer;
pub mod privacy;
pub mod snmp;

pub use collector::{CollectError, Collector};
pub use memory::DeviceMemory;
