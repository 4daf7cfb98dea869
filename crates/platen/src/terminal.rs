//! What a person at the terminal reads. A reader that went away is no reason to fail.

use std::io::{IsTerminal as _, Write as _};

/// Writes to standard output.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .ok();
}

/// Writes to standard error.
pub(crate) fn complain(text: &str) {
    std::io::stderr().lock().write_all(text.as_bytes()).ok();
}

/// Whether a person watches, so that a line may be written over.
pub(crate) fn is_watched() -> bool {
    std::io::stdout().is_terminal()
}
