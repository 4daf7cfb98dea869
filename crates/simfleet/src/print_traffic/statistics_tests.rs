use std::collections::{HashMap, HashSet};

use jiff::civil::date;
use platen_domain::print_jobs::{ColorMode, JobState, SheetsQuality};

use super::*;

fn options(source: TrafficSource) -> TrafficOptions {
    TrafficOptions {
        seed: 1,
        users: 400,
        pages_per_user_day: 10.0,
        time_zone: TimeZone::get("Europe/Berlin").unwrap(),
        source,
    }
}

fn traffic() -> Traffic {
    let agent = TrafficSource::agent("3f0c9a52");
    Traffic::new(options(agent), PrintedOn::invented(40))
}

/// Four whole weeks without a change of clocks.
fn four_weeks(traffic: &Traffic) -> Vec<PrintRecord> {
    let jobs = traffic.jobs(date(2026, 6, 1), date(2026, 6, 28));
    jobs.collect()
}

fn impressions<'a>(jobs: impl IntoIterator<Item = &'a PrintRecord>) -> u64 {
    let jobs = jobs.into_iter();
    jobs.map(|job| u64::from(job.counts.impressions.unwrap()))
        .sum()
}

#[track_caller]
fn share(part: u64, whole: usize, permille: std::ops::RangeInclusive<u64>) {
    let share = part * 1_000 / whole as u64;
    assert!(permille.contains(&share), "{share} of a thousand");
}

#[test]
fn the_statistics_are_those_that_were_published() {
    let jobs = four_weeks(&traffic());
    let all = impressions(&jobs);
    let volume = usize::try_from(all).unwrap();
    let of = |wanted: fn(&PrintRecord) -> bool| jobs.iter().filter(move |job| wanted(job));
    let count = |wanted| of(wanted).count() as u64;
    let completed = count(|job| job.state == JobState::Completed);
    // 3.7 pages a job, 10 a user and day of twenty working days.
    share(all, usize::try_from(completed).unwrap(), 3_500..=3_950);
    share(all, 400 * 20 * 10, 940..=1_080);
    share(
        impressions(of(|job| job.sides.unwrap().is_duplex())),
        volume,
        270..=330,
    );
    share(
        impressions(of(|job| job.color_mode == Some(ColorMode::Color))),
        volume,
        160..=220,
    );
    share(
        count(|job| job.counts.pages == Some(1)),
        jobs.len(),
        320..=380,
    );
    share(
        count(|job| job.counts.copies > Some(1)),
        jobs.len(),
        60..=80,
    );
    share(
        count(|job| job.state == JobState::Canceled),
        jobs.len(),
        16..=24,
    );
    share(
        count(|job| job.state == JobState::Aborted),
        jobs.len(),
        6..=10,
    );
    share(count(|job| job.account.is_some()), jobs.len(), 150..=400);
    let paper = |job: &PrintRecord| job.media.as_deref() == Some("iso_a4_210x297mm");
    share(count(paper), jobs.len(), 940..=970);
}

#[test]
fn the_busiest_fifth_prints_two_thirds() {
    let jobs = four_weeks(&traffic());
    let mut volumes = HashMap::<_, u64>::new();
    for job in &jobs {
        *volumes.entry(job.user.as_deref()).or_default() += impressions([job]);
    }
    let mut volumes: Vec<u64> = volumes.into_values().collect();
    volumes.sort_unstable();
    let busiest: u64 = volumes.iter().rev().take(80).sum();
    share(
        busiest,
        usize::try_from(impressions(&jobs)).unwrap(),
        600..=730,
    );
}

#[test]
fn people_print_on_working_days_and_by_day() {
    let jobs = four_weeks(&traffic());
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let local = |job: &PrintRecord| {
        let at = jiff::Timestamp::from_millisecond(job.completed_at.as_millis()).unwrap();
        zone.to_datetime(at)
    };
    let on_tuesday = |job: &&PrintRecord| local(job).weekday() == jiff::civil::Weekday::Tuesday;
    let by_day = |job: &&PrintRecord| (8..18).contains(&local(job).hour());
    share(
        jobs.iter().filter(on_tuesday).count() as u64,
        jobs.len(),
        200..=245,
    );
    share(
        jobs.iter().filter(by_day).count() as u64,
        jobs.len(),
        850..=930,
    );
}

