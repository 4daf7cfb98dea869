//! Rows of a stretch as they read now: those of its block and, in their places, those of jobs that
//! came, changed or went after the block was made.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use platen_domain::clock::Timestamp;

use super::{Block, Renderer};
use crate::encode::Format;
use crate::instants::InstantWriter;
use crate::print_jobs::PrintLayout;

/// A job's place among all jobs: when it ended, and its number.
pub type Place = (Timestamp, u64);

/// Rows that stand one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Run {
    /// Rows of the block.
    Sealed(Range<u32>),
    /// Rows of jobs that changed.
    Changed(Range<u32>),
}

/// Rows that are still to be written.
#[derive(Debug, Clone)]
pub struct Rows {
    sealed: Block,
    changed: Option<Block>,
    runs: VecDeque<Run>,
    /// The last job that was written.
    written: Option<Place>,
}

impl Rows {
    /// The rows of a block.
    pub fn of(block: Block) -> Self {
        let runs = VecDeque::from([Run::Sealed(0..block.rows())]);
        Self {
            sealed: block,
            changed: None,
            runs,
            written: None,
        }
    }

    /// The rows of a block of which the jobs at `places` changed, in their order; `changed` has
    /// those of them that are still there as they are now.
    pub fn merged(sealed: Block, places: &[Place], changed: Block) -> Self {
        let mut runs = Runs::default();
        let (mut next, mut next_changed) = (0, 0);
        for place in places {
            let at = sealed.rows_up_to(|row| row < *place);
            runs.sealed(next..at);
            next = at + u32::from(at < sealed.rows() && sealed.place(at) == *place);
            if next_changed < changed.rows() && changed.place(next_changed) == *place {
                runs.changed(next_changed);
                next_changed += 1;
            }
        }
        runs.sealed(next..sealed.rows());
        Self {
            runs: runs.0,
            sealed,
            changed: Some(changed),
            written: None,
        }
    }

    /// Leaves the jobs that ended at or after `from` and before `until`.
    #[must_use]
    pub fn between(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.keep(|block| block.rows_between(from, until));
        self
    }

    /// Leaves the jobs behind `place`.
    #[must_use]
    pub fn behind(mut self, place: Place) -> Self {
        self.keep(|block| block.rows_up_to(|row| row <= place)..block.rows());
        self.written = Some(place);
        self
    }

    fn keep(&mut self, wanted: impl Fn(&Block) -> Range<u32>) {
        let of_sealed = wanted(&self.sealed);
        let of_changed = self.changed.as_ref().map_or(0..0, &wanted);
        let cut = |rows: &Range<u32>, wanted: &Range<u32>| {
            let start = rows.start.max(wanted.start);
            start..rows.end.min(wanted.end).max(start)
        };
        for run in &mut self.runs {
            match run {
                Run::Sealed(rows) => *rows = cut(rows, &of_sealed),
                Run::Changed(rows) => *rows = cut(rows, &of_changed),
            }
        }
        self.runs.retain(|run| !run.rows().is_empty());
    }

    /// Whether all of them are written.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The last job that was written, or that was passed over.
    pub const fn written(&self) -> Option<Place> {
        self.written
    }

    /// The rows of each stretch of so many rows of the block, in their order, with those that
    /// changed among them.
    pub fn pieces(&self, piece_rows: u32) -> Vec<Self> {
        let count = self.sealed.rows().div_ceil(piece_rows).max(1);
        let empty = Self {
            runs: VecDeque::new(),
            ..self.clone()
        };
        let mut pieces = vec![empty; usize::try_from(count).unwrap_or(usize::MAX)];
        let mut add = |row: u32, run: Run| {
            let piece = (row / piece_rows).min(count - 1);
            let piece = usize::try_from(piece).unwrap_or(usize::MAX);
            if let Some(piece) = pieces.get_mut(piece) {
                piece.runs.push_back(run);
            }
        };
        let mut next = 0;
        for run in &self.runs {
            match run {
                Run::Changed(rows) => add(next, Run::Changed(rows.clone())),
                Run::Sealed(rows) => {
                    next = rows.start;
                    while next < rows.end {
                        let end = (next / piece_rows + 1) * piece_rows;
                        add(next, Run::Sealed(next..end.min(rows.end)));
                        next = end.min(rows.end);
                    }
                }
            }
        }
        pieces
    }

