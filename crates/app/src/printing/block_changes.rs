//! Sealed stretches as they read now: a block, and beside it the jobs that came, changed or went
//! since it was made. Readers get them in the order of time, as if the block were made anew.
//!
//! The compressed form of such a block is most of its file, with the pieces in which jobs changed
//! made anew. Those are kept in memory: they are made once for many reports.

use std::sync::Arc;

use platen_domain::scope::Scope;
use platen_report::block::{Block, Place, Rows};
use platen_store::{BlockName, BlockRef, JobPosition};

use super::Printing;
use super::print_reports::{columns_of, read_columns};
use super::recent::Recent;
use super::rendition_file::{Parts, Rendition};
use super::renditions::Look;

/// Octets of blocks kept: some dozens of days of a busy organization.
const BLOCK_OCTETS_MAX: usize = 24 * 1024 * 1024;

/// Octets of pieces that were made anew kept: those of three years of days, each with a piece of
/// some 6 KB in which a job changed.
const PART_OCTETS_MAX: usize = 12 * 1024 * 1024;

/// Octets that must be left for them before pieces are made that nobody asked for yet.
const PART_ROOM: usize = 256 * 1024;

/// The blocks that were read last.
pub(crate) type KeptBlocks = Recent<BlockName, Block>;

/// The compressed forms that were put together last, by block and look, and how many changes of
/// the block they show.
pub(crate) type KeptParts = Recent<(BlockName, u64), (u64, Arc<Parts>)>;

pub(crate) fn kept_blocks() -> KeptBlocks {
    Recent::new(BLOCK_OCTETS_MAX)
}

pub(crate) fn kept_parts() -> KeptParts {
    Recent::new(PART_OCTETS_MAX)
}

impl Printing<'_> {
    /// The jobs of a sealed stretch as they read now. `None` where its file is gone or damaged, or
    /// where it was sealed anew meanwhile: it is read as rows then.
    pub async fn sealed_rows(self, scope: &Scope, block: &BlockRef) -> Option<Rows> {
        let (rows, _) = self.sealed_rows_and_changes(scope, block).await?;
        Some(rows)
    }

    /// As [`Self::sealed_rows`], with how many changes they show.
    async fn sealed_rows_and_changes(self, scope: &Scope, block: &BlockRef) -> Option<(Rows, u64)> {
        let sealed = self.load_block(block).await?;
        if block.changes == 0 {
            return Some((Rows::of(sealed), 0));
        }
        let (scope, of) = (scope.clone(), *block);
        let read = self.app.store.read(move |r| r.block_changes(&scope, &of));
        match read.await {
            Ok(Some(beside)) => {
                let changed = Block::parse(columns_of(&beside.jobs)).ok()?;
                let places: Vec<Place> = beside.places.iter().map(place).collect();
                Some((Rows::merged(sealed, &places, changed), beside.changes))
            }
            Ok(None) => None,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(name = %block.name, error, "what changed in a block cannot be read");
                None
            }
        }
    }

    /// The columns of a sealed stretch as they were sealed: from memory where another reader just
    /// had them, else from their file. `None` where the file is gone or damaged.
    async fn load_block(self, block: &BlockRef) -> Option<Block> {
        let name = block.name;
        if let Some(known) = self.app.printing.blocks.get(name) {
            return Some(known);
        }
        let (files, block) = (self.app.store.blocks().clone(), *block);
        let read = tokio::task::spawn_blocking(move || read_columns(&files, &block));
        match read.await.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(read) => {
                self.app
                    .printing
                    .blocks
                    .keep(name, read.clone(), read.octets());
                Some(read)
            }
            Err(error) => {
                tracing::warn!(
                    %name,
                    error,
                    "a block cannot be read; its jobs are read as rows"
                );
                None
            }
        }
    }

    /// A sealed stretch in this look, where it can be had without waiting: no job of it changed,
    /// or what changed was made ready before.
    pub fn ready_rendition(self, look: &Look, block: &BlockRef) -> Option<Rendition> {
        if block.changes == 0 {
            return Some(look.open(self.app.store.blocks(), block)?.whole());
        }
        let (changes, parts) = self
            .app
            .printing
            .changed_parts
            .get((block.name, look.sign()))?;
        let file = look.open(self.app.store.blocks(), block)?;
        (changes >= block.changes).then(|| file.with(parts))
    }

    /// A sealed stretch in this look, where it was compressed already.
    pub async fn rendition(
        self,
        scope: &Scope,
        look: &Look,
        block: &BlockRef,
    ) -> Option<Rendition> {
        if let Some(ready) = self.ready_rendition(look, block) {
            return Some(ready);
        }
        if block.changes == 0 {
            return None;
        }
        let (rows, changes) = self.sealed_rows_and_changes(scope, block).await?;
        let (files, of, with) = (self.app.store.blocks().clone(), *block, look.clone());
        let made = tokio::task::spawn_blocking(move || {
            let mut file = with.open(&files, &of)?;
            let parts = Arc::new(with.parts(&rows, &mut file)?);
            Some((file, parts))
        });
        let (file, parts) = made.await.ok()??;
        let kept = (changes, Arc::clone(&parts));
        self.app
            .printing
            .changed_parts
            .keep((block.name, look.sign()), kept, parts.octets());
        Some(file.with(parts))
    }

    /// Makes ready what changed in a block, while there is room; says whether it did.
    pub(crate) async fn make_ready(self, scope: &Scope, look: &Look, block: &BlockRef) -> bool {
        block.changes > 0
            && self.app.printing.changed_parts.has_room(PART_ROOM)
            && self.ready_rendition(look, block).is_none()
            && self.rendition(scope, look, block).await.is_some()
    }
}

fn place(job: &JobPosition) -> Place {
    (job.completed_at, job.job_no.cast_unsigned())
}
