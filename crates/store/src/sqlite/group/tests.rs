//! Groups on a database that may not grow.

use std::sync::atomic::AtomicBool;
use std::sync::mpsc;
use std::thread;

use tempfile::TempDir;

use super::*;
use crate::sqlite::connection;
use crate::sqlite::migrations::{self, MIGRATIONS};
use crate::sqlite::readers::Readers;
use crate::sqlite::writer::{Answer, Change, Sharing, task};
use platen_domain::clock::Timestamp;

/// A log that begins anew early, so that tests need not write much.
const LENGTHS: LogLengths = LogLengths {
    write_back: 100,
    restart: 400,
    most: 4_000,
};

fn engine() -> (Engine, TempDir) {
    engine_with(LogLengths::default(), Arc::default())
}

fn engine_with(lengths: LogLengths, gate: Arc<Gate>) -> (Engine, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let path = connection::database_path(directory.path());
    connection::prepare_files(directory.path(), &path).unwrap();
    let mut connection = connection::open_writer(&path).unwrap();
    migrations::run(&mut connection, MIGRATIONS, Timestamp::from_millis(0)).unwrap();
    let engine = Engine::new(connection, gate, lengths, commit).unwrap();
    (engine, directory)
}

fn limit_pages(engine: &Engine, pages: i64) {
    let sql = format!("PRAGMA max_page_count = {pages}");
    engine.connection.query_row(&sql, [], |_| Ok(())).unwrap();
}

fn put(name: &'static str, bytes: usize) -> (Box<dyn Job>, Answer<()>) {
    task(
        move |w| w.put_setting(name, &"x".repeat(bytes)),
        Sharing::Group,
    )
}

fn sqlite_failure(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None)
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

/// Writes some 50 pages in each of `commits` commits, and says how long the log's file is, in
/// pages.
fn write_long_log(engine: &Engine, directory: &TempDir, commits: usize) -> u64 {
    for number in 0..commits {
        // SQLite leaves pages alone that would be overwritten with what they hold.
        let text = if number % 2 == 0 { "x" } else { "y" }.repeat(4_096 * 50);
        let (job, mut answer) = task(move |w| w.put_setting("large", &text), Sharing::Group);
        engine.run_group(job, || None).unwrap();
        answer.try_recv().unwrap().unwrap();
    }
    let log = directory.path().join("platen.db-wal");
    std::fs::metadata(log).unwrap().len() / 4_096
}

#[test]
fn a_long_log_is_written_back() {
    let (engine, directory) = engine_with(LENGTHS, Arc::default());
    let pages = write_long_log(&engine, &directory, 100);
    assert!(pages < 1_000, "{pages} pages of log");
}

#[test]
fn the_log_stays_short_while_four_readers_never_pause() {
    let gate = Arc::new(Gate::default());
    let (engine, directory) = engine_with(LENGTHS, Arc::clone(&gate));
    let readers = Readers::new(
        connection::database_path(directory.path()),
        4,
        Arc::clone(&gate),
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let looping: Vec<_> = (0..4)
        .map(|_| {
            let (readers, stop) = (readers.clone(), Arc::clone(&stop));
            runtime.spawn(async move {
                let mut reads = 0_u32;
                while !stop.load(Ordering::Relaxed) {
                    readers.run(|r| r.setting("large")).await.unwrap();
                    reads += 1;
                }
                reads
            })
        })
        .collect();
    let pages = write_long_log(&engine, &directory, 400);
    stop.store(true, Ordering::Relaxed);
    for reader in looping {
        assert!(runtime.block_on(reader).unwrap() > 0);
    }
    // 20,000 pages were written. What a reader keeps from beginning anew, the bound does not.
    assert!(pages < 5_000, "{pages} pages of log");
}

#[test]
fn a_reader_that_goes_on_stops_no_commit() {
    let gate = Arc::new(Gate::default());
    let (engine, directory) = engine_with(LENGTHS, Arc::clone(&gate));
    let path = connection::database_path(directory.path());
    let (began, reading) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    let entered = Arc::clone(&gate);
    let reader = thread::spawn(move || {
        let connection = connection::open_reader(&path).unwrap();
        let _inside = entered.enter();
        connection
            .execute_batch("BEGIN; SELECT * FROM settings")
            .unwrap();
        began.send(()).unwrap();
        ended.recv().unwrap();
    });
    reading.recv().unwrap();
    // Every one of them is answered while the reader reads: `write_long_log` looks.
    let pages = write_long_log(&engine, &directory, 60);
    assert!(
        pages > 3_000,
        "{pages} pages of log: the reader was not waited for"
    );
    end.send(()).unwrap();
    reader.join().unwrap();
    write_long_log(&engine, &directory, 60);
    assert!(engine.log_pages.load(Ordering::Relaxed) < 1_000);
}

#[test]
fn at_its_bound_the_log_begins_anew_and_a_read_that_goes_on_is_ended() {
    let gate = Arc::new(Gate::default());
    let (engine, directory) = engine_with(LENGTHS, Arc::clone(&gate));
    let path = connection::database_path(directory.path());
    let readers = Readers::new(path, 1, Arc::clone(&gate));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let (began, reading) = mpsc::channel();
    let endless = runtime.spawn(async move {
        let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
                       WHERE i < 200000000)
                   SELECT i FROM n WHERE i < 0";
        let read = readers.run(move |reader| {
            reader.setting("large")?;
            began.send(()).unwrap();
            reader.one(sql, &[], |_| Ok(()))
        });
        let ended = read.await;
        (ended, readers.run(|reader| reader.setting("large")).await)
    });
    reading.recv().unwrap();
    while !endless.is_finished() {
        write_long_log(&engine, &directory, 10);
    }
    let (ended, next) = runtime.block_on(endless).unwrap();
    assert!(matches!(ended, Err(StoreError::Busy)), "{ended:?}");
    assert!(next.unwrap().is_some());
    write_long_log(&engine, &directory, 60);
    assert!(engine.log_pages.load(Ordering::Relaxed) < 1_000);
}

