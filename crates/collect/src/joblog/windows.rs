//! Events of Microsoft-Windows-PrintService/Operational: 307, a document was printed, and 805,
//! how it was rendered.
//!
//! 307 has the pages of one copy and no copies, colour, sides or paper; 805 has copies and colour
//! and comes before it. They are joined by computer, job id and time: job ids are used again. An
//! export has its events in either order. Sides stand in neither, so sheets are unknown.

use std::collections::VecDeque;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{ColorMode, CountFlags, PrintRecord, SourceKey, TimeQuality};

use super::{Entry, Reason, Sink, counts, texts, times};

/// How long before its 307 an 805 can be.
const PAIR_WITHIN: Duration = Duration::from_secs(5);

/// Events that wait for their other half: far more than a server prints in [`PAIR_WITHIN`].
const WAITING_MAX: usize = 4_096;

const PROVIDER: &str = "Microsoft-Windows-PrintService";

/// What an event says of itself, by element names; the first element of a name counts.
pub(super) trait Fields {
    /// The text of an element below `System`.
    fn system(&self, name: &str) -> Option<&str>;
    /// The text of an element of the event's own data.
    fn data(&self, name: &str) -> Option<&str>;
    /// When the event happened: `TimeCreated`, which is UTC in the log itself.
    fn time(&self) -> Option<(Timestamp, TimeQuality)> {
        let at = times::rfc3339(self.system("TimeCreated")?)?;
        Some((at, TimeQuality::Exact))
    }
}

/// 307 or 805.
#[derive(Debug)]
pub(super) enum PrintEvent {
    Printed(Printed),
    Rendered(Rendered),
}

#[derive(Debug)]
pub(super) struct Printed {
    job: u32,
    /// The computer is within the key's source.
    record: Box<PrintRecord>,
    pages: Option<u32>,
}

#[derive(Debug)]
pub(super) struct Rendered {
    job: u32,
    source: String,
    at: Timestamp,
    copies: Option<u32>,
    color_mode: Option<ColorMode>,
}

/// Reads an event; `Ok(None)` for one that tells of no printed document.
pub(super) fn event(fields: &dyn Fields) -> Result<Option<PrintEvent>, Reason> {
    let id = fields.system("EventID").ok_or("no EventID")?;
    if fields.system("Provider") != Some(PROVIDER) || !matches!(id, "307" | "805") {
        return Ok(None);
    }
    let (at, quality) = fields.time().ok_or("no TimeCreated")?;
    let computer = fields.system("Computer").and_then(texts::tidy);
    let computer = computer.ok_or("no Computer")?.to_lowercase();
    let source = format!("win|{computer}");
    let number = |name| fields.data(name).and_then(|text| text.trim().parse().ok());
    if id == "805" {
        let color_mode = match fields.data("Color") {
            Some("1") => Some(ColorMode::Monochrome),
            Some("2") => Some(ColorMode::Color),
            _ => None,
        };
        return Ok(Some(PrintEvent::Rendered(Rendered {
            job: number("JobId").ok_or("no JobId")?,
            source,
            at,
            copies: number("Copies"),
            color_mode,
        })));
    }
    let job = number("Param1").ok_or("no job id in Param1")?;
    let mut record = PrintRecord::new(key(fields, source, at)?, at);
    record.time_quality = quality;
    record.user = fields.data("Param3").and_then(texts::user);
    record.client = fields.data("Param4").and_then(texts::client);
    record.queue = fields.data("Param5").and_then(texts::tidy);
    record.printer.address = fields.data("Param6").and_then(texts::port_address);
    record.bytes = fields.data("Param7").and_then(|text| text.parse().ok());
    if let Some(title) = fields.data("Param2") {
        texts::set_title(&mut record, title);
    }
    Ok(Some(PrintEvent::Printed(Printed {
        job,
        record: Box::new(record),
        pages: number("Param8"),
    })))
}

