//! Which public methods of the store its conformance suite calls: a second engine must pass that
//! suite, so what is not in it is not promised.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::sources;

/// Where the nouns of the store stand, one file each.
const NOUNS: &str = "crates/store/src";

/// The suite that every engine must pass.
const SUITE: &str = "crates/store/tests/conformance";

/// The types whose public methods make up the store.
const TYPES: [&str; 4] = ["Reader", "Writer", "Store", "Units"];

/// How many public methods there are, and which of them the suite does not call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Coverage {
    /// How many there are.
    methods: usize,
    /// Those that the suite does not call, `Type::method` with their file.
    missing: Vec<(String, PathBuf)>,
}

impl Coverage {
    /// What is wrong, one line a method.
    pub(super) fn objections(&self) -> Vec<String> {
        let missing = self.missing.iter();
        missing
            .map(|(method, file)| format!("{}: {method} is not called in {SUITE}", file.display()))
            .collect()
    }
}

/// As `called/all`.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let called = self.methods.saturating_sub(self.missing.len());
        write!(f, "{called}/{}", self.methods)
    }
}

/// Reads the store and its suite.
pub(super) fn read(files: &[PathBuf]) -> Result<Coverage> {
    let nouns = sources::directly_in(files, Path::new(NOUNS))?;
    let suite = sources::directly_in(files, Path::new(SUITE))?;
    let texts: Vec<_> = suite.into_iter().map(|(_, text)| text).collect();
    Ok(coverage(&nouns, &texts.join("\n")))
}

fn coverage(nouns: &[(PathBuf, String)], suite: &str) -> Coverage {
    let mut found = Coverage::default();
    for (file, text) in nouns {
        for (of, name) in public_methods(text) {
            found.methods += 1;
            if !calls(suite, name) {
                found.missing.push((format!("{of}::{name}"), file.clone()));
            }
        }
    }
    found
}

/// The public methods in a file of rustfmt's form, each with its type.
fn public_methods(text: &str) -> Vec<(&str, &str)> {
    let mut of = None;
    let mut methods = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("impl") {
            let name = head.trim_start().split(['<', ' ']).next();
            of = name.filter(|name| TYPES.contains(name));
        } else if line == "}" {
            of = None;
        }
        if let (Some(of), Some(name)) = (of, public_method(line)) {
            methods.push((of, name));
        }
    }
    methods
}

/// The name of the public method whose head begins on this line.
fn public_method(line: &str) -> Option<&str> {
    let mut rest = line.strip_prefix("    pub ")?;
    for word in ["const ", "async "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    rest.strip_prefix("fn ")?.split(['(', '<']).next()
}

/// Whether a text calls a method, or hands it on by its path. Types are not known here: a method
/// of the same name on something else counts too.
fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = text.split_at(at);
        let after = after.strip_prefix(name).unwrap_or(after);
        let called = before.ends_with('.') && (after.starts_with('(') || after.starts_with("::<"));
        let handed_on = TYPES.iter().any(|of| before.ends_with(&format!("{of}::")))
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        called || handed_on
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_method_that_the_suite_does_not_call_is_named() {
        let noun = "\
impl Reader<'_> {
    pub fn key(&self) {}
    pub(crate) fn key_row(&self) {}
}

impl fmt::Debug for Store {
    pub fn no_method() {}
}

impl Units<'_> {
    pub const fn large(self) {}
    pub async fn write<T>(self) {}
}
";
        let file = PathBuf::from("keys.rs");
        let suite = "store.read(move |r| r.key()); let large = 1; u.largest(); Units::write";
        let found = coverage(&[(file, noun.to_owned())], suite);
        assert_eq!(found.to_string(), "2/3");
        let missing = found.objections();
        assert_eq!(missing.len(), 1);
        assert!(
            missing[0].starts_with("keys.rs: Units::large is not"),
            "{missing:?}"
        );
    }
}