#[test]
fn an_io_error_inside_a_closure_fences() {
    let (engine, _directory) = engine();
    let failing = |_: &Writer<'_>| -> Result<(), StoreError> {
        Err(sqlite_failure(rusqlite::ffi::SQLITE_IOERR_READ).into())
    };
    let (neighbour, mut neighbours) = put("neighbour", 1);
    let (job, _answer) = task(failing, Sharing::Group);
    let mut rest = vec![job];
    let fenced = engine.run_group(neighbour, || rest.pop());
    assert!(fenced.is_err());
    let refused = neighbours.try_recv().unwrap();
    assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
}

/// A unit of work that puts a setting and then ends as `end` says, alone in its transaction.
fn large(name: &'static str, end: fn() -> Result<(), StoreError>) -> (Box<dyn Job>, Answer<()>) {
    let work = move |w: &Writer<'_>| {
        w.put_setting(name, "x")?;
        end()
    };
    task(work, Sharing::Alone)
}

/// Runs a large unit with another that waits behind it, and returns what the first was told.
fn run_large(
    engine: &Engine,
    (job, mut answer): (Box<dyn Job>, Answer<()>),
) -> Result<(), StoreError> {
    let (behind, _its_answer) = put("behind", 1);
    let mut next = vec![behind];
    let ran = engine.run_group(job, || next.pop());
    assert_eq!(next.len(), 1, "it shares its transaction with nobody");
    assert!(engine.connection.is_autocommit());
    let told = answer.try_recv().unwrap();
    assert_eq!(ran.is_err(), matches!(told, Err(StoreError::Fenced)));
    told
}

#[test]
fn a_large_unit_is_kept_or_leaves_nothing() {
    let (engine, _directory) = engine();
    run_large(&engine, large("kept", || Ok(()))).unwrap();
    let failed = run_large(&engine, large("failed", || Err(StoreError::NotFound("it"))));
    assert!(
        matches!(failed, Err(StoreError::NotFound("it"))),
        "{failed:?}"
    );
    let panicked = run_large(&engine, large("panicked", || panic!("as it may")));
    assert!(
        matches!(panicked, Err(StoreError::Panicked)),
        "{panicked:?}"
    );
    let undone = |w: &Writer<'_>| {
        w.put_setting("undone", "x")?;
        Ok(Change::<(), _>::Undo("why"))
    };
    let (job, mut answer) = crate::sqlite::writer::change(undone, Sharing::Alone);
    engine.run_group(job, || None).unwrap();
    let told = answer.try_recv().unwrap();
    assert!(matches!(told, Ok(Change::Undo("why"))), "{told:?}");
    assert!(setting(&engine, "kept"));
    assert!(
        ["failed", "panicked", "undone"]
            .iter()
            .all(|name| !setting(&engine, name))
    );
    run_large(&engine, large("after", || Ok(()))).unwrap();
}

#[test]
fn a_large_unit_on_a_full_disk_is_refused_and_the_next_one_works() {
    let (engine, _directory) = engine();
    limit_pages(&engine, 1);
    let work = |w: &Writer<'_>| w.put_setting("large", &"x".repeat(100_000));
    let refused = run_large(&engine, task(work, Sharing::Alone));
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    limit_pages(&engine, 1_000_000);
    run_large(&engine, task(work, Sharing::Alone)).unwrap();
    assert!(setting(&engine, "large"));
}

#[test]
fn a_large_unit_that_meets_an_io_error_fences() {
    let (engine, _directory) = engine();
    let (job, mut answer) = large("lost", || {
        Err(sqlite_failure(rusqlite::ffi::SQLITE_IOERR_READ).into())
    });
    assert!(engine.run_group(job, || None).is_err());
    let told = answer.try_recv().unwrap();
    assert!(matches!(told, Err(StoreError::Database(_))), "{told:?}");
    assert!(!setting(&engine, "lost"));
}

#[test]
fn a_large_unit_whose_transaction_ends_under_it_fences() {
    let (engine, _directory) = engine();
    let work = |w: &Writer<'_>| -> Result<(), StoreError> {
        w.put_setting("lost", "x")?;
        w.execute("ROLLBACK", &[])?;
        Err(StoreError::NotFound("it"))
    };
    let (job, _answer) = task(work, Sharing::Alone);
    assert!(engine.run_group(job, || None).is_err());
    assert!(!setting(&engine, "lost"));
}

#[test]
fn a_large_unit_whose_commit_fails_is_not_acknowledged() {
    let (mut engine, _directory) = engine();
    engine.commit = |_| Err(sqlite_failure(rusqlite::ffi::SQLITE_FULL));
    let refused = run_large(&engine, large("full", || Ok(())));
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    engine.commit = |_| Err(sqlite_failure(rusqlite::ffi::SQLITE_IOERR_FSYNC));
    let refused = run_large(&engine, large("doubt", || Ok(())));
    assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
    assert!(!setting(&engine, "full") && !setting(&engine, "doubt"));
}
