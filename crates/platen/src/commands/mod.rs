//! One module per command.

mod config;
mod demo;
mod init;
mod licences;
mod organizations;
mod serve;
mod users;

use crate::cli::{Command, ConfigCommand, LicenceCommand, OrganizationCommand, UserCommand};

/// Runs a command to its end.
pub(crate) fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(options) => demo::run(&options),
        Command::Serve(config) => serve::run(&config.file),
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
    }
}
