//! Groups on a database that may not grow.

use tempfile::TempDir;

use super::*;
use crate::connection;
use crate::migrations::{self, MIGRATIONS};
use crate::writer::{Answer, task};
use platen_domain::clock::Timestamp;

fn engine() -> (Engine, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let path = connection::database_path(directory.path());
    connection::prepare_files(directory.path(), &path).unwrap();
    let mut connection = connection::open_writer(&path).unwrap();
    migrations::run(&mut connection, MIGRATIONS, Timestamp::from_millis(0)).unwrap();
    (Engine::new(connection, commit).unwrap(), directory)
}

fn limit_pages(engine: &Engine, pages: i64) {
    let sql = format!("PRAGMA max_page_count = {pages}");
    engine.connection.query_row(&sql, [], |_| Ok(())).unwrap();
}

fn put(name: &'static str, bytes: usize) -> (Box<dyn Job>, Answer<()>) {
    task(move |w| w.put_setting(name, &"x".repeat(bytes)))
}

fn setting(engine: &Engine, name: &str) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM settings WHERE name = ?1)";
    engine
        .connection
        .query_row(sql, [name], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_database_that_may_not_grow_refuses_the_group_and_works_again() {
    let (engine, _directory) = engine();
    limit_pages(&engine, 1);
    let (first, small) = put("small", 1);
    let (second, large) = put("large", 100_000);
    let mut rest = vec![second];
    engine.run_group(first, || rest.pop()).unwrap();
    for mut answer in [small, large] {
        let refused = answer.try_recv().unwrap();
        assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    }
    assert!(!setting(&engine, "small") && !setting(&engine, "large"));

    limit_pages(&engine, 1_000_000);
    let (job, mut answer) = put("large", 100_000);
    engine.run_group(job, || None).unwrap();
    answer.try_recv().unwrap().unwrap();
    assert!(setting(&engine, "large"));
}

#[test]
fn a_group_takes_what_is_queued_and_no_more_than_it_may() {
    let (engine, _directory) = engine();
    let mut answers = Vec::new();
    let mut jobs: Vec<_> = (0..GROUP_JOBS * 2)
        .map(|_| {
            let (job, answer) = put("one", 1);
            answers.push(answer);
            job
        })
        .collect();
    let first = jobs.pop().unwrap();
    engine.run_group(first, || jobs.pop()).unwrap();
    let answered = answers
        .iter_mut()
        .filter_map(|answer| answer.try_recv().ok());
    let taken = answered.map(Result::unwrap).count();
    assert!((1..=GROUP_JOBS).contains(&taken), "{taken}");
    assert_eq!(taken + jobs.len(), GROUP_JOBS * 2);
}

#[test]
fn a_long_log_is_written_back() {
    let (engine, directory) = engine();
    let log = directory.path().join("platen.db-wal");
    for _ in 0..40 {
        let (job, _answer) = put("large", 4_096 * 500);
        engine.run_group(job, || None).unwrap();
    }
    let bytes = std::fs::metadata(log).unwrap().len();
    let most = u64::try_from(CHECKPOINT_PAGES).unwrap() * 4_096 * 3;
    assert!(bytes < most, "{bytes} bytes of log");
}

#[test]
fn an_io_error_inside_a_closure_fences() {
    let (engine, _directory) = engine();
    let failing = |_: &Writer<'_>| -> Result<(), StoreError> {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_READ);
        Err(StoreError::from(rusqlite::Error::SqliteFailure(code, None)))
    };
    let (neighbour, mut neighbours) = put("neighbour", 1);
    let (job, _answer) = task(failing);
    let mut rest = vec![job];
    let fenced = engine.run_group(neighbour, || rest.pop());
    assert!(fenced.is_err());
    let refused = neighbours.try_recv().unwrap();
    assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
}
