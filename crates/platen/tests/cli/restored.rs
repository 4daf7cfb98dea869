//! A copy of `platen.db` that is put back while `blocks/` keeps the files of the time that is
//! lost: whatever way a report is asked for, it tells what the database holds.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::console::Browser;
use crate::init::installation;
use crate::program::{Program, said};

/// How long a server may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A report over the days of these tests.
const REPORT: &str = "ReportApi/Reports/PrintJobs/2026-03-01/2026-04-01";

struct Place {
    directory: tempfile::TempDir,
    config: PathBuf,
}

impl Place {
    /// A fresh installation with the organization Northwind, and its set-up link.
    fn new() -> (Self, String) {
        let directory = tempfile::tempdir().unwrap();
        let (config, link) = installation(directory.path());
        (Self { directory, config }, link)
    }

    fn config(&self) -> &str {
        self.config.to_str().unwrap()
    }

    fn database(&self) -> PathBuf {
        self.directory.path().join("platen/data/platen.db")
    }

    /// Takes in `count` jobs of a day in March, which ends as a sealed and compressed block.
    fn import(&self, organization: &str, day: u8, user: &str, count: u32) {
        let mut lines = String::new();
        for number in 0..count {
            let (minute, second) = (number / 60, number % 60);
            let at = format!("2026-03-{day:02}T09:{minute:02}:{second:02}Z");
            let key = format!(r#""source":"agent|a","id":"{user}-{number}""#);
            writeln!(lines, r#"{{{key},"completed_at":"{at}","user":"{user}"}}"#).unwrap();
        }
        let file = self.directory.path().join("jobs.ndjson");
        fs::write(&file, lines).unwrap();
        let file = file.to_str().unwrap();
        let text = said(&[
            "import",
            file,
            "--kind=ndjson",
            "--instance=a",
            "--organization",
            organization,
            "--config",
            self.config(),
        ]);
        assert!(text.contains(&format!("{count} new")), "{text}");
    }

    /// Adds an organization; what comes back is its set-up link.
    fn add(&self, organization: &str) -> String {
        let key = self.directory.path().join("platen/issuer.key");
        let add = ["organization", "add", organization, "--key"];
        let rest = [key.to_str().unwrap(), "--config", self.config()];
        let text = said(&[&add[..], &rest].concat());
        let (_, link) = text.split_once("http://").unwrap();
        let (_, path) = link.trim().split_once('/').unwrap();
        format!("/{path}")
    }

    /// Runs the server for as long as `visit` takes.
    fn served<T>(&self, visit: impl FnOnce(SocketAddr) -> T) -> T {
        let server = Program::start(&["serve", "--config", self.config()]);
        let visited = visit(server.address());
        assert_eq!(server.end(Signal::SIGTERM).code(), Some(0));
        visited
    }

    /// Runs the server until so many blocks are compressed.
    fn compress(&self, blocks: usize) {
        let directory = self.directory.path().join("platen/data/blocks");
        let listed = |directory: PathBuf| fs::read_dir(directory).unwrap();
        self.served(|_| {
            let start = Instant::now();
            let compressed = || {
                let paths = listed(directory.clone()).map(|entry| entry.unwrap().path());
                let files = paths.flat_map(listed).map(|entry| entry.unwrap().path());
                let endings = files.filter(|file| file.to_string_lossy().ends_with(".json.gz"));
                endings.count()
            };
            while compressed() < blocks {
                assert!(start.elapsed() < PATIENCE, "blocks are compressed");
                // Only so as not to take the processor from the server that is awaited.
                std::thread::sleep(Duration::from_millis(5));
            }
        });
    }

    /// A key that opens the report to who has the set-up link.
    fn key(&self, link: &str) -> String {
        self.served(|address| Browser::set_up(address, link).report_key("print-jobs"))
    }
}

/// How many jobs of which user a report has, in its order.
fn told(address: SocketAddr, key: &str, options: &[&str]) -> Vec<(String, usize)> {
    let answer = Command::new("curl")
        .args(["-sSf", "--noproxy", "*", "-H"])
        .arg(format!("Authorization: bearer {key}"))
        .args(options)
        .arg(format!("http://{address}/{REPORT}"))
        .output()
        .unwrap();
    assert!(answer.status.success(), "{answer:?}");
    let rows: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let users = rows.as_array().unwrap().iter();
    let users = users.map(|row| row["UserName"].as_str().unwrap());
    let mut counts: Vec<(String, usize)> = Vec::new();
    for user in users {
        match counts.last_mut() {
            Some((known, count)) if known == user => *count += 1,
            _ => counts.push((user.to_owned(), 1)),
        }
    }
    counts
}

/// Checks that the report is `expected` as it is and compressed.
fn check(address: SocketAddr, key: &str, expected: &[(&str, usize)]) {
    for options in [&[][..], &["--compressed"]] {
        let told = told(address, key, options);
        let told: Vec<_> = told
            .iter()
            .map(|(user, count)| (user.as_str(), *count))
            .collect();
        assert_eq!(told, expected, "{options:?}");
    }
}

#[test]
fn files_of_a_time_that_is_lost_answer_for_no_other_day() {
    let (place, link) = Place::new();
    let key = place.key(&link);
    place.import("Northwind", 1, "ada", 100);
    let copy = fs::read(place.database()).unwrap();
    place.import("Northwind", 2, "lost", 101);
    place.compress(2);
    fs::write(place.database(), copy).unwrap();
    // In the copy this day is open; what was lost was sealed where this is sealed next.
    place.import("Northwind", 3, "bob", 200);
    place.served(|address| check(address, &key, &[("ada", 100), ("bob", 200)]));
}

#[test]
fn files_of_an_organization_that_is_lost_answer_for_no_other() {
    let (place, _) = Place::new();
    let copy = fs::read(place.database()).unwrap();
    place.add("Southwind");
    place.import("Southwind", 2, "southern", 101);
    place.compress(1);
    fs::write(place.database(), copy).unwrap();
    let link = place.add("Eastwind");
    place.import("Eastwind", 3, "eastern", 200);
    let key = place.key(&link);
    place.served(|address| check(address, &key, &[("eastern", 200)]));
}
