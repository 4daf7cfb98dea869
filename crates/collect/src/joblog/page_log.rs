//! CUPS `page_log`: one line a job since 2.2.10, one line a page before.
//!
//! - `total N` counts impressions over all copies; a reprint writes the cumulative total again,
//!   under the same key, so that keeping the higher one is right and adding is wrong.
//! - `total 0` is written for cancelled jobs and for raw ones, which did print: unknown.
//! - The form of lines is what was said, or what the first lines tell ([`Recogniser`]).
//! - A title may hold a newline, and what stands behind it is a line of its own, written by
//!   whoever named the document. Only the spooler itself can tell: see [`PageLog::vouched_by`].
//! - Lines without the job's UUID are named by queue, job id and day: job ids start again at 1
//!   when the spool is cleared, and which life of the spool a line is from stands nowhere. The
//!   day parts them, whatever file the line is read from.

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{CountFlags, Evidence, JobState, PrintRecord, SourceKey};

use super::page_log_envelope::{bare, has_head};
use super::page_log_form::Form;
pub use super::page_log_form::{FormQuestion, Recognised, Recogniser};
pub use super::page_log_format::{FormatError, PageLogFormat, RECOMMENDED};
use super::page_log_format::{Values, has_time, read};
use super::page_log_pages::{Page, Pages};
use super::{Entry, LineParser, Reason, Sink, media, texts, times, words};

/// IPP job ids are 1 to 2,147,483,647 (RFC 8011 5.3.2).
const JOB_ID_MAX: u32 = i32::MAX.unsigned_abs();

/// Asks the spooler whether it knows the job with this `urn:uuid:…`.
pub type Known<'a> = dyn Fn(&str) -> bool + Sync + 'a;

/// Lines that wait for the form in which they are read, those without a time among them.
const WAITING_MAX: usize = 1_000;

const NO_LINE: &str = "not in the form of PageLogFormat";

/// Reads `page_log`.
pub struct PageLog<'a> {
    instance: String,
    forms: Forms,
    known: Option<&'a Known<'a>>,
    pages: Pages,
    /// Of all lines, counted from 0, the one at hand.
    place: u64,
}

/// How lines are read.
enum Forms {
    /// Nobody said, and no line has told yet.
    Open {
        recogniser: Recogniser,
        waiting: Vec<Waiting>,
    },
    /// By what was said or told. CUPS's own forms are read as well, unless the lines tell another.
    Settled {
        formats: Vec<PageLogFormat>,
        own: Option<Recogniser>,
        recognised: Option<PageLogFormat>,
    },
    /// In several ways: nothing is read.
    Doubtful(FormQuestion),
}

struct Waiting {
    place: u64,
    number: u64,
    line: Vec<u8>,
}

/// What a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Impressions of the whole job.
    Total(u32),
    /// Copies of one page.
    Page { page: u32, copies: u32 },
}

impl<'a> PageLog<'a> {
    /// Reads lines of this format; where none is given, of the one that the first lines tell.
    /// `instance` names the spooler among all, for ever: not its host name, which may change.
    pub fn new(instance: &str, format: Option<PageLogFormat>) -> Self {
        let forms = match format {
            None => Forms::Open {
                recogniser: Recogniser::default(),
                waiting: Vec::new(),
            },
            Some(format) => Forms::Settled {
                formats: vec![format],
                own: Some(Recogniser::default()),
                recognised: None,
            },
        };
        Self {
            instance: instance.to_owned(),
            forms,
            known: None,
            pages: Pages::default(),
            place: 0,
        }
    }

    /// Reads lines of the form that was recognised before.
    pub fn recognised(instance: &str, recognised: Recognised) -> Self {
        Self {
            forms: Forms::recognised(recognised),
            ..Self::new(instance, None)
        }
    }

    /// Refuses lines of jobs that the spooler does not know, and lines that name no job by its
    /// UUID: with the job's UUID in the format they are forged.
    #[must_use]
    pub fn vouched_by(mut self, known: &'a Known<'a>) -> Self {
        self.known = Some(known);
        self
    }

    /// The format that was recognised, where none was given.
    pub fn form(&self) -> Option<&PageLogFormat> {
        match &self.forms {
            Forms::Settled { recognised, .. } => recognised.as_ref(),
            Forms::Open { .. } | Forms::Doubtful(_) => None,
        }
    }

    /// What must be said before the log can be read.
    pub fn question(&self) -> Option<&FormQuestion> {
        match &self.forms {
            Forms::Doubtful(question) => Some(question),
            Forms::Open { .. } | Forms::Settled { .. } => None,
        }
    }

    /// Gives out the jobs whose last page was long ago, though no later line has said so. They are
    /// given out again should pages of them come all the same.
    pub fn pause(&mut self, now: Timestamp, sink: &mut Sink<'_>) {
        self.pages.pause(now, sink);
    }

