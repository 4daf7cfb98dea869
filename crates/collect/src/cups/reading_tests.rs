use super::*;
use crate::cups::queues::Queues;
use crate::ipp::{Attribute, Value};
use platen_domain::clock::Timestamp;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_millis(9_000_000_000);

/// A spooler's history, oldest first: number and end in seconds.
#[derive(Clone, Default)]
struct History {
    over: Vec<(u32, i32)>,
    waiting: Vec<u32>,
    server: Server,
}

/// How a spooler lists its jobs.
#[derive(Debug, Clone, Copy)]
struct Server {
    newest_first: bool,
    knows_index: bool,
    knows_number: bool,
    /// Most jobs it hands out at once, whatever it is asked for.
    at_once: usize,
}

/// CUPS since 2.2.
const NEW: Server = Server {
    newest_first: true,
    knows_index: true,
    knows_number: true,
    at_once: 500,
};

/// CUPS 1.4 to 1.7.
const OLD: Server = Server {
    newest_first: false,
    knows_index: false,
    knows_number: true,
    at_once: usize::MAX,
};

/// One that lists the oldest first and only ever its first jobs.
const OLDEST: Server = Server {
    knows_number: false,
    ..OLD
};

impl Default for Server {
    fn default() -> Self {
        NEW
    }
}

fn attribute(name: &str, value: Value) -> Attribute {
    Attribute {
        name: name.to_owned(),
        values: vec![value],
    }
}

fn job(number: u32, completed: i32) -> Group {
    let text = |text: String| Value::Text(text);
    Group {
        tag: group_tag::JOB,
        attributes: vec![
            attribute("job-id", Value::Integer(i32::try_from(number).unwrap())),
            attribute("job-uuid", text(format!("urn:uuid:{number:08}"))),
            attribute("job-originating-user-name", text("alice".to_owned())),
            attribute("job-state", Value::Integer(9)),
            attribute("time-at-creation", Value::Integer(completed - 1)),
            attribute("time-at-completed", Value::Integer(completed)),
        ],
    }
}

impl History {
    fn of(over: impl IntoIterator<Item = (u32, i32)>) -> Self {
        Self {
            over: over.into_iter().collect(),
            ..Self::default()
        }
    }

    fn answer(&self, page: Page) -> Message {
        let Server {
            newest_first,
            knows_index,
            knows_number,
            at_once,
        } = self.server;
        let mut over = self.over.clone();
        if newest_first {
            over.reverse();
        } else {
            over.sort_unstable();
        }
        let skipped = match page.from {
            From::Index(index) if knows_index => index - 1,
            From::Number(first) if knows_number => {
                over.retain(|(number, _)| *number >= first);
                0
            }
            _ => 0,
        };
        let asked = usize::try_from(page.jobs).unwrap();
        let listed = over.into_iter().skip(usize::try_from(skipped).unwrap());
        let listed = listed.take(asked.min(at_once));
        let groups = listed.map(|(number, completed)| job(number, completed));
        Message {
            version: (2, 0),
            code: 0,
            request_id: 1,
            groups: groups.collect(),
        }
    }

    fn read(&self, cursor: &Cursor) -> Harvest {
        let seen = Seen {
            waiting: self.waiting.iter().copied().collect(),
            ..Seen::default()
        };
        let mut reading = Reading::new(cursor, seen);
        while let Some(page) = reading.next_page() {
            reading.take(&self.answer(page));
        }
        harvest(reading)
    }
}

fn harvest(reading: Reading<'_>) -> Harvest {
    let queues = Queues::default();
    reading.harvest(&Maker {
        source: "cups|lab",
        queues: &queues,
        users_verified: false,
        now: NOW,
    })
}

fn ids(harvest: &Harvest) -> Vec<&str> {
    let ids = harvest.records.iter().map(|record| record.key.id.as_str());
    ids.map(|id| id.trim_start_matches("urn:uuid:").trim_start_matches('0'))
        .collect()
}

#[test]
fn what_is_new_comes_once_in_the_order_of_its_end() {
    let first = History::of([(1, 100), (3, 101), (2, 102)]).read(&Cursor::start());
    assert_eq!(ids(&first), ["1", "3", "2"]);
    let history = History::of([(1, 100), (3, 101), (2, 102), (4, 102)]);
    let second = history.read(&first.cursor);
    assert_eq!(ids(&second), ["4"]);
    assert!(history.read(&second.cursor).records.is_empty());
    assert_eq!(second.gaps, []);
}

#[test]
fn a_reprint_comes_again() {
    let before = History::of([(1, 100), (2, 101)]).read(&Cursor::start());
    let after = History::of([(2, 101), (1, 130)]).read(&before.cursor);
    assert_eq!(ids(&after), ["1"]);
    assert_eq!(after.gaps, []);
}

