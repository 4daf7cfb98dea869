//! The forms in which the Accounts API speaks.
//!
//! - Answers have every member; what is unknown, or not limited, is `null`.
//! - Requests name no member that is not known, and may leave out what has a default.
//! - What a `GET` of a part answers (limit, access list, rules), its `PUT` takes.
//!
//! Here is read what has a form. How long and how many is for the use cases to judge, which say
//! so as [`AccountsRefusal::Invalid`].

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
pub(crate) mod texts;
pub(crate) mod times;
pub(crate) mod words;

use std::collections::BTreeSet;

use platen_app::accounts::AccountsRefusal;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

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

/// A list, where it is stated, that names nothing twice: who does so meant something else.
pub(crate) fn distinct<'de, T, D>(deserializer: D) -> Result<Option<BTreeSet<T>>, D::Error>
where
    T: Deserialize<'de> + Ord,
    D: Deserializer<'de>,
{
    let Some(list) = Option::<Vec<T>>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let named = list.len();
    let set: BTreeSet<T> = list.into_iter().collect();
    if set.len() < named {
        return Err(D::Error::custom("name each once"));
    }
    Ok(Some(set))
}

/// A list of `MOST` at most, where it is stated.
pub(crate) fn at_most<'de, const MOST: usize, T, D>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let list = Option::<Vec<T>>::deserialize(deserializer)?;
    if list.as_ref().is_some_and(|list| list.len() > MOST) {
        return Err(D::Error::custom(format_args!("expected {MOST} at most")));
    }
    Ok(list)
}
