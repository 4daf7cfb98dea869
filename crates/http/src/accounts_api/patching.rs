//! `PATCH`: read what is there, merge, read the result as a whole, write it back.

use std::future::Future;

use platen_app::accounts::AccountsRefusal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::json_body;
use super::merge_patch::merge;
use super::preconditions::IfMatch;
use super::refusals;
use super::wire::limits::LimitForm;
use crate::policy::Call;
use crate::problem_kinds;
use crate::problems::Problem;

/// How often a patch is tried on what somebody else changed in the meantime.
const TRIES: usize = 3;

/// What can be patched: a form that is read as it was written.
pub(super) trait Patched: Serialize + DeserializeOwned {
    /// Takes out of `current` what `patch` makes obsolete without saying so.
    fn make_room(_current: &mut Value, _patch: &Value) {}
}

impl Patched for LimitForm {
    /// Another period begins without the members of the one before.
    fn make_room(current: &mut Value, patch: &Value) {
        let is_another = patch
            .get("period")
            .is_some_and(|period| current.get("period") != Some(period));
        if let (true, Some(members)) = (is_another, current.as_object_mut()) {
            for name in Self::OF_PERIODS {
                members.remove(name);
            }
        }
    }
}

/// Patches what `read` finds, with its revision, and `write` writes back where that revision is
/// still the current one.
///
/// Without `If-Match` the patch is tried anew on what somebody else made of it in between.
pub(super) async fn patch<T, U, R, W>(
    call: &Call,
    read: impl Fn() -> R,
    write: impl Fn(T, u64) -> W,
) -> Result<U, Problem>
where
    T: Patched,
    R: Future<Output = Result<(T, u64), AccountsRefusal>>,
    W: Future<Output = Result<U, AccountsRefusal>>,
{
    let condition = IfMatch::read(&call.headers)?;
    let patch = json_body::read_patch(call)?;
    for _ in 0..TRIES {
        let (current, revision) = read().await?;
        condition.check(revision)?;
        let patched = patched(&current, patch.clone())?;
        match (write(patched, revision).await, &condition) {
            (Ok(written), _) => return Ok(written),
            (Err(AccountsRefusal::Changed), IfMatch::Any) => {}
            (Err(refusal), condition) => return Err(condition.problem(refusal)),
        }
    }
    Err(refusals::problem(AccountsRefusal::Changed))
}

/// A form is written with every member it has: what the patch takes away beside them is unknown.
/// What it sets is refused when the whole is read.
fn check_known(current: &Value, patch: &Value) -> Result<(), Problem> {
    for (name, change) in patch.as_object().into_iter().flatten() {
        if change.is_null() && current.get(name).is_none() {
            let reason = format!("{name}: there is no such field to take away.");
            return Err(problem_kinds::INVALID.because(reason).with_field(name));
        }
    }
    Ok(())
}

/// What the patch makes of what is there.
fn patched<T: Patched>(current: &T, patch: Value) -> Result<T, Problem> {
    let mut value = serde_json::to_value(current).map_err(|_no_json| Problem::internal())?;
    check_known(&value, &patch)?;
    T::make_room(&mut value, &patch);
    merge(&mut value, patch);
    json_body::interpret(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_unknown_is_not_taken_away_either() {
        let current = LimitForm::default();
        assert!(patched(&current, json!({"terms": null, "overdraft": 1})).is_ok());
        for patch in [json!({"term": null}), json!({"": null}), json!({"term": 1})] {
            let refused = patched(&current, patch.clone()).map_err(|problem| problem.code);
            assert_eq!(refused, Err("invalid"), "{patch}");
        }
    }
}