#[test]
fn jobs_are_in_order_and_consistent() {
    let jobs = four_weeks(&traffic());
    assert!(jobs.is_sorted_by_key(|job| job.completed_at));
    assert!(
        jobs.is_sorted_by_key(|job| &job.key),
        "numbers count upwards"
    );
    let keys: HashSet<_> = jobs.iter().map(|job| &job.key).collect();
    assert_eq!(keys.len(), jobs.len());
    for job in &jobs {
        assert!(job.key.is_well_formed());
        assert!(job.submitted_at.unwrap() < job.completed_at);
        let counts = &job.counts;
        let [pages, copies] = [counts.pages, counts.copies].map(Option::unwrap);
        let done = job.state == JobState::Completed;
        assert_eq!(
            counts.impressions,
            Some(if done { pages * copies } else { 0 })
        );
        assert!(counts.sheets <= counts.impressions);
        assert_eq!(counts.sheets_quality, SheetsQuality::Derived);
        assert_eq!(
            counts.color_impressions, None,
            "a spooler knows wishes only"
        );
    }
}

#[test]
fn the_same_seed_makes_the_same_jobs_in_every_window() {
    let traffic = traffic();
    let first = date(2026, 6, 1);
    let days: Vec<_> = traffic.jobs(first, date(2026, 6, 3)).collect();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let start = zone.to_timestamp(first.at(0, 0, 0, 0)).unwrap();
    let start = start.as_millisecond();
    // A prime number of minutes, so that windows end in the middle of everything.
    let window = 47 * 60_000;
    let windows = (start..start + 3 * 86_400_000).step_by(window);
    let in_windows = windows.flat_map(|from| {
        let until = (from + i64::try_from(window).unwrap()).min(start + 3 * 86_400_000);
        traffic.jobs_between(Timestamp::from_millis(from), Timestamp::from_millis(until))
    });
    assert!(in_windows.eq(days));
}

#[test]
fn late_jobs_come_later_and_none_is_lost() {
    let traffic = traffic();
    let jobs = four_weeks(&traffic);
    let delivered: Vec<_> = traffic
        .deliveries(date(2026, 6, 1), date(2026, 6, 28))
        .collect();
    assert!(delivered.is_sorted_by_key(|(at, _)| *at));
    assert!(delivered.iter().all(|(at, job)| *at >= job.completed_at));
    let late = delivered.iter().filter(|(at, job)| *at > job.completed_at);
    share(late.count() as u64, jobs.len(), 7..=13);
    let mut records: Vec<_> = delivered.into_iter().map(|(_, job)| job).collect();
    records.sort_by(|one, other| one.key.cmp(&other.key));
    assert_eq!(records, jobs);
}

#[test]
fn cups_names_jobs_by_uuid_and_counts_seconds() {
    let cups = TrafficSource::cups("3f0c9a52");
    let traffic = Traffic::new(options(cups), PrintedOn::invented(40));
    let jobs: Vec<_> = traffic.jobs(date(2026, 6, 1), date(2026, 6, 1)).collect();
    assert!(jobs.is_sorted_by_key(|job| job.completed_at));
    for job in &jobs {
        assert_eq!(job.key.source, "cups|3f0c9a52");
        let uuid: uuid::Uuid = job
            .key
            .id
            .strip_prefix("urn:uuid:")
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(uuid.get_version_num(), 4);
        assert_eq!(job.completed_at.as_millis() % 1_000, 0);
    }
}

#[test]
fn days_keep_to_themselves_when_clocks_change() {
    let traffic = traffic();
    for changes in [date(2026, 3, 29), date(2026, 10, 25)] {
        let next = changes.tomorrow().unwrap();
        let both: Vec<_> = traffic.jobs(changes, next).collect();
        assert!(both.is_sorted_by_key(|job| job.completed_at));
        let alone = traffic.jobs(changes, changes).count();
        assert_eq!(both.len(), alone + traffic.jobs(next, next).count());
    }
}

#[test]
fn every_account_that_a_job_names_is_listed_with_its_user() {
    let traffic = traffic();
    let accounts = traffic.accounts();
    let named: Vec<_> = four_weeks(&traffic)
        .into_iter()
        .filter_map(|job| job.account.zip(job.user))
        .collect();
    assert!(!named.is_empty());
    for (account, user) in named {
        assert!(
            accounts[account.as_str()].contains(&user.as_str()),
            "{account}: {user}"
        );
    }
}

#[test]
fn without_people_or_printers_nothing_is_printed() {
    let agent = || TrafficSource::agent("a");
    let nobody = TrafficOptions {
        users: 0,
        ..options(agent())
    };
    let day = date(2026, 6, 1);
    assert_eq!(
        Traffic::new(nobody, PrintedOn::invented(3))
            .jobs(day, day)
            .count(),
        0
    );
    let nowhere = Traffic::new(options(agent()), Vec::new());
    assert_eq!(nowhere.jobs(day, day).count(), 0);
}
