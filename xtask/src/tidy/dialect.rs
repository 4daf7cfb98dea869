//! The nouns of the store write SQL that SQLite and PostgreSQL both know. What only one of them knows
//! stands with the engine.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::sources;

/// Where the nouns of the store stand.
const NOUNS: &str = "crates/store/src";

/// Keeps a database of its own, a collector's, which is always SQLite's.
const SPOOL: &str = "crates/store/src/spool.rs";

/// What PostgreSQL does not know, and what to write instead.
const OF_SQLITE: [(&str, &str); 13] = [
    ("INSERT OR ", "INSERT … ON CONFLICT"),
    ("UPDATE OR ", "a condition"),
    ("REPLACE INTO", "INSERT … ON CONFLICT"),
    ("typeof(", "columns of one type"),
    (" GLOB ", "LIKE … ESCAPE"),
    ("rowid", "the key"),
    ("group_concat(", "string_agg"),
    ("instr(", "LIKE … ESCAPE"),
    ("char(", "the character itself"),
    ("ifnull(", "coalesce"),
    ("iif(", "CASE"),
    ("INDEXED BY", "a plus before a column"),
    ("PRAGMA", "a function of the engine"),
];

/// What of SQLite the statements of the nouns hold.
pub(super) fn check(files: &[PathBuf]) -> Result<Vec<String>> {
    let nouns = sources::directly_in(files, Path::new(NOUNS))?;
    let nouns = nouns.iter().filter(|(file, _)| file != Path::new(SPOOL));
    let found = nouns.flat_map(|(file, text)| {
        let found = of_sqlite(sources::without_tests(text));
        found.map(move |(word, instead)| {
            let file = file.display();
            format!(
                "{file}: PostgreSQL does not know {word:?}: write {instead}, or put it into sqlite/"
            )
        })
    });
    Ok(found.collect())
}

fn of_sqlite(text: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let literals = sources::literals(text);
    let stands = move |word: &str| literals.iter().any(|literal| holds(literal, word));
    OF_SQLITE.into_iter().filter(move |(word, _)| stands(word))
}

/// Whether a text holds a word that is not the end of a longer one.
fn holds(text: &str, word: &str) -> bool {
    let places = text.match_indices(word);
    let mut befores = places.map(|(place, _)| text.get(..place).unwrap_or_default());
    befores.any(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_sqlite_knows_is_named() {
        let found = |sql: &str| of_sqlite(&format!("let sql = \"{sql}\";")).count();
        for sql in [
            concat!("INSERT", " OR REPLACE INTO accounts VALUES (1)"),
            "UPDATE x SET y = typeof(z)",
            concat!("x IN (SELECT", " rowid FROM y)"),
        ] {
            assert!(found(sql) > 0, "{sql}");
        }
        assert_eq!(
            found("UPDATE x SET y = my_typeof(z), w = string_agg(v, ',')"),
            0
        );
    }
}