/// Record numbers start again when a log is cleared, so the time is in the key; first, which keeps
/// the order of the log.
fn key(fields: &dyn Fields, source: String, at: Timestamp) -> Result<SourceKey, Reason> {
    let channel = fields.system("Channel").and_then(texts::tidy);
    let channel = channel.ok_or("no Channel")?;
    let record = fields
        .system("EventRecordID")
        .and_then(|text| text.parse().ok());
    let record: u64 = record.ok_or("no EventRecordID")?;
    let at = times::write_rfc3339(at);
    let key = SourceKey::new(source, format!("{channel}|{at}|{record}"));
    let well_formed = key.is_well_formed().then_some(key);
    well_formed.ok_or_else(|| "a computer or channel whose name is too long".into())
}

/// Joins the events of one log.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    printed: VecDeque<Printed>,
    rendered: VecDeque<Rendered>,
}

impl Joiner {
    /// Takes in the event with this number, and gives out the jobs that are complete by it.
    pub(super) fn add(&mut self, number: u64, event: PrintEvent, sink: &mut Sink<'_>) {
        match event {
            PrintEvent::Printed(printed) => {
                self.pass(printed.record.completed_at, sink);
                match self.take_rendered(&printed) {
                    Some(rendered) => sink(printed.finish(Some(&rendered))),
                    None => self.printed.push_back(printed),
                }
            }
            PrintEvent::Rendered(rendered) => {
                self.pass(rendered.at, sink);
                sink(Entry::skipped(number, "event 805, joined with its 307"));
                match self.take_printed(&rendered) {
                    Some(printed) => sink(printed.finish(Some(&rendered))),
                    None => self.rendered.push_back(rendered),
                }
            }
        }
    }

    /// Gives out the jobs that wait: nothing comes any more.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) {
        self.rendered.clear();
        self.printed
            .drain(..)
            .for_each(|printed| sink(printed.finish(None)));
    }

    /// Gives up waiting where the log has moved on, to later or to earlier events.
    fn pass(&mut self, now: Timestamp, sink: &mut Sink<'_>) {
        let is_far = |at: Timestamp| now.since(at).max(at.since(now)) > PAIR_WITHIN;
        while let Some(first) = self.rendered.front() {
            if !is_far(first.at) && self.rendered.len() < WAITING_MAX {
                break;
            }
            self.rendered.pop_front();
        }
        while let Some(first) = self.printed.front() {
            if !is_far(first.record.completed_at) && self.printed.len() < WAITING_MAX {
                break;
            }
            if let Some(printed) = self.printed.pop_front() {
                sink(printed.finish(None));
            }
        }
    }

    /// The 805 of this 307 that is nearest to it.
    fn take_rendered(&mut self, printed: &Printed) -> Option<Rendered> {
        let pairs = (0..).zip(&self.rendered);
        let pairs = pairs.filter(|(_, rendered)| is_pair(printed, rendered));
        let (nearest, _) = pairs.max_by_key(|(_, rendered)| rendered.at)?;
        self.rendered.remove(nearest)
    }

    /// The 307 of this 805 that is nearest to it.
    fn take_printed(&mut self, rendered: &Rendered) -> Option<Printed> {
        let pairs = (0..).zip(&self.printed);
        let pairs = pairs.filter(|(_, printed)| is_pair(printed, rendered));
        let (nearest, _) = pairs.min_by_key(|(_, printed)| printed.record.completed_at)?;
        self.printed.remove(nearest)
    }
}

fn is_pair(printed: &Printed, rendered: &Rendered) -> bool {
    let at = printed.record.completed_at;
    printed.job == rendered.job
        && printed.record.key.source == rendered.source
        && (at.minus(PAIR_WITHIN)..=at).contains(&rendered.at)
}

impl Printed {
    fn finish(mut self, rendered: Option<&Rendered>) -> Entry {
        if let Some(rendered) = rendered {
            self.record.color_mode = rendered.color_mode;
            self.record.flags = self.record.flags.with(CountFlags::PAIRED_EVENTS);
        }
        let copies = rendered.and_then(|rendered| rendered.copies);
        counts::of_one_copy(&mut self.record, self.pages, copies);
        self.record.derive_sheets();
        Entry::Record(self.record)
    }
}
