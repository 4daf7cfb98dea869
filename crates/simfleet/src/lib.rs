//! Simulated printers that answer real SNMP on loopback addresses.
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
mod mib;
pub mod models;
mod objects;
mod oid;
mod printer;
mod recording;
mod template;
mod transport;
pub mod usm;
mod value;
mod wire;

pub use behaviour::Behaviour;
pub use demo::{DEMO_ADDRESS, DEMO_COMMUNITY, DEMO_COUNT, demo_printers, demo_user};
pub use device::DeviceSpec;
pub use directory::{DirectoryError, RecordedDevice, recorded_devices};
pub use fleet::{Fleet, FleetBuilder};
pub use mib::{Mib, MibBuilder};
pub use oid::{Oid, ParseOidError};
pub use printer::{Peculiarity, SimulatedPrinter};
pub use recording::{Recording, RecordingError};
pub use template::{TemplatePrinter, Templates};
pub use value::Value;
