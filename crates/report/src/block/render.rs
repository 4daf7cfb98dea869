//! Writes rows of blocks.

use std::mem;
use std::ops::Range;
use std::sync::Arc;

use platen_domain::clock::Timestamp;

use super::fragments::{Fragments, STEP_OCTETS};
use super::groups::RowValue;
use super::ints::{known, unzigzag};
use super::program::{Program, Step};
use super::{BATCH, Block, row_at};
use crate::encode::{self, Format, JSON_SEPARATOR};
use crate::instants::{InstantWriter, QUOTED_OCTETS};
use crate::print_jobs::PrintLayout;

/// Octets of the longest whole number, 18446744073709551615.
const INTEGER_OCTETS_MAX: usize = 20;

/// Writes one answer: [`start`](Self::start) once, [`render`](Self::render) for rows of any
/// blocks, [`finish`](Self::finish) once.
#[derive(Debug)]
pub struct Renderer {
    format: Format,
    layout: Arc<PrintLayout>,
    steps: Vec<Step>,
    /// One for each group in the steps.
    fragments: Vec<Fragments>,
    batch: Batch,
    /// The block that the fragments are of.
    block: Option<Block>,
    completed: InstantWriter,
    submitted: InstantWriter,
    first_row: bool,
    /// Whether values are written as JSON writes them.
    json: bool,
    /// Most octets that a row has beside its fragments.
    own_octets: usize,
}

impl Renderer {
    /// A writer of `layout`'s columns that writes instants with `instants`.
    pub fn new(format: Format, layout: Arc<PrintLayout>, instants: InstantWriter) -> Self {
        let Program { steps, groups } = Program::new(&layout, format);
        let own_octets = steps.iter().map(own_octets).sum();
        let groups = groups.into_iter();
        let fragments = groups.map(|(group, runs)| Fragments::new(group, runs, format));
        Self {
            format,
            layout,
            steps,
            fragments: fragments.collect(),
            batch: Batch::default(),
            block: None,
            completed: instants.clone(),
            submitted: instants,
            first_row: true,
            json: format != Format::Csv,
            own_octets,
        }
    }

    /// Appends what stands before the first row.
    pub fn start(&self, out: &mut Vec<u8>) {
        encode::start(self.format, &self.layout, out);
    }

    /// Appends what stands behind the last row.
    pub fn finish(&self, out: &mut Vec<u8>) {
        encode::finish(self.format, out);
    }

    /// Appends rows until all of `rows` are written or `out` has `soft_limit` octets, which the
    /// last row may pass. Returns how many rows it wrote; the caller goes on behind them.
    pub fn render(
        &mut self,
        block: &Block,
        rows: Range<u32>,
        out: &mut Vec<u8>,
        soft_limit: usize,
    ) -> u32 {
        self.turn_to(block);
        let end = rows.end.min(block.rows());
        let mut next = rows.start;
        while next < end && out.len() < soft_limit {
            let row = self.place_in_batch(block, next);
            self.row(row, out);
            next += 1;
        }
        next.saturating_sub(rows.start)
    }

    /// Where `row` is in the batch, which is read anew where it does not hold it.
    fn place_in_batch(&mut self, block: &Block, row: u32) -> usize {
        if let Some(place) = self.batch.place(row) {
            return place;
        }
        self.batch = Batch::decode(block, row);
        for fragments in &mut self.fragments {
            fragments.prepare(block, row, self.batch.rows, &mut self.completed);
        }
        0
    }

    /// Whether nothing was written yet that a separator would have to follow.
    pub const fn is_first(&self) -> bool {
        self.first_row
    }

    /// Takes note that rows reached the answer by another way.
    pub const fn passed(&mut self) {
        self.first_row = false;
    }

    /// Lets go of the block and of what was written of it: a writer that must wait keeps next to
    /// no memory.
    pub fn forget(&mut self) {
        self.block = None;
        for fragments in &mut self.fragments {
            fragments.release();
        }
    }

    /// Forgets the fragments of another block.
    fn turn_to(&mut self, block: &Block) {
        let same = |known: &Block| Arc::ptr_eq(&known.0, &block.0);
        if self.block.as_ref().is_some_and(same) {
            return;
        }
        for fragments in &mut self.fragments {
            fragments.turn_to(block);
        }
        self.batch = Batch::default();
        self.block = Some(block.clone());
    }

    fn row(&mut self, row: usize, out: &mut Vec<u8>) {
        let start = out.len();
        let groups = self.fragments.iter();
        let octets = groups.map(|group| group.octets(row)).sum::<usize>() + self.own_octets;
        out.resize(start + octets + STEP_OCTETS, 0);
        let mut place = Place(out.get_mut(start..).unwrap_or_default());
        for step in &self.steps {
            match step {
                Step::Literal(octets) => place.put(octets),
                Step::Run { group, run } => {
                    if let Some(fragments) = self.fragments.get(*group) {
                        let (padded, octets) = fragments.get(*run, row);
                        place.put_padded(padded, octets);
                    }
                }
                Step::Value(RowValue::CompletedAt) => {
                    let at = Some(self.batch.completed_at(row));
                    place.instant(at, self.json, &mut self.completed);
                }
                Step::Value(RowValue::SubmittedAt) => {
                    let at = self.batch.submitted_at(row);
                    place.instant(at, self.json, &mut self.submitted);
                }
                Step::Value(RowValue::Bytes) => place.integer(self.batch.bytes(row), self.json),
                Step::Value(RowValue::TransactionId) => {
                    place.integer(Some(self.batch.job_no(row)), self.json);
                }
            }
        }
        let unused = place.0.len();
        out.truncate(out.len() - unused);
        if self.first_row && self.format == Format::Json {
            // Nothing precedes it that it would have to be separated from.
            out.drain(start..(start + JSON_SEPARATOR.len()).min(out.len()));
        }
        self.first_row = false;
    }
}

