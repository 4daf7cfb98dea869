//! What a file may look like.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::sources;
use crate::shell;

/// Longest file that a person writes, in lines: one idea each.
const LINES_MAX: usize = 500;

/// Endings of the files that a person writes and reads.
const WRITTEN: [&str; 9] = ["rs", "toml", "md", "html", "css", "js", "mjs", "sql", "sh"];

/// Written by tools.
const GENERATED: [&str; 2] = ["Cargo.lock", "package-lock.json"];

/// What only code under construction says. Put together here, or this file would say it too.
const UNFINISHED: [&str; 4] = [
    concat!("todo", "!("),
    concat!("dbg", "!("),
    concat!("unimplemented", "!("),
    concat!("FIX", "ME"),
];

/// Places of one machine or one network, which mean nothing on another.
const ELSEWHERE: [&str; 4] = [
    concat!("/wo", "rk/"),
    concat!("/tmp/", "brief"),
    concat!("/ro", "ot/"),
    concat!("/home", "/"),
];

/// Words of SQL, which only the store speaks.
const SQL: [&str; 6] = [
    concat!("SELECT", " "),
    concat!("INSERT", " INTO"),
    concat!("DELETE", " FROM"),
    concat!("CREATE", " TABLE"),
    concat!("PRAGMA", " "),
    SQLITE,
];

/// The crate whose types are the engine's own.
const SQLITE: &str = concat!("rusq", "lite");

/// Where the store's nouns stand; its engines stand in folders below.
const NOUNS: &str = "crates/store/src";

/// Hosts a lock file may name; any other is a mirror of somebody's network.
const LOCKED_HOSTS: [&str; 2] = [
    "https://github.com/rust-lang/crates.io-index",
    "https://registry.npmjs.org/",
];

/// Every file git knows or would take in.
pub(super) fn tracked() -> Result<Vec<PathBuf>> {
    let arguments = [
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ];
    let names =
        shell::capture("git", &arguments).context("the rules are checked in a git checkout")?;
    let files = names.split_terminator('\0').map(PathBuf::from);
    Ok(files
        .filter(|file| shell::root().join(file).is_file())
        .collect())
}

/// Every rule the file breaks.
pub(super) fn check(file: &Path) -> Result<Vec<String>> {
    let Ok(text) = String::from_utf8(std::fs::read(shell::root().join(file))?) else {
        return Ok(Vec::new()); // A picture or another binary.
    };
    Ok(objections(file, &text)
        .into_iter()
        .map(|what| format!("{}{what}", file.display()))
        .collect())
}

fn objections(file: &Path, text: &str) -> Vec<String> {
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if GENERATED.contains(&name) {
        return lines(text, foreign_host);
    }
    let ending = file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    let mut objections = lines(text, elsewhere);
    if !WRITTEN.contains(&ending) {
        return objections;
    }
    objections.extend(lines(text, trailing_space));
    let count = text.lines().count();
    if count > LINES_MAX {
        objections.push(format!(
            ": {count} lines; split it, {LINES_MAX} is the most"
        ));
    }
    if ending == "rs" {
        objections.extend(lines(text, unfinished));
        if !is_test(file) && !text.starts_with("//!") {
            objections.push(": open with //! and the module's purpose".to_owned());
        }
        if !file.starts_with("crates/store") {
            objections.extend(lines(text, sql));
        }
        if file.parent() == Some(Path::new(NOUNS)) {
            objections.extend(lines(sources::without_tests(text), engine));
        }
    }
    objections
}

/// Whether it holds nothing but tests, whose names say what they are for.
fn is_test(file: &Path) -> bool {
    let name = file
        .file_stem()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    name.ends_with("_tests") || file.iter().any(|folder| folder == "tests")
}

/// The objections of one rule to the lines of a text, each with its line number.
fn lines(text: &str, rule: fn(&str) -> Option<String>) -> Vec<String> {
    let numbered = text.lines().enumerate();
    numbered
        .filter_map(|(line, text)| Some(format!(":{}: {}", line + 1, rule(text)?)))
        .collect()
}

fn says(line: &str, words: &[&'static str]) -> Option<&'static str> {
    words.iter().copied().find(|word| line.contains(word))
}

fn elsewhere(line: &str) -> Option<String> {
    says(line, &ELSEWHERE).map(|place| format!("{place} exists on one machine only"))
}

fn unfinished(line: &str) -> Option<String> {
    says(line, &UNFINISHED).map(|word| format!("{word} is unfinished work"))
}

fn sql(line: &str) -> Option<String> {
    says(line, &SQL).map(|word| format!("\"{word}\" is SQL, which only crates/store speaks"))
}

fn engine(line: &str) -> Option<String> {
    let names = line.contains(SQLITE);
    names.then(|| format!("{SQLITE} is an engine's; the nouns use crate::session"))
}

fn trailing_space(line: &str) -> Option<String> {
    line.ends_with([' ', '\t'])
        .then(|| "white space at the end".to_owned())
}

fn foreign_host(line: &str) -> Option<String> {
    let allowed = LOCKED_HOSTS.iter().any(|host| line.contains(host));
    let download = line.contains("resolved\":") || line.contains("source = ");
    (download && line.contains("://") && !allowed).then(|| "a mirror's address".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(file: &str, text: &str) -> Vec<String> {
        objections(Path::new(file), text)
    }

    #[test]
    fn a_tidy_file_passes() {
        assert_eq!(broken("crates/app/src/keys.rs", "//! Keys.\n"), [""; 0]);
        assert_eq!(broken("docs/a.png", "x \n"), [""; 0]);
        assert_eq!(
            broken("crates/app/src/keys_tests.rs", "use super::*;\n"),
            [""; 0]
        );
    }

    #[test]
    fn each_rule_names_its_line() {
        let text = format!(
            "//! Keys.\nlet x = 1; \n{})\n{}key\n",
            UNFINISHED[0], SQL[0]
        );
        let found = broken("crates/app/src/keys.rs", &text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with(":2: white space"), "{found:?}");
        let in_store = broken("crates/store/src/keys.rs", &text);
        assert_eq!(in_store.len(), 2, "{in_store:?}");
    }

    #[test]
    fn an_engine_is_named_in_its_folder_and_in_unit_tests_alone() {
        let text = format!("//! Keys.\nuse {SQLITE}::Row;\n");
        assert_eq!(broken("crates/store/src/keys.rs", &text).len(), 1);
        assert_eq!(broken("crates/store/src/sqlite/keys.rs", &text), [""; 0]);
        let tested =
            format!("//! Keys.\n\n#[cfg(test)]\nmod tests {{\n    use {SQLITE}::Row;\n}}\n");
        assert_eq!(broken("crates/store/src/keys.rs", &tested), [""; 0]);
    }

    #[test]
    fn length_purpose_and_places_are_checked() {
        assert_eq!(
            broken("a.rs", "fn x() {}\n"),
            [": open with //! and the module's purpose"]
        );
        assert_eq!(broken("a.md", &"x\n".repeat(501)).len(), 1);
        assert_eq!(broken("a.json", ELSEWHERE[0]).len(), 1);
        let mirror = r#"      "resolved": "https://mirror.example/a.tgz","#;
        assert_eq!(broken("package-lock.json", mirror).len(), 1);
    }
}
