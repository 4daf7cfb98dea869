//! Who may import whom: a crate imports only what stands above it.

use super::metadata::{Dependency, Package, Workspace};

/// The crates in their order, each with the crates of this workspace it may use. Tests may use
/// any, so that they can set up a whole system.
const EDGES: [(&str, &[&str]); 9] = [
    ("platen-domain", &[]),
    ("platen-collect", &["platen-domain"]),
    ("platen-store", &["platen-domain"]),
    ("platen-report", &["platen-domain"]),
    ("platen-simfleet", &["platen-domain"]),
    (
        "platen-app",
        &[
            "platen-domain",
            "platen-collect",
            "platen-store",
            "platen-report",
        ],
    ),
    (
        "platen-http",
        &["platen-domain", "platen-report", "platen-app"],
    ),
    (
        "platen",
        &[
            "platen-domain",
            "platen-collect",
            "platen-store",
            "platen-report",
            "platen-app",
            "platen-http",
            "platen-simfleet",
        ],
    ),
    (
        "xtask",
        &[
            "platen-domain",
            "platen-collect",
            "platen-store",
            "platen-app",
            "platen-simfleet",
        ],
    ),
];

/// What the nouns and rules may use from outside: no runtime, no SQL, no HTTP, no wire format.
const DOMAIN_MAY_USE: [&str; 6] = [
    "caseless",
    "sha2",
    "subtle",
    "thiserror",
    "unicode-normalization",
    "uuid",
];

/// Every import that goes the wrong way.
pub(super) fn check(workspace: &Workspace) -> Vec<String> {
    let packages = workspace.packages.iter();
    packages
        .flat_map(|package| {
            let used = package
                .dependencies
                .iter()
                .filter(|used| used.kind.is_none());
            used.filter_map(|used| objection(package, used))
        })
        .collect()
}

fn objection(package: &Package, used: &Dependency) -> Option<String> {
    let Package { name, .. } = package;
    let Some((_, allowed)) = EDGES.iter().find(|(known, _)| known == name) else {
        return Some(format!("{name}: give it a row in xtask/src/tidy/edges.rs"));
    };
    if used.path.is_some() {
        let wrong = !allowed.contains(&used.name.as_str());
        return wrong.then(|| format!("{name} must not import {}", used.name));
    }
    let foreign = name == "platen-domain" && !DOMAIN_MAY_USE.contains(&used.name.as_str());
    foreign.then(|| format!("{name} must not depend on {}: it does no I/O", used.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, used: &[(&str, bool)]) -> Package {
        let dependency = |(name, ours): &(&str, bool)| Dependency {
            name: (*name).to_owned(),
            kind: None,
            path: ours.then(String::new),
        };
        Package {
            name: name.to_owned(),
            dependencies: used.iter().map(dependency).collect(),
        }
    }

    #[test]
    fn an_import_against_the_order_is_named() {
        let packages = vec![
            package(
                "platen-http",
                &[("platen-app", true), ("platen-store", true)],
            ),
            package("platen-domain", &[("tokio", false), ("uuid", false)]),
        ];
        assert_eq!(
            check(&Workspace { packages }),
            [
                "platen-http must not import platen-store",
                "platen-domain must not depend on tokio: it does no I/O",
            ]
        );
    }
}
