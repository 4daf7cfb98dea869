//! Logs that grow, are rotated and are cut short while they are followed.

use super::*;
use crate::joblog::Entry;
use crate::joblog::page_log::PageLog;
use platen_domain::print_jobs::{PrintRecord, SourceKey};
use proptest::prelude::*;
use std::collections::HashMap;
use std::fs;
use std::io::Write as _;

/// Gives back every line as it is.
struct Lines;

impl LineParser for Lines {
    fn line(&mut self, number: u64, line: &[u8], sink: &mut Sink<'_>) {
        let line = String::from_utf8_lossy(line).into_owned();
        sink(Entry::skipped(number, line));
    }
}

struct Log {
    directory: tempfile::TempDir,
    tail: Tail,
}

impl Log {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tail = Tail::from_start(directory.path().join("page_log"));
        Self { directory, tail }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn append(&self, text: &str) {
        let mut options = fs::OpenOptions::new();
        let file = options.append(true).create(true);
        let mut file = file.open(self.path("page_log")).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn rotate(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// What is new, by a follower that knows nothing but the last one's cursor.
    fn new_lines(&mut self, lines_max: u64) -> (String, Progress) {
        if let Some(cursor) = self.tail.cursor() {
            self.tail = Tail::resume(self.path("page_log"), &cursor).unwrap();
        }
        let mut lines = Vec::new();
        let mut sink = |entry| match entry {
            Entry::Skipped { line, reason } => lines.push(format!("{line}:{reason}")),
            entry => panic!("{entry:?}"),
        };
        let progress = self.tail.poll(lines_max, &mut Lines, &mut sink).unwrap();
        (lines.join(" "), progress)
    }

    fn expect(&mut self, lines: &str, gap: Option<Gap>) {
        let (found, progress) = self.new_lines(100);
        assert_eq!((found.as_str(), progress.gap), (lines, gap));
    }
}

#[test]
fn a_line_waits_for_its_end() {
    let mut log = Log::new();
    log.expect("", None);
    log.append("one\ntw");
    log.expect("1:one", None);
    log.append("o\nthree\n");
    log.expect("2:two 3:three", None);
    log.expect("", None);
}

#[test]
fn the_rotated_file_is_finished_first() {
    for ending in ["page_log.O", "page_log.1"] {
        let mut log = Log::new();
        log.append("one\n");
        log.expect("1:one", None);
        log.append("two\nthree");
        log.rotate("page_log", ending);
        log.append("four\n");
        log.expect("2:two 3:three 1:four", None);
        log.expect("", None);
    }
}

#[test]
fn rotations_that_were_slept_through_are_caught_up_with() {
    let mut log = Log::new();
    log.append("one\n");
    log.expect("1:one", None);
    log.append("two\n");
    log.rotate("page_log", "page_log.2");
    log.append("three\n");
    log.rotate("page_log", "page_log.1");
    log.append("four\n");
    log.expect("2:two 1:three 1:four", None);
}

#[test]
fn a_rotation_before_the_new_file_is_there() {
    let mut log = Log::new();
    log.append("one\n");
    log.expect("1:one", None);
    log.append("two\n");
    log.rotate("page_log", "page_log.1");
    log.expect("2:two", None);
    log.append("three\n");
    log.expect("1:three", None);
}

#[test]
fn a_log_that_was_cut_short_is_read_from_its_start() {
    let mut log = Log::new();
    log.append("one\ntwo\n");
    log.expect("1:one 2:two", None);
    fs::write(log.path("page_log"), "x\n").unwrap();
    log.expect("1:x", Some(Gap::Truncated));
    // Longer than before, but another beginning.
    fs::write(log.path("page_log"), "another one\n").unwrap();
    log.expect("1:another one", Some(Gap::Truncated));
}

#[test]
fn a_copy_that_was_made_before_emptying_is_finished() {
    let mut log = Log::new();
    log.append("one\n");
    log.expect("1:one", None);
    log.append("two\n");
    fs::copy(log.path("page_log"), log.path("page_log.1")).unwrap();
    fs::write(log.path("page_log"), "three\n").unwrap();
    log.expect("2:two 1:three", Some(Gap::Truncated));
    log.expect("", None);
}

#[test]
fn what_was_rotated_away_is_a_gap() {
    let mut log = Log::new();
    log.append("one\n");
    log.expect("1:one", None);
    // Kept open, so that its inode is not given out again.
    let _kept = File::open(log.path("page_log")).unwrap();
    fs::remove_file(log.path("page_log")).unwrap();
    log.append("two\n");
    log.expect("1:two", Some(Gap::Lost));
}

#[test]
fn a_limit_is_kept_to() {
    let mut log = Log::new();
    log.append("one\ntwo\nthree\n");
    let (lines, progress) = log.new_lines(2);
    assert_eq!((lines.as_str(), progress.more), ("1:one 2:two", true));
    log.expect("3:three", None);
}

#[test]
fn what_is_no_cursor_is_refused() {
    for text in [
        "",
        "tail1",
        "tail1 1 2 3",
        "tail2 1 2 3 4 5 6",
        "tail1 1 2 3 4 5 x",
    ] {
        let error = Tail::resume("page_log", text).unwrap_err().to_string();
        assert!(error.contains("is no place in a log"), "{error}");
    }
}

/// What a log of an old CUPS holds: seconds since the line before, job, page, copies. After an hour
/// there are other jobs.
type Pages = Vec<(i64, u32, u32, u32)>;

const HOUR: i64 = 3_600;

fn page_log(pages: &Pages) -> Vec<String> {
    let mut at: jiff::Timestamp = "2014-03-01T08:00:00Z".parse().unwrap();
    let (mut lines, mut hours) = (Vec::new(), 0);
    for (seconds, job, page, copies) in pages {
        at += jiff::SignedDuration::from_secs(*seconds);
        hours += u32::from(*seconds == HOUR);
        let job = hours * 10 + job;
        let at = at.strftime("%d/%b/%Y:%H:%M:%S +0000");
        lines.push(format!(
            "hall u{job} {job} [{at}] {page} {copies} - localhost\n"
        ));
    }
    // A day later another job: by then all are over.
    lines.push("hall z 99 [20/Mar/2014:08:00:00 +0000] total 1 - localhost\n".to_owned());
    lines
}

fn keep(jobs: &mut HashMap<SourceKey, PrintRecord>, entry: Entry) {
    let Entry::Record(news) = entry else { return };
    match jobs.get_mut(&news.key) {
        None => drop(jobs.insert(news.key.clone(), *news)),
        Some(known) => {
            if let Some(revised) = known.revised_by(&news) {
                *known = revised;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A log gives the same jobs in one piece and in any others, whenever reading begins anew.
    #[test]
    fn pages_are_joined_however_a_log_is_read(
        pages in proptest::collection::vec(
            (proptest::sample::select(vec![0, 1, 40, HOUR]), 1_u32..5, 1_u32..4, 1_u32..4),
            1..40,
        ),
        pieces in proptest::collection::vec((1_usize..9, any::<bool>()), 1..40),
    ) {
        let lines = page_log(&pages);
        let mut whole = HashMap::new();
        let mut parser = PageLog::new("lab", None);
        let text = lines.concat();
        lines::parse(&mut text.as_bytes(), &mut parser, &mut |entry| keep(&mut whole, entry))
            .unwrap();

        let mut log = Log::new();
        let (mut jobs, mut parser) = (HashMap::new(), PageLog::new("lab", None));
        let mut rest = lines.as_slice();
        let mut pieces = pieces.into_iter().cycle();
        while !rest.is_empty() {
            let (count, anew) = pieces.next().unwrap();
            let (piece, later) = rest.split_at(count.min(rest.len()));
            rest = later;
            log.append(&piece.concat());
            log.tail.poll(3, &mut parser, &mut |entry| keep(&mut jobs, entry)).unwrap();
            if anew && let Some(cursor) = log.tail.cursor() {
                log.tail = Tail::resume(log.path("page_log"), &cursor).unwrap();
                parser = PageLog::new("lab", None);
            }
        }
        while log.tail.poll(3, &mut parser, &mut |entry| keep(&mut jobs, entry)).unwrap().more {}
        prop_assert_eq!(jobs, whole);
    }
}
