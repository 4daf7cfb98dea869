//! A log that is followed: how its form is told, and jobs of many lines.

use std::fs;
use std::io::Write as _;
use std::sync::{Arc, Mutex};

use super::*;
use crate::printing::sources::SinkError;

/// Keeps in memory, as a store would.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<(Option<String>, Vec<PrintRecord>)>>);

impl Sink for Memory {
    async fn cursor(&self, _source: &str) -> Result<Option<String>, SinkError> {
        Ok(self.0.lock().unwrap().0.clone())
    }

    async fn time_zone(&self) -> Result<Option<jiff::tz::TimeZone>, SinkError> {
        Ok(None)
    }

    async fn take(&self, piece: Piece) -> Result<(), SinkError> {
        let mut kept = self.0.lock().unwrap();
        kept.0 = Some(piece.cursor);
        kept.1.extend(piece.records);
        Ok(())
    }
}

impl Memory {
    /// Impressions of every record that was taken.
    fn impressions(&self) -> Vec<Option<u32>> {
        let kept = self.0.lock().unwrap();
        let impressions = kept.1.iter().map(|record| record.counts.impressions);
        impressions.collect()
    }
}

/// 2026-10-02, some minutes after 15:00 UTC.
fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_790_953_200_000 + minutes * 60_000)
}

fn append(path: &Path, text: &str) {
    let mut file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[tokio::test]
async fn the_pages_of_a_job_are_one_job_though_they_come_in_pieces() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("page_log");
    let memory = Memory::default();
    let log = || PageLogFile::new(path.clone(), "a".to_owned(), None);
    let mut followed = log();
    append(
        &path,
        "hall rita 7 [02/Oct/2026:15:00:00 +0000] 1 1 - localhost\n",
    );
    followed.look(&memory, at(1)).await.unwrap();
    append(
        &path,
        "hall rita 7 [02/Oct/2026:15:01:00 +0000] 2 1 - localhost\n",
    );
    followed.look(&memory, at(2)).await.unwrap();
    // Nobody knows yet whether that is all; and a new reading begins where the job does.
    assert_eq!(memory.impressions(), []);
    let mut followed = log();
    append(
        &path,
        "hall rita 7 [02/Oct/2026:15:02:00 +0000] 3 1 - localhost\n",
    );
    followed.look(&memory, at(3)).await.unwrap();
    assert_eq!(memory.impressions(), []);
    followed.look(&memory, at(40)).await.unwrap();
    followed.look(&memory, at(41)).await.unwrap();
    assert_eq!(memory.impressions(), [Some(3)]);
}

#[tokio::test]
async fn a_log_that_can_be_read_in_two_ways_waits_and_then_asks() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("page_log");
    let memory = Memory::default();
    let line = |job: u32| format!("{job} hall rita [02/Oct/2026:15:00:00 +0000] total 2 Plan\n");
    append(&path, &line(1));
    let mut log = PageLogFile::new(path.clone(), "a".to_owned(), None);
    assert_eq!(log.look(&memory, at(1)).await.unwrap(), Look::default());
    append(&path, &(2..=20).map(line).collect::<String>());
    let error = log.look(&memory, at(2)).await.unwrap_err().to_string();
    assert!(
        error.contains("can be read in more than one way"),
        "{error}"
    );
    assert!(error.contains("'%j %u %p %T %P %C %{job-name}'"), "{error}");
    // Nothing was taken, so nothing is lost once it is said.
    let format = "%j %p %u %T %P %C %{job-name}".parse().unwrap();
    let mut log = PageLogFile::new(path, "a".to_owned(), Some(format));
    assert_eq!(log.look(&memory, at(3)).await.unwrap().records, 20);
}

#[tokio::test]
async fn a_form_that_was_told_once_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("page_log");
    let memory = Memory::default();
    let line = |job: u32| {
        format!("hall rita {job} [02/Oct/2026:15:00:00 +0000] total 2 2 {job} a b.txt one-sided\n")
    };
    append(&path, &(1..=20).map(line).collect::<String>());
    let mut log = PageLogFile::new(path.clone(), "a".to_owned(), None);
    assert_eq!(log.look(&memory, at(1)).await.unwrap().records, 20);
    // One line alone would not tell.
    fs::rename(&path, directory.path().join("page_log.1")).unwrap();
    append(&path, &line(21));
    let mut log = PageLogFile::new(path, "a".to_owned(), None);
    assert_eq!(log.look(&memory, at(2)).await.unwrap().records, 1);
    let kept = memory.0.lock().unwrap();
    assert_eq!(kept.1.last().unwrap().document.as_deref(), Some("a b.txt"));
    assert_eq!(kept.1.last().unwrap().account, None);
}
