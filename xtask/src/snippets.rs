//! The texts that Analysis > API hands out, each run as pasted against the real binary.

use std::process::ExitCode;

use anyhow::Result;

use crate::demo;

/// What runs them, in the root of the checkout.
const RUNNER: &str = "xtask/src/snippets.py";

/// Runs the texts.
pub(crate) fn run() -> Result<ExitCode> {
    check().map(|()| ExitCode::SUCCESS)
}

/// Starts the demo and takes every text from its console.
pub(crate) fn check() -> Result<()> {
    demo::lend_to_python(RUNNER)
}
