//! How a read transaction ends that failed.

use rusqlite::ffi;

use super::*;

/// As SQLite does at an I/O error: the transaction is over before the statement's error is told.
fn failing(reader: &Reader<'_>) -> Result<(), StoreError> {
    reader.one("ROLLBACK", &[], |_| Ok(()))?;
    let code = ffi::Error::new(ffi::SQLITE_IOERR_READ);
    Err(rusqlite::Error::SqliteFailure(code, None).into())
}

#[test]
fn the_cause_of_a_failure_is_told_and_not_that_its_transaction_is_over() {
    let connection = Connection::open_in_memory().unwrap();
    let told = read(&connection, failing).unwrap_err();
    let StoreError::Database(cause) = told else {
        panic!("{told:?}");
    };
    assert_eq!(cause.kind(), EngineErrorKind::Broken, "{cause}");
    assert!(connection.is_autocommit());
}
