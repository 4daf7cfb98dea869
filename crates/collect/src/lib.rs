//! From the outside world to observations.
//!
//! [`snmp`] speaks the protocol and knows nothing of printers; the printer side (added beside it) knows what to
//! ask and what the answers mean. A printer is a hostile server: decoders cap everything, never
//! panic, and drop what they do not know.

pub mod snmp;
