//! How the program ends when it cannot go on.

use std::process::ExitCode;

/// After a failed write nothing is acknowledged any more (`EX_IOERR` of sysexits.h).
const FENCED: u8 = 74;

/// The store refused to go on: what was acknowledged is on disk, and nothing else will be.
#[derive(Debug, thiserror::Error)]
#[error(
    "a write to the data directory failed, so nothing more is accepted. What was acknowledged \
     before is on disk. Check the disk (the log has the reason), then start Platen again: it \
     checks the store before it serves"
)]
pub(crate) struct Fenced;

/// A command that ends with a status of its own.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(crate) struct Ended {
    status: u8,
    text: String,
}

impl Ended {
    pub(crate) fn new(status: u8, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { status, text }
    }
}

/// The exit code that belongs to `error`.
pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
    if let Some(ended) = error.downcast_ref::<Ended>() {
        ExitCode::from(ended.status)
    } else if error.is::<Fenced>() {
        ExitCode::from(FENCED)
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fenced_store_has_an_exit_code_of_its_own() {
        let code = |error: &anyhow::Error| format!("{:?}", exit_code(error));
        let fenced = anyhow::Error::new(Fenced).context("serving");
        assert_eq!(code(&fenced), format!("{:?}", ExitCode::from(74)));
        let other = anyhow::anyhow!("anything else");
        assert_eq!(code(&other), format!("{:?}", ExitCode::from(1)));
        let own = anyhow::Error::new(Ended::new(3, "halfway"));
        assert_eq!(code(&own), format!("{:?}", ExitCode::from(3)));
    }
}
