//! Fleet reports: the column catalogue, and the encoders that write it as JSON, NDJSON and CSV.
//!
//! The catalogue is the one list of columns that the console's grids and the Report API share. A
//! [`catalogue::Column`] knows its name, its title, what it means and how to take its
//! [`cell::Cell`] out of a device's newest snapshot; an [`encode::Encoder`] writes rows of cells
//! straight into bytes. This crate knows no HTTP and no SQL.

pub mod catalogue;
pub mod cell;
pub mod column_map;
mod devices;
pub mod encode;
pub mod instants;
mod meters;
mod status;
mod supplies;
