//! One reading of a spooler's history, from the newest job downwards. No network: pages are asked
//! for by [`Reading::next_page`] and handed to [`Reading::take`].

use std::collections::HashSet;

use platen_domain::print_gaps::{Gap, GapReason};
use platen_domain::print_jobs::PrintRecord;

use super::Harvest;
use super::cursor::{Cursor, Descent};
use super::jobs::{Maker, Stub, instant};
use super::numbers::{Seen, Verdict};
use crate::ipp::{Group, Message, group_tag};

/// Jobs of a page: the most that CUPS answers with when it must read them from disk.
const PAGE_JOBS: u32 = 500;

/// Jobs by which pages overlap: so many may leave the front of the list, for a reprint, between
/// two pages without hiding one. New ones push the list the other way.
const PAGE_OVERLAP: u32 = 25;

/// Jobs after which a reading pauses, so that they can be kept: some 5 MiB in memory.
const HARVEST_MAX: usize = 5_000;

/// Pages in a row without a job not met before after which the spooler is taken not to page: one
/// may come of a list that moved.
const BARREN_PAGES_MAX: u32 = 3;

/// Most jobs left out of a reading because not even one alone fits the caps.
const REFUSED_MAX: u64 = 100;

/// What to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// Index of its first job, from 1.
    pub(super) index: u32,
    /// Most jobs.
    pub(super) jobs: u32,
}

/// A reading under way.
pub(super) struct Reading<'a> {
    before: &'a Cursor,
    descent: Descent,
    /// Whether it goes on where another one paused: its account of numbers has a beginning only.
    resumed: bool,
    seen: Seen,
    jobs: Vec<(Group, Stub)>,
    /// Names and ends seen in this reading, delivered before or not.
    met: HashSet<(String, Option<i64>)>,
    newest_made: Option<(i64, u32)>,
    page_jobs: u32,
    refused: u64,
    /// Pages in a row that showed nothing new.
    barren: u32,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// More pages are wanted.
    Reading,
    /// Enough for now.
    Paused,
    /// Everything new was seen.
    Through,
    /// The spooler gives its first page only.
    Unpageable,
}

impl<'a> Reading<'a> {
    /// Begins, or goes on, where `cursor` says. `seen` holds the jobs that wait.
    pub(super) fn new(cursor: &'a Cursor, seen: Seen) -> Self {
        let descent = cursor.descent.clone().unwrap_or(Descent {
            index: 1,
            ..Descent::default()
        });
        Self {
            before: cursor,
            descent,
            resumed: cursor.descent.is_some(),
            seen,
            jobs: Vec::new(),
            met: HashSet::new(),
            newest_made: None,
            page_jobs: PAGE_JOBS,
            refused: 0,
            barren: 0,
            state: State::Reading,
        }
    }

    /// What to ask for next; `None` when it is over.
    pub(super) fn next_page(&self) -> Option<Page> {
        (self.state == State::Reading).then_some(Page {
            index: self.descent.index.max(1),
            jobs: self.page_jobs,
        })
    }

    /// Whether no record will come of it.
    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Asks for smaller pages, since one broke a cap; a job that breaks it alone is left out.
    /// Whether that is worth a try.
    pub(super) fn ask_for_less(&mut self) -> bool {
        if self.page_jobs == 1 {
            self.refused += 1;
            self.descent.index = self.descent.index.saturating_add(1);
        }
        self.page_jobs = (self.page_jobs / 8).max(1);
        self.refused <= REFUSED_MAX
    }

