//! CUPS `page_log`: one line a job since 2.2.10, one line a page before.
//!
//! - `total N` counts impressions over all copies; a reprint writes the cumulative total again,
//!   under the same key, so that keeping the higher one is right and adding is wrong.
//! - `total 0` is written for cancelled jobs and for raw ones, which did print: unknown.
//! - A title may hold a newline, and what stands behind it is a line of its own, written by
//!   whoever named the document. Only the spooler itself can tell: see [`PageLog::vouched_by`].
//! - Lines without the job's UUID are named by queue, job id and day: job ids start again at 1
//!   when the spool is cleared, and which life of the spool a line is from stands nowhere. The
//!   day parts them, whatever file the line is read from.

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{CountFlags, Evidence, JobState, PrintRecord, SourceKey};

pub use super::page_log_format::{FormatError, PageLogFormat, RECOMMENDED};
use super::page_log_format::{STANDARD, Values, read};
use super::page_log_pages::{Page, Pages};
use super::{Entry, LineParser, Reason, Sink, media, texts, times, words};

/// IPP job ids are 1 to 2,147,483,647 (RFC 8011 5.3.2).
const JOB_ID_MAX: u32 = i32::MAX.unsigned_abs();

/// Asks the spooler whether it knows the job with this `urn:uuid:…`.
pub type Known<'a> = dyn Fn(&str) -> bool + 'a;

/// Reads `page_log`.
pub struct PageLog<'a> {
    instance: String,
    formats: Vec<PageLogFormat>,
    known: Option<&'a Known<'a>>,
    pages: Pages,
}

/// What a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Impressions of the whole job.
    Total(u32),
    /// Copies of one page.
    Page { page: u32, copies: u32 },
}

impl<'a> PageLog<'a> {
    /// Reads lines of this format, [`RECOMMENDED`] where none is given, and of the forms that
    /// CUPS writes by itself. `instance` names the spooler among all, for ever: not its host name,
    /// which may change.
    pub fn new(instance: &str, format: Option<PageLogFormat>) -> Self {
        let given = format.or_else(|| RECOMMENDED.parse().ok());
        let standard = STANDARD.iter().filter_map(|format| format.parse().ok());
        Self {
            instance: instance.to_owned(),
            formats: given.into_iter().chain(standard).collect(),
            known: None,
            pages: Pages::default(),
        }
    }

    /// Refuses lines of jobs that the spooler does not know, and lines that name no job by its
    /// UUID: with the job's UUID in the format they are forged.
    #[must_use]
    pub fn vouched_by(mut self, known: &'a Known<'a>) -> Self {
        self.known = Some(known);
        self
    }

    fn read(&self, line: &str) -> Result<(PrintRecord, Mark), Reason> {
        let (at, values) = read(line, &self.formats).ok_or("not in the form of PageLogFormat")?;
        let queue = values.queue.ok_or("no queue")?;
        let job = job_id(&values)?;
        let mark = mark(&values)?;
        let key = match (values.uuid, self.known) {
            (Some(uuid), _) if !is_uuid(uuid) => return Err("not a job uuid".into()),
            (Some(uuid), Some(known)) if !known(uuid) => {
                return Err("uuid not known to the spooler".into());
            }
            (None, Some(_)) => return Err("no job uuid for the spooler to vouch for".into()),
            (Some(uuid), _) => SourceKey::new(self.source("cups"), uuid),
            (None, None) => {
                let day = times::utc_day(at);
                SourceKey::new(self.source("cupslog"), format!("{queue}|{job}|{day}"))
            }
        };
        if !key.is_well_formed() {
            return Err("a queue name that is too long".into());
        }
        Ok((record(key, at, &values), mark))
    }

    fn source(&self, kind: &str) -> String {
        format!("{kind}|{}", self.instance)
    }
}

impl LineParser for PageLog<'_> {
    fn line(&mut self, number: u64, line: &[u8], sink: &mut Sink<'_>) {
        let line = texts::decode(line);
        if line.trim().is_empty() {
            return sink(Entry::skipped(number, "blank"));
        }
        let (record, mark) = match self.read(&line) {
            Ok(read) => read,
            Err(reason) => return sink(Entry::refused(number, reason)),
        };
        match mark {
            Mark::Page { page, copies } => {
                let page = Page { page, copies };
                self.pages.add(number, record, page, sink);
            }
            Mark::Total(total) => {
                if let Some(record) = self.pages.total(number, record, total, sink) {
                    sink(Entry::Record(Box::new(counted(record, total))));
                }
            }
        }
    }

    fn finish(&mut self, sink: &mut Sink<'_>) {
        self.pages.finish(sink);
    }
}

fn job_id(values: &Values<'_>) -> Result<u32, Reason> {
    let job = values.job.and_then(|job| job.parse().ok());
    job.filter(|job| (1..=JOB_ID_MAX).contains(job))
        .ok_or_else(|| "no job id".into())
}

/// `total N`; `N total`, as CUPS 1.1 had it at times; or page and copies.
fn mark(values: &Values<'_>) -> Result<Mark, Reason> {
    let page = values.page.ok_or("no page number")?;
    let count = values.count.ok_or("no count behind the page number")?;
    let number = |text: &str| text.parse().map_err(|_error| Reason::from("no count"));
    match (page, count) {
        ("total", total) | (total, "total") => Ok(Mark::Total(number(total)?)),
        (page, copies) => Ok(Mark::Page {
            page: number(page)?,
            copies: number(copies)?,
        }),
    }
}

/// `urn:uuid:` and 32 hexadecimal digits in their groups (RFC 9562 section 4).
fn is_uuid(text: &str) -> bool {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let hexadecimal = |group: &str| group.bytes().all(|c| c.is_ascii_hexdigit());
    text.strip_prefix("urn:uuid:").is_some_and(|uuid| {
        uuid.split('-').map(str::len).eq(GROUPS) && uuid.split('-').all(hexadecimal)
    })
}

/// The record but for its counts.
fn record(key: SourceKey, at: Timestamp, values: &Values<'_>) -> PrintRecord {
    let mut record = PrintRecord::new(key, at);
    record.queue = values.queue.and_then(texts::tidy);
    record.user = values.user.and_then(texts::user);
    if record.user.is_some() {
        // Whether the queue asked for a password is not in the log.
        record.flags = record.flags.with(CountFlags::USER_CLAIMED);
    }
    record.account = values.account.and_then(texts::tidy);
    record.client = values.client.and_then(texts::client);
    if let Some(title) = values.title {
        texts::set_title(&mut record, title);
    }
    record.color_mode = values.color_mode.and_then(words::color_mode);
    record.sides = values.sides.and_then(words::sides);
    let media = values.media.map(media::self_describing);
    record.media = media.and_then(texts::tidy);
    let k_octets: Option<u64> = values.k_octets.and_then(|text| text.parse().ok());
    record.bytes = k_octets.and_then(|k_octets| k_octets.checked_mul(1_024));
    let copies = values.copies.and_then(|text| text.parse().ok());
    record.counts.copies = copies.filter(|copies| *copies > 0);
    record
}

/// The record with the job's total.
pub(super) fn counted(mut record: PrintRecord, total: u32) -> PrintRecord {
    if total == 0 {
        record.state = JobState::Unknown;
        let remarks = CountFlags::PAGES_ZERO.with(CountFlags::RAW_UNKNOWN);
        record.flags = record.flags.with(remarks);
    } else {
        record.counts.impressions = Some(total);
        record.counts.evidence = Evidence::Spooler;
    }
    record.derive_sheets();
    record
}

#[cfg(test)]
#[path = "page_log_tests.rs"]
mod tests;
