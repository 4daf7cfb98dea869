//! Reports: the column catalogue, and the encoders that write it as JSON, NDJSON and CSV.
//!
//! The catalogue is the one list of columns that the console's grids and the Report API share. A
//! [`catalogue::Column`] knows its name, its title, what it means and how to take its
//! [`cell::Cell`] out of a device's newest snapshot; an [`encode::Encoder`] writes rows of cells
//! straight into bytes. Print jobs, of which there are millions, come in [`block`]s of columns that
//! write themselves; [`rendition`] puts compressed answers together. This crate knows no HTTP and
//! no SQL.

pub mod block;
pub mod catalogue;
pub mod cell;
pub mod column_map;
pub mod columns;
pub mod decimal;
mod devices;
pub mod encode;
mod fleet_rows;
pub mod instants;
mod meters;
pub mod print_jobs;
pub mod print_months;
pub mod rendition;
mod status;
mod supplies;
