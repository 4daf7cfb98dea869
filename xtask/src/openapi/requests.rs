//! Requests of our own, before the run.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::shell;

/// The member `wanted` of what curl is answered.
pub(super) fn posted(arguments: &[&str], wanted: &str) -> Result<Value> {
    let arguments = [&["--silent", "--show-error"], arguments].concat();
    let answer = shell::capture("curl", &arguments)?;
    let answer: Value = serde_json::from_str(&answer)?;
    let member = answer.get(wanted).cloned();
    member.with_context(|| format!("the answer has no {wanted}: {answer}"))
}

/// The same, where it is a text.
pub(super) fn posted_text(arguments: &[&str], wanted: &str) -> Result<String> {
    let member = posted(arguments, wanted)?;
    let text = member.as_str().map(str::to_owned);
    text.with_context(|| format!("{wanted} is no text: {member}"))
}
