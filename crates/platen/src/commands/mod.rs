//! One module per command.

mod accounts;
mod collect;
mod collectors;
mod config;
mod demo;
mod import;
mod init;
mod licences;
mod openapi;
mod organizations;
mod people;
mod prices;
mod privacy;
mod serve;
mod users;

use crate::cli::{
    AccountUsersCommand, AccountsCommand, CollectorCommand, Command, ConfigCommand, LicenceCommand,
    OrganizationCommand, PricesCommand, PrivacyCommand, UserCommand,
};

pub(crate) use import::{date_order, kind as import_kind};

/// Runs a command to its end.
pub(crate) fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(options) => demo::run(&options),
        Command::Serve(config) => serve::run(&config),
        Command::Import(options) => import::run(&options),
        Command::Init(options) => init::run(&options),
        Command::Config(ConfigCommand::Check(config)) => config::check(&config.file),
        Command::Licence(LicenceCommand::Issue(options)) => licences::issue(&options),
        Command::Licence(LicenceCommand::Install(options)) => licences::install(&options),
        Command::Licence(LicenceCommand::Show(target)) => licences::show(&target),
        Command::Organization(OrganizationCommand::Add(options)) => organizations::add(&options),
        Command::Organization(OrganizationCommand::List(config)) => {
            organizations::list(&config.file)
        }
        Command::User(UserCommand::Link(options)) => users::link(&options),
        Command::Prices(PricesCommand::Set(options)) => prices::set(&options),
        Command::Prices(PricesCommand::Show(target)) => prices::show(&target),
        Command::Prices(PricesCommand::Apply(options)) => prices::apply(&options),
        Command::Accounts(AccountsCommand::Import(options)) => accounts::import(&options),
        Command::Accounts(AccountsCommand::Export(options)) => accounts::export(&options),
        Command::Accounts(AccountsCommand::Check(options)) => accounts::check(&options),
        Command::Accounts(AccountsCommand::Users(AccountUsersCommand::Import(options))) => {
            accounts::import_users(&options)
        }
        Command::Privacy(PrivacyCommand::Set(options)) => privacy::set(&options),
        Command::Privacy(PrivacyCommand::Show(target)) => privacy::show(&target),
        Command::Collect(options) => collect::run(&options),
        Command::Openapi => {
            openapi::run();
            Ok(())
        }
        Command::Person(command) => people::run(&command),
        Command::Collector(CollectorCommand::EnrolCode(options)) => {
            collectors::enrol_code(&options)
        }
        Command::Collector(CollectorCommand::List(target)) => collectors::list(&target),
        Command::Collector(CollectorCommand::Revoke(options)) => collectors::revoke(&options),
    }
}
