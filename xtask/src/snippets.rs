//! The texts that Analysis > API hands out, each run as pasted against the real binary.

use std::process::ExitCode;

use anyhow::Result;

use crate::demo::{self, Demo};
use crate::{needs, shell};

/// What runs them, in the root of the checkout.
const RUNNER: &str = "xtask/src/snippets.py";

/// Runs the texts.
pub(crate) fn run() -> Result<ExitCode> {
    check().map(|()| ExitCode::SUCCESS)
}

/// Starts the demo and takes every text from its console.
pub(crate) fn check() -> Result<()> {
    let python = needs::python()?;
    demo::build()?;
    let address = demo::free_address()?;
    let server = Demo::start(address, None)?;
    let link = server.sign_in_link()?;
    let mut runner = shell::command(&python.to_string_lossy(), &[RUNNER]);
    runner
        .env("PLATEN_URL", format!("http://{address}"))
        .env("PLATEN_SIGN_IN_LINK", link);
    shell::finish(&mut runner)
}
