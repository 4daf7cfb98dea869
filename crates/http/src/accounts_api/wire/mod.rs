//! The forms in which the Accounts API speaks.
//!
//! - Answers have every member; what is unknown, or not limited, is `null`.
//! - Requests name no member that is not known, and may leave out what has a default.
//! - What a `GET` of a part answers (limit, access list, rules), its `PUT` takes.
//!
//! Here is read what has a form. How long and how many is for the use cases to judge, which say
//! so as [`AccountsRefusal::Invalid`](platen_app::accounts::AccountsRefusal::Invalid).

pub(crate) mod access;
pub(crate) mod accounts;
pub(crate) mod balances;
pub(crate) mod bulk;
pub(crate) mod charges;
pub(crate) mod groups;
pub(crate) mod holds;
pub(crate) mod job_tickets;
pub(crate) mod labels;
pub(crate) mod ledger;
pub(crate) mod limits;
pub(crate) mod point_rules;
pub(crate) mod points;
pub(crate) mod print_users;
pub(crate) mod times;
pub(crate) mod words;

use platen_app::accounts::AccountsRefusal;
use serde::de::DeserializeOwned;

/// A body that a request brings.
pub(crate) trait Sent: DeserializeOwned {
    /// What it looks like, for who sent something else and for the documentation.
    const EXAMPLE: &'static str;
}

/// A member that holds what it may not, beside what its type says already.
pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> AccountsRefusal {
    AccountsRefusal::Invalid {
        field,
        reason: reason.into(),
    }
}
