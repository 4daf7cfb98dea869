//! Why a use case of the Accounts API did nothing.

use platen_domain::charges::ChargeProblems;
use platen_domain::points::Points;
use platen_store::{StoreError, Unknown};

use crate::AppError;

/// Why nothing was done. `Display` is for the caller.
#[derive(Debug, thiserror::Error)]
pub enum AccountsRefusal {
    /// The organization has none: `account`, `user`, `group`, `charge`, `hold`. What another
    /// organization has is answered in the same way.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A field holds what it may not. Nothing is half applied.
    #[error("{field}: {reason}")]
    Invalid {
        /// Which field, as the request names it.
        field: &'static str,
        /// What was expected.
        reason: String,
    },
    /// A value that must be unique is another's: `code`, `external_id`, `name`.
    #[error("{0}: another one has this value already")]
    Taken(&'static str),
    /// It was changed since the revision that the request is based on.
    #[error(
        "it was changed in the meantime: read it again and repeat the change on what it is now"
    )]
    Changed,
    /// Its state does not allow this: a hold that is captured, an account that was charged.
    #[error("{0}")]
    State(&'static str),
    /// The Idempotency-Key was used for another request.
    #[error("this Idempotency-Key was used for another request")]
    KeyReused,
    /// The charge or hold is refused.
    #[error("the account may not be charged with this")]
    Charge {
        /// Why.
        problems: ChargeProblems,
        /// What it takes, where the rules can say.
        points: Option<Points>,
        /// What the balance has; `None` is any number.
        available: Option<Points>,
    },
    /// The organization has as many as it may.
    #[error("there are {0} as many as there may be")]
    TooMany(&'static str),
    /// It could not be done.
    #[error(transparent)]
    Unavailable(#[from] AppError),
}

impl AccountsRefusal {
    /// What the store says of a value that must be unique is about `field`. Whoever writes has
    /// looked before, within the same transaction; the store has the last word.
    pub(super) fn taken(error: StoreError, field: &'static str) -> Self {
        match error {
            StoreError::Conflict(_) => Self::Taken(field),
            other => other.into(),
        }
    }
}

impl From<StoreError> for AccountsRefusal {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<Unknown> for AccountsRefusal {
    fn from(unknown: Unknown) -> Self {
        Self::NotFound(match unknown {
            Unknown::Account => "account",
            Unknown::User => "user",
        })
    }
}

impl From<AccountsRefusal> for AppError {
    fn from(refusal: AccountsRefusal) -> Self {
        match refusal {
            AccountsRefusal::Unavailable(error) => error,
            other => Self::Interrupted(Box::new(other)),
        }
    }
}
