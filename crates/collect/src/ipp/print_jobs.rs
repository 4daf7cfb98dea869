//! Jobs that a printer itself remembers: the device's own account of what came out.

use std::net::IpAddr;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::person_names;
use platen_domain::print_jobs::{
    CountFlags, Counts, Evidence, PrintRecord, PrinterHint, SheetsQuality, Sides, SourceKey,
    TimeQuality,
};
use platen_domain::text::tidy_foreign_opt;

use super::identity;
use super::message::{Group, Message, group_tag, values};
use super::value::Value;
use crate::cups::{jobs, words};

/// What is asked of every job.
pub(super) const WANTED: &[&str] = &[
    "copies",
    "job-account-id",
    "job-id",
    "job-impressions-completed",
    "job-impressions-completed-col",
    "job-k-octets",
    "job-media-sheets-completed",
    "job-name",
    "job-originating-user-name",
    "job-state",
    "job-uuid",
    "media",
    "media-col",
    "print-color-mode",
    "sides",
    "time-at-completed",
    "time-at-creation",
];

/// Members of `job-impressions-completed-col` (PWG 5100.7) that have colour.
const COLORED: [&str; 4] = [
    "full-color",
    "full-color-two-sided",
    "highlight-color",
    "highlight-color-two-sided",
];

/// What a printer remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceJobs {
    /// The jobs, in the order in which they ended.
    pub records: Vec<PrintRecord>,
    /// Jobs without anything to name them by.
    pub refused: u64,
}

/// Decodes the jobs of `printer`.
pub(super) fn jobs(
    printer: &Group,
    answer: &Message,
    address: IpAddr,
    now: Timestamp,
) -> DeviceJobs {
    let uuid = identity::uuid(printer);
    let maker = Maker {
        source: format!("ippdev|{}", uuid.clone().unwrap_or(address.to_string())),
        queue: printer.text("printer-name").and_then(tidy_foreign_opt),
        hint: PrinterHint {
            address: Some(address),
            serial: None,
            uuid,
        },
        uptime: seconds(printer, "printer-up-time"),
        now,
    };
    let (mut records, mut refused) = (Vec::new(), 0);
    for job in answer.groups_of(group_tag::JOB) {
        match maker.record(job) {
            Some(record) => records.push(record),
            None => refused += 1,
        }
    }
    records.sort_by_key(|record: &PrintRecord| record.completed_at);
    DeviceJobs { records, refused }
}

struct Maker {
    source: String,
    queue: Option<String>,
    hint: PrinterHint,
    /// The printer's clock: seconds since it was switched on.
    uptime: Option<i64>,
    now: Timestamp,
}

impl Maker {
    fn record(&self, job: &Group) -> Option<PrintRecord> {
        let completed = seconds(job, "time-at-completed");
        let key = SourceKey::new(self.source.clone(), id(job)?);
        let at = completed.and_then(|at| self.instant(at));
        let mut record = PrintRecord::new(key, at.unwrap_or(self.now));
        if !record.key.is_well_formed() {
            return None;
        }
        record.time_quality = match at {
            Some(_) => TimeQuality::DeviceClock,
            None => TimeQuality::Observed,
        };
        record.submitted_at = seconds(job, "time-at-creation").and_then(|at| self.instant(at));
        record.state = jobs::state(job.integer("job-state"));
        record.user = job
            .text("job-originating-user-name")
            .and_then(person_names::shown);
        if record.user.is_some() {
            record.flags = record.flags.with(CountFlags::USER_CLAIMED);
        }
        record.account = job.text("job-account-id").and_then(tidy_foreign_opt);
        record.queue.clone_from(&self.queue);
        record.printer = self.hint.clone();
        record.bytes = jobs::octets(job);
        record.color_mode = job.text("print-color-mode").and_then(words::color);
        record.sides = job.text("sides").and_then(Sides::from_keyword);
        record.media = crate::cups::media::media(job, "")
            .as_deref()
            .and_then(tidy_foreign_opt);
        jobs::set_title(job, &mut record);
        record.counts = counts(job);
        record.derive_sheets();
        Some(record)
    }

    /// A moment of the printer's clock: so long before now. `None` where it would lie ahead, as
    /// with printers that count jobs in Unix time and themselves from the last start.
    fn instant(&self, seconds: i64) -> Option<Timestamp> {
        let ago = u64::try_from(self.uptime?.checked_sub(seconds)?).ok()?;
        Some(self.now.minus(Duration::from_secs(ago)))
    }
}

/// The job's UUID; else its number with the printer's clock, since numbers begin anew.
fn id(job: &Group) -> Option<String> {
    if let Some(uuid) = job.text("job-uuid") {
        return Some(uuid.to_owned());
    }
    let (number, made) = (job.integer("job-id")?, job.integer("time-at-creation")?);
    Some(format!("job-{number}@{made}"))
}

fn seconds(group: &Group, name: &str) -> Option<i64> {
    let seconds = group.integer(name).map(i64::from);
    seconds.filter(|seconds| *seconds >= 0)
}

fn counts(job: &Group) -> Counts {
    let number = |name| {
        let count = job.integer(name);
        count.and_then(|count| u32::try_from(count).ok())
    };
    let impressions = number("job-impressions-completed");
    // Printers that do not count sheets state 0 of them.
    let sheets = number("job-media-sheets-completed").filter(|sheets| *sheets > 0);
    Counts {
        copies: number("copies").filter(|copies| *copies > 0),
        impressions,
        color_impressions: colored(job),
        sheets,
        sheets_quality: match sheets {
            Some(_) => SheetsQuality::Measured,
            None => SheetsQuality::Unknown,
        },
        evidence: impressions.map_or(Evidence::None, |_| Evidence::Device),
        ..Counts::default()
    }
}

fn colored(job: &Group) -> Option<u32> {
    let counted = job.values("job-impressions-completed-col").first()?;
    let members = counted.as_collection()?;
    let counts = COLORED.iter().filter_map(|name| {
        let count = values(members, name).first().and_then(Value::as_integer)?;
        u32::try_from(count).ok()
    });
    counts.reduce(u32::saturating_add)
}
