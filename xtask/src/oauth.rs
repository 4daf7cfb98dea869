//! OAuth 2.0 clients nobody here wrote (Authlib, requests-oauthlib) against the real binary.

use std::process::ExitCode;

use anyhow::Result;

use crate::demo;

/// What the clients do, in the root of the checkout.
const CLIENTS: &str = "xtask/src/oauth.py";

/// Runs the clients.
pub(crate) fn run() -> Result<ExitCode> {
    check().map(|()| ExitCode::SUCCESS)
}

/// Starts the demo and lets the clients at it.
pub(crate) fn check() -> Result<()> {
    demo::lend_to_python(CLIENTS)
}
