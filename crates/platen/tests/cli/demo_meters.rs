//! The demo's meters and print jobs, compared as somebody does who notes a reading of each
//! printer, comes back later, and sums up the jobs printed meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_simfleet::print_traffic::Printed;
use platen_simfleet::{
    DEMO_BYPASSED, DEMO_COUNT, SimulatedPrinter, WALK_UP_PERCENT, demo_printers, demo_traffic,
};
use serde_json::Value;

use crate::demo::Door;
use crate::program::Program;

/// The seed of the demo.
const SEED: u64 = 1;

/// How many days ago the first reading was noted.
const DAYS: i64 = 27;

/// Seconds by which the time of a reading may be off: a printer's objects are up to a second old,
/// and a poll may have to be repeated.
const READ_WITHIN: i64 = 30;

/// How long the jobs before a reading are waited for: the demo takes them in every two seconds.
const PATIENCE: Duration = Duration::from_mins(2);

/// Pause between two looks: below what the report API calls too often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Units of a meter by which it may differ from a share of jobs for being whole numbers.
const ROUNDED: f64 = 8.0;

/// What a printer has counted at an instant, in the unit of its counter.
struct Reading {
    device: String,
    at: jiff::Timestamp,
    count: u64,
}

/// What two readings and the jobs between them say of a printer.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Agrees,
    /// It counted more than jobs and the stated share explain.
    CountedMore,
    /// It counted less, for now: jobs of the last seconds are on their way.
    CountedLess,
}

fn rows(door: &Door) -> Vec<Value> {
    let (status, body) = door.open().unwrap();
    assert_eq!(status, 200, "{}: {body}", door.path);
    serde_json::from_str(&body).unwrap()
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// The time zone that a demo takes: that of this machine.
fn zone() -> TimeZone {
    let system = TimeZone::system();
    let name = system.iana_name().unwrap_or("UTC");
    TimeZone::get(name).unwrap()
}

/// Opens another period than the door shows, up to the same day; gives the first day, too.
fn longer(door: &mut Door) -> Date {
    let (before, last) = door.path.rsplit_once('/').unwrap();
    let last: Date = last.parse().unwrap();
    let (report, _) = before.rsplit_once('/').unwrap();
    let first = last.saturating_sub(DAYS.days());
    door.path = format!("{report}/{first}/{last}");
    first
}

/// What a row of the report says of this printer, in the unit that its counter counts.
fn reading(printer: &SimulatedPrinter, row: &Value) -> Reading {
    let column = match printer.model().counter_unit {
        17 => "LifeUsage",
        _ => "LifeCountTotal",
    };
    let count = row[column].as_u64();
    Reading {
        device: text(row, "DeviceId").to_owned(),
        at: text(row, "MeterReadAt").parse().unwrap(),
        count: count.unwrap_or_else(|| panic!("no {column}: {row}")),
    }
}

/// Impressions of the jobs that ended on a device before an instant.
fn printed(jobs: &[Value], device: &str, before: jiff::Timestamp) -> f64 {
    let of_device = jobs.iter().filter(|job| text(job, "DeviceId") == device);
    let earlier = of_device.filter(|job| {
        let at: jiff::Timestamp = text(job, "CompletedAt").parse().unwrap();
        at < before
    });
    earlier
        .map(|job| job["Impressions"].as_f64().unwrap())
        .sum()
}

/// What the meter may have grown by for these jobs: least and most.
fn explained(printer: &SimulatedPrinter, impressions: f64) -> [f64; 2] {
    let shares = printer.model().shares;
    let others = f64::from(shares.copy + shares.fax);
    let share = f64::from(WALK_UP_PERCENT) / 100.0 + others / (100.0 - others);
    let [unit, rounded] = match printer.model().counter_unit {
        // Metres of roll, of which a page takes the long edge of A4.
        17 => [0.297, 2.0],
        _ => [1.0, ROUNDED],
    };
    [-rounded, rounded].map(|rounded| impressions * (1.0 + share) * unit + rounded)
}

fn verdict(printer: &SimulatedPrinter, noted: u64, now: &Reading, jobs: &[Value]) -> Verdict {
    let grown = f64::from(u32::try_from(now.count - noted).unwrap());
    let within = |seconds: i64| {
        let until = now.at + seconds.seconds();
        explained(printer, printed(jobs, &now.device, until))
    };
    let ([least, _], [_, most]) = (within(-READ_WITHIN), within(READ_WITHIN));
    if grown < least {
        Verdict::CountedLess
    } else if grown > most {
        Verdict::CountedMore
    } else {
        Verdict::Agrees
    }
}

#[test]
fn the_meters_agree_with_the_jobs_but_on_the_printer_that_is_bypassed() {
    let demo = Program::start(&["demo", "--listen", "127.0.0.1:0"]);
    let doors: Vec<Door> = (0..5).map(|_| demo.wait_for(Door::parse)).collect();
    let [meters, _, _, mut print_jobs, _] = <[Door; 5]>::try_from(doors).ok().unwrap();
    let first = longer(&mut print_jobs);
    let start = zone().to_timestamp(first.at(0, 0, 0, 0)).unwrap();
    let start = Timestamp::from_millis(start.as_millisecond());
    let known = Arc::new(Printed::new(Arc::new(demo_traffic(SEED, zone())), start));
    let printers: Vec<_> = demo_printers(DEMO_COUNT, SEED)
        .into_iter()
        .enumerate()
        .map(|(place, printer)| printer.printing(Arc::clone(&known), place))
        .collect();
    let read = rows(&meters);
    let readings: Vec<_> = (1..)
        .zip(&printers)
        .map(|(number, printer)| {
            let address = format!("127.77.0.{number}");
            let mut at_address = read.iter().filter(|row| text(row, "IpAddress") == address);
            reading(printer, at_address.next().unwrap())
        })
        .collect();
    let started = Instant::now();
    loop {
        let jobs = rows(&print_jobs);
        let verdicts = (1..)
            .zip(&printers)
            .zip(&readings)
            .map(|((number, printer), now)| {
                let noted = printer.life_count(start);
                (number, verdict(printer, noted, now, &jobs))
            });
        let differing: Vec<_> = verdicts
            .filter(|(_, verdict)| *verdict != Verdict::Agrees)
            .collect();
        if differing == [(DEMO_BYPASSED, Verdict::CountedMore)] {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "{differing:?}");
        std::thread::sleep(LOOK_EVERY);
    }
}
