//! What can go wrong below every use case.

use platen_store::StoreError;

/// A use case could not be carried out, through no fault of the caller.
///
/// Its `Display` is safe to show to anybody; the chain of `source` says the rest and belongs in
/// the log.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The store did not answer, or did not take the change.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Who acts lacks the capability the use case asks for.
    #[error("your role does not allow this")]
    Forbidden,
    /// The server stopped in the middle of the work, or a password could not be hashed.
    #[error("the server could not finish this; try again in a few seconds")]
    Interrupted(#[source] Box<dyn std::error::Error + Send + Sync>),
}
