//! Files of a crate that use each other in a circle: none of them can be read, or moved, alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::known_circles::Known;
use super::sources;

/// A module by its path within its crate; empty for the crate's root.
type Module = Vec<String>;

/// Which modules each module uses.
type Uses = BTreeMap<Module, BTreeSet<Module>>;

/// Modules of a crate of which each uses every other one, by itself or through others.
#[derive(Debug, PartialEq, Eq)]
struct Circle {
    /// The folder of the crate's source.
    folder: String,
    /// In their order, as Rust names them.
    modules: Vec<String>,
}

/// The circles of every crate.
#[derive(Debug)]
pub(super) struct Circles(Vec<Circle>);

impl Circles {
    /// What is wrong: circles that are not known, or larger than they are known; and known ones
    /// that are no more.
    pub(super) fn objections(&self, known: &[Known]) -> Vec<String> {
        let new = self.0.iter().filter(|circle| {
            let is_known = known.iter().any(|known| circle.is_within(known));
            !is_known
        });
        let new = new.map(|Circle { folder, modules }| {
            let modules = modules.join(" ");
            format!("{folder}: these use each other in a circle: {modules}")
        });
        let gone = known.iter().filter(|known| {
            let is_left = self.0.iter().any(|circle| circle.is_within(known));
            !is_left
        });
        let gone = gone.map(|(folder, modules)| {
            let modules = modules.join(" ");
            format!("{folder}: no circle is left of {modules}: take it off the known ones")
        });
        new.chain(gone).collect()
    }
}

/// How many there are.
impl fmt::Display for Circles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.len())
    }
}

impl Circle {
    fn is_within(&self, (folder, known): &Known) -> bool {
        let is_in = |module: &String| known.contains(&module.as_str());
        *folder == self.folder && self.modules.iter().all(is_in)
    }
}

/// Finds the circles of every crate.
pub(super) fn read(files: &[PathBuf]) -> Result<Circles> {
    let mut crates: BTreeMap<String, Vec<(Module, String)>> = BTreeMap::new();
    for file in files {
        if let Some((folder, module)) = place(file) {
            let text = sources::without_comments(&sources::read(file)?);
            crates.entry(folder).or_default().push((module, text));
        }
    }
    let circles = crates.into_iter().flat_map(|(folder, modules)| {
        let circles = circles(&uses(&modules)).into_iter();
        circles.map(move |modules| Circle {
            folder: folder.clone(),
            modules,
        })
    });
    Ok(Circles(circles.collect()))
}

/// The folder of a crate's source and the module that a file is; `None` for files of tests.
fn place(file: &Path) -> Option<(String, Module)> {
    let (folder, within) = file.to_str()?.split_once("/src/")?;
    let within = within.strip_suffix(".rs")?;
    if within.ends_with("_tests") || within.ends_with("/tests") {
        return None;
    }
    let mut module: Module = within.split('/').map(str::to_owned).collect();
    if matches!(module.last()?.as_str(), "mod" | "lib" | "main") {
        module.pop();
    }
    Some((format!("{folder}/src"), module))
}

/// Which modules each one names. What stands in a module around it does not count: a module and
/// those within it are one thing from outside.
fn uses(modules: &[(Module, String)]) -> Uses {
    let known: BTreeSet<&Module> = modules.iter().map(|(module, _)| module).collect();
    let used = modules.iter().map(|(module, text)| {
        let paths = paths(sources::without_tests(text)).into_iter();
        let named = paths.filter_map(|path| resolve(module, &path, &known));
        let others = named.filter(|named| !module.starts_with(named));
        (module.clone(), others.collect())
    });
    used.collect()
}

/// The module that a path names something of.
fn resolve(within: &Module, path: &[&str], known: &BTreeSet<&Module>) -> Option<Module> {
    let mut full = within.clone();
    for (position, name) in path.iter().enumerate() {
        match *name {
            "crate" if position == 0 => full.clear(),
            "self" if position == 0 => {}
            "super" => drop(full.pop()),
            name => full.push(name.to_owned()),
        }
    }
    while !known.contains(&full) {
        full.pop()?;
    }
    Some(full)
}

