//! Every print log at hand is read: what becomes of each line is written down and compared.
//!
//! Logs lie in the directory `PLATEN_JOBLOGS` or, by default, in `shared/corpus/jobs` beside the
//! repository. Where there are none the test says so and passes. `UPDATE_GOLDEN=1` writes the
//! golden file anew; it holds counts and reasons and nothing of the logs' own words.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "helpers of tests are tests, and take their input from the environment"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use platen_collect::joblog::{DateOrder, Entry, Kind, Options, ReadError, SAMPLE_OCTETS, read};

const ENDINGS: [&str; 6] = ["csv", "log", "xml", "evtx", "sample", "jsonl"];

fn logs() -> Vec<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/jobs");
    let directory = std::env::var("PLATEN_JOBLOGS").map_or(beside, PathBuf::from);
    let Ok(entries) = std::fs::read_dir(&directory) else {
        eprintln!(
            "SKIPPED: no print logs in {}; set PLATEN_JOBLOGS",
            directory.display()
        );
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_log = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ENDINGS.contains(&ending))
    };
    let mut logs: Vec<_> = paths.filter(is_log).collect();
    logs.sort();
    logs
}

fn options() -> Options {
    Options::new("corpus", TimeZone::get("Europe/Berlin").unwrap())
}

/// What one log was read as, and what became of its lines.
fn told(path: &Path) -> String {
    let octets = std::fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    let start = octets.get(..SAMPLE_OCTETS).unwrap_or(&octets);
    let Some(kind) = Kind::detect(&name, start) else {
        return format!("{name}: unknown\n");
    };
    let mut skipped = BTreeMap::<String, u32>::new();
    let mut refused = String::new();
    let mut records = String::new();
    let mut count = 0;
    let mut note = |entry: Entry| match entry {
        Entry::Record(record) => {
            count += 1;
            let counts = record.counts;
            let number = |count: Option<u32>| count.map_or("-".to_owned(), |n| n.to_string());
            let flags: Vec<_> = record.flags.keywords().collect();
            writeln!(
                records,
                "  {} {} pages={} copies={} impressions={} sheets={} [{}]",
                record.key.source.split('|').next().unwrap_or_default(),
                record.state.keyword(),
                number(counts.pages),
                number(counts.copies),
                number(counts.impressions),
                number(counts.sheets),
                flags.join(" "),
            )
            .unwrap();
        }
        Entry::Skipped { reason, .. } => *skipped.entry(reason.into_owned()).or_default() += 1,
        Entry::Refused { line, reason } => writeln!(refused, "  line {line}: {reason}").unwrap(),
    };
    let mut outcome = read(kind, &options(), &mut Cursor::new(&octets), &mut note);
    let mut asked = "";
    if matches!(outcome, Err(ReadError::DateOrder(_))) {
        asked = "the order of dates is asked for; as mdy ";
        let said = Options {
            date_order: Some(DateOrder::MonthDayYear),
            ..options()
        };
        outcome = read(kind, &said, &mut Cursor::new(&octets), &mut note);
    }
    let skipped: Vec<_> = skipped
        .iter()
        .map(|(reason, times)| format!("  skipped {times}: {reason}\n"))
        .collect();
    let outcome = match outcome {
        Ok(read_as) => {
            let form = read_as
                .page_log
                .map(|format| format!(", read as: {}", format.words()));
            format!("{asked}{count} records{}", form.unwrap_or_default())
        }
        Err(ReadError::Io(error)) => panic!("{name}: {error}"),
        Err(error) => error.to_string(),
    };
    format!(
        "{name}: {}: {outcome}\n{}{refused}{records}",
        kind.keyword(),
        skipped.concat()
    )
}

#[test]
fn every_log_is_read_as_before() {
    let logs = logs();
    if logs.is_empty() {
        return;
    }
    let now: Vec<_> = logs.iter().map(|path| told(path)).collect();
    let now = now.join("\n");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/joblog_corpus.golden.txt");
    if std::env::var("UPDATE_GOLDEN").is_ok() {
        std::fs::write(&golden, &now).unwrap();
    }
    let before = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(
        before == now,
        "UPDATE_GOLDEN=1 writes {} anew; now:\n{now}",
        golden.display()
    );
}

/// What `expected.jsonl` keeps of an event: another program's reading of the event log file.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Expected {
    event: ExpectedEvent,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ExpectedEvent {
    system: ExpectedSystem,
}

#[derive(serde::Deserialize)]
struct ExpectedSystem {
    #[serde(rename = "EventID")]
    id: u32,
}

#[test]
fn an_event_log_file_has_the_events_that_another_program_finds() {
    let logs = logs();
    let named = |ending: &str| logs.iter().find(|path| path.ends_with(ending));
    let file = named("printservice_operational_300-354_808.evtx");
    let told = named("printservice_operational_300-354_808.expected.jsonl");
    let (Some(file), Some(told)) = (file, told) else {
        return;
    };
    let told = std::fs::read_to_string(told).unwrap();
    let events = told.lines().map(|line| serde_json::from_str(line).unwrap());
    let expected: Vec<_> = (1..)
        .zip(events.map(|expected: Expected| expected.event.system.id))
        .collect();
    let octets = std::fs::read(file).unwrap();
    let mut events = Vec::new();
    let mut note = |entry: Entry| match entry {
        Entry::Skipped { line, reason } => {
            let id = reason.strip_prefix("event ").unwrap().parse().unwrap();
            events.push((line, id));
        }
        other => panic!("{other:?}"),
    };
    let reader = &mut Cursor::new(octets);
    read(Kind::WindowsEvtx, &options(), reader, &mut note).unwrap();
    assert_eq!(events, expected);
}
