//! Blocks in memory: bounded together, whoever reads them. A reader keeps none while its client
//! takes its time, so that a hundred slow clients cost what the bound says and no more.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use platen_report::block::Block;
use platen_store::BlockName;

/// Octets of blocks kept: some dozens of days of a busy organization.
const OCTETS_MAX: usize = 24 * 1024 * 1024;

/// The blocks that were used last.
#[derive(Debug, Default)]
pub(crate) struct BlockCache(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    blocks: HashMap<BlockName, Entry>,
    octets: usize,
    turn: u64,
}

#[derive(Debug)]
struct Entry {
    block: Block,
    used: u64,
}

impl BlockCache {
    /// The block, if somebody had it lately.
    pub(crate) fn get(&self, name: BlockName) -> Option<Block> {
        let mut kept = self.lock();
        kept.turn += 1;
        let turn = kept.turn;
        let entry = kept.blocks.get_mut(&name)?;
        entry.used = turn;
        Some(entry.block.clone())
    }

    /// Keeps a block and lets go of those that were not used for longest.
    pub(crate) fn keep(&self, name: BlockName, block: Block) {
        let mut kept = self.lock();
        kept.turn += 1;
        let used = kept.turn;
        kept.octets += block.octets();
        let replaced = kept.blocks.insert(name, Entry { block, used });
        kept.octets -= replaced.map_or(0, |entry| entry.block.octets());
        while kept.octets > OCTETS_MAX && kept.blocks.len() > 1 {
            kept.drop_oldest();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn drop_oldest(&mut self) {
        let oldest = self.blocks.iter().min_by_key(|(_, entry)| entry.used);
        let Some(name) = oldest.map(|(name, _)| *name) else {
            return;
        };
        if let Some(entry) = self.blocks.remove(&name) {
            self.octets -= entry.block.octets();
        }
    }
}
