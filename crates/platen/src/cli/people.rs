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
    /// Make two names one person's, jobs, points and months included; the server must not be
    /// running
    Merge(MergePeople),
    /// Say and show which domains are taken off names
    #[command(subcommand)]
    Domains(DomainsCommand),
    /// Say and show whether only users who were made known are charged
    #[command(subcommand)]
    KnownOnly(KnownOnlyCommand),
}

#[derive(Debug, Args)]
pub(crate) struct MergePeople {
    /// A name of the person, in any spelling
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// The name that the person is called by from now on
    #[arg(value_name = "INTO")]
    pub(crate) into: String,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DomainsCommand {
    /// Take these domains off names, and no other ones; the server must not be running
    Set(SetDomains),
    /// Take every DOMAIN\ off names, and no @realm, as before any were set; the server must not be
    /// running
    Reset(OfOrganization),
    /// Show which domains are taken off, and which were; the server must not be running
    Show(OfOrganization),
}

#[derive(Debug, Args)]
pub(crate) struct SetDomains {
    /// Domains as they stand before a name (UNI\kim) or behind it (kim@uni.example); none keeps every
    /// name whole
    #[arg(value_name = "DOMAIN")]
    pub(crate) domains: Vec<String>,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KnownOnlyCommand {
    /// Refuse to charge names that nobody made known; the server must not be running
    On(OfOrganization),
    /// Charge whoever is named; the server must not be running
    Off(OfOrganization),
    /// Show which of them holds; the server must not be running
    Show(OfOrganization),
}

#[derive(Debug, Args)]
pub(crate) struct ExportPerson {
    /// The user's name in any spelling; found by its pseudonyms as well
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
    /// The user's name in any spelling; found by its pseudonyms as well
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Do it: nothing brings the name, the titles and the computers back
    #[arg(long, required = true)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}
