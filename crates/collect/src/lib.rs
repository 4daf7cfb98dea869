//! From the outside world to observations.
//!
//! [`snmp`] speaks the protocol and knows nothing of printers; [`printer`] knows what to ask and
//! what the answers mean, and no network; [`Collector`] joins them. A printer is a hostile server:
//! decoders cap everything, never panic, and drop what they do not know.

mod collector;
mod memory;
pub mod printer;
pub mod snmp;

pub use collector::{CollectError, Collector};
pub use memory::DeviceMemory;
