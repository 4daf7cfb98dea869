//! Blocks: the jobs of a stretch of time by columns, from which reports are written without
//! reading a row.
//!
//! A block holds each text once and, for groups of columns that take few values together, each
//! distinct tuple once. A row is then a handful of small numbers. The [`Renderer`] writes each
//! tuple once as the bytes that stand in the report, keys included, and copies them from there:
//! a row of 39 columns takes about 20 copies.
//!
//! ```text
//! PLATENPB, version u32, CRC-32 of all that follows u32, octets of all texts u64
//! rows u32
//! completed_at, submitted before, bytes, job_no      a column of numbers each, see `ints`
//! for each group: tuples u32, a code for each row, each number of the tuples
//! texts u32, where each ends
//! the texts (UTF-8)
//! ```
//!
//! All numbers are little-endian. A block is derived from rows and can be built again at any
//! time: another layout, or another factor in what is computed at building, is another
//! version.

mod build;
mod fragments;
mod groups;
mod ints;
mod parse;
mod program;
mod render;
mod rows;

#[cfg(test)]
mod parse_tests;
#[cfg(test)]
mod render_tests;
#[cfg(test)]
mod rows_tests;
#[cfg(test)]
mod samples;

use std::ops::Range;
use std::sync::Arc;

use platen_domain::clock::Timestamp;

pub use self::build::BlockBuilder;
use self::groups::{GROUPS, Group};
use self::ints::Ints;
pub use self::parse::BlockError;
pub use self::render::Renderer;
pub use self::rows::{Place, RowWriter, Rows};

/// What a block begins with.
const MAGIC: [u8; 8] = *b"PLATENPB";

/// The layout described above, and the factors of `platen_domain::environment`.
const VERSION: u32 = 3;

/// Where the octets begin of which the checksum is taken.
const CHECKED_FROM: usize = 16;

/// Octets before the rows.
const HEADER_OCTETS: usize = 24;

/// Most rows in a block, about 100 MB of them. Days of the largest fleets stay below.
pub const BLOCK_ROWS_MAX: u32 = 1 << 20;

/// Rows that are written in one go: about what fills a chunk of 64 KiB. The numbers of so many
/// are decoded at once, and memory is asked for the fragments of all of them before the first
/// is waited for.
const BATCH: usize = 64;

/// A row's number as a place in columns.
fn row_at(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

/// A block that was read and checked. Copies share it.
#[derive(Debug, Clone)]
pub struct Block(Arc<Columns>);

#[derive(Debug)]
struct Columns {
    /// CRC-32 of what is behind it in the file.
    checksum: u32,
    rows: u32,
    /// Milliseconds since 1970, as two's complement.
    completed_at: Ints,
    /// Milliseconds from the sending to the end: zigzag, then optional.
    submitted_before: Ints,
    /// Optional.
    bytes: Ints,
    job_no: Ints,
    groups: [Tuples; GROUPS],
    /// How many texts there are.
    strings: usize,
    /// Where each ends in the heap; the next begins there.
    ends: Ints,
    heap: String,
}

/// The distinct tuples of a group.
#[derive(Debug)]
struct Tuples {
    count: usize,
    /// Which tuple each row has.
    codes: Ints,
    /// The numbers of the tuples, by place.
    slots: Vec<Ints>,
}

impl Block {
    fn new(columns: Columns) -> Self {
        Self(Arc::new(columns))
    }

    /// CRC-32 of its columns: what files made of them name them by.
    pub fn checksum(&self) -> u32 {
        self.0.checksum
    }

    /// How many rows it has.
    pub fn rows(&self) -> u32 {
        self.0.rows
    }

    /// Octets that it takes in memory, about.
    pub fn octets(&self) -> usize {
        let columns = &*self.0;
        let rows = [
            &columns.completed_at,
            &columns.submitted_before,
            &columns.bytes,
            &columns.job_no,
            &columns.ends,
        ];
        let groups = columns.groups.iter();
        let slots = groups
            .clone()
            .flat_map(|tuples| tuples.slots.iter())
            .chain(groups.map(|tuples| &tuples.codes));
        let numbers: usize = rows.into_iter().chain(slots).map(Ints::octets).sum();
        numbers + columns.heap.len()
    }

    /// When the job of a row ended, and its number: its place among all jobs.
    pub fn place(&self, row: u32) -> (Timestamp, u64) {
        let index = usize::try_from(row).unwrap_or(usize::MAX);
        (self.completed_at(row), self.0.job_no.get(index))
    }

    /// When the first job in it ended.
    pub fn first_completed_at(&self) -> Option<Timestamp> {
        (self.rows() > 0).then(|| self.completed_at(0))
    }

    /// When the last job in it ended.
    pub fn last_completed_at(&self) -> Option<Timestamp> {
        let last = self.rows().checked_sub(1)?;
        Some(self.completed_at(last))
    }

    /// The rows of jobs that ended at or after `from` and before `until`.
    pub fn rows_between(&self, from: Timestamp, until: Timestamp) -> Range<u32> {
        let start = self.rows_before(from);
        start..self.rows_before(until).max(start)
    }

    /// How many jobs ended before `at`.
    fn rows_before(&self, at: Timestamp) -> u32 {
        self.rows_up_to(|(completed_at, _)| completed_at < at)
    }

    /// How many jobs, from the first on, have places that are `wanted`; none behind them has.
    fn rows_up_to(&self, wanted: impl Fn(Place) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.rows());
        while low < high {
            let middle = low + (high - low) / 2;
            if wanted(self.place(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn completed_at(&self, row: u32) -> Timestamp {
        Timestamp::from_millis(self.0.completed_at.get(row_at(row)).cast_signed())
    }

    fn tuples(&self, group: Group) -> &Tuples {
        let [who, source_job, document, application, printer, how, counts] = &self.0.groups;
        match group {
            Group::Who => who,
            Group::SourceJob => source_job,
            Group::Document => document,
            Group::Application => application,
            Group::Printer => printer,
            Group::How => how,
            Group::Counts => counts,
        }
    }

    fn slot(&self, group: Group, slot: usize) -> Option<&Ints> {
        self.tuples(group).slots.get(slot)
    }

    /// The text with this number.
    fn text(&self, number: Option<u64>) -> Option<&str> {
        let number = usize::try_from(number?).ok()?;
        if number >= self.0.strings {
            return None;
        }
        let place = |at| usize::try_from(self.0.ends.get(at)).ok();
        let start = number.checked_sub(1).map_or(Some(0), place)?;
        self.0.heap.get(start..place(number)?)
    }
}
