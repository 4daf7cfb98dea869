//! Clients that generators nobody here wrote make of the APIs' description, one of them run against the
//! real binary.

use std::process::ExitCode;

use anyhow::Result;

use crate::{demo, needs};

/// What makes and runs them, in the root of the checkout.
const RUNNER: &str = "xtask/src/clients.py";

/// Makes clients and runs one.
pub(crate) fn run() -> Result<ExitCode> {
    check().map(|()| ExitCode::SUCCESS)
}

/// Starts the demo, makes clients and runs one against it.
pub(crate) fn check() -> Result<()> {
    needs::TYPESCRIPT.install()?;
    demo::lend_to_python(RUNNER)
}
