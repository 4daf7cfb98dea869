//! Clocks that are wrong: nothing that was brought is lost by it.

use std::sync::Arc;
use std::time::Duration;

use platen_app::operation::clock_mark::{CLOCK_BEHIND_MAX, ClockBehind};
use platen_app::printing::print_jobs::{JobOutcome, Verdict};
use platen_app::{App, AppOptions, PasswordCost};
use platen_domain::clock::{ManualClock, Timestamp};
use platen_domain::ids::SeededIds;
use platen_domain::print_jobs::{PrintRecord, SourceKey};
use platen_store::JobPosition;

use crate::place::{Place, START};

const YEAR: Duration = Duration::from_hours(24 * 365);
const DAY: Duration = Duration::from_hours(24);

fn job(id: &str, completed_at: Timestamp) -> PrintRecord {
    let mut job = PrintRecord::new(SourceKey::new("agent|a", id), completed_at);
    job.user = Some("ada".to_owned());
    job
}

async fn kept(place: &Place) -> usize {
    let (scope, until) = (place.operator(), Timestamp::from_millis(i64::MAX));
    let after = JobPosition::before(Timestamp::from_millis(0));
    let page = place
        .app
        .store()
        .read(move |reader| reader.print_page(&scope, after, until, 10_000));
    page.await.unwrap().len()
}

#[tokio::test]
async fn what_a_server_whose_clock_is_behind_is_sent_counts_once_it_is_right() {
    let place = Place::bare().await;
    let scope = place.operator();
    let today = START.plus(2 * YEAR);
    let jobs = || {
        let mut jobs: Vec<_> = (0..2_500).map(|n| job(&n.to_string(), today)).collect();
        jobs.push(job("before", START));
        // Its own clock is wrong.
        jobs.push(job("never", START.plus(80 * YEAR)));
        jobs
    };
    for before in [
        Verdict::Taken(JobOutcome::Accepted),
        Verdict::Taken(JobOutcome::Duplicate),
    ] {
        let verdicts = place
            .app
            .printing()
            .take_in_print_jobs(&scope, jobs(), None)
            .await;
        let verdicts = verdicts.unwrap();
        let others = verdicts.iter().filter(|v| **v != Verdict::Held);
        assert_eq!(others.collect::<Vec<_>>(), [&before]);
    }
    assert_eq!(place.app.printing().take_in_held_jobs().await.unwrap(), 0);
    assert_eq!(kept(&place).await, 1);
    place.clock.advance(2 * YEAR);
    assert_eq!(
        place.app.printing().take_in_held_jobs().await.unwrap(),
        2_500
    );
    assert_eq!(place.app.printing().take_in_held_jobs().await.unwrap(), 0);
    assert_eq!(kept(&place).await, 2_501);
    let verdicts = place
        .app
        .printing()
        .take_in_print_jobs(&scope, jobs(), None)
        .await;
    let known = Verdict::Taken(JobOutcome::Duplicate);
    let known = verdicts.unwrap().into_iter().filter(|v| *v == known);
    assert_eq!(known.count(), 2_501);
}

#[tokio::test]
async fn who_is_erased_is_erased_from_what_waits() {
    let place = Place::bare().await;
    let scope = place.operator();
    let jobs = vec![job("1", START.plus(3 * DAY))];
    let verdicts = place
        .app
        .printing()
        .take_in_print_jobs(&scope, jobs, None)
        .await;
    assert_eq!(verdicts.unwrap(), [Verdict::Held]);
    place
        .app
        .people()
        .erase_person(&scope, "ADA")
        .await
        .unwrap();
    place.clock.advance(3 * DAY);
    assert_eq!(place.app.printing().take_in_held_jobs().await.unwrap(), 0);
    assert_eq!(kept(&place).await, 0);
}

#[tokio::test]
async fn a_clock_behind_the_last_work_is_noticed_until_it_is_right_or_trusted() {
    let place = Place::bare().await;
    assert_eq!(place.app.operation().clock_behind().await.unwrap(), None);
    place.app.operation().note_clock(false).await.unwrap();
    let at = |now| {
        let options = AppOptions {
            password_cost: PasswordCost::LEAST,
        };
        let (store, clock) = (place.app.store().clone(), ManualClock::at(now));
        App::new(store, Arc::new(clock), Arc::new(SeededIds::new(3)), options)
    };
    let little = at(START.minus(CLOCK_BEHIND_MAX));
    assert_eq!(little.operation().clock_behind().await.unwrap(), None);
    let now = START.minus(CLOCK_BEHIND_MAX + Duration::from_secs(1));
    let behind = at(now);
    let expected = ClockBehind {
        now,
        last_at_work: START,
    };
    assert_eq!(
        behind.operation().clock_behind().await.unwrap(),
        Some(expected)
    );
    behind.operation().note_clock(false).await.unwrap();
    assert_eq!(
        behind.operation().clock_behind().await.unwrap(),
        Some(expected)
    );
    behind.operation().note_clock(true).await.unwrap();
    assert_eq!(behind.operation().clock_behind().await.unwrap(), None);
}
