//! The command line.

mod accounts;
mod collect;
mod import;
mod people;
mod privacy;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use accounts::{
    AccountUsersCommand, AccountsCommand, AccountsFormat, CheckAccounts, ExportAccounts,
    ImportAccounts,
};
pub(crate) use collect::{Collect, CollectCommand, CollectPlace};
pub(crate) use import::{ImportCommand, UndoImport};
pub(crate) use people::{
    DomainsCommand, ErasePerson, ExportPerson, KnownOnlyCommand, MergePeople, PersonCommand,
    SetDomains,
};
pub(crate) use privacy::{PrivacyCommand, SetPrivacy};

/// Where the configuration is unless told otherwise.
const CONFIG: &str = "platen.toml";

/// Collects what a fleet of printers does, and hands it out.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try Platen out: a simulated fleet, collected and served, gone with Ctrl-C
    Demo(Demo),
    /// Collect and serve by a configuration
    Serve(Serve),
    /// Make a configuration, a data directory and a one-time link to set it up
    Init(Init),
    /// Look at a configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Issue, install and show licences
    #[command(subcommand)]
    Licence(LicenceCommand),
    /// Add and list organizations
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Take print logs in from files; the server must not be running
    Import(Import),
    /// Let people in
    #[command(subcommand)]
    User(UserCommand),
    /// Set and show the prices of print jobs
    #[command(subcommand)]
    Prices(PricesCommand),
    /// Take accounts and their users in from files, and write them out
    #[command(subcommand)]
    Accounts(AccountsCommand),
    /// Say and show what is kept of the people behind print jobs
    #[command(subcommand)]
    Privacy(PrivacyCommand),
    /// Hand out or erase what is kept of one person who prints
    #[command(subcommand)]
    Person(PersonCommand),
    /// Let collectors in and out
    #[command(subcommand)]
    Collector(CollectorCommand),
    /// Collect print jobs at another site and send them to a server
    Collect(Collect),
    /// Print the description of the APIs (OpenAPI 3.1)
    Openapi,
}

/// Which configuration a command works on.
#[derive(Debug, Args)]
pub(crate) struct ConfigFile {
    /// The configuration
    #[arg(long = "config", value_name = "FILE", default_value = CONFIG)]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Put recorded devices (.snmprec) into the fleet as well
    #[arg(long, value_name = "DIR")]
    pub(crate) recordings: Option<PathBuf>,
    /// Address of the console and the report APIs; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8631")]
    pub(crate) listen: SocketAddr,
    /// Keep the data in this directory instead of one that is removed at the end
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Where platen.toml, the issuer key and the data directory go
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) directory: PathBuf,
    /// Name of the first organization
    #[arg(long, value_name = "NAME", default_value = "My organization")]
    pub(crate) organization: String,
    /// Its time zone, an IANA name; this machine's unless given
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Name every mistake, or show what is in effect
    Check(ConfigFile),
}

#[derive(Debug, Subcommand)]
pub(crate) enum LicenceCommand {
    /// Sign a licence with an issuer key
    Issue(IssueLicence),
    /// Install a licence; the server must not be running
    Install(InstallLicence),
    /// Show the licence of an organization; the server must not be running
    Show(OfOrganization),
}

