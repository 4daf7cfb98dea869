//! Measurements. They run with optimisation: started without it, they start themselves again.

mod accounts;
mod body;
mod client;
mod collector;
mod cpu;
mod exporter;
mod fleet;
mod ingest;
mod poll;
mod print_jobs;
mod report;
mod server;
mod traffic;
mod writer;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::shell;

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// How fast a large fleet is polled and stored, beside prometheus-snmp-exporter.
    Poll(poll::Options),
    /// How fast print jobs are taken in and on disk, while reports are read.
    Ingest(ingest::Options),
    /// How fast balances are read and accounts charged, while reports are read.
    Accounts(accounts::Options),
    /// How fast print jobs are answered, beside nginx, ClickHouse and PostgreSQL.
    Report(report::Options),
    /// The simulated fleet, in a process of its own so that its CPU time is its own.
    #[command(hide = true)]
    Fleet(fleet::Options),
}

/// Runs a measurement.
pub(crate) fn run(bench: &Bench) -> Result<ExitCode> {
    match bench {
        Bench::Poll(_) | Bench::Ingest(_) | Bench::Accounts(_) | Bench::Report(_)
            if cfg!(debug_assertions) =>
        {
            optimised()
        }
        Bench::Poll(options) => poll::run(options).map(|()| ExitCode::SUCCESS),
        Bench::Ingest(options) => ingest::run(options).map(|()| ExitCode::SUCCESS),
        Bench::Accounts(options) => accounts::run(options).map(|()| ExitCode::SUCCESS),
        Bench::Report(options) => report::run(options).map(|()| ExitCode::SUCCESS),
        Bench::Fleet(options) => fleet::serve(options).map(|()| ExitCode::SUCCESS),
    }
}

fn optimised() -> Result<ExitCode> {
    let cargo = ["run", "--quiet", "--release", "--package", "xtask", "--"].map(str::to_owned);
    let arguments: Vec<String> = cargo.into_iter().chain(std::env::args().skip(1)).collect();
    shell::run(&shell::cargo(), &arguments)?;
    Ok(ExitCode::SUCCESS)
}
