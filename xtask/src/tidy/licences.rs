//! Which licences and which crates may come in: the lists of `deny.toml`.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::metadata::Built;
use crate::shell;

/// The part of `deny.toml` checked here.
#[derive(Deserialize)]
pub(super) struct Rules {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    /// The crates that may depend on it all the same.
    #[serde(default)]
    wrappers: Vec<String>,
    reason: String,
}

impl Rules {
    /// Reads `deny.toml`.
    pub(super) fn read() -> Result<Self> {
        let path = shell::root().join("deny.toml");
        let text = std::fs::read_to_string(&path).context("deny.toml")?;
        toml::from_str(&text).context("deny.toml")
    }
}

impl Ban {
    /// Whether it is about this crate, and anybody but the wrappers wants it.
    fn hits(&self, name: &str, wanted_by: &BTreeSet<String>) -> bool {
        let is_wrapped = |parent| self.wrappers.contains(parent);
        self.name == name && (wanted_by.is_empty() || !wanted_by.iter().all(is_wrapped))
    }
}

/// Every crate that is banned or whose licence is not on the list.
pub(super) fn check(crates: &[Built], rules: &Rules) -> Vec<String> {
    let mut broken = Vec::new();
    for Built {
        name,
        version,
        licence,
        wanted_by,
    } in crates
    {
        if let Some(ban) = rules.bans.deny.iter().find(|ban| ban.hits(name, wanted_by)) {
            broken.push(format!("{name} {version} is banned: {}", ban.reason));
        }
        if !satisfied(licence, &rules.licenses.allow) {
            broken.push(format!(
                "{name} {version}: deny.toml does not allow \"{licence}\""
            ));
        }
    }
    broken
}

/// Whether an SPDX expression can be met with the allowed licences alone. `/` is an old `OR`.
fn satisfied(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest, allowed) && rest.is_empty()
}

/// `x OR y`, which binds less than `AND`.
fn any_of(rest: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = all_of(rest, allowed);
    while let [first, after @ ..] = *rest
        && *first == "OR"
    {
        *rest = after;
        met |= all_of(rest, allowed);
    }
    met
}

/// `x AND y`.
fn all_of(rest: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = one(rest, allowed);
    while let [first, after @ ..] = *rest
        && *first == "AND"
    {
        *rest = after;
        met &= one(rest, allowed);
    }
    met
}

/// One licence, with its exception if it has one, or an expression in brackets.
fn one(rest: &mut &[&str], allowed: &[String]) -> bool {
    let (met, after) = match *rest {
        ["(", inner @ ..] => {
            let mut inner = inner;
            let met = any_of(&mut inner, allowed);
            (met, inner.strip_prefix(&[")"]).unwrap_or_default())
        }
        [name, "WITH", exception, after @ ..] => {
            (allowed.contains(&format!("{name} WITH {exception}")), after)
        }
        [name, after @ ..] => (allowed.iter().any(|licence| licence == name), after),
        [] => (false, &[][..]),
    };
    *rest = after;
    met
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_crate_comes_in_only_below_its_wrappers() {
        let hits = |wrappers: &[&str], wanted_by: &[&str]| {
            let ban = Ban {
                name: "chrono".to_owned(),
                wrappers: wrappers.iter().copied().map(str::to_owned).collect(),
                reason: String::new(),
            };
            let wanted_by = wanted_by.iter().copied().map(str::to_owned).collect();
            assert!(!ban.hits("jiff", &wanted_by));
            ban.hits("chrono", &wanted_by)
        };
        assert!(hits(&[], &["winstructs"]));
        assert!(hits(&["winstructs"], &[]));
        assert!(hits(&["winstructs"], &["platen", "winstructs"]));
        assert!(!hits(&["winstructs"], &["winstructs"]));
    }

    #[test]
    fn expressions_are_met_by_one_side_of_or_and_both_of_and() {
        let allowed = ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        for met in [
            "MIT",
            "MIT OR GPL-3.0-only",
            "GPL-2.0/MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0-only",
        ] {
            assert!(satisfied(met, &allowed), "{met}");
        }
        for refused in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "Apache-2.0",
            "MIT )",
        ] {
            assert!(!satisfied(refused, &allowed), "{refused}");
        }
    }
}
