//! OAuth 2.0 clients nobody here wrote (Authlib, requests-oauthlib) against the real binary.

use std::process::ExitCode;

use anyhow::Result;

use crate::demo::{self, Demo};
use crate::{needs, shell};

/// What the clients do, in the root of the checkout.
const CLIENTS: &str = "xtask/src/oauth.py";

/// Runs the clients.
pub(crate) fn run() -> Result<ExitCode> {
    check().map(|()| ExitCode::SUCCESS)
}

/// Starts the demo and lets the clients at it.
pub(crate) fn check() -> Result<()> {
    let python = needs::python()?;
    demo::build()?;
    let address = demo::free_address()?;
    let server = Demo::start(address, None)?;
    let link = server.sign_in_link()?;
    let mut clients = shell::command(&python.to_string_lossy(), &[CLIENTS]);
    clients
        .env("PLATEN_URL", format!("http://{address}"))
        .env("PLATEN_SIGN_IN_LINK", link);
    shell::finish(&mut clients)
}
