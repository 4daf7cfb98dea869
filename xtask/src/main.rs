//! The repository's own commands: `cargo xtask test` and what it is made of.

#![expect(
    clippy::print_stdout,
    reason = "these commands speak to a person at a terminal"
)]
#![expect(
    clippy::disallowed_types,
    reason = "these commands are there to start programs"
)]

mod bench;
mod browser;
mod chance;
mod client_application;
mod clients;
mod clock;
mod collector;
mod corpus;
mod cups;
mod demo;
mod field;
mod fuzz;
mod http;
mod installation;
mod keys;
mod kill;
mod kill_accounts;
mod kill_ingest;
mod needs;
mod oauth;
mod openapi;
mod program;
mod shell;
mod snippets;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The program's own allocator, so that the bench measures what people run.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The repository's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check and test everything: what a change must pass, and what CI runs.
    Test(test::Options),
    /// Check the rules of the house that no compiler knows.
    Tidy,
    /// Read recorded printers with the real collector and compare with what others read.
    Corpus(corpus::Options),
    /// Try what people reported in public of other programs, with the right answers.
    Field(field::Options),
    /// Measure.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Feed the decoders with hostile input (libFuzzer).
    Fuzz(fuzz::Options),
    /// Kill the server in the middle of its work, again and again.
    Kill(kill::Options),
    /// Kill the server while records are pushed, and the collector that pushes them.
    KillIngest(chance::Options),
    /// Kill the server while programs and print jobs charge accounts.
    KillAccounts(chance::Options),
    /// Try everything that the APIs' description allows, and what it forbids.
    Schemathesis(openapi::Options),
    /// Walk through the console in Chromium.
    Browser,
    /// Let independent OAuth clients get, use and end access tokens.
    Oauth,
    /// Let generators make clients of the APIs' description, and run one of them.
    Clients,
    /// Run every text of Analysis > API as pasted: curl, Python, R, Power Query, PowerShell.
    Snippets,
    /// Print to a real CUPS and compare what the collector says of it.
    Cups,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Result<ExitCode> {
    match task {
        Task::Test(options) => Ok(test::run(options)),
        Task::Tidy => tidy::run().map(|()| ExitCode::SUCCESS),
        Task::Corpus(options) => corpus::run(options),
        Task::Field(options) => field::run(options),
        Task::Bench(bench) => bench::run(bench),
        Task::Fuzz(options) => fuzz::run(options),
        Task::Kill(options) => kill::run(options),
        Task::KillIngest(options) => kill_ingest::run(options),
        Task::KillAccounts(options) => kill_accounts::run(options),
        Task::Schemathesis(options) => openapi::run(options),
        Task::Browser => browser::run(),
        Task::Oauth => oauth::run(),
        Task::Clients => clients::run(),
        Task::Snippets => snippets::run(),
        Task::Cups => cups::run(),
    }
}