    fn settle(&mut self, told: Option<Result<Recognised, FormQuestion>>, sink: &mut Sink<'_>) {
        let forms = match told {
            Some(Ok(recognised)) => Forms::recognised(recognised),
            Some(Err(question)) => Forms::Doubtful(question),
            // No line has a time: each is refused.
            None => Forms::Settled {
                formats: Vec::new(),
                own: None,
                recognised: None,
            },
        };
        let before = std::mem::replace(&mut self.forms, forms);
        if let Forms::Open { waiting, .. } = before {
            for Waiting {
                place,
                number,
                line,
            } in waiting
            {
                self.place = place;
                self.take(number, &line, sink);
            }
        }
    }

    fn take(&mut self, number: u64, line: &[u8], sink: &mut Sink<'_>) {
        let line = texts::decode(line);
        if line.trim().is_empty() {
            return sink(Entry::skipped(number, "blank"));
        }
        let read = match &self.forms {
            Forms::Settled { formats, own, .. } => self.read(&line, formats, own.as_ref()),
            Forms::Open { .. } | Forms::Doubtful(_) => return,
        };
        let (record, mark) = match read {
            Ok(read) => read,
            Err(_) if has_head(&line) && !has_time(&line) => {
                return sink(Entry::skipped(number, "another program's line in a syslog"));
            }
            Err(reason) => return sink(Entry::refused(number, reason)),
        };
        match mark {
            Mark::Page { page, copies } => {
                let page = Page { page, copies };
                self.pages.add(number, self.place, record, page, sink);
            }
            Mark::Total(total) => {
                if let Some(record) = self.pages.total(number, record, total, sink) {
                    sink(Entry::Record(Box::new(counted(record, total))));
                }
            }
        }
    }

    fn read(
        &self,
        line: &str,
        formats: &[PageLogFormat],
        recogniser: Option<&Recogniser>,
    ) -> Result<(PrintRecord, Mark), Reason> {
        let bare = bare(line);
        let is_said = !formats.is_empty();
        let mut formats = formats.iter();
        let said = formats.find_map(|format| {
            let line = format.of_line(line, bare);
            read(line, std::slice::from_ref(format))
        });
        // What was said goes before what can be read in CUPS's own forms by chance.
        let own = |own: &Recogniser| {
            if is_said {
                own.read_sure(bare)
            } else {
                own.read_known(bare)
            }
        };
        let read = said.or_else(|| recogniser.and_then(own));
        let (at, values) = read.ok_or(NO_LINE)?;
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

impl Forms {
    fn recognised(Recognised { form, format }: Recognised) -> Self {
        let (formats, own) = match form {
            Form::Known => (Vec::new(), Some(Recogniser::default())),
            Form::WorkedOut(format) => (vec![format], None),
        };
        Self::Settled {
            formats,
            own,
            recognised: Some(format),
        }
    }
}

impl LineParser for PageLog<'_> {
    fn at(&mut self, place: u64) {
        self.place = place;
    }

    fn line(&mut self, number: u64, line: &[u8], sink: &mut Sink<'_>) {
        let place = self.place;
        let Forms::Open {
            recogniser,
            waiting,
        } = &mut self.forms
        else {
            return self.take(number, line, sink);
        };
        waiting.push(Waiting {
            place,
            number,
            line: line.to_vec(),
        });
        let told = recogniser.line(number, line);
        if told.is_some() || waiting.len() >= WAITING_MAX {
            let told = told.or_else(|| recogniser.end());
            self.settle(told, sink);
        }
    }

    fn waits_for(&self) -> Option<u64> {
        match &self.forms {
            Forms::Open { waiting, .. } => waiting.first().map(|waiting| waiting.place),
            Forms::Settled { .. } | Forms::Doubtful(_) => self.pages.oldest(),
        }
    }

    fn finish(&mut self, sink: &mut Sink<'_>) {
        if let Forms::Open { recogniser, .. } = &self.forms {
            let told = recogniser.end();
            self.settle(told, sink);
        }
        self.pages.finish(sink);
    }
}

pub(super) fn job_id(values: &Values<'_>) -> Result<u32, Reason> {
    let job = values.job.and_then(|job| job.parse().ok());
    job.filter(|job| (1..=JOB_ID_MAX).contains(job))
        .ok_or_else(|| "no job id".into())
}

/// `total N`; `N total`, as CUPS 1.1 had it at times; page and copies; or, in a format that has
/// neither, the impressions that the job has come to.
pub(super) fn mark(values: &Values<'_>) -> Result<Mark, Reason> {
    let number = |text: &str| text.parse().map_err(|_error| Reason::from("no count"));
    if let (None, None, Some(impressions)) = (values.page, values.count, values.impressions) {
        return Ok(Mark::Total(number(impressions)?));
    }
    let page = values.page.ok_or("no page number")?;
    let count = values.count.ok_or("no count behind the page number")?;
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
    let submitted = values.submitted.and_then(|text| text.parse::<i64>().ok());
    let submitted = submitted.filter(|seconds| *seconds > 0);
    record.submitted_at =
        submitted.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000)));
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
