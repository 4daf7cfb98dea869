//! The console in a real browser: starts the demo and walks through every room of it.

use std::process::ExitCode;

use anyhow::Result;

use crate::{demo, needs, shell};

/// Runs the walk; screenshots are left under `target/browser`.
pub(crate) fn run() -> Result<ExitCode> {
    walk().map(|()| ExitCode::SUCCESS)
}

/// Runs the walk.
pub(crate) fn walk() -> Result<()> {
    needs::BROWSER_TESTS.install()?;
    let mut npm = shell::command("npm", &["--silent", "test"]);
    demo::lend(npm.current_dir(needs::BROWSER_TESTS.directory()))
}
