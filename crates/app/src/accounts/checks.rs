//! What texts and numbers of the Accounts API may be.

use platen_domain::ids::AccountId;
use platen_domain::ledger::REASON_CHARS_MAX;
use platen_domain::points::{POINTS_MAX, Points};
use platen_domain::text::{is_plain, tidy_foreign};

use super::AccountsRefusal;

/// A refusal of what a field holds.
pub(super) fn invalid(field: &'static str, reason: impl Into<String>) -> AccountsRefusal {
    AccountsRefusal::Invalid {
        field,
        reason: reason.into(),
    }
}

/// One line of text that people and programs tell apart: visible from end to end.
pub(super) fn line(
    field: &'static str,
    text: &str,
    chars_max: usize,
) -> Result<(), AccountsRefusal> {
    let fits = !text.is_empty() && text.chars().count() <= chars_max;
    if fits && tidy_foreign(text) == text {
        return Ok(());
    }
    Err(invalid(
        field,
        format!(
            "expected 1 to {chars_max} characters, no control characters, no blanks at the ends \
             and no two in a row"
        ),
    ))
}

/// Why points move, as it is kept.
pub(super) fn reason(text: &str) -> Result<String, AccountsRefusal> {
    let reason = text.trim();
    line("reason", reason, REASON_CHARS_MAX)?;
    Ok(reason.to_owned())
}

/// Points that one entry may move.
pub(super) fn within_limits(points: Points) -> Result<Points, AccountsRefusal> {
    if points.is_within_limits() {
        return Ok(points);
    }
    let reason = format!("expected {POINTS_MAX} at most, in either direction");
    Err(invalid("points", reason))
}

/// As [`line()`], where the field is stated.
pub(super) fn line_opt(
    field: &'static str,
    text: Option<&str>,
    chars_max: usize,
) -> Result<(), AccountsRefusal> {
    text.map_or(Ok(()), |text| line(field, text, chars_max))
}

/// As [`line()`], for what requests may name in the place of an identifier.
pub(super) fn name(
    field: &'static str,
    text: &str,
    chars_max: usize,
) -> Result<(), AccountsRefusal> {
    line(field, text, chars_max)?;
    if text.parse::<AccountId>().is_ok() {
        let reason = "a UUID would be taken for an identifier; expected another name";
        return Err(invalid(field, reason));
    }
    Ok(())
}

/// Text of several sentences, where the field is stated.
pub(super) fn prose_opt(
    field: &'static str,
    text: Option<&str>,
    chars_max: usize,
) -> Result<(), AccountsRefusal> {
    let fits =
        |text: &str| !text.trim().is_empty() && text.chars().count() <= chars_max && is_plain(text);
    if text.is_none_or(fits) {
        return Ok(());
    }
    let reason = format!("expected 1 to {chars_max} characters, no control characters");
    Err(invalid(field, reason))
}

/// Points that cannot be owed.
pub(super) fn points(field: &'static str, points: Points) -> Result<(), AccountsRefusal> {
    if points >= Points::ZERO && points.is_within_limits() {
        return Ok(());
    }
    let reason = format!("expected 0 to {POINTS_MAX} points");
    Err(invalid(field, reason))
}

/// Whether what is to be changed is still what the request is based on.
pub(super) fn revision(expected: Option<u64>, revision: u64) -> Result<(), AccountsRefusal> {
    if expected.is_none_or(|expected| expected == revision) {
        return Ok(());
    }
    Err(AccountsRefusal::Changed)
}
