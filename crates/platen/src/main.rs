//! The `platen` program: command line, configuration, wiring, signals - and nothing else.

mod banner;
mod cli;
mod commands;
mod config;
mod failure;
mod files;
mod logging;
mod opening;
mod server;
mod signals;
mod system;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

/// A poll makes some hundred small allocations; with this one it costs a fifth less CPU than
/// with the system's (`cargo xtask bench poll`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match commands::run(cli::Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&format!("platen: {error:#}\n"));
            failure::exit_code(&error)
        }
    }
}
