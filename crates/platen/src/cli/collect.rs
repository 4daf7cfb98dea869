//! `platen collect`: its options.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Where a collector's configuration is unless told otherwise.
const CONFIG: &str = "collect.toml";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Collect {
    #[command(subcommand)]
    pub(crate) command: Option<CollectCommand>,
    #[command(flatten)]
    pub(crate) place: CollectPlace,
    /// The server that gets the records; the configuration's unless given
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Enrol with this code, which `platen collector enrol-code` made on the server, and end
    #[arg(long, value_name = "CODE", requires = "name", conflicts_with = "once")]
    pub(crate) enrol: Option<String>,
    /// What this collector shall be called on the server
    #[arg(long, value_name = "NAME", requires = "enrol")]
    pub(crate) name: Option<String>,
    /// Read and send what there is, and end when the server has all of it
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CollectCommand {
    /// Show what waits to be sent and what was; the collector may be running
    Status(CollectPlace),
    /// Send every record again that the server refused; the collector must not be running
    Retry(CollectPlace),
    /// Move the records that the server refused into a file; the collector must not be running
    TakeOut(TakeOut),
    /// Name every mistake in the configuration, or show what is in effect
    Check(CollectPlace),
}

#[derive(Debug, Args)]
pub(crate) struct TakeOut {
    /// The file, which is made: one record a line, as a directory of kind ndjson takes it
    #[arg(value_name = "FILE")]
    pub(crate) target: PathBuf,
    #[command(flatten)]
    pub(crate) place: CollectPlace,
}

/// Which collector of this machine.
#[derive(Debug, Args)]
pub(crate) struct CollectPlace {
    /// The collector's configuration
    #[arg(long = "config", value_name = "FILE", default_value = CONFIG)]
    pub(crate) file: PathBuf,
    /// Its spool; the configuration's unless given
    #[arg(long, value_name = "DIR")]
    pub(crate) spool: Option<PathBuf>,
}
