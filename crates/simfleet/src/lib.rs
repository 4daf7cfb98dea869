//! Simulated printers that answer real SNMP on loopback addresses, and print traffic.
//!
//! A [`Fleet`] is a set of devices behind one UDP port of this machine. Linux answers for all of
//! 127.0.0.0/8 without configuration, so every device has an address of its own and answers from
//! it. A device is either a [`Recording`] of a real one (`.snmprec`, the format of snmpsim) or a
//! [`SimulatedPrinter`] of one of the [`models`] invented here, whose meters advance, whose toner
//! runs out and whose jams open and are cured as its clock goes on.
//!
//! [`Behaviour`] gives a device the habits that make real printers difficult: SNMPv1 only,
//! `tooBig` without bindings, broken GETBULK, lost, late, doubled or misaddressed answers.
//!
//! ```
//! use std::net::Ipv4Addr;
//! use std::sync::Arc;
//!
//! use platen_domain::clock::{ManualClock, Timestamp};
//! use platen_simfleet::{FleetBuilder, Peculiarity, Recording, SimulatedPrinter, models};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_780_304_400_000)));
//! let jammed = SimulatedPrinter::new(models::ALL[1], 1, 7).with(Peculiarity::Jams);
//! let recorded = Recording::parse("1.3.6.1.2.1.1.1.0|4|A recorded printer")?;
//! let fleet = FleetBuilder::new(clock)
//!     .device(Ipv4Addr::new(127, 79, 9, 1), jammed.into())
//!     .device(Ipv4Addr::new(127, 79, 9, 2), recorded.into())
//!     .start()?;
//! // `snmpwalk -v2c -c public 127.79.9.1:PORT` now reads it, with the port of:
//! assert_ne!(fleet.port(), 0);
//! # Ok(())
//! # }
//! ```
//!
//! [`print_traffic`] is what people print on such a fleet: years of jobs with the statistics of
//! real ones. A printer that is [`printing`](SimulatedPrinter::printing) it counts the pages of
//! those jobs.
//!
//! The protocol side is written from RFC 1157, 3412-3416 and 3826 without a line of the collector,
//! so that the two judge each other; net-snmp's command line tools judge both.

pub mod behaviour;
mod bench;
mod chance;
mod demo;
mod device;
mod directory;
mod fleet;
mod life;
mod meters;
mod mib;
pub mod models;
mod objects;
mod oid;
mod pages;
pub mod print_traffic;
mod printer;
mod recording;
mod template;
mod transport;
pub mod usm;
mod value;
mod wire;
mod work;

pub use behaviour::Behaviour;
pub use demo::{
    DEMO_ADDRESS, DEMO_BYPASSED, DEMO_COMMUNITY, DEMO_COUNT, demo_printers, demo_traffic, demo_user,
};
pub use device::DeviceSpec;
pub use directory::{DirectoryError, RecordedDevice, recorded_devices};
pub use fleet::{Fleet, FleetBuilder};
pub use meters::WALK_UP_PERCENT;
pub use mib::{Mib, MibBuilder};
pub use oid::{Oid, ParseOidError};
pub use pages::Pages;
pub use printer::{Peculiarity, SimulatedPrinter};
pub use recording::{Recording, RecordingError};
pub use template::{TemplatePrinter, Templates};
pub use value::Value;
