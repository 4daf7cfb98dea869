//! How far a spooler was read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::jobs::Stub;
use super::numbers::Numbers;

/// The format written; another number is another program's cursor.
const VERSION: u8 = 1;

/// How far back jobs are compared by name, in seconds: a clock that is set back by less loses no
/// job.
const OVERLAP_SECONDS: i64 = 300;

/// Most names kept for comparing, some 100 KiB. What falls out is delivered again, which its key
/// makes harmless.
const DELIVERED_MAX: usize = 2_000;

/// How far a spooler was read. It is kept in the transaction that keeps the records, and means
/// nothing to anybody else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cursor {
    version: u8,
    /// Everything that ended before this, less the overlap, was delivered; Unix seconds.
    pub(super) until: Option<i64>,
    /// What was delivered within the overlap: names, and when each ended. A reprint ends again.
    delivered: BTreeMap<String, i64>,
    /// What was delivered without a stated end, and what it had printed.
    #[serde(default)]
    endless: BTreeMap<String, i64>,
    /// How the spooler hands out more than a page.
    #[serde(default)]
    pub(super) paging: Paging,
    /// The job numbers known.
    pub(super) numbers: Numbers,
    /// Before which reading all numbers were there, while some are suspected; Unix seconds.
    pub(super) suspected_from: Option<i64>,
    /// A reading that is not through.
    pub(super) descent: Option<Descent>,
}

/// How a spooler hands out what does not fit into a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) enum Paging {
    /// By the place in a list with the newest end first (`first-index`).
    #[default]
    Index,
    /// By the number of the job, upwards (`first-job-id`): CUPS up to 1.7 lists the oldest first
    /// and does not know `first-index`.
    Number,
    /// Not at all: it is asked for more at once.
    Whole,
}

/// A reading that a limit interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Descent {
    /// Index of the next job, from 1.
    pub(super) index: u32,
    /// Number of the next job, where jobs are asked for by number.
    #[serde(default)]
    pub(super) number: u32,
    /// How the rest is asked for.
    #[serde(default)]
    pub(super) paging: Paging,
    /// The newest end seen, Unix seconds.
    pub(super) until: Option<i64>,
    /// What was delivered near it.
    pub(super) delivered: BTreeMap<String, i64>,
    /// What was delivered without a stated end, and what it had printed.
    #[serde(default)]
    pub(super) endless: BTreeMap<String, i64>,
}

impl Cursor {
    /// Before the first reading: everything that the spooler remembers is wanted.
    pub fn start() -> Self {
        Self {
            version: VERSION,
            ..Self::default()
        }
    }

    /// The form kept.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`Cursor::to_text`] wrote; `None` for anything else. Starting anew then costs
    /// one long reading, and no record is kept twice.
    pub fn from_text(text: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(text).ok()?;
        (read.version == VERSION).then_some(read)
    }

    /// Whether a job that ended then is older than what must be compared.
    pub(super) fn is_behind(&self, completed: Option<i64>) -> bool {
        let floor = self
            .until
            .map(|until| until.saturating_sub(OVERLAP_SECONDS));
        completed.zip(floor).is_some_and(|(at, floor)| at < floor)
    }

    /// Whether this end of this job was delivered; of a job without one, whether it was with as
    /// much printed.
    pub(super) fn has(&self, job: &Stub) -> bool {
        match job.completed {
            Some(_) => self.delivered.get(&job.id).copied() == job.completed,
            None => self.endless.get(&job.id) == Some(&job.printed),
        }
    }

    /// Moves on behind a reading that is through.
    pub(super) fn advance(&mut self, through: Descent) {
        self.descent = None;
        self.endless = through.endless;
        let Some(newest) = through.until else { return };
        self.until = Some(self.until.map_or(newest, |until| until.max(newest)));
        self.delivered.extend(through.delivered);
        self.trim();
    }