    /// Whether they are these rows of the block, all of them and nothing else.
    pub fn are(&self, rows: Range<u32>) -> bool {
        let rows = rows.start..rows.end.min(self.sealed.rows());
        self.runs.len() == 1 && self.runs.front() == Some(&Run::Sealed(rows))
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        let runs = self.runs.iter();
        runs.map(|run| run.rows().end - run.rows().start).sum()
    }
}

/// Runs that grow at their end.
#[derive(Default)]
struct Runs(VecDeque<Run>);

impl Runs {
    fn sealed(&mut self, rows: Range<u32>) {
        if !rows.is_empty() {
            self.0.push_back(Run::Sealed(rows));
        }
    }

    fn changed(&mut self, row: u32) {
        match self.0.back_mut() {
            Some(Run::Changed(rows)) => rows.end = row + 1,
            _ => self.0.push_back(Run::Changed(row..row + 1)),
        }
    }
}

impl Run {
    const fn rows(&self) -> &Range<u32> {
        match self {
            Self::Sealed(rows) | Self::Changed(rows) => rows,
        }
    }

    const fn rows_mut(&mut self) -> &mut Range<u32> {
        match self {
            Self::Sealed(rows) | Self::Changed(rows) => rows,
        }
    }
}

/// Writes one answer of [`Rows`]: [`start`](Self::start) once, [`write`](Self::write) for any
/// rows, [`finish`](Self::finish) once.
#[derive(Debug)]
pub struct RowWriter {
    sealed: Renderer,
    /// Made when it is needed first. Of its own, so that what was prepared of the tuples of a
    /// block is not lost at every row that changed.
    changed: Option<Renderer>,
    format: Format,
    layout: Arc<PrintLayout>,
    instants: InstantWriter,
}

impl RowWriter {
    /// A writer of `layout`'s columns that writes instants with `instants`.
    pub fn new(format: Format, layout: Arc<PrintLayout>, instants: InstantWriter) -> Self {
        Self {
            sealed: Renderer::new(format, Arc::clone(&layout), instants.clone()),
            changed: None,
            format,
            layout,
            instants,
        }
    }

    /// Appends what stands before the first row.
    pub fn start(&self, out: &mut Vec<u8>) {
        self.sealed.start(out);
    }

    /// Appends what stands behind the last row.
    pub fn finish(&self, out: &mut Vec<u8>) {
        self.sealed.finish(out);
    }

    /// Appends rows until all of them are written or `out` has `soft_limit` octets, which the
    /// last row may pass.
    pub fn write(&mut self, rows: &mut Rows, out: &mut Vec<u8>, soft_limit: usize) {
        while out.len() < soft_limit
            && let Some(run) = rows.runs.front_mut()
        {
            let (block, renderer) = match run {
                Run::Sealed(_) => (Some(&rows.sealed), &mut self.sealed),
                Run::Changed(_) => {
                    let renderer = self.changed.get_or_insert_with(|| {
                        let layout = Arc::clone(&self.layout);
                        Renderer::new(self.format, layout, self.instants.clone())
                    });
                    if !self.sealed.is_first() {
                        renderer.passed();
                    }
                    (rows.changed.as_ref(), renderer)
                }
            };
            let left = run.rows_mut();
            let written = block.map_or(0, |block| {
                renderer.render(block, left.clone(), out, soft_limit)
            });
            if written == 0 {
                rows.runs.pop_front();
                continue;
            }
            left.start += written;
            rows.written = block.map(|block| block.place(left.start - 1));
            self.sealed.passed();
            if left.start >= left.end {
                rows.runs.pop_front();
            }
        }
    }

    /// Whether nothing was written yet that a separator would have to follow.
    pub const fn is_first(&self) -> bool {
        self.sealed.is_first()
    }

    /// Takes note that rows reached the answer by another way.
    pub const fn passed(&mut self) {
        self.sealed.passed();
    }

    /// Lets go of blocks and of what was written of them: a writer that must wait keeps next to
    /// no memory.
    pub fn forget(&mut self) {
        self.sealed.forget();
        self.changed = None;
    }
}
