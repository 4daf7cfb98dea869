//! `platen accounts`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::OfOrganization;

#[derive(Debug, Subcommand)]
pub(crate) enum AccountsCommand {
    /// Take accounts in from a file; the server must not be running
    Import(ImportAccounts),
    /// Write all accounts in a form that can be imported; the server must not be running
    Export(ExportAccounts),
    /// Sum the ledger up anew and say whether every balance is what it says; the server must not
    /// be running
    Check(CheckAccounts),
    /// Take users who print in from a file
    #[command(subcommand)]
    Users(AccountUsersCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountUsersCommand {
    /// Take users and their groups in from a file; the server must not be running
    Import(ImportAccounts),
}

#[derive(Debug, Args)]
pub(crate) struct ImportAccounts {
    /// A table (CSV) whose first line names the columns, or NDJSON as the Accounts API has it
    #[arg(value_name = "FILE")]
    pub(crate) source: PathBuf,
    /// Say what would happen, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do nothing unless every line can be done
    #[arg(long)]
    pub(crate) all_or_nothing: bool,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Args)]
pub(crate) struct CheckAccounts {
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Args)]
pub(crate) struct ExportAccounts {
    /// csv: accounts with their limits. ndjson: users, groups and access as well
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: AccountsFormat,
    /// Write to this new file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum AccountsFormat {
    #[default]
    Csv,
    Ndjson,
}
