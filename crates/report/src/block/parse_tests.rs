use std::sync::Arc;

use proptest::prelude::*;

use super::samples;
use super::{Block, BlockError, CHECKED_FROM, Renderer};
use crate::encode::Format;
use crate::instants::InstantWriter;
use crate::print_jobs::{PrintJobs, PrintLayout};

/// Puts the right checksum in: a careful forger, or a bug that wrote nonsense.
fn sealed(mut octets: Vec<u8>) -> Vec<u8> {
    if octets.len() >= CHECKED_FROM {
        let checksum = crc32fast::hash(&octets[CHECKED_FROM..]);
        octets[CHECKED_FROM - 4..CHECKED_FROM].copy_from_slice(&checksum.to_le_bytes());
    }
    octets
}

fn write_all(block: &Block) {
    for format in Format::ALL {
        let layout = Arc::new(PrintLayout::unchanged(PrintJobs));
        let zone = InstantWriter::new("UTC").unwrap();
        let mut renderer = Renderer::new(format, layout, zone);
        let mut out = Vec::new();
        let written = renderer.render(block, 0..u32::MAX, &mut out, usize::MAX);
        assert_eq!(written, block.rows());
        assert!(std::str::from_utf8(&out).is_ok());
    }
}

fn refused(octets: Vec<u8>) -> BlockError {
    Block::parse(octets).unwrap_err()
}

#[test]
fn what_is_no_block_is_named() {
    let block = samples::octets(&[samples::plain_job()]);
    let changed = |at: usize, octet: u8| {
        let mut octets = block.clone();
        octets[at] = octet;
        octets
    };
    insta::assert_snapshot!(refused(Vec::new()), @"this is no block of print jobs");
    insta::assert_snapshot!(refused(changed(0, b'x')), @"this is no block of print jobs");
    insta::assert_snapshot!(refused(changed(8, 9)), @"the block is of version 9, and 3 is what this program reads");
    insta::assert_snapshot!(refused(changed(30, 7)), @"the block's checksum is wrong: octets changed on disk");
    insta::assert_snapshot!(refused(block[..block.len() - 1].to_vec()), @"the block's checksum is wrong: octets changed on disk");
    assert!(Block::parse(block).is_ok());
}

#[test]
fn rows_out_of_order_or_twice_are_refused() {
    let (job, mut later) = (samples::plain_job(), samples::plain_job());
    later.job_no += 1;
    let order = |jobs: &[_]| Block::parse(samples::octets(jobs)).map(|block| block.rows());
    assert_eq!(order(&[job.clone(), later.clone()]), Ok(2));
    let disorder = Err(BlockError::Malformed("its rows are not in their order"));
    assert_eq!(order(&[later, job.clone()]), disorder);
    assert_eq!(order(&[job.clone(), job]), disorder);
}

proptest! {
    #[test]
    fn octets_that_changed_are_noticed(
        jobs in samples::jobs(20),
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let mut octets = samples::octets(&jobs);
        let at = at.index(octets.len());
        octets[at] ^= flip;
        prop_assert!(Block::parse(octets).is_err());
    }

    /// Whatever passes can be written, whoever made it.
    #[test]
    fn forged_blocks_do_no_harm(
        jobs in samples::jobs(20),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut octets = samples::octets(&jobs);
        for (at, octet) in changes {
            let at = CHECKED_FROM + at.index(octets.len() - CHECKED_FROM);
            octets[at] = octet;
        }
        if let Some(cut) = cut {
            octets.truncate(cut.index(octets.len()));
        }
        if let Ok(block) = Block::parse(sealed(octets)) {
            write_all(&block);
        }
    }

    #[test]
    fn any_octets_do_no_harm(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        let header = samples::octets(&[])[..CHECKED_FROM].to_vec();
        if let Ok(block) = Block::parse(sealed([header, octets].concat())) {
            write_all(&block);
        }
    }
}
