//! Measurements. They run with optimisation: started without it, they start themselves again.

mod collector;
mod exporter;
mod fleet;
mod poll;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::shell;

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// How fast a large fleet is polled and stored, beside prometheus-snmp-exporter.
    Poll(poll::Options),
    /// The simulated fleet, in a process of its own so that its CPU time is its own.
    #[command(hide = true)]
    Fleet(fleet::Options),
}

/// Runs a measurement.
pub(crate) fn run(bench: &Bench) -> Result<ExitCode> {
    match bench {
        Bench::Poll(_) if cfg!(debug_assertions) => optimised(),
        Bench::Poll(options) => poll::run(options).map(|()| ExitCode::SUCCESS),
        Bench::Fleet(options) => fleet::serve(options).map(|()| ExitCode::SUCCESS),
    }
}

fn optimised() -> Result<ExitCode> {
    let cargo = ["run", "--quiet", "--release", "--package", "xtask", "--"].map(str::to_owned);
    let arguments: Vec<String> = cargo.into_iter().chain(std::env::args().skip(1)).collect();
    shell::run(&shell::cargo(), &arguments)?;
    Ok(ExitCode::SUCCESS)
}
