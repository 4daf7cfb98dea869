//! What cargo knows: the crates of this workspace with their imports, and every crate that is
//! built here.

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
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Built {
    pub name: String,
    pub version: String,
    /// SPDX expression, empty when none is stated.
    pub licence: String,
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
    let form = ["--prefix", "none", "--format", "{p}|{l}"];
    let lines = shell::capture(&shell::cargo(), &[&tree[..], &form].concat())?;
    let mut built: Vec<Built> = lines.lines().filter_map(parse).collect();
    built.sort_unstable();
    built.dedup();
    Ok(built)
}

/// `serde v1.0.229|MIT OR Apache-2.0`, with remarks such as `(proc-macro)` and `(*)` behind.
fn parse(line: &str) -> Option<Built> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split_whitespace();
    let name = words.next()?.to_owned();
    let version = words.next()?.trim_start_matches('v').to_owned();
    let licence = licence.trim_end_matches("(*)").trim().to_owned();
    Some(Built {
        name,
        version,
        licence,
    })
}
