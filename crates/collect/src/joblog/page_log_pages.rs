//! The lines that CUPS before 2.2.10 wrote for each page, joined into jobs.

use std::collections::VecDeque;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::{CountFlags, PrintRecord};

use super::page_log::counted;
use super::{Entry, Sink};

/// A page that comes later than this after the one before it belongs to another job: job ids
/// start again.
const GAP: Duration = Duration::from_mins(30);

/// Jobs that are open at once: what a spooler prints at the same time, and more.
const OPEN_MAX: usize = 256;

const JOINED: &str = "joined with an earlier line of its job";

/// One page of a job.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// Its number.
    pub(super) page: u32,
    /// How often it was printed.
    pub(super) copies: u32,
}

/// Jobs whose pages still come, oldest first.
#[derive(Debug, Default)]
pub(super) struct Pages {
    open: VecDeque<Job>,
}

#[derive(Debug)]
struct Job {
    record: PrintRecord,
    lines: u32,
    pages: u32,
    impressions: u32,
    /// Copies of every page, as long as all agree and the pages count up.
    copies: Option<u32>,
    last_page: u32,
}

impl Pages {
    /// Takes in a page.
    pub(super) fn add(&mut self, line: u64, record: PrintRecord, page: Page, sink: &mut Sink<'_>) {
        self.close(record.completed_at, sink);
        if let Some(job) = self.job_of(&record) {
            job.add(record.completed_at, page);
            return sink(Entry::skipped(line, JOINED));
        }
        if self.open.len() >= OPEN_MAX {
            self.close_oldest(sink);
        }
        self.open.push_back(Job::new(record, page));
    }

    /// Takes in a job's total. Old versions wrote it at times, and not always rightly, after the
    /// pages: it belongs to the job that is open, and counts where it is higher. Gives the record
    /// back where there is no such job.
    pub(super) fn total(
        &mut self,
        line: u64,
        record: PrintRecord,
        total: u32,
        sink: &mut Sink<'_>,
    ) -> Option<PrintRecord> {
        self.close(record.completed_at, sink);
        let Some(job) = self.job_of(&record) else {
            return Some(record);
        };
        job.record.completed_at = job.record.completed_at.max(record.completed_at);
        if total > job.impressions {
            job.impressions = total;
            job.copies = None;
        }
        job.lines = job.lines.saturating_add(1);
        sink(Entry::skipped(line, JOINED));
        None
    }

    /// Gives out every job that is open.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) {
        while !self.open.is_empty() {
            self.close_oldest(sink);
        }
    }

    /// The open job of this user with this queue and job id, which the key holds.
    fn job_of(&mut self, record: &PrintRecord) -> Option<&mut Job> {
        let mut jobs = self.open.iter_mut().rev();
        jobs.find(|job| same_job(&job.record, record))
    }

    /// Gives out the jobs that no page can follow.
    fn close(&mut self, now: Timestamp, sink: &mut Sink<'_>) {
        let is_over = |job: &Job| now.since(job.record.completed_at) > GAP;
        while self.open.front().is_some_and(is_over) {
            self.close_oldest(sink);
        }
    }

    fn close_oldest(&mut self, sink: &mut Sink<'_>) {
        if let Some(job) = self.open.pop_front() {
            sink(Entry::Record(Box::new(job.finish())));
        }
    }
}

/// Whether both are of one job: queue and job id are in the key, whose day may be the next.
fn same_job(one: &PrintRecord, next: &PrintRecord) -> bool {
    let near = next.completed_at.since(one.completed_at) <= GAP;
    let of_a_day = queue_and_job(one).is_some() && queue_and_job(one) == queue_and_job(next);
    near && one.user == next.user && (of_a_day || one.key == next.key)
}

fn queue_and_job(record: &PrintRecord) -> Option<&str> {
    let (name, _day) = record.key.id.rsplit_once('|')?;
    Some(name)
}

impl Job {
    fn new(record: PrintRecord, page: Page) -> Self {
        Self {
            record,
            lines: 1,
            pages: 1,
            impressions: page.copies,
            copies: Some(page.copies),
            last_page: page.page,
        }
    }

    fn add(&mut self, at: Timestamp, page: Page) {
        self.record.completed_at = self.record.completed_at.max(at);
        self.lines = self.lines.saturating_add(1);
        self.pages = self.pages.saturating_add(1);
        self.impressions = self.impressions.saturating_add(page.copies);
        let alike = self.copies == Some(page.copies) && page.page > self.last_page;
        self.copies = self.copies.filter(|_| alike);
        self.last_page = page.page;
    }

    fn finish(mut self) -> PrintRecord {
        let copies = self.copies.filter(|copies| *copies > 0);
        self.record.counts.copies = copies;
        self.record.counts.pages = copies.map(|_| self.pages);
        if self.lines > 1 {
            self.record.flags = self.record.flags.with(CountFlags::JOINED_LINES);
        }
        counted(self.record, self.impressions)
    }
}
