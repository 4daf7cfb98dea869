//! The schema, as the engine reads it: what belongs to an organization is led by its number.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeSet;

use platen_store::{Store, StoreOptions};
use rusqlite::{Connection, params};

/// Leads every key of what belongs to an organization.
const LEADER: &str = "organization_no";

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

struct Schema(Connection);

impl Schema {
    async fn fresh() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), StoreOptions::default()).unwrap();
        store.close().await;
        let copy = Connection::open(directory.path().join("platen.db")).unwrap();
        let tables = copy.prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
        );
        let tables: Vec<String> = tables
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let schema = Connection::open_in_memory().unwrap();
        schema.execute_batch(&tables.join(";\n")).unwrap();
        Self(schema)
    }

    fn texts(&self, sql: &str, of: &str) -> Vec<String> {
        let mut statement = self.0.prepare(sql).unwrap();
        let rows = statement.query_map(params![of], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn tables(&self) -> Vec<String> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = ?1 ORDER BY name";
        self.texts(sql, "table")
    }

    /// The keys of a table, each as what it is and its first column.
    fn keys(&self, table: &str) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        let sql = "SELECT name FROM pragma_table_info(?1) WHERE pk = 1";
        keys.extend(
            self.texts(sql, table)
                .into_iter()
                .map(|first| ("primary key".to_owned(), first)),
        );
        for index in self.texts("SELECT name FROM pragma_index_list(?1)", table) {
            let sql = "SELECT coalesce(name, '') FROM pragma_index_info(?1) WHERE seqno = 0";
            let first = self.texts(sql, &index);
            keys.extend(first.into_iter().map(|first| (index.clone(), first)));
        }
        let sql =
            "SELECT \"from\" || ' of ' || \"table\" FROM pragma_foreign_key_list(?1) WHERE seq = 0";
        for first in self.texts(sql, table) {
            let (first, parent) = first.split_once(" of ").unwrap();
            keys.push((format!("foreign key into {parent}"), first.to_owned()));
        }
        keys
    }
}

#[tokio::test]
async fn organization_no_leads_every_key_of_what_belongs_to_an_organization() {
    let schema = Schema::fresh().await;
    let tables = schema.tables();
    let known: BTreeSet<&str> = tables.iter().map(String::as_str).collect();
    for of_the_server in OF_THE_SERVER {
        assert!(known.contains(of_the_server), "{of_the_server} is gone");
    }
    let mut otherwise = Vec::new();
    for table in tables
        .iter()
        .filter(|table| !OF_THE_SERVER.contains(&table.as_str()))
    {
        let keys = schema.keys(table);
        assert!(!keys.is_empty(), "{table} has no key");
        let wrong = keys.into_iter().filter(|(_, first)| first != LEADER);
        otherwise.extend(wrong.map(|(key, first)| format!("{table}: {key} begins with {first}")));
    }
    assert_eq!(otherwise, Vec::<String>::new());
}

#[tokio::test]
async fn rows_of_an_organization_say_whose_they_are_by_its_number() {
    let schema = Schema::fresh().await;
    for table in schema.tables() {
        let sql = "SELECT name FROM pragma_table_info(?1) WHERE name = 'organization_id'";
        let by_identifier = !schema.texts(sql, &table).is_empty();
        assert!(
            !by_identifier || OF_THE_SERVER.contains(&table.as_str()),
            "{table}"
        );
    }
}

/// How the engine would run a statement, over a store that was just made.
async fn plan(sql: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), StoreOptions::default()).unwrap();
    store.close().await;
    let database = Connection::open(directory.path().join("platen.db")).unwrap();
    let mut explained = database
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let steps = explained
        .raw_query()
        .mapped(|row| row.get::<_, String>(3))
        .map(Result::unwrap);
    steps.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_narrow_choice_does_not_walk_all_rows_of_an_organization() {
    for (sql, index) in [
        (
            "SELECT k.job_no FROM charges c
             JOIN print_job_keys k ON k.organization_no = ?1 AND k.source_no = c.source_no
                 AND k.job_id = c.job_id
             WHERE c.organization_no = ?1 AND c.account_no = ?2 AND c.state = ?3 LIMIT ?4",
            "charges_by_account (organization_no=? AND account_no=?)",
        ),
        (
            "UPDATE import_revisions SET made_revision = ?4
             WHERE organization_no = ?1 AND job_no = ?3 AND import_no <> ?2",
            "import_revisions_by_job (organization_no=? AND job_no=?)",
        ),
        (
            "UPDATE words SET merged_into = ?3
             WHERE organization_no = ?1 AND (word_no = ?2 OR merged_into = ?2)",
            "words_merged (organization_no=? AND merged_into=?)",
        ),
        (
            "SELECT min(printer_no) FROM printers WHERE organization_no = ?1 AND device_no = ?2",
            "printers_by_device (organization_no=? AND device_no=?)",
        ),
        (
            "SELECT entry_no FROM ledger_entries WHERE organization_no = ?1 AND user_no = ?2
             ORDER BY entry_no DESC LIMIT 50",
            "ledger_by_user (organization_no=? AND user_no=?)",
        ),
        (
            "SELECT content FROM print_job_keys
             WHERE organization_no = ?1 AND source_no = ?2 AND job_id = ?3",
            "PRIMARY KEY (organization_no=? AND source_no=? AND job_id=?)",
        ),
    ] {
        let plan = plan(sql).await;
        assert!(plan.contains(index), "{sql}\n{plan}");
    }
}
