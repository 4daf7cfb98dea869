//! SNMP as a manager: version 1, 2c and 3, reading only.

pub mod answers;
pub mod oid;
pub mod value;
