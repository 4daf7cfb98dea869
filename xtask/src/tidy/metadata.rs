//! What cargo knows: the crates of this workspace with their imports, and every crate that is
//! built here.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::shell;

/// The part of `cargo metadata` the rules look at.
#[derive(Deserialize)]
pub(super) struct Workspace {
    pub packages: Vec<Package>,
}

/// A crate of this workspace.
#[derive(Deserialize)]
pub(super) struct Package {
    pub name: String,
    pub dependencies: Vec<Dependency>,
}

/// What a crate imports.
#[derive(Deserialize)]
pub(super) struct Dependency {
    pub name: String,
    /// `None` for an ordinary dependency, otherwise `dev` or `build`.
    pub kind: Option<String>,
    /// Where it lies, when it is a crate of this workspace.
    pub path: Option<String>,
}

impl Workspace {
    pub(super) fn read() -> Result<Self> {
        let arguments = ["metadata", "--format-version", "1", "--no-deps"];
        let json = shell::capture(&shell::cargo(), &arguments)?;
        serde_json::from_str(&json).context("cargo metadata speaks another language")
    }
}

/// A crate that is built here, for the binary or for its tests.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Built {
    pub name: String,
    pub version: String,
    /// SPDX expression, empty when none is stated.
    pub licence: String,
    /// The crates that depend on it themselves, by name.
    pub wanted_by: BTreeSet<String>,
}

/// Every crate in the tree, once. `Cargo.lock` names more: what only other platforms and
/// features need. `--locked` also shows that it is up to date.
pub(super) fn built() -> Result<Vec<Built>> {
    let tree = [
        "tree",
        "--workspace",
        "--locked",
        "--edges",
        "normal,build,dev",
    ];
    let form = ["--prefix", "depth", "--format", "{p}|{l}"];
    let lines = shell::capture(&shell::cargo(), &[&tree[..], &form].concat())?;
    Ok(of_tree(&lines))
}

/// The crates of a tree. What lies below a crate is printed only where that is met first, which
/// shows every edge once.
fn of_tree(lines: &str) -> Vec<Built> {
    let mut built = BTreeMap::<_, Built>::new();
    let mut path: Vec<String> = Vec::new();
    for (depth, found) in lines.lines().filter_map(parse) {
        path.truncate(depth);
        let parent = path.last().cloned();
        path.push(found.name.clone());
        let key = (found.name.clone(), found.version.clone());
        let known = built.entry(key).or_insert(found);
        known.wanted_by.extend(parent);
    }
    built.into_values().collect()
}

/// `2serde v1.0.229|MIT OR Apache-2.0`, with remarks such as `(proc-macro)` and `(*)` behind: the
/// crate, and how deep it lies.
fn parse(line: &str) -> Option<(usize, Built)> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split_whitespace();
    let first = words.next()?;
    let name = first.trim_start_matches(|c: char| c.is_ascii_digit());
    let depth = first.strip_suffix(name)?.parse().ok()?;
    let built = Built {
        name: name.to_owned(),
        version: words.next()?.trim_start_matches('v').to_owned(),
        licence: licence.trim_end_matches("(*)").trim().to_owned(),
        wanted_by: BTreeSet::new(),
    };
    Some((depth, built))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_says_who_wants_a_crate() {
        let tree = "0a v1.0.0 (/x)|MIT\n1b v1.0.0 (proc-macro)|MIT\n2c v1.0.0|Zlib\n1c v2.0.0|MIT\n\n\
                    0d v1.0.0|MIT\n1c v1.0.0|Zlib (*)\n";
        let built = of_tree(tree);
        let told: Vec<_> = built
            .iter()
            .map(
                |Built {
                     name,
                     version,
                     licence,
                     wanted_by,
                 }| {
                    let wanted_by: Vec<_> = wanted_by.iter().map(String::as_str).collect();
                    format!("{name} {version} {licence}: {}", wanted_by.join(" "))
                },
            )
            .collect();
        let expected = [
            "a 1.0.0 MIT: ",
            "b 1.0.0 MIT: a",
            "c 1.0.0 Zlib: b d",
            "c 2.0.0 MIT: a",
            "d 1.0.0 MIT: ",
        ];
        assert_eq!(told, expected);
    }
}
