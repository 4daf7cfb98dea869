//! Reading print jobs for reports: sealed stretches as blocks, open ones as rows, in the order
//! of time, each by a short read.

use std::collections::VecDeque;

use platen_domain::clock::Timestamp;
use platen_domain::scope::Scope;
use platen_report::block::{Block, BlockBuilder};
pub use platen_store::BlockRef;
use platen_store::{BlockFiles, JobPosition, PrintPage, Reader, Store};

use super::Printing;
use super::veil::Veil;
use crate::AppError;
use crate::access::authorization;

/// Jobs of an open day read in one short transaction: some milliseconds and half a
/// megabyte, which a slow client may keep.
const JOBS_PER_PAGE: u32 = 4_096;

/// What kind of file holds a block's columns.
pub(crate) const COLUMNS: &str = "columns";

/// The next part of a report.
#[derive(Debug)]
pub enum Segment {
    /// A sealed stretch, to be [read](Printing::sealed_rows) when it is needed.
    Sealed(BlockRef),
    /// Jobs of a stretch that is not sealed.
    Open(Block),
}

/// The parts of a report from one instant until before another.
pub struct PrintSegments {
    store: Store,
    scope: Scope,
    from: Timestamp,
    until: Timestamp,
    sealed: VecDeque<BlockRef>,
    position: JobPosition,
    done: bool,
    /// For who may not see names.
    veil: Option<Veil>,
}

impl PrintSegments {
    /// The next part; `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<Segment, AppError>> {
        while !self.done {
            let sealed = self.sealed.front().copied();
            if let Some(block) = sealed
                && block.from <= self.position.completed_at
            {
                self.sealed.pop_front();
                self.position = JobPosition::before(block.until);
                self.done = block.until >= self.until;
                return Some(Ok(Segment::Sealed(block)));
            }
            let end = sealed.map_or(self.until, |block| block.from);
            match self.read_rows(end).await {
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
                Ok(Some(block)) => return Some(Ok(Segment::Open(block))),
                Ok(None) => {
                    self.position = JobPosition::before(end);
                    self.done = end >= self.until;
                }
            }
        }
        None
    }

    /// For whom it is.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Reads a stretch as rows after all: its file is gone or damaged, or it was sealed
    /// anew. `behind` is the last job
    /// of it that was written, where some were.
    pub fn read_as_rows(&mut self, block: &BlockRef, behind: Option<(Timestamp, u64)>) {
        let behind = behind.map(|(completed_at, job_no)| JobPosition {
            completed_at,
            job_no: job_no.cast_signed(),
        });
        self.position = behind.unwrap_or_else(|| JobPosition::before(block.from.max(self.from)));
        self.done = false;
    }

    async fn read_rows(&mut self, end: Timestamp) -> Result<Option<Block>, AppError> {
        let (scope, after) = (self.scope.clone(), self.position);
        let page = self
            .store
            .read(move |reader| reader.print_page(&scope, after, end, JOBS_PER_PAGE))
            .await?;
        let Some(last) = page.end() else {
            return Ok(None);
        };
        self.position = last;
        let columns = match &self.veil {
            Some(veil) => veil.columns_of(&page),
            None => columns_of(&page),
        };
        Ok(Some(Block::parse(columns).map_err(defect)?))
    }
}

/// The columns of a page of jobs.
pub(crate) fn columns_of(page: &PrintPage) -> Vec<u8> {
    let mut builder = BlockBuilder::new(page.names());
    for row in page.rows() {
        builder.push(&row);
    }
    builder.finish()
}

/// The columns of a sealed stretch from their file, or why they are not what was sealed.
pub(crate) fn read_columns(files: &BlockFiles, block: &BlockRef) -> Result<Block, String> {
    let octets = files.read(block.name, COLUMNS);
    let columns = Block::parse(octets.map_err(|error| error.to_string())?);
    let columns = columns.map_err(|error| error.to_string())?;
    if columns.checksum() == block.checksum {
        Ok(columns)
    } else {
        Err("the file holds the columns of another block".to_owned())
    }
}

/// A block that we built and cannot read.
fn defect(error: platen_report::block::BlockError) -> AppError {
    AppError::Interrupted(Box::new(error))
}

impl Printing<'_> {
    /// Grows with every change that a print report could show.
    pub async fn print_version(self, scope: &Scope) -> Result<u64, AppError> {
        let scope = scope.clone();
        Ok(self
            .app
            .store
            .read(move |r| r.print_version(&scope))
            .await?)
    }

    /// The parts of a report over the jobs that ended from `from` until before `until`.
    ///
    /// Who may not see names gets pseudonyms, and rows throughout: blocks hold the names.
    ///
    /// Which stretches are sealed is asked once. A job that arrives while the report is read may
    /// be in or out; every other job is in exactly once, since a job never changes its place.
    pub async fn print_segments(
        self,
        scope: Scope,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<PrintSegments, AppError> {
        let veil = self.veil(&scope).await?;
        let within = scope.clone();
        let blocks = if veil.is_none() {
            let read = move |reader: &Reader<'_>| reader.print_blocks(&within, from, until);
            self.app.store.read(read).await?
        } else {
            Vec::new()
        };
        Ok(PrintSegments {
            store: self.app.store.clone(),
            scope,
            from,
            until,
            sealed: blocks.into(),
            position: JobPosition::before(from),
            done: from >= until,
            veil,
        })
    }

    /// What hides names from who acts in `scope`, where something must.
    pub(crate) async fn veil(self, scope: &Scope) -> Result<Option<Veil>, AppError> {
        if authorization::sees_names(scope) {
            return Ok(None);
        }
        Ok(Some(Veil::new(self.app.people().privacy(scope).await?.key)))
    }
}