    /// Takes in a page.
    pub(super) fn take(&mut self, answer: &Message) {
        let mut operation = answer.groups_of(group_tag::OPERATION);
        let stated = operation.find_map(|group| group.integer("limit"));
        let stated = stated.and_then(|limit| u32::try_from(limit).ok());
        let limit = stated.map_or(self.page_jobs, |limit| limit.min(self.page_jobs).max(1));
        let (mut count, mut old, mut fresh) = (0_u32, 0_u32, false);
        for job in answer.groups_of(group_tag::JOB) {
            count = count.saturating_add(1);
            match Stub::of(job) {
                None => self.refused += 1,
                Some(stub) if self.before.is_behind(stub.completed) => {
                    old = old.saturating_add(1);
                    self.seen.over.extend(stub.number);
                    fresh |= self.meet(&stub);
                }
                Some(stub) => fresh |= self.put(job, stub),
            }
        }
        self.barren = if fresh { 0 } else { self.barren + 1 };
        self.state = if count < limit || old == count {
            State::Through
        } else if self.barren >= BARREN_PAGES_MAX {
            State::Unpageable
        } else if self.jobs.len() >= HARVEST_MAX {
            State::Paused
        } else {
            State::Reading
        };
        let overlap = PAGE_OVERLAP.min(count / 4);
        self.descent.index = self.descent.index.saturating_add(count - overlap);
    }

    /// Takes in a job that may be new; whether this reading had not met it.
    fn put(&mut self, job: &Group, stub: Stub) -> bool {
        self.seen.over.extend(stub.number);
        if !self.meet(&stub) {
            return false;
        }
        self.descent.note(&stub.id, stub.completed);
        if self.before.has(&stub.id, stub.completed) {
            return true;
        }
        if let Some((created, number)) = stub.created.zip(stub.number)
            && self.before.until.is_none_or(|until| created >= until)
        {
            self.newest_made = self.newest_made.max(Some((created, number)));
        }
        self.jobs.push((job.clone(), stub));
        true
    }

    fn meet(&mut self, stub: &Stub) -> bool {
        self.met.insert((stub.id.clone(), stub.completed))
    }

    /// The records, and how far the spooler is read with them.
    pub(super) fn harvest(mut self, maker: &Maker<'_>) -> Harvest {
        let mut cursor = self.before.clone();
        let more = self.state == State::Paused;
        let gaps = if more {
            cursor.descent = Some(self.descent.clone());
            Vec::new()
        } else {
            let gaps = self.gaps(&mut cursor, maker);
            cursor.advance(std::mem::take(&mut self.descent));
            gaps
        };
        let mut refused = self.refused;
        let mut records: Vec<PrintRecord> = Vec::with_capacity(self.jobs.len());
        for (job, stub) in self.jobs.iter().rev() {
            match maker.record(job, stub) {
                Some(record) => records.push(record),
                None => refused += 1,
            }
        }
        let withheld = records.iter().filter(|record| record.user.is_none());
        Harvest {
            withheld: u64::try_from(withheld.count()).unwrap_or(u64::MAX),
            records,
            gaps,
            cursor,
            refused,
            more,
        }
    }

    /// The holes that show at the end of a reading.
    fn gaps(&mut self, cursor: &mut Cursor, maker: &Maker<'_>) -> Vec<Gap> {
        let mut seen = std::mem::take(&mut self.seen);
        seen.newest_made = self.newest_made.map(|(_, number)| number);
        let known = self.before.suspected_from.or(self.before.until);
        let from = known.map_or(maker.now, instant);
        let gap = |jobs, reason| Gap {
            source: maker.source.to_owned(),
            from: from.min(maker.now),
            until: maker.now,
            jobs,
            reason,
        };
        if self.state == State::Unpageable {
            cursor.numbers.skip_to(seen);
            return vec![gap(None, GapReason::Unpageable)];
        }
        if self.resumed {
            // The first part's numbers are not kept: a history of that length loses nothing.
            cursor.numbers.skip_to(seen);
            return Vec::new();
        }
        let verdict = cursor.numbers.account(seen);
        let suspected = cursor.numbers.has_suspects();
        cursor.suspected_from = self.before.until.filter(|_| suspected);
        match verdict {
            Verdict::Whole => Vec::new(),
            Verdict::Missing(jobs) => vec![gap(Some(jobs), GapReason::NumbersMissing)],
            Verdict::Restarted => vec![gap(None, GapReason::NumbersRestarted)],
        }
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
