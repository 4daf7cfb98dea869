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
    pages: bool,
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
            waiting: Vec::new(),
            pages: true,
        }
    }

    fn answer(&self, page: Page) -> Message {
        let skipped = if self.pages { page.index - 1 } else { 0 };
        let newest_first = self.over.iter().rev();
        let groups = newest_first
            .skip(usize::try_from(skipped).unwrap())
            .take(usize::try_from(page.jobs).unwrap())
            .map(|(number, completed)| job(*number, *completed));
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

#[test]
fn a_spooler_that_does_not_page_is_a_gap_and_no_endless_loop() {
    let mut history = History::of((1..=700).map(|n| (n, 1_000)));
    history.pages = false;
    let harvest = history.read(&Cursor::start());
    assert_eq!(harvest.records.len(), 500);
    assert_eq!(harvest.gaps[0].reason, GapReason::Unpageable);
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
        steps in proptest::collection::vec((1_usize..900, 0_i32..400), 1..6)
    ) {
        let (mut history, mut cursor) = (History::of([]), Cursor::start());
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
