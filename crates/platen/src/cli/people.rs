//! `platen person`: its options.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::OfOrganization;

#[derive(Debug, Subcommand)]
pub(crate) enum PersonCommand {
    /// Write every print job of a user as NDJSON; the server must not be running
    Export(ExportPerson),
    /// Make the print jobs of a user nobody's, for good; the server must not be running
    Erase(ErasePerson),
}

#[derive(Debug, Args)]
pub(crate) struct ExportPerson {
    /// The user's name as print jobs carry it; found by its pseudonym as well
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// A new file to write to, readable by its owner alone; standard output unless given
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Args)]
pub(crate) struct ErasePerson {
    /// The user's name as print jobs carry it; found by its pseudonym as well
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Do it: nothing brings the name, the titles and the computers back
    #[arg(long, required = true)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}
