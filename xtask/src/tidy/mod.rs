//! The rules of the house that no compiler knows: who may import whom, which licences come in,
//! how long a file is, what no file says, what uses each other in a circle, where an engine's types
//! and words stand, whose rows a statement is about, what the store's conformance suite calls.

mod circles;
mod conformance;
mod dialect;
mod edges;
mod files;
mod known_circles;
mod licences;
mod metadata;
mod sources;
mod statements;

use anyhow::{Result, bail};

use metadata::Workspace;

/// Checks everything; every broken rule is named before it fails.
pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::read()?;
    let crates = metadata::built()?;
    let rules = licences::Rules::read()?;
    let files = files::tracked()?;
    let mut broken = edges::check(&workspace);
    broken.extend(licences::check(&crates, &rules));
    for file in &files {
        broken.extend(files::check(file)?);
    }
    let circles = circles::read(&files)?;
    broken.extend(circles.objections(known_circles::KNOWN));
    let coverage = conformance::read(&files)?;
    broken.extend(coverage.objections());
    broken.extend(dialect::check(&files)?);
    let unscoped = statements::unscoped(&files)?;
    if unscoped > 0 {
        broken.push(format!(
            "crates/store/src: {unscoped} statements about rows of an organization do not name it"
        ));
    }
    for rule in &broken {
        println!("{rule}");
    }
    if !broken.is_empty() {
        bail!("{} rules are broken", broken.len());
    }
    println!(
        "tidy: {} files and {} crates are in order",
        files.len(),
        crates.len()
    );
    println!("tidy: circles={circles} conformance={coverage} unscoped_statements={unscoped}");
    Ok(())
}
