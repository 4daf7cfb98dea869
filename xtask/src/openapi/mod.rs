//! What the APIs' description claims, judged by programs that nobody here wrote: a validator of
//! OpenAPI documents, and a client that tries everything the document allows.

mod client;
mod examples;
mod office;
mod refused;
mod requests;
mod schemathesis;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, value_parser};
use platen_domain::clients::ACCESS_TOKEN_VALID;

use crate::{needs, shell};

/// The committed document; a test of `platen-http` says that it is the code's.
const DOCUMENT: &str = "docs/openapi.json";

/// How long the short run takes that belongs to `cargo xtask test`.
pub(crate) const SHORT_SECONDS: u32 = 25;

/// The longest run: its one access token is good to the end.
const SECONDS_MAX: i64 = 840;

const _: () = assert!(SECONDS_MAX.unsigned_abs() < ACCESS_TOKEN_VALID.as_secs());

/// Options of schemathesis.
#[derive(Args)]
pub(crate) struct Options {
    /// How long requests are made up, all APIs together.
    #[arg(long, default_value_t = 180, value_parser = value_parser!(u32).range(1..=SECONDS_MAX))]
    seconds: u32,

    /// Makes the requests up that a run with this seed made up.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs schemathesis; the last line is for machines.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    needs::OPENAPI.make()?;
    schemathesis::run(options.seconds, options.seed).map(|()| ExitCode::SUCCESS)
}

/// As [`run`], for so many seconds.
pub(crate) fn exercise(seconds: u32) -> Result<()> {
    needs::OPENAPI.make()?;
    schemathesis::run(seconds, None)
}

/// Whether the document is OpenAPI.
pub(crate) fn validate() -> Result<()> {
    needs::OPENAPI.make()?;
    let python = needs::OPENAPI.python();
    shell::run(
        &python.to_string_lossy(),
        &["-m", "openapi_spec_validator", DOCUMENT],
    )
}
