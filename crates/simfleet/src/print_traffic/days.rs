//! Who prints when: the jobs of a day in their order, before anything else of them is known.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;

use super::draws::{Draws, whole};
use super::{DAYS, Traffic};

/// Impressions of an average job, by which pages become jobs: see the tests of the statistics.
const IMPRESSIONS_PER_JOB: f64 = 3.7;

/// How busy the hours of a day are (HP 2007: 8 to 18 h, mornings more than afternoons); only
/// their proportions count.
const HOURS: [(i8, u32); 24] = [
    (0, 10),
    (1, 5),
    (2, 5),
    (3, 5),
    (4, 10),
    (5, 40),
    (6, 150),
    (7, 400),
    (8, 800),
    (9, 1_050),
    (10, 1_150),
    (11, 1_000),
    (12, 700),
    (13, 900),
    (14, 1_050),
    (15, 950),
    (16, 800),
    (17, 500),
    (18, 220),
    (19, 100),
    (20, 60),
    (21, 40),
    (22, 30),
    (23, 20),
];

/// Jobs come in bursts with gaps by a power law, not independently (Harder and Paczuski, Physica
/// A 361, 2006): exponent of the number of jobs in a burst.
const BURST_ALPHA: f64 = 1.6;

/// Exponent of the gaps between the jobs of a burst.
const GAP_ALPHA: f64 = 0.9;

/// The shortest gap within a burst, in milliseconds.
const GAP_SHORTEST: f64 = 10_000.0;

/// The longest gap within a burst, in milliseconds: what comes later is another burst.
const GAP_LONGEST: f64 = 3_600_000.0;

/// Milliseconds of an hour.
const HOUR_MILLIS: u32 = 3_600_000;

/// How much of an average working day's printing happens on this day: Tuesday is the busiest,
/// Friday weak (HP 2007; Willamette library 2012).
const fn busyness(day: Weekday) -> f64 {
    match day {
        Weekday::Monday | Weekday::Thursday => 1.01,
        Weekday::Tuesday => 1.13,
        Weekday::Wednesday => 1.06,
        Weekday::Friday => 0.79,
        Weekday::Saturday => 0.06,
        Weekday::Sunday => 0.05,
    }
}

/// A job before it is written out. Ordered by completion, ties by its place in the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    /// When it is completed.
    pub(super) at: Timestamp,
    /// Local date as year x 10,000 + month x 100 + day.
    pub(super) date: u32,
    /// Its place among the jobs of the day, from 0.
    pub(super) place: u32,
    /// Number of the user.
    pub(super) user: u32,
}

/// Fills `slots` with the jobs of `date`, in the order of completion. A burst ends with the day,
/// so that every day can be made without its neighbours.
pub(super) fn fill(slots: &mut Vec<Slot>, traffic: &Traffic, date: Date) {
    slots.clear();
    let zone = &traffic.options.time_zone;
    let Some(end) = date
        .tomorrow()
        .ok()
        .and_then(|next| hour_start(next, 0, zone))
    else {
        return; // The end of all calendars.
    };
    let hours = HOURS.map(|(hour, weight)| (hour_start(date, hour, zone).unwrap_or(end), weight));
    let number = date_number(date);
    let jobs = traffic.jobs_per_user_day() * busyness(date.weekday());
    for (user, about) in (0..).zip(&traffic.users) {
        let seed = traffic.options.seed;
        let mut draws = Draws::of(&[seed, DAYS, u64::from(number), u64::from(user)]);
        let mut left = draws.poisson(jobs * about.share);
        while left > 0 {
            let burst = whole(draws.pareto(BURST_ALPHA)).clamp(1, left);
            left -= burst;
            let start = draws.weighted(&hours).copied().unwrap_or(end).as_millis();
            let mut at = start + i64::from(draws.below(HOUR_MILLIS));
            for _ in 0..burst {
                let gap = (draws.pareto(GAP_ALPHA) * GAP_SHORTEST).min(GAP_LONGEST);
                at += i64::from(whole(gap));
                if at >= end.as_millis() {
                    break;
                }
                slots.push(Slot {
                    at: traffic.options.source.rounded(Timestamp::from_millis(at)),
                    date: number,
                    place: 0,
                    user,
                });
            }
        }
    }
    slots.sort_unstable();
    for (place, slot) in (0..).zip(slots) {
        slot.place = place;
    }
}

impl Traffic {
    fn jobs_per_user_day(&self) -> f64 {
        self.options.pages_per_user_day.max(0.0) / IMPRESSIONS_PER_JOB
    }
}

/// When this hour of the day begins; an hour that spring skips begins with the next.
fn hour_start(date: Date, hour: i8, zone: &TimeZone) -> Option<Timestamp> {
    let instant = zone.to_timestamp(date.at(hour, 0, 0, 0)).ok()?;
    Some(Timestamp::from_millis(instant.as_millisecond()))
}

/// `year x 10,000 + month x 100 + day`.
fn date_number(date: Date) -> u32 {
    let [year, month, day] = [
        i32::from(date.year()),
        date.month().into(),
        date.day().into(),
    ];
    u32::try_from(year * 10_000 + month * 100 + day).unwrap_or(0)
}

/// The slots of several days, one day in memory at a time.
#[derive(Debug)]
pub(super) struct Slots<'a> {
    traffic: &'a Traffic,
    next: Option<Date>,
    last: Date,
    day: Vec<Slot>,
    taken: usize,
}

impl<'a> Slots<'a> {
    pub(super) fn new(traffic: &'a Traffic, first: Date, last: Date) -> Self {
        Self {
            traffic,
            next: Some(first),
            last,
            day: Vec::new(),
            taken: 0,
        }
    }
}

impl Iterator for Slots<'_> {
    type Item = Slot;

    fn next(&mut self) -> Option<Slot> {
        loop {
            if let Some(slot) = self.day.get(self.taken) {
                self.taken += 1;
                return Some(*slot);
            }
            let date = self.next.filter(|date| *date <= self.last)?;
            self.next = date.tomorrow().ok();
            fill(&mut self.day, self.traffic, date);
            self.taken = 0;
        }
    }
}
