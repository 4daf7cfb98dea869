//! Imports, and taking them back.

use platen_domain::accounts::Account;
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblems, ChargeState};
use platen_domain::ids::ChargeId;
use platen_domain::imports::{Import, ImportState, ImportedFile, Undone};
use platen_domain::points::Points;
use platen_domain::print_jobs::{PrintRecord, SourceKey};
use platen_domain::scope::Scope;
use platen_store::{ImportedJobs, JobOutcome, PlacedRecord, Store};

use crate::print_jobs::{job, month_of, months, prices, recomputed, take_in};
use crate::samples::{account, add_account, at, founded};

crate::conformance!(
    imports_are_numbered_and_read_back_with_their_files,
    what_an_import_brought_goes_and_what_others_said_stays,
    a_job_that_an_import_revised_is_what_it_was_with_its_charge,
);

async fn begin(store: &Store, scope: &Scope) -> u32 {
    let scope = scope.clone();
    let begun = store.write(move |w| w.begin_import(&scope, "alice", at(1)));
    begun.await.unwrap()
}

async fn take_in_import(
    store: &Store,
    scope: &Scope,
    import: u32,
    records: Vec<PrintRecord>,
) -> Vec<JobOutcome> {
    let placed = records.into_iter().map(|record| PlacedRecord {
        month: month_of(record.completed_at),
        record,
    });
    let placed: Vec<_> = placed.collect();
    let scope = scope.clone();
    let taken = store
        .write(move |w| w.record_imported_print_jobs(&scope, import, &placed, &prices(), at(900)));
    taken.await.unwrap()
}

async fn record(store: &Store, scope: &Scope, id: &str) -> Option<PrintRecord> {
    let (scope, key) = (scope.clone(), SourceKey::new("log|a", id));
    let kept = store.read(move |r| r.print_record(&scope, &key));
    kept.await.unwrap()
}

async fn imports_are_numbered_and_read_back_with_their_files(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    assert_eq!(begin(store, &own).await, 1);
    assert_eq!(begin(store, &own).await, 2);
    assert_eq!(begin(store, &other).await, 1);
    let files = ["b.csv", "a.csv"].map(|name| ImportedFile {
        name: name.to_owned(),
        kind: "page_log".to_owned(),
        accepted: 1,
        revised: 2,
        duplicate: 3,
        refused: 4,
        whole: name == "b.csv",
    });
    let undone = Undone {
        removed: 1,
        reverted: 2,
        kept: 3,
    };
    let (within, added) = (own.clone(), files.clone());
    let written = store.write(move |w| {
        for file in &added {
            w.add_import_file(&within, 2, file)?;
        }
        w.set_import_state(&within, 2, ImportState::Undoing, at(9))?;
        w.add_undone(&within, 2, undone)?;
        w.add_undone(&within, 2, undone)
    });
    written.await.unwrap();
    let second = Import {
        number: 2,
        actor: "alice".to_owned(),
        begun_at: at(1),
        state: ImportState::Undoing,
        state_since: at(9),
        undone: undone.plus(undone),
        files: files.to_vec(),
    };
    let first = Import {
        number: 1,
        state: ImportState::Begun,
        state_since: at(1),
        undone: Undone::default(),
        files: Vec::new(),
        ..second.clone()
    };
    let read = store.read(move |r| {
        let all = r.imports(&own, 9)?;
        let newest = r.imports(&own, 1)?;
        let unknown = r.import(&other, 2)?;
        Ok((all, newest, r.import(&own, 2)?, unknown))
    });
    let (all, newest, alone, unknown) = read.await.unwrap();
    assert_eq!(all, [second.clone(), first]);
    assert_eq!(newest, std::slice::from_ref(&second));
    let without_files = Import {
        files: Vec::new(),
        ..second
    };
    assert_eq!((alone, unknown), (Some(without_files), None));
}

/// Everything that an import brought, a piece a write.
async fn brought(store: &Store, scope: &Scope, import: u32) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    loop {
        let within = scope.clone();
        let next = store.write(move |w| w.next_imported_jobs(&within, import, 1));
        let ImportedJobs { jobs, are_last } = next.await.unwrap();
        all.extend(jobs.iter().map(|job| (job.key.id.clone(), job.is_shared)));
        let within = scope.clone();
        let removed = store.write(move |w| {
            let own: Vec<_> = jobs.iter().filter(|job| !job.is_shared).collect();
            for job in own {
                w.remove_imported_jobs(&within, std::slice::from_ref(job))?;
            }
            Ok(())
        });
        removed.await.unwrap();
        if are_last {
            return all;
        }
    }
}

