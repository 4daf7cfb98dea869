//! The fleet: its printers are found, asked and shown.

pub mod collection;
mod grid;
pub mod networks;
pub mod reports;
pub mod schedule;

use crate::App;

/// Use cases of the fleet.
#[derive(Clone, Copy)]
pub struct Fleet<'a> {
    pub(crate) app: &'a App,
}
