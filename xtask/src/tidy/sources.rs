//! Reading Rust source as text.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::shell;

/// The Rust files of one folder, without those of folders within it, and without comments.
pub(super) fn directly_in(files: &[PathBuf], folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let here = files.iter().filter(|file| {
        file.parent() == Some(folder) && file.extension().is_some_and(|ending| ending == "rs")
    });
    here.map(|file| Ok((file.clone(), without_comments(&read(file)?))))
        .collect()
}

/// The text of a file.
pub(super) fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(shell::root().join(file)).with_context(|| file.display().to_string())
}

/// The lines that are not a comment from their beginning.
pub(super) fn without_comments(text: &str) -> String {
    let lines = text.lines();
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// What stands before the unit tests of a file.
pub(super) fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text)
}

/// What stands outside of macros that the file itself makes, in rustfmt's form.
pub(super) fn without_macros(text: &str) -> String {
    let mut is_in_macro = false;
    let mut outside = String::with_capacity(text.len());
    for line in text.lines() {
        is_in_macro |= line.starts_with("macro_rules!");
        if !is_in_macro {
            outside.push_str(line);
            outside.push('\n');
        }
        is_in_macro &= line != "}";
    }
    outside
}

/// The string literals of a file, in their order, escapes as written. Knows ordinary strings and
/// the characters that would look like the beginning of one.
pub(super) fn literals(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, literal)) = rest.split_once('"') {
        if before.ends_with('\'') || before.ends_with("'\\") {
            rest = literal; // The character '"'.
            continue;
        }
        let (literal, behind) = literal.split_at(end_of(literal));
        found.push(literal);
        rest = behind.strip_prefix('"').unwrap_or(behind);
    }
    found
}

/// Where a literal's closing quote stands.
fn end_of(literal: &str) -> usize {
    let mut escaped = false;
    for (at, c) in literal.char_indices() {
        match c {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    literal.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_end_at_their_own_quote() {
        let text = r#"let a = "one \"two\" \\"; b('"', '\"'); c("three
            four")"#;
        let expected = [r#"one \"two\" \\"#, "three\n            four"];
        assert_eq!(literals(text), expected);
    }

    #[test]
    fn comments_and_tests_are_left_out() {
        let text = "a\n    // \"b\n#[cfg(test)]\nmod tests {\n}\n";
        assert_eq!(without_tests(&without_comments(text)), "a");
    }
}