async fn what_an_import_brought_goes_and_what_others_said_stays(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    take_in(store, &own, vec![job("log|a", "0", 1)]).await;
    take_in(store, &other, vec![job("log|a", "1", 2)]).await;
    let import = begin(store, &own).await;
    let jobs = ["1", "2", "3"].map(|id| job("log|a", id, 5));
    take_in_import(store, &own, import, jobs.to_vec()).await;
    take_in(
        store,
        &own,
        vec![job("log|a", "2", 5), job("log|a", "4", 6)],
    )
    .await;

    let found = brought(store, &own, import).await;
    let expected = [("1", false), ("2", true), ("3", false)];
    assert_eq!(found, expected.map(|(id, shared)| (id.to_owned(), shared)));
    for (id, is_kept) in [
        ("0", true),
        ("1", false),
        ("2", true),
        ("3", false),
        ("4", true),
    ] {
        assert_eq!(record(store, &own, id).await.is_some(), is_kept, "{id}");
    }
    assert!(record(store, &other, "1").await.is_some());
    assert_eq!(months(store, &own).await, recomputed(store, &own).await);

    let within = own.clone();
    let forgotten = store.write(move |w| w.forget_import_ranges(&within, import));
    forgotten.await.unwrap();
    assert_eq!(brought(store, &own, import).await, []);
    // What was taken back can come again.
    let again = take_in(store, &own, vec![job("log|a", "1", 5)]).await;
    assert_eq!(again, [JobOutcome::Accepted]);
}

fn charge(account: &Account, claimed: i64) -> Charge {
    Charge {
        id: ChargeId::from_bytes([1; 16]),
        origin: ChargeOrigin::Program,
        job: Some(SourceKey::new("log|a", "1")),
        account_named: None,
        account: Some(platen_domain::accounts::AccountLabel {
            id: account.id,
            code: account.details.code.clone(),
        }),
        user: None,
        claimed: Points::whole(claimed),
        refunded: Points::ZERO,
        state: ChargeState::Charged,
        problems: ChargeProblems::NONE,
        at: at(9),
        updated_at: at(9),
        revision: 1,
    }
}

async fn a_job_that_an_import_revised_is_what_it_was_with_its_charge(store: &Store) {
    let scope = founded(store, 1).await;
    let math = account(1, "MATH", "Math");
    add_account(store, &scope, &math).await;
    let put = |charge: Charge| {
        let scope = scope.clone();
        store.write(move |w| w.put_charge(&scope, &charge))
    };
    take_in(store, &scope, vec![job("log|a", "1", 5)]).await;
    put(charge(&math, 3)).await.unwrap();
    let before = record(store, &scope, "1").await;
    let import = begin(store, &scope).await;
    let mut revised = job("log|a", "1", 5);
    revised.counts.impressions = Some(8);
    let outcome = take_in_import(store, &scope, import, vec![revised]).await;
    assert_eq!(outcome, [JobOutcome::Revised]);
    put(charge(&math, 8)).await.unwrap();
    assert_ne!(record(store, &scope, "1").await, before);

    let within = scope.clone();
    let taken_back = store.write(move |w| {
        let id = ChargeId::from_bytes([1; 16]);
        let revisions = w.import_revisions(&within, import, 9)?;
        let of_hold = w.is_of_hold(&within, id)?;
        for revision in &revisions {
            w.restore_charge(import, revision, id, at(20))?;
        }
        w.revert_import_revisions(&within, import, &revisions, &prices(), at(20))?;
        let known: Vec<_> = revisions
            .iter()
            .map(|revision| (revision.key.id.clone(), revision.is_shared, revision.charge))
            .collect();
        let left = w.import_revisions(&within, import, 9)?.len();
        Ok((known, of_hold, left, w.charge(&within, id)?))
    });
    let (known, of_hold, left, restored) = taken_back.await.unwrap();
    let [(id, is_shared, Some(charge_before))] = &known[..] else {
        panic!("{known:?}");
    };
    assert_eq!(
        (id.as_str(), *is_shared, of_hold, left),
        ("1", false, false, 0)
    );
    assert_eq!(charge_before.net(), Points::whole(3));
    assert_eq!(restored.unwrap().claimed, Points::whole(3));
    assert_eq!(record(store, &scope, "1").await, before);
    assert_eq!(months(store, &scope).await, recomputed(store, &scope).await);
}
