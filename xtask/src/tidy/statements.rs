//! Statements about rows of an organization that do not name it: each could reach the rows of
//! another.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::sources;

/// Where the nouns of the store stand.
const NOUNS: &str = "crates/store/src";

/// Where its tables are made.
const MIGRATIONS: &str = "crates/store/migrations";

/// Keeps a database of its own, a collector's, which belongs to one organization as a whole.
const SPOOL: &str = "crates/store/src/spool.rs";

/// Tables of the server itself: they say who may come in, and for which organization.
const OF_THE_SERVER: [&str; 12] = [
    "access_tokens",
    "api_keys",
    "client_applications",
    "collectors",
    "issuers",
    "licences",
    "links",
    "organizations",
    "schema_migrations",
    "sessions",
    "settings",
    "users",
];

/// The words a statement begins with; FROM where its columns are a macro's.
const VERBS: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "FROM"];

/// How a statement begins whose columns and tables are put in before it.
const PUT_IN_BEFORE: &str = "{} WHERE";

/// The words that stand before a table's name.
const BEFORE_A_TABLE: [&str; 4] = ["FROM", "JOIN", "INTO", "UPDATE"];

/// The columns that name an organization.
const ITS_NAMES: [&str; 2] = ["organization_no", "organization_id"];

/// How many statements of the store read or write rows of an organization without its name.
pub(super) fn unscoped(files: &[PathBuf]) -> Result<usize> {
    let mut tables = BTreeSet::new();
    for file in files {
        let sql = file.extension().is_some_and(|ending| ending == "sql");
        if sql && file.parent() == Some(Path::new(MIGRATIONS)) {
            tables.extend(made_tables(&sources::read(file)?));
        }
    }
    let nouns = sources::directly_in(files, Path::new(NOUNS))?;
    let nouns = nouns.iter().filter(|(file, _)| file != Path::new(SPOOL));
    let texts: Vec<_> = nouns
        .map(|(_, text)| sources::without_tests(text))
        .collect();
    Ok(unscoped_in(&texts, &tables))
}

/// The tables of organizations that a migration makes.
fn made_tables(sql: &str) -> BTreeSet<String> {
    let lines = sql.lines();
    let made = lines.filter_map(|line| {
        line.strip_prefix(concat!("CREATE", " TABLE "))?
            .split([' ', '('])
            .next()
    });
    made.filter(|table| !OF_THE_SERVER.contains(table))
        .map(str::to_owned)
        .collect()
}

fn unscoped_in(texts: &[&str], tables: &BTreeSet<String>) -> usize {
    let macros: Vec<_> = texts.iter().flat_map(|text| macros(text)).collect();
    let statements = texts.iter().flat_map(|text| statements(text, &macros));
    statements
        .filter(|statement| is_of_organization(statement, tables))
        .filter(|statement| !ITS_NAMES.iter().any(|name| statement.contains(name)))
        .count()
}

/// The statements of a file, those that begin in a macro made whole.
fn statements(text: &str, macros: &[(String, String)]) -> Vec<String> {
    let text = sources::without_macros(text);
    let literals = sources::literals(&text).into_iter();
    let written = literals.filter(|literal| {
        let first = literal.split_whitespace().next();
        first.is_some_and(|first| VERBS.contains(&first)) || literal.starts_with(PUT_IN_BEFORE)
    });
    let mut found: Vec<_> = written.map(str::to_owned).collect();
    for (name, beginning) in macros {
        let call = format!("{name}!(");
        let uses = text.split(&call).skip(1);
        let ends = uses.filter_map(|after| sources::literals(after).into_iter().next());
        let ends = ends.filter(|end| !end.is_empty());
        found.extend(ends.map(|end| format!("{beginning}{end}")));
    }
    found
}

/// The macros that begin a statement, each with the beginning.
fn macros(text: &str) -> Vec<(String, String)> {
    let bodies = text.split("\nmacro_rules! ").skip(1);
    let bodies =
        bodies.filter_map(|body| Some((body.split_once(' ')?.0, body.split("\n}").next()?)));
    let beginnings = bodies.map(|(name, body)| (name.to_owned(), sources::literals(body).concat()));
    beginnings
        .filter(|(_, beginning)| VERBS.iter().any(|verb| beginning.starts_with(verb)))
        .collect()
}

/// Whether it reads or writes a table of organizations.
fn is_of_organization(statement: &str, tables: &BTreeSet<String>) -> bool {
    if statement.starts_with(PUT_IN_BEFORE) {
        return true; // Every such table is one.
    }
    let words: Vec<_> = statement
        .split([' ', '\n', '(', ')', ','])
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).any(|pair| match pair {
        [before, table] => BEFORE_A_TABLE.contains(before) && tables.contains(*table),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_without_an_organization_are_counted() {
        let tables = made_tables(concat!(
            "CREATE",
            " TABLE accounts (\nCREATE",
            " TABLE users (\n"
        ));
        assert_eq!(tables, BTreeSet::from(["accounts".to_owned()]));
        let counted = |sql: &str| unscoped_in(&[&format!("let sql = \"{sql}\";")], &tables);
        for unscoped in [
            concat!("SELECT", " 1 FROM accounts WHERE account_no = ?1"),
            concat!("DELETE", " FROM accounts"),
            "UPDATE accounts SET code = ?1",
            concat!("WITH x AS (SELECT", " 1 FROM users JOIN\n accounts a) x"),
        ] {
            assert_eq!(counted(unscoped), 1, "{unscoped}");
        }
        for other in [
            "UPDATE accounts SET code = ?1 WHERE organization_no = ?2",
            concat!("SELECT", " 1 FROM users WHERE user_id = ?1"),
            "there is no account FROM accounts",
        ] {
            assert_eq!(counted(other), 0, "{other}");
        }
    }

    #[test]
    fn a_statement_that_begins_in_a_macro_is_read_whole() {
        let tables = BTreeSet::from(["accounts".to_owned()]);
        let file = concat!(
            "\nmacro_rules! select_accounts {\n    ($rest:literal) => {\n        concat!(\"SELECT",
            " 1 FROM accounts a \", $rest)\n    };\n}\n",
            "one(select_accounts!(\"WHERE a.organization_no = ?1\"));\n",
            "format!(\"{} WHERE organization_no = ?1\", select_accounts!(\"\"));\n",
        );
        assert_eq!(unscoped_in(&[file], &tables), 0);
        let elsewhere = "one(select_accounts!(\"WHERE a.account_no = ?1\"));";
        assert_eq!(unscoped_in(&[file, elsewhere], &tables), 1);
    }
}
