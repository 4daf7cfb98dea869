//! `platen accounts`: import, export, users, check.

mod check;
mod export;
mod import;
mod limit_lines;
mod lines;
mod report;
mod words;

pub(crate) use check::run as check;
pub(crate) use export::run as export;
pub(crate) use import::{accounts as import, users as import_users};
