//! The Internet Printing Protocol (RFC 8010, RFC 8011): asking spoolers and printers.
//!
//! Only what reads can be said: [`Operation`] has no other words. What comes back is decoded
//! leniently, since a spooler hands on what its users typed: a title of 1,500 octets is kept, a
//! value of a kind that is not known is left out, and only what breaks the framing or a cap ends
//! the decoding.

mod client;
mod decode;
mod encode;
mod firmware;
mod identity;
mod markers;
mod message;
mod meters;
mod print_jobs;
mod printer;
mod status;
mod supplies;
mod value;

pub use client::{AskError, Login, Peer};
pub use encode::{Operation, Question};
pub(crate) use message::values;
pub use message::{Attribute, DecodeError, Group, Message, group_tag};
pub use print_jobs::DeviceJobs;
pub use printer::{IppPrinter, IppReading};
pub use value::Value;

/// Most octets of an answer about a printer. The largest recorded is 0.1 MiB.
pub const ANSWER_MAX_OCTETS: usize = 1024 * 1024;

/// Most octets of an answer that lists jobs or queues: 500 jobs of 1 KiB fill a sixteenth of it,
/// and titles are as long as users make them.
pub const LIST_MAX_OCTETS: usize = 8 * 1024 * 1024;
