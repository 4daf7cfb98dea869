//! Whether two answers come from hosts that state one identity.

use platen_domain::devices::Identity;
use platen_domain::readings::Observation;

/// What the answer of a host where a device was says beside one from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// Both state the same: two hosts with one identity.
    Same,
    /// Another device is there now.
    Other,
    /// It states nothing, as some printers do asleep.
    NotStated,
}

/// Compares an answer with what is said where its device was.
pub(crate) fn likeness(answer: &Observation, there: &Observation) -> Likeness {
    let unnamed = Identity::default();
    let stated = there.identity.as_ref().unwrap_or(&unnamed);
    let identity = answer.identity.as_ref().unwrap_or(&unnamed);
    let same_model = stated.model.is_none() || stated.model == identity.model;
    if identity.shares_a_claim(stated) {
        Likeness::Same
    } else if stated.own_claims().is_empty() && same_model {
        Likeness::NotStated
    } else {
        Likeness::Other
    }
}