/// Most octets of this step, a run's left out.
fn own_octets(step: &Step) -> usize {
    match step {
        Step::Literal(octets) => octets.len(),
        Step::Value(RowValue::CompletedAt | RowValue::SubmittedAt) => QUOTED_OCTETS,
        Step::Value(RowValue::Bytes | RowValue::TransactionId) => INTEGER_OCTETS_MAX,
        Step::Run { .. } => 0,
    }
}

/// What is left of the octets that a row was given.
struct Place<'a>(&'a mut [u8]);

impl Place<'_> {
    /// Writes octets, for which there is room: the row's length was taken from the same parts.
    #[inline]
    fn put(&mut self, octets: &[u8]) {
        let place = mem::take(&mut self.0);
        if let Some((this, rest)) = place.split_at_mut_checked(octets.len()) {
            this.copy_from_slice(octets);
            self.0 = rest;
        }
    }

    /// Writes the first of these octets, for which there is room, and scribbles behind them.
    #[inline]
    fn put_padded(&mut self, padded: &[u8], octets: usize) {
        let place = mem::take(&mut self.0);
        let (mut from, mut to, mut left) = (padded, &mut *place, octets);
        while let (Some((source, from_behind)), Some((target, to_behind))) = (
            from.split_first_chunk::<STEP_OCTETS>(),
            to.split_first_chunk_mut::<STEP_OCTETS>(),
        ) {
            *target = *source;
            if left <= STEP_OCTETS {
                break;
            }
            (from, to, left) = (from_behind, to_behind, left - STEP_OCTETS);
        }
        self.0 = place.get_mut(octets..).unwrap_or_default();
    }

    fn instant(&mut self, at: Option<Timestamp>, json: bool, instants: &mut InstantWriter) {
        let place = mem::take(&mut self.0);
        let written = match (at, place.first_chunk_mut()) {
            (Some(at), Some(to)) => instants.quote(at, to),
            _ => false,
        };
        self.0 = place;
        match (written, json) {
            (true, true) => self.pass(QUOTED_OCTETS),
            (true, false) => {
                // Without its quotes.
                self.0.copy_within(1..QUOTED_OCTETS - 1, 0);
                self.pass(QUOTED_OCTETS - 2);
            }
            (false, _) => self.unknown(json),
        }
    }

    /// Leaves octets behind that were written.
    fn pass(&mut self, octets: usize) {
        self.0 = mem::take(&mut self.0).get_mut(octets..).unwrap_or_default();
    }

    fn integer(&mut self, value: Option<u64>, json: bool) {
        match value {
            Some(value) => self.put(itoa::Buffer::new().format(value).as_bytes()),
            None => self.unknown(json),
        }
    }

    fn unknown(&mut self, json: bool) {
        if json {
            self.put(b"null");
        }
    }
}

/// The numbers of some rows.
#[derive(Debug)]
struct Batch {
    first: u32,
    /// How many rows of the block it holds.
    rows: usize,
    completed_at: [u64; BATCH],
    submitted_before: [u64; BATCH],
    bytes: [u64; BATCH],
    job_no: [u64; BATCH],
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            first: 0,
            rows: 0,
            completed_at: [0; BATCH],
            submitted_before: [0; BATCH],
            bytes: [0; BATCH],
            job_no: [0; BATCH],
        }
    }
}

impl Batch {
    fn decode(block: &Block, first: u32) -> Self {
        let from = row_at(first);
        let columns = &*block.0;
        Self {
            first,
            rows: row_at(block.rows()).saturating_sub(from).min(BATCH),
            completed_at: columns.completed_at.decode(from),
            submitted_before: columns.submitted_before.decode(from),
            bytes: columns.bytes.decode(from),
            job_no: columns.job_no.decode(from),
        }
    }

    /// Where it holds this row of the block.
    fn place(&self, row: u32) -> Option<usize> {
        let place = row_at(row.checked_sub(self.first)?);
        (place < self.rows).then_some(place)
    }

    fn completed_at(&self, row: usize) -> Timestamp {
        Timestamp::from_millis(at(&self.completed_at, row).cast_signed())
    }

    fn submitted_at(&self, row: usize) -> Option<Timestamp> {
        let before = unzigzag(known(at(&self.submitted_before, row))?);
        let completed_at = self.completed_at(row).as_millis();
        Some(Timestamp::from_millis(completed_at.wrapping_sub(before)))
    }

    fn bytes(&self, row: usize) -> Option<u64> {
        known(at(&self.bytes, row))
    }

    fn job_no(&self, row: usize) -> u64 {
        at(&self.job_no, row)
    }
}

fn at(values: &[u64; BATCH], row: usize) -> u64 {
    values.get(row).copied().unwrap_or(0)
}