#[test]
fn a_backlog_of_600_comes_whole() {
    let before = History::of([(1, 100)]).read(&Cursor::start());
    let backlog = (2..=601).map(|n| (n, 1_000 + i32::try_from(n).unwrap()));
    let all = std::iter::once((1, 100)).chain(backlog);
    let harvest = History::of(all).read(&before.cursor);
    assert_eq!(harvest.records.len(), 600);
    assert_eq!((harvest.gaps.len(), harvest.more), (0, false));
}

#[test]
fn a_history_cut_at_500_is_a_counted_gap() {
    let before = History::of([(1, 100)]).read(&Cursor::start());
    let kept = (102..=601).map(|n| (n, 1_000 + i32::try_from(n).unwrap()));
    let harvest = History::of(kept).read(&before.cursor);
    assert_eq!(harvest.records.len(), 500);
    let expected = Gap {
        source: "cups|lab".to_owned(),
        from: Timestamp::from_millis(100_000),
        until: NOW,
        jobs: Some(100),
        reason: GapReason::NumbersMissing,
    };
    assert_eq!(harvest.gaps, [expected]);
}

#[test]
fn a_few_missing_jobs_are_a_gap_at_the_second_look() {
    let before = History::of([(1, 100)]).read(&Cursor::start());
    let cut = History::of([(4, 150)]);
    let suspected = cut.read(&before.cursor);
    assert_eq!(suspected.gaps, []);
    let certain = cut.read(&suspected.cursor);
    assert_eq!(certain.gaps[0].jobs, Some(2));
    assert_eq!(certain.gaps[0].from, Timestamp::from_millis(100_000));
    assert_eq!(cut.read(&certain.cursor).gaps, []);
}

#[test]
fn a_cleared_spool_says_so() {
    let before = History::of([(41, 100), (42, 101)]).read(&Cursor::start());
    let after = History::of([(1, 200), (2, 201)]).read(&before.cursor);
    assert_eq!(ids(&after), ["1", "2"]);
    assert_eq!(after.gaps[0].reason, GapReason::NumbersRestarted);
}

#[test]
fn a_long_history_comes_in_parts_and_whole() {
    let history = History::of((1..=12_000).map(|n| (n, 1_000 + i32::try_from(n).unwrap())));
    let (mut cursor, mut seen, mut parts) = (Cursor::start(), HashSet::new(), 0);
    loop {
        let harvest = history.read(&Cursor::from_text(&cursor.to_text()).unwrap());
        seen.extend(harvest.records.iter().map(|record| record.key.id.clone()));
        assert!(harvest.records.len() < HARVEST_MAX + 500);
        cursor = harvest.cursor;
        parts += 1;
        if !harvest.more {
            break;
        }
    }
    assert_eq!((seen.len(), parts), (12_000, 3));
    assert!(history.read(&cursor).records.is_empty());
}

/// Reads until there is no more at once; the number of records, and the gaps.
fn read_all(history: &History, cursor: &mut Cursor) -> (usize, Vec<GapReason>) {
    let (mut records, mut gaps) = (0, Vec::new());
    loop {
        let harvest = history.read(&Cursor::from_text(&cursor.to_text()).unwrap());
        records += harvest.records.len();
        gaps.extend(harvest.gaps.iter().map(|gap| gap.reason));
        *cursor = harvest.cursor;
        if !harvest.more {
            return (records, gaps);
        }
    }
}

#[test]
fn an_old_spooler_that_lists_the_oldest_first_is_read_to_its_newest() {
    for server in [OLD, OLDEST] {
        let mut history = History::of((1..=600).map(|n| (n, 1_000 + i32::try_from(n).unwrap())));
        history.server = server;
        let mut cursor = Cursor::start();
        assert_eq!(read_all(&history, &mut cursor), (600, vec![]));
        assert_eq!(read_all(&history, &mut cursor), (0, vec![]));
        history.over.extend([(601, 9_000), (602, 9_001)]);
        assert_eq!(read_all(&history, &mut cursor), (2, vec![]));
        // A reprint, and then a spool that was cleared.
        history.over[400].1 = 9_500;
        assert_eq!(read_all(&history, &mut cursor), (1, vec![]));
        history.over = vec![(1, 9_900), (2, 9_901)];
        let restarted = vec![GapReason::NumbersRestarted];
        assert_eq!(read_all(&history, &mut cursor), (2, restarted));
    }
}

#[test]
fn an_old_spooler_is_not_asked_for_its_whole_history_again() {
    let mut history = History::of((1..=3_000).map(|n| (n, 1_000 + i32::try_from(n).unwrap())));
    history.server = OLD;
    let mut cursor = Cursor::start();
    assert_eq!(read_all(&history, &mut cursor), (3_000, vec![]));
    let reading = Reading::new(&cursor, Seen::default());
    let first = reading.next_page().unwrap().from;
    assert_eq!(first, From::Number(2_501));
    // Nothing is missed where a job waited all the time, and ends at last.
    history.waiting = vec![3_001];
    history
        .over
        .extend((3_002..=4_000).map(|n| (n, 5_000 + i32::try_from(n).unwrap())));
    assert_eq!(read_all(&history, &mut cursor), (999, vec![]));
    history.waiting = vec![];
    history.over.push((3_001, 9_999));
    assert_eq!(read_all(&history, &mut cursor), (1, vec![]));
}

