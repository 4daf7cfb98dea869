//! People taken out of kept print jobs: what goes, what stays, and what is looked at again.

use std::collections::BTreeSet;

use platen_domain::ids::SeededIds;
use platen_domain::print_rows::PrintNames as _;
use platen_domain::scope::Scope;
use platen_store::{BlockName, BlockRef, JobPosition, Store};

use crate::print_jobs::{job, take_in};
use crate::samples::{at, founded};

crate::conformance!(
    old_titles_go_and_late_ones_with_them,
    a_person_goes_and_the_sums_stay,
);

/// Users, computers and titles of the jobs that are kept.
async fn kept(store: &Store, scope: &Scope) -> Vec<[Option<String>; 3]> {
    let scope = scope.clone();
    let read = store.read(move |reader| {
        let page = reader.print_page(&scope, JobPosition::before(at(0)), at(1_000_000), 100)?;
        let word = |number: Option<u32>| Some(page.names().word(number?)?.to_owned());
        let jobs = page.rows();
        Ok(jobs
            .map(|row| {
                [
                    word(row.user),
                    word(row.client),
                    row.document.map(str::to_owned),
                ]
            })
            .collect())
    });
    read.await.unwrap()
}

/// Seals one stretch with nothing in its file.
async fn seal(store: &Store, scope: &Scope, from: u64, until: u64) {
    let scope = scope.clone();
    let sealed = store.write(move |writer| {
        let sign = writer.stretch_sign(&scope, at(from), at(until))?;
        let block = BlockRef {
            from: at(from),
            until: at(until),
            name: BlockName::new(&SeededIds::new(from)),
            checksum: 0,
            jobs: sign.jobs(),
            changes: 0,
            outdated: false,
        };
        writer.seal_block(&scope, &block, &sign)
    });
    assert!(sealed.await.unwrap());
}

async fn sealed(store: &Store, scope: &Scope) -> usize {
    let scope = scope.clone();
    let read = store.read(move |reader| reader.print_blocks(&scope, at(0), at(1_000_000)));
    read.await.unwrap().len()
}

async fn remove_titles(store: &Store, scope: &Scope, before: u64) -> u64 {
    let scope = scope.clone();
    let removed = store.write(move |writer| writer.remove_titles(&scope, at(before)));
    let removed = removed.await.unwrap();
    assert_eq!(removed.next, None);
    removed.jobs
}

async fn old_titles_go_and_late_ones_with_them(store: &Store) {
    let scope = founded(store, 1).await;
    let jobs = vec![job("a", "1", 10), job("a", "2", 20), job("a", "3", 30)];
    take_in(store, &scope, jobs).await;
    seal(store, &scope, 0, 15).await;
    seal(store, &scope, 25, 35).await;
    assert_eq!(remove_titles(store, &scope, 25).await, 2);
    let titled: Vec<_> = kept(store, &scope).await;
    let titled: Vec<_> = titled.iter().map(|[_, _, title]| title.is_some()).collect();
    assert_eq!(titled, [false, false, true]);
    assert_eq!(
        sealed(store, &scope).await,
        1,
        "only what was touched is unsealed"
    );
    assert_eq!(remove_titles(store, &scope, 25).await, 0);
    take_in(store, &scope, vec![job("a", "late", 5)]).await;
    assert_eq!(remove_titles(store, &scope, 25).await, 1);
    let other = founded(store, 2).await;
    assert_eq!(remove_titles(store, &other, 1_000).await, 0);
    assert_eq!(kept(store, &scope).await.len(), 4);
}

async fn a_person_goes_and_the_sums_stay(store: &Store) {
    let scope = founded(store, 1).await;
    let from = |id: &str, user: &str, client: &str, seconds| {
        let mut job = job("a", id, seconds);
        job.user = Some(user.to_owned());
        job.client = Some(client.to_owned());
        job
    };
    let jobs = vec![
        from("1", "ada", "adas-pc", 10),
        from("2", "bob", "hall", 20),
        from("3", "ada", "hall", 30),
    ];
    take_in(store, &scope, jobs).await;
    seal(store, &scope, 0, 40).await;
    let within = scope.clone();
    let months = store.read(move |r| r.print_months(&within, (0, 999_999), None, 100));
    let before = months.await.unwrap();

    let within = scope.clone();
    let erased = store.write(move |writer| {
        let users = writer.print_users(&within, |name| name == "ada")?;
        assert_eq!(users.len(), 1);
        let erased = writer.erase_traces(&within, &users, at(0))?;
        let forgotten: BTreeSet<_> = &erased.theirs - &erased.of_others;
        assert_eq!((forgotten.len(), erased.next), (1, None));
        let names = [(users[0], "u-0".to_owned())];
        writer.rename_print_users(&within, &names, &forgotten)?;
        Ok(erased)
    });
    assert_eq!(erased.await.unwrap().jobs, 2);
    let text = |text: &str| Some(text.to_owned());
    let title = job("a", "2", 20).document;
    assert_eq!(
        kept(store, &scope).await,
        [
            [text("u-0"), None, None],
            [text("bob"), text("hall"), title],
            [text("u-0"), None, None],
        ]
    );
    let within = scope.clone();
    let blocks = store.read(move |reader| reader.print_blocks(&within, at(0), at(1_000)));
    let block = blocks.await.unwrap()[0];
    assert!(block.outdated, "its files still name her");
    let within = scope.clone();
    let beside = store.read(move |reader| reader.block_changes(&within, &block));
    assert_eq!(beside.await.unwrap().unwrap().jobs.len(), 2);
    let within = scope.clone();
    let months = store.read(move |r| r.print_months(&within, (0, 999_999), None, 100));
    assert_eq!(months.await.unwrap(), before);
    // The writer remembers no number for the old name.
    take_in(store, &scope, vec![from("4", "ada", "adas-pc", 50)]).await;
    let [user, client, _] = kept(store, &scope).await.pop().unwrap();
    assert_eq!((user, client), (text("ada"), text("adas-pc")));
}
