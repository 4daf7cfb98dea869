//! Print traffic: jobs of people who do not exist, with the statistics of those who do.
//!
//! The same options make the same jobs. A day is made without its neighbours, so that a year
//! takes no more memory than a day, and a window of time holds the same jobs whoever asks for
//! it. The figures behind the constants are published ones where their comments name who
//! published them, and assumptions where they say so.

mod days;
mod deliveries;
mod digits;
mod documents;
mod draws;
mod printed;
mod prints;
mod records;
#[cfg(test)]
#[path = "statistics_tests.rs"]
mod statistics_tests;
mod users;

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::PrintRecord;

pub use self::deliveries::Deliveries;
pub use self::printed::Printed;

use self::days::{Slot, Slots};
use self::digits::push_digits;
use self::users::User;
use crate::printer::SimulatedPrinter;

// What the sequences of random numbers are for, so that no two are the same.
const USERS: u64 = 1;
const DAYS: u64 = 2;
const JOBS: u64 = 3;
const LATE: u64 = 4;

/// What traffic is made of.
#[derive(Debug, Clone)]
pub struct TrafficOptions {
    /// The same seed makes the same traffic.
    pub seed: u64,
    /// How many people print.
    pub users: u32,
    /// Impressions of an average user on an average working day. Published means lie between 5
    /// (large enterprises) and 24.
    pub pages_per_user_day: f64,
    /// Where the people are: it decides when their days begin and end.
    pub time_zone: TimeZone,
    /// Who numbers the jobs.
    pub source: TrafficSource,
}

/// Who numbers the jobs, with the source of their keys such as `agent|3f0c9a52`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrafficSource {
    /// An agent, whose numbers count upwards: neighbours in time are neighbours in a B-tree.
    Agent(String),
    /// CUPS, whose `job-uuid` is random and whose times are whole seconds.
    Cups(String),
}

impl TrafficSource {
    /// An agent with this installation's name.
    pub fn agent(install: &str) -> Self {
        Self::Agent(["agent", install].join("|"))
    }

    /// A CUPS with this instance's name.
    pub fn cups(instance: &str) -> Self {
        Self::Cups(["cups", instance].join("|"))
    }
}

/// A printer as the jobs name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedOn {
    /// Its queue.
    pub queue: String,
    /// Its network address, where the spooler knows it.
    pub address: Option<IpAddr>,
    /// Its serial number, where the spooler knows it.
    pub serial: Option<String>,
    /// Whether it can print in colour.
    pub color: bool,
    /// Whether some computers send their jobs straight to it: it counts their pages, and the
    /// print server never hears of them.
    pub bypassed: bool,
}

impl PrintedOn {
    /// `count` printers that nobody polls, `PRN-0001` and so on; 45 of 100 print in colour.
    pub fn invented(count: u32) -> Vec<Self> {
        let numbered = |prefix: &str, number, width| {
            let mut text = prefix.to_owned();
            push_digits(&mut text, number, width);
            text
        };
        (1..=count)
            .map(|number| Self {
                queue: numbered("PRN-", number, 4),
                address: None,
                serial: Some(numbered("SIM", number, 7)),
                // Spread evenly: nine of twenty, in every stretch.
                color: u64::from(number) * 9 % 20 < 9,
                bypassed: false,
            })
            .collect()
    }

    /// A printer of a simulated fleet at its address, so that jobs find the polled device.
    pub fn simulated(printer: &SimulatedPrinter, address: IpAddr) -> Self {
        let model = printer.model();
        let mut queue = model.name.replace(' ', "-");
        queue.push('-');
        push_digits(&mut queue, printer.number, 3);
        Self {
            queue,
            address: Some(address),
            serial: printer.serial_number(),
            color: model.shares.color > 0,
            bypassed: false,
        }
    }
}

/// Print traffic of a site.
#[derive(Debug)]
pub struct Traffic {
    options: TrafficOptions,
    printers: Vec<PrintedOn>,
    users: Vec<User>,
}

impl Traffic {
    /// The traffic of these options on these printers; without printers or users there is none.
    pub fn new(options: TrafficOptions, printers: Vec<PrintedOn>) -> Self {
        let count = u32::try_from(printers.len()).unwrap_or(u32::MAX);
        let users = users::users(options.users, count, options.seed);
        Self {
            options,
            printers,
            users,
        }
    }

    /// The jobs completed on the local days from `first` to `last`, both included, in the order
    /// of completion.
    pub fn jobs(&self, first: Date, last: Date) -> impl Iterator<Item = PrintRecord> {
        let slots = Slots::new(self, first, last);
        slots.filter_map(|slot| self.record(&slot))
    }

    /// The same jobs with the instants at which they become known, in that order. A hundredth
    /// is late, by up to 30 days, and may become known after `last`.
    pub fn deliveries(&self, first: Date, last: Date) -> Deliveries<'_> {
        Deliveries::new(self, Slots::new(self, first, last))
    }

    /// The jobs completed from `from` on and before `until`, in the order of completion. Windows
    /// that meet miss nothing and repeat nothing.
    pub fn jobs_between(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> impl Iterator<Item = PrintRecord> {
        let within = move |slot: &Slot| (from..until).contains(&slot.at);
        let slots = Slots::new(self, self.local_date(from), self.local_date(until));
        slots.filter(within).filter_map(|slot| self.record(&slot))
    }

    /// The accounts that jobs name, each with the users whose jobs name it.
    pub fn accounts(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut accounts = BTreeMap::<_, Vec<_>>::new();
        for user in &self.users {
            if let Some(account) = user.account {
                accounts
                    .entry(account)
                    .or_default()
                    .push(user.name.as_str());
            }
        }
        accounts
    }

    fn local_date(&self, at: Timestamp) -> Date {
        let instant = jiff::Timestamp::from_millisecond(at.as_millis());
        let instant = instant.unwrap_or(jiff::Timestamp::MAX);
        self.options.time_zone.to_datetime(instant).date()
    }
}