    fn trim(&mut self) {
        let mut delivered = std::mem::take(&mut self.delivered);
        delivered.retain(|_, completed| !self.is_behind(Some(*completed)));
        while delivered.len() > DELIVERED_MAX {
            let oldest = delivered.iter().min_by_key(|(_, at)| **at);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else {
                break;
            };
            delivered.remove(&oldest);
        }
        self.delivered = delivered;
    }
}

impl Descent {
    /// Notes that a job was delivered.
    pub(super) fn note(&mut self, job: &Stub) {
        let Some(completed) = job.completed else {
            if self.endless.len() < DELIVERED_MAX {
                self.endless.insert(job.id.clone(), job.printed);
            }
            return;
        };
        self.until = self.until.max(Some(completed));
        let near = self
            .until
            .is_some_and(|until| completed >= until.saturating_sub(OVERLAP_SECONDS));
        if self.delivered.len() >= DELIVERED_MAX {
            // Read upwards, what was near once is no longer.
            let floor = completed.saturating_sub(OVERLAP_SECONDS);
            self.delivered.retain(|_, completed| *completed >= floor);
        }
        if near && self.delivered.len() < DELIVERED_MAX {
            self.delivered.insert(job.id.clone(), completed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: &str, completed: i64) -> Stub {
        Stub::named(id, Some(completed).filter(|at| *at > 0), 4)
    }

    fn through(jobs: &[(&str, i64)]) -> Descent {
        let mut descent = Descent::default();
        for (id, completed) in jobs {
            descent.note(&job(id, *completed));
        }
        descent
    }

    #[test]
    fn a_cursor_knows_what_it_delivered_and_reads_back() {
        let mut cursor = Cursor::start();
        assert!(!cursor.is_behind(Some(1)));
        cursor.advance(through(&[("b", 2_000), ("a", 1_999), ("old", 1_000)]));
        let cursor = Cursor::from_text(&cursor.to_text()).unwrap();
        assert!(cursor.has(&job("b", 2_000)));
        assert!(cursor.has(&job("a", 1_999)));
        assert!(!cursor.has(&job("a", 2_100)), "a reprint ends again");
        assert!(!cursor.has(&job("old", 1_000)));
        assert!(cursor.is_behind(Some(1_699)));
        assert!(!cursor.is_behind(Some(1_700)));
        assert!(!cursor.is_behind(None));
    }

    #[test]
    fn a_job_without_an_end_is_known_by_what_it_printed() {
        let mut cursor = Cursor::start();
        cursor.advance(through(&[("endless", 0)]));
        let cursor = Cursor::from_text(&cursor.to_text()).unwrap();
        assert!(cursor.has(&Stub::named("endless", None, 4)));
        assert!(!cursor.has(&Stub::named("endless", None, 8)));
    }

    #[test]
    fn another_version_and_garbage_are_forgotten() {
        let text = Cursor::start().to_text();
        assert_eq!(Cursor::from_text(&text.replace(":1,", ":9,")), None);
        assert_eq!(Cursor::from_text("{}"), None);
        assert_eq!(Cursor::from_text(""), None);
    }

    #[test]
    fn a_busy_second_keeps_the_cursor_small() {
        let names: Vec<String> = (0..5_000).map(|n| format!("urn:uuid:{n:032}")).collect();
        let jobs: Vec<(&str, i64)> = names.iter().map(|name| (name.as_str(), 9_000)).collect();
        let mut cursor = Cursor::start();
        cursor.advance(through(&jobs));
        cursor.advance(through(&jobs[2_500..]));
        assert!(cursor.delivered.len() <= DELIVERED_MAX);
        assert!(cursor.to_text().len() < 150_000);
    }

    #[test]
    fn a_clock_set_back_does_not_move_the_cursor_back() {
        let mut cursor = Cursor::start();
        cursor.advance(through(&[("a", 5_000)]));
        cursor.advance(through(&[("b", 4_900)]));
        assert_eq!(cursor.until, Some(5_000));
        assert!(cursor.has(&job("b", 4_900)));
    }
}
