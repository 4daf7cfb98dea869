//! The fleet: its printers are found, asked and shown.

pub mod collection;
mod grid;
pub mod networks;
pub mod reports;
pub mod schedule;
