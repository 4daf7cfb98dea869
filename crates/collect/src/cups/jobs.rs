//! One job of a CUPS server as a print record.

use platen_domain::clock::Timestamp;
use platen_domain::person_names;
use platen_domain::print_jobs::{
    CountFlags, Counts, Evidence, JobState, PrintRecord, Sides, SourceKey, TimeQuality,
};
use platen_domain::text::{FOREIGN_TEXT_MAX_CHARS, tidy_foreign_opt};

use super::queues::{Queue, Queues};
use super::{media, words};
use crate::ipp::Group;

/// What is asked of every job: CUPS reads old jobs back from disk only for attributes that are
/// named. Nothing is asked that is not used, since every value counts towards the decoder's caps.
pub(super) const WANTED: &[&str] = &[
    "job-id",
    "job-uuid",
    "job-printer-uri",
    "job-printer-uri-actual",
    "job-name",
    "job-originating-user-name",
    "job-originating-host-name",
    "job-state",
    "job-impressions-completed",
    "job-media-sheets-completed",
    "job-k-octets",
    "copies",
    "sides",
    "media",
    "media-col",
    "print-color-mode",
    "job-billing",
    "job-account-id",
    "document-format",
    "time-at-creation",
    "time-at-processing",
    "time-at-completed",
];

/// The format of a document that CUPS passes on unread.
const RAW: &str = "application/vnd.cups-raw";

/// Octets of the unit of `job-k-octets`.
const K_OCTETS: u64 = 1024;

/// How records of one spooler are made.
pub(super) struct Maker<'a> {
    /// [`SourceKey::source`].
    pub(super) source: &'a str,
    /// Its queues.
    pub(super) queues: &'a Queues,
    /// Whether every queue checks who prints.
    pub(super) users_verified: bool,
    /// The moment of the reading.
    pub(super) now: Timestamp,
}

/// What names a job and says when it ended, for the reading itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stub {
    /// The name within the source.
    pub(super) id: String,
    /// The spooler's own number; it may begin anew.
    pub(super) number: Option<u32>,
    /// When it was made, Unix seconds.
    pub(super) created: Option<i64>,
    /// When it ended, Unix seconds; `None` where that is not stated.
    pub(super) completed: Option<i64>,
    /// The nearest to its end that is known where that is not stated: when its printing began, or
    /// when it was made.
    began: Option<i64>,
    /// What it has printed: a job that ends again has more.
    pub(super) printed: i64,
}

impl Stub {
    /// A job with this name, this end, and this much printed.
    #[cfg(test)]
    pub(super) fn named(id: &str, completed: Option<i64>, printed: i64) -> Self {
        Self {
            id: id.to_owned(),
            number: None,
            created: None,
            completed,
            began: None,
            printed,
        }
    }

    /// Reads it. `None` where the job has no name at all.
    pub(super) fn of(job: &Group) -> Option<Self> {
        let number = job.integer("job-id").and_then(|id| u32::try_from(id).ok());
        let created = seconds(job, "time-at-creation");
        // Before CUPS 1.5 jobs had no UUID; a number and its time name one as well.
        let by_number = || Some(format!("job-{}@{}", number?, created?));
        let uuid = job.text("job-uuid").map(str::to_owned);
        Some(Self {
            id: uuid.or_else(by_number)?,
            number,
            created,
            completed: seconds(job, "time-at-completed"),
            began: seconds(job, "time-at-processing").or(created),
            printed: impressions(job, None).map_or(0, |(count, _)| count.into()),
        })
    }
}

/// A time of CUPS: Unix seconds, 0 and `no-value` while it has not come.
fn seconds(job: &Group, name: &str) -> Option<i64> {
    job.integer(name)
        .map(i64::from)
        .filter(|seconds| *seconds > 0)
}

/// The instant `seconds` after 1970-01-01T00:00:00Z.
pub(super) fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds.saturating_mul(1_000))
}

impl Maker<'_> {
    /// The record of a job. `None` where its key is not one.
    pub(super) fn record(&self, job: &Group, stub: &Stub) -> Option<PrintRecord> {
        let key = SourceKey::new(self.source, stub.id.clone());
        if !key.is_well_formed() {
            return None;
        }
        let end = stub.completed.or(stub.began);
        let mut record = PrintRecord::new(key, end.map_or(self.now, instant));
        if stub.completed.is_none() {
            record.time_quality = TimeQuality::Observed;
        }
        record.state = state(job.integer("job-state"));
        record.submitted_at = stub.created.map(instant);
        record.account = tidy(job, "job-billing").or_else(|| tidy(job, "job-account-id"));
        record.client = tidy(job, "job-originating-host-name");
        record.bytes = octets(job);
        self.set_user(job, &mut record);
        set_title(job, &mut record);
        let queue = self.set_queue(job, &mut record);
        set_wishes(job, queue, &mut record);
        record.counts = counts(job, queue, record.sides, &mut record.flags);
        if record.sides.is_some_and(Sides::is_duplex) && record.counts.copies > Some(1) {
            record.flags = record.flags.with(CountFlags::BLANK_PADDING);
        }
        record.derive_sheets();
        Some(record)
    }

    fn set_user(&self, job: &Group, record: &mut PrintRecord) {
        let Some(name) = job.text("job-originating-user-name") else {
            return;
        };
        record.user = person_names::shown(name);
        if record.user.is_some() && !self.users_verified {
            record.flags = record.flags.with(CountFlags::USER_CLAIMED);
        }
    }

    /// The queue that printed: of a class, the member.
    fn set_queue(&self, job: &Group, record: &mut PrintRecord) -> Option<&Queue> {
        let uri = job.text("job-printer-uri-actual");
        let uri = uri.or_else(|| job.text("job-printer-uri"))?;
        let name = words::queue_name(uri)?;
        let queue = self.queues.get(&name);
        record.queue = tidy_foreign_opt(&name);
        if let Some(queue) = queue {
            record.printer = queue.printer.clone();
        }
        queue
    }
}

