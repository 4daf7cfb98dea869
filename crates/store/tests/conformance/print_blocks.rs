//! Sealed stretches and their files.

use std::collections::HashSet;

use platen_domain::clock::Timestamp;
use platen_domain::ids::SeededIds;
use platen_domain::scope::Scope;
use platen_store::{BlockName, BlockRef, Store};

use crate::print_jobs::{job, take_in};
use crate::samples::{at, founded};

crate::conformance!(
    what_is_sealed_is_in_use_until_it_is_unsealed,
    the_first_job_of_a_stretch_is_found,
    files_that_no_block_uses_are_swept_away,
);

fn name(number: u64) -> BlockName {
    BlockName::new(&SeededIds::new(number))
}

/// Seals the seconds 0 to 10.
async fn sealed(store: &Store, scope: &Scope, number: u64) -> BlockRef {
    take_in(store, scope, vec![job("cups|a", "1", 5)]).await;
    let within = scope.clone();
    let sealed = store.write(move |w| {
        let block = BlockRef {
            from: at(0),
            until: at(10),
            name: name(number),
            checksum: u32::MAX,
            jobs: 1,
            changes: 0,
            outdated: false,
        };
        let sign = w.stretch_sign(&within, block.from, block.until)?;
        assert!(w.seal_block(&within, &block, &sign)?);
        Ok(block)
    });
    sealed.await.unwrap()
}

async fn blocks(store: &Store, scope: &Scope) -> Vec<BlockRef> {
    let scope = scope.clone();
    let blocks = store.read(move |r| r.print_blocks(&scope, at(0), at(100)));
    blocks.await.unwrap()
}

async fn in_use(store: &Store) -> HashSet<BlockName> {
    let in_use = store.read(|r| r.blocks_in_use()).await.unwrap();
    in_use.into_iter().collect()
}

async fn what_is_sealed_is_in_use_until_it_is_unsealed(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let block = sealed(store, &own, 1).await;
    let theirs = sealed(store, &other, 2).await;
    assert_eq!(blocks(store, &own).await, [block]);
    assert_eq!(in_use(store).await, [name(1), name(2)].into());
    let within = own.clone();
    let unsealed = store.write(move |w| w.unseal(&within, &block));
    unsealed.await.unwrap();
    assert_eq!(blocks(store, &own).await, []);
    assert_eq!(blocks(store, &other).await, [theirs]);
    assert_eq!(in_use(store).await, [name(2)].into());
}

async fn the_first_job_of_a_stretch_is_found(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    let jobs = [("1", 20), ("2", 10), ("3", 30)].map(|(id, at)| job("cups|a", id, at));
    take_in(store, &own, jobs.to_vec()).await;
    let first = |scope: &Scope, from, until| {
        let scope = scope.clone();
        async move {
            let read = store.read(move |r| r.first_job_at(&scope, at(from), at(until)));
            read.await.unwrap()
        }
    };
    for (from, until, expected) in [
        (0, 100, Some(10)),
        (10, 11, Some(10)),
        (11, 100, Some(20)),
        (11, 20, None),
        (31, 100, None),
    ] {
        let expected: Option<Timestamp> = expected.map(at);
        assert_eq!(first(&own, from, until).await, expected);
        assert_eq!(first(&other, from, until).await, None);
    }
}

async fn files_that_no_block_uses_are_swept_away(store: &Store) {
    let scope = founded(store, 1).await;
    let block = sealed(store, &scope, 1).await;
    let files = store.blocks();
    files.write(block.name, "json", b"[1]").unwrap();
    files.write(name(2), "json", b"[2]").unwrap();
    assert_eq!(files.read(name(2), "json").unwrap(), b"[2]");
    assert_eq!(files.sweep(&in_use(store).await, None).unwrap(), 1);
    assert_eq!(files.read(block.name, "json").unwrap(), b"[1]");
    assert!(files.read(name(2), "json").is_err());
}
