//! Opening a data directory: what is made, what is refused, in which words.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::Path;

use platen_store::{OpenError, Store, StoreOptions};

fn open(directory: &Path) -> Result<Store, OpenError> {
    Store::open(directory, StoreOptions::default())
}

fn refusal(directory: &Path) -> String {
    open(directory).unwrap_err().to_string()
}

/// Opens and closes a store, then changes its database behind its back.
async fn tampered(directory: &Path, sql: &str) {
    open(directory).unwrap().close().await;
    let database = rusqlite::Connection::open(directory.join("platen.db")).unwrap();
    database.execute_batch(sql).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_made_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let outer = tempfile::tempdir().unwrap();
    let directory = outer.path().join("var/platen");
    let store = open(&directory).unwrap();
    store.write(|w| w.put_setting("a", "b")).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    for file in ["platen.db", "platen.db-wal", "platen.db-shm"] {
        assert_eq!(mode(&directory.join(file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn promises_rest_on_these_settings() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).unwrap();
    assert_eq!(store.health().schema, 5);
    let database = rusqlite::Connection::open(directory.path().join("platen.db")).unwrap();
    let mode: String = database
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_second_process_is_told_where_the_lock_is() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).unwrap();
    let text = refusal(directory.path());
    let lock = directory.path().join("platen.lock");
    assert_eq!(
        text,
        format!(
            "the data directory is in use by another Platen (it holds the lock on {}): stop that \
             process, or give this one another data directory",
            lock.display()
        )
    );
    store.close().await;
    open(directory.path()).unwrap();
}

#[tokio::test]
async fn a_newer_data_directory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let newer = "INSERT INTO schema_migrations VALUES (99, '0099_later', x'00', 0)";
    tampered(directory.path(), newer).await;
    assert_eq!(
        refusal(directory.path()),
        "data directory was written by a newer Platen (schema 99, this program knows 5): install \
         the newer version or restore a backup"
    );
}

#[tokio::test]
async fn a_data_directory_of_before_the_schema_began_anew_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let before = "UPDATE schema_migrations SET name = '0001_first' WHERE version = 1";
    tampered(directory.path(), before).await;
    let database = directory.path().join("platen.db");
    assert_eq!(
        refusal(directory.path()),
        format!(
            "the database {} has the schema of an early Platen, which this program cannot read: give \
             it an empty data directory and import the print logs again, or go on with the program \
             that wrote it",
            database.display()
        )
    );
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let changed = "UPDATE schema_migrations SET sha256 = zeroblob(32)";
    tampered(directory.path(), changed).await;
    let text = refusal(directory.path());
    assert!(text.contains("schema step 1 (0001_server)"), "{text}");
}

#[tokio::test]
async fn something_else_than_a_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("platen.db");
    std::fs::write(
        &file,
        "not a database, and longer than a header".repeat(100),
    )
    .unwrap();
    let text = refusal(directory.path());
    assert!(text.contains(&file.display().to_string()), "{text}");
    assert!(text.contains("restore a backup"), "{text}");

    let nowhere = file.join("below-a-file");
    assert!(matches!(open(&nowhere), Err(OpenError::Files { .. })));
}
