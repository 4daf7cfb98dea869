//! Jobs that come, change or go after their day was sealed: every answer is what the rows say,
//! whenever days are sealed.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::office::{DAYS, Office};
use crate::support::printing::job;

/// Who prints.
const USERS: [&str; 4] = ["ada", "bob", "cyd", "dee"];

/// Seconds of a day in UTC that are of the same day in Berlin.
const DAY_SECONDS: u32 = 82_800;

/// Jobs of a day at the beginning: several pieces of a compressed block.
const JOBS: u32 = 300;

/// So many late jobs of one day that its block is made anew.
const MANY: u32 = 90;

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    /// Jobs of a day, from a second on, as far apart as that.
    New(u8, u32, u32),
    /// News of one of a day's first jobs.
    Revised(u8, u32),
    Erased(&'static str),
    Sealed,
    Asked,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let day = || 17_u8..22;
    let event = prop_oneof![
        3 => (day(), 0..DAY_SECONDS, prop_oneof![9 => 1..4_u32, 1 => Just(MANY)])
            .prop_map(|(day, second, count)| Event::New(day, second, count)),
        2 => (day(), 0..JOBS).prop_map(|(day, number)| Event::Revised(day, number)),
        1 => prop::sample::select(USERS.to_vec()).prop_map(Event::Erased),
        2 => Just(Event::Sealed),
        1 => Just(Event::Asked),
    ];
    proptest::collection::vec(event, 4..14)
}

fn lines(day: u8, begin: u32, count: u32, step: u32, id: &str, more: &str) -> String {
    let mut lines = String::new();
    for number in 0..count {
        let second = (begin + number * step) % DAY_SECONDS;
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let at = format!("2026-11-{day}T{hour:02}:{minute:02}:{second:02}Z");
        let user = USERS.iter().cycle().nth(number as usize).unwrap();
        let more = format!(r#""user":"{user}","document":"{id} \"{number}\""{more}"#);
        writeln!(
            lines,
            "{}",
            job(&format!("{id}-{day}-{number}"), &at, &more)
        )
        .unwrap();
    }
    lines
}

#[test]
fn every_answer_is_what_the_rows_say_whenever_days_are_sealed() {
    let mut runner = TestRunner::new(Config::with_cases(8));
    let checked = runner.run(&events(), |events| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(check(events));
        Ok(())
    });
    checked.unwrap();
}

async fn check(events: Vec<Event>) {
    let office = Office::new().await;
    for day in [18, 19, 21] {
        office.push(&lines(day, 0, JOBS, 288, "first", "")).await;
    }
    office.seal().await;
    for (turn, event) in events.into_iter().enumerate() {
        match event {
            Event::New(day, begin, count) => {
                let id = format!("turn{turn}");
                office.push(&lines(day, begin, count, 61, &id, "")).await;
            }
            Event::Revised(day, number) => {
                let again = lines(day, 0, number + 1, 288, "first", r#","impressions":9"#);
                let last = again.lines().last().unwrap();
                office.push(last).await;
            }
            Event::Erased(user) => {
                let scope = office.world.app.access().operator(office.organization.id);
                // Who was erased before is unknown now.
                office
                    .world
                    .app
                    .people()
                    .erase_person(&scope, user)
                    .await
                    .ok();
            }
            Event::Sealed => {
                office.seal().await;
            }
            Event::Asked => office.check_against_rows(DAYS).await,
        }
    }
    office.check_against_rows(DAYS).await;
    // Read from what was made ready, and once more after everything is sealed.
    office.check_against_rows(DAYS).await;
    office.seal().await;
    office.check_against_rows(DAYS).await;
}

#[tokio::test]
async fn a_late_job_leaves_its_block_and_many_make_it_anew() {
    let office = Office::new().await;
    office.push(&lines(19, 0, JOBS, 288, "first", "")).await;
    assert_eq!(office.seal().await, 1);
    let files = office.block_files();
    office.push(&lines(19, 5_000, 3, 61, "late", "")).await;
    assert_eq!(office.seal().await, 0, "three late jobs are carried along");
    assert_eq!(office.block_files(), files);
    office.check_against_rows(DAYS).await;
    office.push(&lines(19, 7_000, MANY, 61, "many", "")).await;
    office.check_against_rows(DAYS).await;
    assert_eq!(office.seal().await, 1);
    assert_ne!(office.block_files(), files);
    office.check_against_rows(DAYS).await;
    // More at once than stand beside a block.
    office
        .push(&lines(19, 9_000, 1_100, 7, "too-many", ""))
        .await;
    office.check_against_rows(DAYS).await;
    assert_eq!(office.seal().await, 1);
    office.check_against_rows(DAYS).await;
}

#[tokio::test]
async fn who_is_erased_is_gone_from_answers_at_once_and_from_files_with_the_next_round() {
    let office = Office::new().await;
    office.push(&lines(19, 0, JOBS, 288, "first", "")).await;
    office.seal().await;
    office.check_against_rows(DAYS).await;
    assert!(office.files_say("ada"));
    let scope = office.world.app.access().operator(office.organization.id);
    office
        .world
        .app
        .people()
        .erase_person(&scope, "ada")
        .await
        .unwrap();
    office.check_against_rows(DAYS).await;
    assert!(!office.users(DAYS).await.contains("ada"));
    assert_eq!(office.seal().await, 1);
    // The round after it sweeps what is not in use any more.
    assert_eq!(office.seal().await, 0);
    assert!(!office.files_say("ada"));
    office.check_against_rows(DAYS).await;
}
