//! Written reasons for disagreeing with another program: `corpus_differences.toml`.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::compare::Finding;

/// The file, beside the collector's tests.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Differences {
    #[serde(default)]
    alias: Vec<Alias>,
    #[serde(default)]
    difference: Vec<Difference>,
}

/// Two spellings of one thing, on whichever recording.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alias {
    /// Name of the field as the comparison prints it.
    field: String,
    /// What we say.
    ours: String,
    /// What others say.
    theirs: String,
    /// Why both mean the same.
    #[expect(dead_code, reason = "for whoever reads the file; it must be there")]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    /// Name of the recording; a `*` at its end stands for any ending.
    recording: String,
    /// Name of the field as the comparison prints it; a `*` at its end stands for any ending.
    field: String,
    /// Who is contradicted: a program's name, several with commas, or `*`.
    program: String,
    /// Why, for whoever reads the numbers.
    reason: String,
}

impl Differences {
    /// Reads the file; none is no difference.
    pub(super) fn read(path: &Path) -> Result<Self> {
        if !path.is_file() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(path)?;
        toml::from_str(&text).with_context(|| format!("{}", path.display()))
    }

    /// Whether both are written down as spellings of one thing.
    pub(super) fn are_alike(&self, field: &str, ours: &str, theirs: &str) -> bool {
        let fits =
            |alias: &&Alias| alias.field == field && alias.ours == ours && alias.theirs == theirs;
        self.alias.iter().any(|alias| fits(&alias))
    }

    /// The reason that covers `finding` for every program it contradicts.
    pub(super) fn reason(&self, recording: &str, finding: &Finding) -> Option<&str> {
        let covers = |entry: &Difference, program: &str| {
            matches(&entry.recording, recording)
                && matches(&entry.field, &finding.name)
                && entry
                    .program
                    .split(',')
                    .any(|named| matches(named.trim(), program))
        };
        let mut reason = None;
        for (program, _) in &finding.theirs {
            let entry = self
                .difference
                .iter()
                .find(|entry| covers(entry, program))?;
            reason = reason.or(Some(entry.reason.as_str()));
        }
        reason
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::compare::{Field, Verdict};
    use super::*;

    #[test]
    fn every_contradicted_program_needs_its_reason() {
        let file = r#"
            [[difference]]
            recording = "walks-lexmark_*"
            field = "model"
            program = "glpi-agent"
            reason = "MX710 shares its sysObjectID with MX711"
        "#;
        let differences: Differences = toml::from_str(file).unwrap();
        let finding = |theirs: &[&'static str]| Finding {
            field: Field::Model,
            name: "model".to_owned(),
            ours: "MX711".to_owned(),
            theirs: theirs
                .iter()
                .map(|program| (*program, "MX710".to_owned()))
                .collect(),
            weight: 1,
            verdict: Verdict::Differs,
        };
        let reason =
            |theirs: &[&'static str]| differences.reason("walks-lexmark_mx711_b", &finding(theirs));
        assert!(reason(&["glpi-agent"]).is_some());
        assert!(reason(&["glpi-agent", "librenms"]).is_none());
        assert!(
            differences
                .reason("other", &finding(&["glpi-agent"]))
                .is_none()
        );
    }
}