#[derive(Debug, Args)]
pub(crate) struct IssueLicence {
    /// The issuer key `platen init` made
    #[arg(long, value_name = "FILE", default_value = "issuer.key")]
    pub(crate) key: PathBuf,
    /// The organization it is for, named exactly as on the server
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: String,
    /// What it opens: fleet, print, accounts
    #[arg(
        long,
        value_name = "FEATURE",
        value_delimiter = ',',
        default_value = "fleet,print,accounts"
    )]
    pub(crate) features: Vec<platen_domain::licences::Feature>,
    /// Devices it covers; any number unless given
    #[arg(long, value_name = "COUNT")]
    pub(crate) devices: Option<u32>,
    /// Last day it is valid on (UTC); perpetual unless given
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<jiff::civil::Date>,
    /// Mark it as issued to try Platen out
    #[arg(long)]
    pub(crate) evaluation: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InstallLicence {
    /// The licence document
    #[arg(value_name = "LICENCE")]
    pub(crate) document: PathBuf,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

/// One organization of a server.
#[derive(Debug, Args)]
pub(crate) struct OfOrganization {
    #[command(flatten)]
    pub(crate) config: ConfigFile,
    /// The organization, where the server has several
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Import {
    #[command(subcommand)]
    pub(crate) command: Option<ImportCommand>,
    /// Print logs: page logs of CUPS, PaperCut Print Logger CSV, Windows events (.evtx, XML,
    /// JSON, CSV), NDJSON, any table with a column map. A file named as a command is written ./list
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// What they are, where their content does not tell
    #[arg(long, value_name = "KIND", value_parser = crate::commands::import_kind)]
    pub(crate) kind: Option<platen_collect::joblog::Kind>,
    /// Names the print server they are of, always the same: a job's key is made of it
    #[arg(long, value_name = "NAME", default_value = "import")]
    pub(crate) instance: String,
    /// Time zone of local times without an offset, an IANA name; the organization's unless given
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Character encoding of tables, such as windows-1252 or utf-8
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// The format of a page log as cupsd.conf has it, where it is not one of the usual
    #[arg(long, value_name = "FORMAT")]
    pub(crate) page_log_format: Option<String>,
    /// Column map of a table (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) columns: Option<PathBuf>,
    /// Which number of dates is the day, where the log does not tell: dmy, mdy or ymd
    #[arg(long, value_name = "ORDER", value_parser = crate::commands::date_order)]
    pub(crate) date_order: Option<platen_collect::joblog::DateOrder>,
    /// Read everything, keep nothing, and say what would be taken
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Begin even where the clock is behind the time at which this server was last at work
    #[arg(long)]
    pub(crate) trust_clock: bool,
    #[command(flatten)]
    pub(crate) config: ConfigFile,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Add an organization; the server must not be running
    Add(AddOrganization),
    /// List the organizations; the server must not be running
    List(ConfigFile),
}

#[derive(Debug, Args)]
pub(crate) struct AddOrganization {
    /// What people call it
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Its time zone, an IANA name; this machine's unless given
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Issue it a perpetual licence with this issuer key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigFile,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Make a one-time sign-in link, for who is locked out; the server must not be running
    Link(UserLink),
}

#[derive(Debug, Args)]
pub(crate) struct UserLink {
    /// Name of the user
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PricesCommand {
    /// Add the prices in a file as the next version; the server must not be running
    Set(SetPrices),
    /// Show the prices that hold now and those to come; the server must not be running
    Show(OfOrganization),
    /// Price every job from a day on anew, as a revision of it; the server must not be running
    Apply(ApplyPrices),
}

#[derive(Debug, Args)]
pub(crate) struct ApplyPrices {
    /// The first day, in the organization's time zone, or an instant with its offset
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: String,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Args)]
pub(crate) struct SetPrices {
    /// The prices, as docs/prices.md describes them
    #[arg(value_name = "FILE")]
    pub(crate) prices: PathBuf,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CollectorCommand {
    /// Make a one-time code that enrols a collector; the server must not be running
    EnrolCode(EnrolCode),
    /// List the collectors; the server must not be running
    List(OfOrganization),
    /// End a collector's credential for good; the server must not be running
    Revoke(RevokeCollector),
}

#[derive(Debug, Args)]
pub(crate) struct EnrolCode {
    /// For whom it is meant, as the audit log shall say; the collector names itself
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeCollector {
    /// Its identifier or, where no other live one shares it, its name
    #[arg(value_name = "COLLECTOR")]
    pub(crate) collector: String,
    #[command(flatten)]
    pub(crate) target: OfOrganization,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