/// Every path of a text that begins within its crate, groups in braces spread out.
fn paths(text: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("::") {
        let (before, after) = rest.split_at(at);
        let start = before.rfind(|c| !is_of_name(c)).map_or(0, |at| at + 1);
        let (_, first) = before.split_at(start);
        let after = after.trim_start_matches("::");
        rest = if matches!(first, "crate" | "super" | "self") {
            tree(after, &mut vec![first], &mut found)
        } else {
            after
        };
    }
    found
}

/// Follows a path to its ends; answers with what stands behind it.
fn tree<'t>(text: &'t str, path: &mut Vec<&'t str>, found: &mut Vec<Vec<&'t str>>) -> &'t str {
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches([',', ' ', '\n']);
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            if rest.is_empty() {
                return rest;
            }
            let depth = path.len();
            rest = tree(rest, path, found);
            path.truncate(depth);
            // What a name is called here does not matter.
            rest = rest.find([',', '}']).map_or("", |at| rest.split_at(at).1);
        }
    }
    let end = text.find(|c| !is_of_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if !name.is_empty() {
        path.push(name);
        if let Some(after) = rest.strip_prefix("::") {
            return tree(after, path, found);
        }
    }
    found.push(path.clone());
    rest
}

const fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The modules that can be reached from one.
fn reached(uses: &Uses, from: &Module) -> BTreeSet<Module> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        for next in uses.get(module).into_iter().flatten() {
            if reached.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    reached
}

/// The circles, each once.
fn circles(uses: &Uses) -> Vec<Vec<String>> {
    let reach: BTreeMap<_, _> = uses
        .keys()
        .map(|from| (from, reached(uses, from)))
        .collect();
    let of = |module: &Module| -> Vec<String> {
        let around = reach.iter().filter(|(other, from_other)| {
            let from_here = reach.get(module).is_some_and(|here| here.contains(**other));
            from_here && from_other.contains(module)
        });
        around.map(|(other, _)| other.join("::")).collect()
    };
    let all: BTreeSet<_> = uses.keys().map(of).collect();
    all.into_iter().filter(|circle| circle.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_spread_out() {
        let text = "use super::{a::{self, B as C}, d};\nlet x = crate::e::f::<G>(std::h::I);";
        let expected = [
            vec!["super", "a", "self"],
            vec!["super", "a", "B"],
            vec!["super", "d"],
            vec!["crate", "e", "f"],
        ];
        assert_eq!(paths(text), expected);
    }

    #[test]
    fn a_circle_through_others_is_found_once() {
        let file = |name: &str, text: &str| {
            let (_, module) = place(Path::new(&format!("crates/x/src/{name}.rs"))).unwrap();
            (module, text.to_owned())
        };
        let modules = [
            file("lib", "pub use a::A;"),
            file("a", "use crate::b::B;"),
            file("b", "use super::c::{self, d::D};"),
            file("c/mod", "mod d;"),
            file("c/d", "use super::E; fn f() { crate::a::A }"),
            file("e", "use crate::a; use crate::A;"),
        ];
        let found = circles(&uses(&modules));
        assert_eq!(found, [["a", "b", "c::d"]]);
        assert_eq!(place(Path::new("crates/x/src/a_tests.rs")), None);
    }

    #[test]
    fn circles_that_grew_and_known_ones_that_are_gone_are_named() {
        let circle = |modules: &[&str]| Circle {
            folder: "crates/x/src".to_owned(),
            modules: modules.iter().map(|name| (*name).to_owned()).collect(),
        };
        let known: [Known; 2] = [
            ("crates/x/src", &["a", "b", "c"]),
            ("crates/y/src", &["a", "b"]),
        ];
        let circles = Circles(vec![circle(&["a", "b"]), circle(&["a", "b", "c", "d"])]);
        assert_eq!(
            circles.objections(&known),
            [
                "crates/x/src: these use each other in a circle: a b c d",
                "crates/y/src: no circle is left of a b: take it off the known ones",
            ]
        );
    }
}