#[test]
fn a_renewed_spooler_is_read_from_its_newest_job() {
    let mut history = History::of((1..=800).map(|n| (n, 1_000 + i32::try_from(n).unwrap())));
    history.server = OLD;
    let mut cursor = Cursor::start();
    read_all(&history, &mut cursor);
    history.server = NEW;
    history
        .over
        .extend((801..=2_000).map(|n| (n, 5_000 + i32::try_from(n).unwrap())));
    assert_eq!(read_all(&history, &mut cursor), (1_200, vec![]));
    assert_eq!(cursor.paging, Paging::Index);
}

#[test]
fn a_history_that_holds_exactly_a_page_is_whole() {
    let newest = Server {
        knows_index: false,
        ..NEW
    };
    for server in [NEW, OLD, OLDEST, newest] {
        let mut history = History::of((101..=600).map(|n| (n, 1_000 + i32::try_from(n).unwrap())));
        history.server = server;
        let mut cursor = Cursor::start();
        assert_eq!(read_all(&history, &mut cursor), (500, vec![]), "{server:?}");
        // CUPS purges the oldest for each new one.
        for n in 601..=605 {
            history.over.remove(0);
            history.over.push((n, 1_000 + i32::try_from(n).unwrap()));
            assert_eq!(read_all(&history, &mut cursor), (1, vec![]), "{server:?}");
        }
    }
}

#[test]
fn a_job_without_an_end_comes_once() {
    let mut cursor = Cursor::start();
    let read = |cursor: &mut Cursor, printed: i32| {
        let mut job = job(7, 1);
        job.attributes
            .retain(|there| there.name != "time-at-completed");
        let count = attribute("job-media-sheets-completed", Value::Integer(printed));
        job.attributes.push(count);
        let mut reading = Reading::new(cursor, Seen::default());
        reading.take(&Message {
            version: (1, 1),
            code: 0,
            request_id: 1,
            groups: vec![job],
        });
        let harvest = harvest(reading);
        *cursor = harvest.cursor;
        harvest.records.len()
    };
    assert_eq!(
        [2, 2, 4, 4].map(|printed| read(&mut cursor, printed)),
        [1, 0, 1, 0]
    );
}

#[test]
fn a_spooler_that_does_not_page_is_a_gap_and_no_endless_loop() {
    let mut history = History::of((1..=9_000).map(|n| (n, 1_000)));
    history.server = Server {
        at_once: 8_000,
        knows_index: false,
        ..NEW
    };
    let harvest = history.read(&Cursor::start());
    assert_eq!(harvest.records.len(), 8_000);
    assert_eq!(harvest.gaps[0].reason, GapReason::Unpageable);
    // Once what it holds was read, its numbers tell whether something is missing.
    history.over.push((9_001, 1_001));
    let again = history.read(&harvest.cursor);
    assert_eq!(again.gaps, []);
}

#[test]
fn a_page_too_large_for_the_caps_is_asked_for_in_pieces() {
    let history = History::of((1..=100).map(|n| (n, 1_000 + i32::try_from(n).unwrap())));
    let cursor = Cursor::start();
    let mut reading = Reading::new(&cursor, Seen::default());
    while let Some(page) = reading.next_page() {
        let jobs = history.answer(page);
        let monster = jobs
            .groups
            .iter()
            .any(|job| job.integer("job-id") == Some(60));
        if monster {
            assert!(reading.ask_for_less());
        } else {
            reading.take(&jobs);
        }
    }
    let harvest = harvest(reading);
    assert_eq!((harvest.records.len(), harvest.refused), (99, 1));
    assert!(!ids(&harvest).contains(&"60"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However jobs end between readings, each end is delivered, and nothing is called missing.
    #[test]
    fn nothing_is_lost_between_readings(
        steps in proptest::collection::vec((1_usize..900, 0_i32..400), 1..6),
        server in proptest::sample::select(vec![NEW, OLD, OLDEST]),
    ) {
        let (mut history, mut cursor) = (History::of([]), Cursor::start());
        history.server = server;
        let (mut number, mut clock) = (0_u32, 1_000);
        let mut delivered = HashSet::new();
        for (jobs, pause) in steps {
            clock += pause;
            for job in 0..jobs {
                number += 1;
                clock += i32::from(job % 3 == 0);
                history.over.push((number, clock));
            }
            loop {
                let harvest = history.read(&cursor);
                prop_assert_eq!(&harvest.gaps, &[]);
                delivered.extend(harvest.records.iter().map(|record| record.key.id.clone()));
                cursor = harvest.cursor;
                if !harvest.more {
                    break;
                }
            }
            prop_assert_eq!(delivered.len(), history.over.len());
        }
    }
}
