//! One reading of a spooler's history, from the newest job downwards, or from the oldest that can
//! have news upwards where the spooler lists it so ([`Paging`]). No network: pages are asked for by
//! [`Reading::next_page`] and handed to [`Reading::take`].

use std::collections::HashSet;

use platen_domain::print_gaps::{Gap, GapReason};
use platen_domain::print_jobs::PrintRecord;

use super::Harvest;
use super::cursor::{Cursor, Descent, Paging};
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

/// Jobs that are asked for at once of a spooler that does not page, and how many times more where
/// they are not all.
const WHOLE_JOBS: u32 = 2_000;
const WHOLE_TIMES: u32 = 4;

/// Most jobs asked for at once: some 10 MiB of an answer would be refused.
const WHOLE_JOBS_MAX: u32 = 8_000;

/// How many numbers below the next one are read again where jobs are asked for by number: so far
/// back a reprint is seen. As much as a page of the newest.
const RECHECKED: u32 = PAGE_JOBS;

/// What to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// Where it begins.
    pub(super) from: From,
    /// Most jobs.
    pub(super) jobs: u32,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// Place of its first job in the list, from 1.
    Index(u32),
    /// Lowest number of its jobs.
    Number(u32),
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
    whole_jobs: u32,
    refused: u64,
    /// Pages in a row that showed nothing new.
    barren: u32,
    /// Whether a job came that was delivered before: nothing lies between.
    reached_known: bool,
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

/// What a page is like.
#[derive(Default)]
struct Told {
    jobs: u32,
    /// Jobs that ended before what must be compared.
    old: u32,
    /// Whether a job was not met before in this reading.
    fresh: bool,
    first: Option<(u32, Option<i64>)>,
    last: Option<(u32, Option<i64>)>,
    highest: u32,
}

impl Told {
    /// Whether jobs are listed from the oldest on.
    fn is_ascending(&self) -> bool {
        let ends = self.first.zip(self.last);
        ends.is_some_and(|(first, last)| {
            let in_time = first
                .1
                .zip(last.1)
                .is_none_or(|(first, last)| first <= last);
            first.0 < last.0 && in_time
        })
    }
}

