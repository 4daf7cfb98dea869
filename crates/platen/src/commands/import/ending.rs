//! How an import ends: what scripts look at.

use crate::failure::Ended;

/// How it went, the worst last. The number is the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Ending {
    /// Every record of every file is kept, or was known.
    #[default]
    Whole = 0,
    /// Lines were refused; all others are kept.
    LinesRefused = 1,
    /// Of a file nothing was taken in, or the import could not begin.
    FileRefused = 2,
    /// A file broke off: what stands before that place is kept.
    FilePartly = 3,
}

impl Ending {
    /// Nothing where all went well, else the error that ends the program with this status.
    pub(super) fn into_result(self, dry_run: bool) -> anyhow::Result<()> {
        let text = match (self, dry_run) {
            (Self::Whole, _) => return Ok(()),
            (Self::LinesRefused, false) => "lines were refused; all others are kept",
            (Self::LinesRefused, true) => "lines would be refused",
            (Self::FileRefused, false) => "of a file nothing was taken in",
            (Self::FileRefused, true) => "of a file nothing would be taken in",
            (Self::FilePartly, false) => {
                "a file could not be read to its end; what stands before that place is kept"
            }
            (Self::FilePartly, true) => "a file could not be read to its end",
        };
        Err(Ended::new(self as u8, text).into())
    }
}

/// What keeps an import from beginning ends it as a refused file does: nothing was taken in.
pub(super) fn not_begun(error: anyhow::Error) -> anyhow::Error {
    if error.is::<Ended>() {
        return error;
    }
    Ended::new(Ending::FileRefused as u8, format!("{error:#}")).into()
}
