//! The console in a real browser: starts the demo and walks through every room of it.

use std::process::ExitCode;

use anyhow::Result;

use crate::demo::{self, Demo};
use crate::{needs, shell};

/// Runs the walk; screenshots are left under `target/browser`.
pub(crate) fn run() -> Result<ExitCode> {
    walk().map(|()| ExitCode::SUCCESS)
}

/// Runs the walk.
pub(crate) fn walk() -> Result<()> {
    needs::browser_tests()?;
    demo::build()?;
    let address = demo::free_address()?;
    let server = Demo::start(address, None)?;
    let link = server.sign_in_link()?;
    let mut npm = shell::command("npm", &["--silent", "test"]);
    npm.current_dir(needs::browser_test_directory())
        .env("PLATEN_URL", format!("http://{address}"))
        .env("PLATEN_SIGN_IN_LINK", link);
    shell::finish(&mut npm)
}
