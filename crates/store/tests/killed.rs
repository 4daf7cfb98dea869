//! Killed without warning, and given up by the disk: what was acknowledged is there.
//!
//! The tests run this same test binary again as the process to kill.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]
#![expect(clippy::disallowed_types, reason = "a test kills a process of its own")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use platen_domain::ids::SeededIds;
use platen_store::{Store, StoreOptions};

/// How often the writing process is killed.
const KILLS: u64 = 20;

/// Writes that are in flight in the child at any time.
const IN_FLIGHT: u64 = 16;

const DIRECTORY: &str = "PLATEN_TEST_DIRECTORY";
const RUN: &str = "PLATEN_TEST_RUN";

fn open(directory: &Path) -> Store {
    Store::open(directory, StoreOptions::default()).unwrap()
}

/// Not a test: the process that is killed. It writes until it cannot, and says each
/// acknowledgement.
#[tokio::test]
#[ignore = "started by the other tests"]
async fn child_that_writes() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let run = std::env::var_os(RUN).unwrap().into_string().unwrap();
    let store = open(Path::new(&directory));
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..IN_FLIGHT {
        let (store, run) = (store.clone(), run.clone());
        writers.spawn(async move {
            for number in 0_u64.. {
                let name = format!("{run}-{writer}-{number}");
                let kept = name.clone();
                let value = "x".repeat(usize::try_from(number % 300).unwrap());
                if let Err(error) = store.write(move |w| w.put_setting(&kept, &value)).await {
                    println!("refused {error:?}");
                    return;
                }
                println!("kept {name}");
            }
        });
    }
    writers.join_all().await;
    let health = store.health();
    println!("fenced {}", health.fenced.is_some());
}

fn child(directory: &Path, run: u64, launcher: &mut Command) -> Child {
    launcher
        .args(["child_that_writes", "--exact", "--ignored", "--nocapture"])
        .env(DIRECTORY, directory)
        .env(RUN, run.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn kept(line: &str) -> Option<String> {
    // The test harness writes its own words before the first line.
    let (_, name) = line.split_once("kept ")?;
    Some(name.to_owned())
}

async fn assert_all_kept(store: &Store, names: &[String]) {
    let names = names.to_vec();
    let missing = store
        .read(move |r| {
            let missing = |name: &&String| r.setting(name).unwrap().is_none();
            Ok(names.iter().filter(missing).cloned().collect::<Vec<_>>())
        })
        .await
        .unwrap();
    assert!(missing.is_empty(), "acknowledged and lost: {missing:?}");
}

fn assert_intact(directory: &Path) {
    let database = rusqlite::Connection::open(directory.join("platen.db")).unwrap();
    let check: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn what_was_acknowledged_survives_kill_9() {
    let directory = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let mut acknowledged = Vec::new();
    for run in 0..KILLS {
        let mut writing = child(directory.path(), run, &mut Command::new(&program));
        let lines = BufReader::new(writing.stdout.take().unwrap()).lines();
        let mut seed = [0; 2];
        platen_domain::ids::Ids::fill(&SeededIds::new(run), &mut seed);
        let kill_after = usize::from(u16::from_le_bytes(seed) % 700);
        let mut of_this_run = 0;
        for name in lines.map_while(Result::ok).filter_map(|line| kept(&line)) {
            acknowledged.push(name);
            of_this_run += 1;
            if of_this_run == kill_after + 1 {
                writing.kill().unwrap();
            }
        }
        writing.wait().unwrap();
        assert!(of_this_run > kill_after, "run {run} wrote {of_this_run}");
        let store = open(directory.path());
        assert_all_kept(&store, &acknowledged).await;
        store.close().await;
        assert_intact(directory.path());
    }
}

#[tokio::test]
async fn a_disk_that_fails_to_write_fences_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    // Files may not grow past 1 MiB: write(2) fails with EFBIG, which is no lack of space.
    let script = r#"trap '' XFSZ; ulimit -f 2048; exec "$0" "$@""#;
    let mut launcher = Command::new("sh");
    launcher.args(["-c", script]).arg(&program);
    let mut writing = child(directory.path(), 0, &mut launcher);
    let lines = BufReader::new(writing.stdout.take().unwrap()).lines();
    let lines: Vec<String> = lines.map_while(Result::ok).collect();
    writing.wait().unwrap();
    let acknowledged: Vec<String> = lines.iter().filter_map(|line| kept(line)).collect();
    let last_words = lines
        .iter()
        .rev()
        .take(20)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        lines.iter().any(|line| line == "fenced true"),
        "{last_words}"
    );
    assert!(
        lines.iter().any(|line| line == "refused Fenced"),
        "{last_words}"
    );
    assert!(!acknowledged.is_empty());
    let store = open(directory.path());
    assert_all_kept(&store, &acknowledged).await;
    store.close().await;
    assert_intact(directory.path());
}