fn tidy(job: &Group, name: &str) -> Option<String> {
    job.text(name).and_then(tidy_foreign_opt)
}

/// `job-state` (RFC 8011 5.3.7) of a job that is over. Its reasons say less: CUPS 2.4 leaves
/// `processing-to-stop-point` on completed jobs.
pub(crate) fn state(code: Option<i32>) -> JobState {
    match code {
        Some(7) => JobState::Canceled,
        Some(8) => JobState::Aborted,
        Some(9) => JobState::Completed,
        _ => JobState::Unknown,
    }
}

/// `job-k-octets` in octets.
pub(crate) fn octets(job: &Group) -> Option<u64> {
    let kilo = u64::try_from(job.integer("job-k-octets")?).ok()?;
    Some(kilo * K_OCTETS)
}

/// Keeps a title readable. Users put in what they like: CUPS 2.4 means to replace titles with
/// control characters and hands both out, the first as typed.
pub(crate) fn set_title(job: &Group, record: &mut PrintRecord) {
    let Some(title) = job.text("job-name") else {
        return;
    };
    let changed =
        title.chars().any(char::is_control) || title.chars().count() > FOREIGN_TEXT_MAX_CHARS;
    record.document = tidy_foreign_opt(title);
    if changed {
        record.flags = record.flags.with(CountFlags::TITLE_CHANGED);
    }
}

/// Colour, sides and media as asked for, else as the queue has them.
fn set_wishes(job: &Group, queue: Option<&Queue>, record: &mut PrintRecord) {
    record.color_mode = job.text("print-color-mode").and_then(words::color);
    record.sides = job.text("sides").and_then(Sides::from_keyword);
    record.media = media::media(job, "").and_then(|media| tidy_foreign_opt(&media));
    let Some(queue) = queue else { return };
    let before = (record.color_mode, record.sides, record.media.is_some());
    record.color_mode = record.color_mode.or(queue.color);
    record.sides = record.sides.or(queue.sides);
    record.media = record.media.take().or_else(|| queue.media.clone());
    if before != (record.color_mode, record.sides, record.media.is_some()) {
        record.flags = record.flags.with(CountFlags::QUEUE_DEFAULTS);
    }
}

fn number(job: &Group, name: &str) -> Option<u32> {
    u32::try_from(job.integer(name)?).ok()
}

/// What a job has printed, over all copies, and whether that is what CUPS calls its sheets.
///
/// Up to 2.0 `job-media-sheets-completed` is the only count: every side that a filter or backend
/// said it printed. Since then there is `job-impressions-completed`, and the sheets are half of it,
/// rounded down, or what a printer says that counts nothing else.
fn impressions(job: &Group, sides: Option<Sides>) -> Option<(u32, bool)> {
    let impressions = number(job, "job-impressions-completed");
    let sheets = number(job, "job-media-sheets-completed").filter(|sheets| *sheets > 0);
    let is_duplex = sides.is_some_and(Sides::is_duplex);
    match (impressions, sheets) {
        (None, Some(sheets)) => Some((sheets, true)),
        (Some(0), Some(sheets)) if !is_duplex => Some((sheets, true)),
        (impressions, _) => Some((impressions?, false)),
    }
}

/// What CUPS counted.
fn counts(
    job: &Group,
    queue: Option<&Queue>,
    sides: Option<Sides>,
    flags: &mut CountFlags,
) -> Counts {
    let copies = number(job, "copies").or(queue.and_then(|queue| queue.copies));
    let copies = copies.filter(|copies| *copies > 0).unwrap_or_else(|| {
        *flags = flags.with(CountFlags::COPIES_ASSUMED);
        1
    });
    let (mut impressions, as_sheets) = impressions(job, sides).unzip();
    let completed = state(job.integer("job-state")) == JobState::Completed;
    if completed && impressions.is_some_and(|count| is_uncounted(job, queue, count, copies)) {
        impressions = None;
        *flags = flags.with(CountFlags::RAW_UNKNOWN);
    }
    if impressions.is_some() && as_sheets == Some(true) {
        *flags = flags.with(CountFlags::COUNTED_AS_SHEETS);
    }
    Counts {
        copies: Some(copies),
        impressions,
        evidence: impressions.map_or(Evidence::None, |_| Evidence::Spooler),
        ..Counts::default()
    }
}

/// Whether a completed job's count says nothing: 0, or of a raw job the copies, which is what CUPS
/// writes for documents it cannot read unless the printer tells it better.
fn is_uncounted(job: &Group, queue: Option<&Queue>, impressions: u32, copies: u32) -> bool {
    let raw = job.text("document-format") == Some(RAW) || queue.is_some_and(|queue| queue.raw);
    let told = queue.is_some_and(|queue| queue.counts);
    impressions == 0 || (raw && !told && impressions <= copies)
}

#[cfg(test)]
#[path = "jobs_tests.rs"]
mod tests;
