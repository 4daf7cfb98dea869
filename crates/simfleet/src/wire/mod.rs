//! SNMP on the wire: encoding, messages and what a device answers.

pub(crate) mod ber;
pub(crate) mod bulk;
pub(crate) mod message;
pub(crate) mod pdu;
pub(crate) mod respond;
pub(crate) mod scoped;
