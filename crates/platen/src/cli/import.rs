//! The arguments of `platen import list` and `platen import undo`.

use clap::{Args, Subcommand};

use super::OfOrganization;

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// List the imports, the newest first; the server must not be running
    List(OfOrganization),
    /// Take back what an import brought; the server must not be running
    Undo(UndoImport),
}

#[derive(Debug, Args)]
pub(crate) struct UndoImport {
    /// Its number, as the import said at its end
    #[arg(value_name = "NUMBER")]
    pub(crate) number: u32,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}
