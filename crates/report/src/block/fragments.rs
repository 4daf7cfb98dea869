//! Runs of columns as the octets that stand in the answer, kept for each tuple met so far.

use super::groups::Group;
use super::program::Run;
use super::{BATCH, Block, row_at};
use crate::encode::Format;
use crate::instants::InstantWriter;

/// Octets kept for one group. When they are more, writing begins anew: memory does not grow with
/// a block whose tuples are many and long.
const ARENA_OCTETS_MAX: usize = 4 * 1024 * 1024;

/// Octets that a fragment is copied by at a time, to its end and beyond: steps of one size take
/// the processor less than lengths it cannot foresee.
pub(super) const STEP_OCTETS: usize = 64;

/// The runs of one group, and what was written of them.
#[derive(Debug)]
pub(super) struct Fragments {
    group: Group,
    runs: Vec<Run>,
    format: Format,
    /// Tuple after tuple, of each all runs: what a row needs of a group lies together. Behind
    /// the last, octets that may be copied in vain.
    arena: Vec<u8>,
    /// Octets of the arena up to the end of the last tuple.
    used: usize,
    /// For each tuple where its first run begins and where each ends. A last end of 0 is a tuple
    /// that was not written yet.
    ends: Vec<u32>,
    /// Hardly any tuple comes twice: those of a batch are written for it alone.
    direct: bool,
    /// Where the ends of each row's tuple begin, for the rows of the batch.
    places: [usize; BATCH],
}

impl Fragments {
    pub(super) fn new(group: Group, runs: Vec<Run>, format: Format) -> Self {
        Self {
            group,
            runs,
            format,
            arena: Vec::new(),
            used: 0,
            ends: Vec::new(),
            direct: true,
            places: [0; BATCH],
        }
    }

    /// Forgets everything, for the tuples of another block.
    pub(super) fn turn_to(&mut self, block: &Block) {
        let tuples = block.tuples(self.group).count;
        self.direct = tuples > row_at(block.rows()) / 2;
        self.forget(if self.direct { BATCH } else { tuples });
    }

    /// Forgets everything and gives its memory back.
    pub(super) fn release(&mut self) {
        self.arena = Vec::new();
        self.ends = Vec::new();
    }

    fn forget(&mut self, tuples: usize) {
        // Fragments begin behind an octet of nobody's, so that no end is 0.
        self.arena.resize(1, 0);
        self.used = 1;
        self.ends.clear();
        self.ends.resize(tuples * (self.runs.len() + 1), 0);
    }

    /// Finds the fragments of `rows` rows from `from` on, and writes those that are missing.
    pub(super) fn prepare(
        &mut self,
        block: &Block,
        from: u32,
        rows: usize,
        instants: &mut InstantWriter,
    ) {
        let tuples = block.tuples(self.group);
        if self.direct || self.used > ARENA_OCTETS_MAX {
            self.forget(if self.direct { BATCH } else { tuples.count });
        }
        self.arena.truncate(self.used);
        let codes: [u64; BATCH] = tuples.codes.decode(row_at(from));
        let runs = self.runs.len();
        for (row, code) in codes.into_iter().enumerate().take(rows) {
            let code = usize::try_from(code).unwrap_or(usize::MAX);
            let place = (runs + 1) * if self.direct { row } else { code };
            if self.ends.get(place + runs) == Some(&0) {
                self.write(block, code, place, instants);
            }
            if let Some(known) = self.places.get_mut(row) {
                *known = place;
            }
        }
        self.used = self.arena.len();
        self.arena.resize(self.used + STEP_OCTETS, 0);
    }

    #[inline(never)]
    fn write(&mut self, block: &Block, code: usize, at: usize, instants: &mut InstantWriter) {
        let mut ends = self.ends.iter_mut().skip(at);
        let mut mark = |arena: &Vec<u8>| {
            if let Some(end) = ends.next() {
                // Beyond 4 GiB lies only a forgery, whose fragments may be empty.
                *end = u32::try_from(arena.len()).unwrap_or(u32::MAX);
            }
        };
        mark(&self.arena);
        for run in &self.runs {
            for (before, field) in &run.columns {
                self.arena.extend_from_slice(before);
                let cell = block.cell(*field, code);
                self.format.write(&cell, instants, &mut self.arena);
            }
            self.arena.extend_from_slice(&run.tail);
            mark(&self.arena);
        }
    }

    /// How many octets all runs of this row of the batch have.
    pub(super) fn octets(&self, row: usize) -> usize {
        let place = self.places.get(row).copied().unwrap_or_default();
        let ends = self.ends.get(place..=place + self.runs.len());
        match ends {
            Some([from, .., until]) => until.saturating_sub(*from) as usize,
            _ => 0,
        }
    }

    /// What this row of the batch shows in this run: the octets behind `from`, up to `until`, of
    /// an arena that goes on for [`STEP_OCTETS`] more.
    pub(super) fn get(&self, run: usize, row: usize) -> (&[u8], usize) {
        let place = self.places.get(row).copied().unwrap_or_default() + run;
        let Some([from, until]) = self.ends.get(place..place + 2) else {
            return (&[], 0);
        };
        let (from, until) = (*from as usize, *until as usize);
        let padded = self.arena.get(from..).unwrap_or_default();
        (padded, until.saturating_sub(from))
    }
}
