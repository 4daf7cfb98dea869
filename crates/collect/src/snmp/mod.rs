//! SNMP as a manager: version 1, 2c and 3, reading only.
//!
//! [`Client::fetch`] answers a [`Query`] in as few messages as the device allows. Layers, each
//! knowing only those below: `ber` (bytes) · [`pdu`], [`message`] (structures) · `work`,
//! `abilities` (what to ask next) · `pool`, `turns`, `client` (sockets, whose turn, tries) · `dialect`, `v3` (how a
//! version wraps and proves messages) · `fetch` (conversations).

pub mod abilities;
pub mod answers;
mod ber;
mod client;
pub mod credential;
mod dialect;
mod fetch;
pub mod message;
pub mod oid;
pub mod pdu;
mod pool;
pub mod query;
mod turns;
mod v3;
pub mod value;
mod work;

pub use abilities::Abilities;
pub use answers::Answers;
pub use ber::DecodeError;
pub use client::{Client, ClientOptions, FetchError};
pub use credential::{AuthProtocol, Credential, PrivacyProtocol, UsmUser, Version};
pub use fetch::{CONVERSATION_BINDINGS_MAX, CONVERSATION_BYTES_MAX, CONVERSATION_MAX};
pub use oid::Oid;
pub use query::{Column, Query};
pub use v3::UsmError;
pub use value::Value;

/// Decodes bytes as a conversation would, and drops the result: what a fuzzer calls. Never
/// panics, whatever the bytes.
pub fn decode_untrusted(bytes: &[u8]) {
    drop(message::decode(bytes));
    v3::decode_untrusted(bytes);
}