impl<'a> Reading<'a> {
    /// Begins, or goes on, where `cursor` says. `seen` holds the jobs that wait.
    pub(super) fn new(cursor: &'a Cursor, seen: Seen) -> Self {
        let descent = cursor.descent.clone().unwrap_or_else(|| Descent {
            index: 1,
            number: cursor.numbers.lowest_open().saturating_sub(RECHECKED),
            paging: cursor.paging,
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
            whole_jobs: WHOLE_JOBS,
            refused: 0,
            barren: 0,
            reached_known: false,
            state: State::Reading,
        }
    }

    /// What to ask for next; `None` when it is over.
    pub(super) fn next_page(&self) -> Option<Page> {
        if self.state != State::Reading {
            return None;
        }
        let (from, jobs) = match self.descent.paging {
            Paging::Index => (From::Index(self.descent.index.max(1)), self.page_jobs),
            Paging::Number => (From::Number(self.descent.number.max(1)), self.page_jobs),
            Paging::Whole => (From::Index(1), self.whole_jobs),
        };
        Some(Page { from, jobs })
    }

    /// Whether no record will come of it.
    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Asks for smaller pages, since one broke a cap; a job that breaks it alone is left out.
    /// Whether that is worth a try.
    pub(super) fn ask_for_less(&mut self) -> bool {
        if self.descent.paging == Paging::Whole {
            self.state = State::Unpageable;
            return !self.jobs.is_empty();
        }
        if self.page_jobs == 1 {
            self.refused += 1;
            self.descent.index = self.descent.index.saturating_add(1);
            self.descent.number = self.descent.number.max(1).saturating_add(1);
        }
        self.page_jobs = (self.page_jobs / 8).max(1);
        self.refused <= REFUSED_MAX
    }

    /// Takes in a page.
    pub(super) fn take(&mut self, answer: &Message) {
        let Some(asked) = self.next_page() else {
            return;
        };
        let mut operation = answer.groups_of(group_tag::OPERATION);
        let stated = operation.find_map(|group| group.integer("limit"));
        let stated = stated.and_then(|limit| u32::try_from(limit).ok());
        let limit = stated.map_or(asked.jobs, |limit| limit.min(asked.jobs).max(1));
        let mut told = Told::default();
        for job in answer.groups_of(group_tag::JOB) {
            told.jobs = told.jobs.saturating_add(1);
            match Stub::of(job) {
                None => self.refused += 1,
                Some(stub) => self.meet(job, stub, &mut told),
            }
        }
        self.reached_known |= told.old > 0;
        self.barren = if told.fresh { 0 } else { self.barren + 1 };
        self.state = if told.jobs < limit {
            self.at_the_end(asked)
        } else {
            self.go_on(asked, &told)
        };
        if self.state == State::Reading && self.jobs.len() >= HARVEST_MAX {
            self.state = State::Paused;
        }
    }

    /// What follows a page that is not full.
    fn at_the_end(&mut self, asked: Page) -> State {
        // Numbers that begin again are below what was asked for.
        let is_below = matches!(asked.from, From::Number(number) if number > 1);
        if is_below && self.met.is_empty() {
            self.descent.number = 1;
            return State::Reading;
        }
        State::Through
    }

    /// What follows a full page.
    fn go_on(&mut self, asked: Page, told: &Told) -> State {
        let next = told.highest.saturating_add(1);
        match asked.from {
            _ if self.barren > 2 * BARREN_PAGES_MAX => return State::Unpageable,
            From::Index(_) if self.descent.paging == Paging::Whole => {
                if self.whole_jobs >= WHOLE_JOBS_MAX {
                    return State::Unpageable;
                }
                self.whole_jobs = self.whole_jobs.saturating_mul(WHOLE_TIMES);
            }
            From::Index(_) if told.is_ascending() => {
                (self.descent.paging, self.descent.number) = (Paging::Number, next);
            }
            From::Index(_) if told.old == told.jobs => return State::Through,
            From::Index(_) if self.barren >= BARREN_PAGES_MAX => {
                self.descent.paging = Paging::Whole;
            }
            From::Index(index) => {
                let overlap = PAGE_OVERLAP.min(told.jobs / 4);
                self.descent.index = index.saturating_add(told.jobs - overlap);
            }
            // The spooler does not know this either, and gave its oldest jobs again.
            From::Number(number) if next <= number || !told.fresh => {
                self.descent.paging = Paging::Whole;
            }
            From::Number(_) if told.is_ascending() => self.descent.number = next,
            // The spooler was renewed: the newest come first, and can be asked for.
            From::Number(_) => (self.descent.paging, self.descent.index) = (Paging::Index, 1),
        }
        State::Reading
    }

    /// Takes in a job that may be new.
    fn meet(&mut self, job: &Group, stub: Stub, told: &mut Told) {
        if let Some(number) = stub.number {
            let place = Some((number, stub.completed));
            told.first = told.first.or(place);
            told.last = place;
            told.highest = told.highest.max(number);
            self.seen.over.insert(number);
        }
        let is_old = self.before.is_behind(stub.completed);
        told.old = told.old.saturating_add(u32::from(is_old));
        if !self.met.insert((stub.id.clone(), stub.completed)) {
            return;
        }
        told.fresh = true;
        if !is_old {
            self.put(job, stub);
        }
    }

    /// Takes in a job that this reading had not met.
    fn put(&mut self, job: &Group, stub: Stub) {
        self.descent.note(&stub);
        if self.before.has(&stub) {
            self.reached_known = true;
            return;
        }
        if let Some((created, number)) = stub.created.zip(stub.number)
            && self.before.until.is_none_or(|until| created >= until)
        {
            self.newest_made = self.newest_made.max(Some((created, number)));
        }
        self.jobs.push((job.clone(), stub));
    }

    /// The records, and how far the spooler is read with them.
    pub(super) fn harvest(mut self, maker: &Maker<'_>) -> Harvest {
        let mut cursor = self.before.clone();
        let more = self.state == State::Paused;
        cursor.paging = self.descent.paging;
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
        if self.state == State::Unpageable && !self.reached_known {
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
