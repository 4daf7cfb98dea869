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

/// PostScript queues logged collated copies twice: every page with its copies, and then, from page 1
/// on and within this time, every side of every copy.
const AGAIN_WITHIN: Duration = Duration::from_secs(1);

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

#[derive(Debug, Clone)]
struct Job {
    record: PrintRecord,
    /// The place of its first line.
    place: u64,
    /// How many lines it had when it was given out before its end was certain.
    told: Option<u32>,
    lines: u32,
    /// Pages that were logged before the page numbers began again.
    before: Option<Run>,
    run: Run,
    /// The highest total that was logged.
    total: u32,
}

/// Pages in the order of their numbers.
#[derive(Debug, Clone, Copy)]
struct Run {
    pages: u32,
    impressions: u32,
    /// Copies of every page, as long as all agree and the pages count up.
    copies: Option<u32>,
    last_page: u32,
}

impl Pages {
    /// Takes in a page, whose line stands at this place among all.
    pub(super) fn add(
        &mut self,
        line: u64,
        place: u64,
        record: PrintRecord,
        page: Page,
        sink: &mut Sink<'_>,
    ) {
        self.close(record.completed_at, sink);
        if let Some(job) = self.job_of(&record) {
            job.add(record.completed_at, page);
            return sink(Entry::skipped(line, JOINED));
        }
        if self.open.len() >= OPEN_MAX {
            self.close_oldest(sink);
        }
        self.open.push_back(Job::new(record, place, page));
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
        job.total = job.total.max(total);
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

    /// Gives out the jobs that no page can follow by this clock, and keeps them open: the log may
    /// come late.
    pub(super) fn pause(&mut self, now: Timestamp, sink: &mut Sink<'_>) {
        for job in &mut self.open {
            let is_over = now.since(job.record.completed_at) > GAP;
            if is_over && job.told != Some(job.lines) {
                job.told = Some(job.lines);
                sink(Entry::Record(Box::new(job.clone().finish())));
            }
        }
    }

    /// The place of the first line of a job that is open.
    pub(super) fn oldest(&self) -> Option<u64> {
        self.open.iter().map(|job| job.place).min()
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
        let job = self.open.pop_front();
        if let Some(job) = job.filter(|job| job.told != Some(job.lines)) {
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
    fn new(record: PrintRecord, place: u64, page: Page) -> Self {
        Self {
            record,
            place,
            told: None,
            lines: 1,
            before: None,
            run: Run::new(page),
            total: 0,
        }
    }

    fn add(&mut self, at: Timestamp, page: Page) {
        let since = at.since(self.record.completed_at);
        self.record.completed_at = self.record.completed_at.max(at);
        self.lines = self.lines.saturating_add(1);
        let is_again = page.page == 1 && self.run.copies > Some(1) && since <= AGAIN_WITHIN;
        if is_again && self.before.is_none() {
            self.before = Some(std::mem::replace(&mut self.run, Run::new(page)));
        } else {
            self.run.add(page);
        }
    }

    /// What was printed, and its pages and copies where every page had as many.
    fn counts(&self) -> Run {
        let run = match self.before {
            None => self.run,
            // The same sides once more, each on a line of its own.
            Some(before)
                if self.run.copies == Some(1) && self.run.impressions == before.impressions =>
            {
                before
            }
            Some(before) => Run {
                impressions: before.impressions.saturating_add(self.run.impressions),
                copies: None,
                ..self.run
            },
        };
        if self.total > run.impressions {
            return Run {
                impressions: self.total,
                copies: None,
                ..run
            };
        }
        run
    }

    fn finish(mut self) -> PrintRecord {
        let counts = self.counts();
        let copies = counts.copies.filter(|copies| *copies > 0);
        self.record.counts.copies = copies;
        self.record.counts.pages = copies.map(|_| counts.pages);
        if self.lines > 1 {
            self.record.flags = self.record.flags.with(CountFlags::JOINED_LINES);
        }
        counted(self.record, counts.impressions)
    }
}

impl Run {
    const fn new(page: Page) -> Self {
        Self {
            pages: 1,
            impressions: page.copies,
            copies: Some(page.copies),
            last_page: page.page,
        }
    }

    fn add(&mut self, page: Page) {
        self.pages = self.pages.saturating_add(1);
        self.impressions = self.impressions.saturating_add(page.copies);
        let alike = self.copies == Some(page.copies) && page.page > self.last_page;
        self.copies = self.copies.filter(|_| alike);
        self.last_page = page.page;
    }
}
