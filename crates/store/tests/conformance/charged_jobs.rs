//! Print jobs with their ids at their sources and the accounts that are charged for them.

use platen_domain::accounts::{Account, AccountLabel};
use platen_domain::charges::{Charge, ChargeOrigin, ChargeProblems, ChargeState};
use platen_domain::clock::Timestamp;
use platen_domain::ids::{ChargeId, SeededIds};
use platen_domain::points::Points;
use platen_domain::print_jobs::SourceKey;
use platen_domain::print_rows::PrintNames as _;
use platen_domain::privacy::{FieldMode, PrivacyPolicy};
use platen_domain::scope::Scope;
use platen_store::{JobPosition, Store};

use crate::print_jobs::{job, take_in};
use crate::samples::{account, add_account, at, founded};

crate::conformance!(
    a_job_shows_the_id_that_its_source_gave_it,
    an_id_made_of_a_line_is_not_shown_where_people_are_hidden,
    a_job_says_the_account_of_its_charge,
    a_stretch_whose_charges_changed_is_not_sealed_as_it_was,
);

const UUID: &str = "urn:uuid:0189f3a2-0000-7000-8000-00000000abcd";
const LINE: &str = "2026-10-25|ba7816bf8f01cfea|1";

/// Ids and charged accounts of all jobs.
async fn listed(store: &Store, scope: &Scope) -> Vec<String> {
    let (scope, after) = (scope.clone(), JobPosition::before(at(0)));
    let end = Timestamp::from_millis(i64::MAX);
    let page = store.read(move |r| r.print_page(&scope, after, end, 100));
    let page = page.await.unwrap();
    let line = |row: platen_domain::print_rows::PrintRow<'_>| {
        let id = row.source_job.map_or("-".to_owned(), |id| id.to_string());
        let code = row
            .charged_account
            .map_or("-", |account| page.names().account_code(account).unwrap());
        format!("{id} {code}")
    };
    page.rows().map(line).collect()
}

fn charge(number: u8, job: &str, account: &Account, state: ChargeState) -> Charge {
    Charge {
        id: ChargeId::from_bytes([number; 16]),
        origin: ChargeOrigin::Program,
        job: Some(SourceKey::new("cups|a", job)),
        account_named: None,
        account: Some(AccountLabel {
            id: account.id,
            code: account.details.code.clone(),
        }),
        user: None,
        claimed: Points::whole(2),
        refunded: Points::ZERO,
        state,
        problems: ChargeProblems::NONE,
        at: at(9),
        updated_at: at(9),
        revision: 0,
    }
}

async fn put(store: &Store, scope: &Scope, charge: Charge) {
    let scope = scope.clone();
    let kept = store.write(move |w| w.put_charge(&scope, &charge));
    kept.await.unwrap();
}

async fn a_job_shows_the_id_that_its_source_gave_it(store: &Store) {
    let scope = founded(store, 1).await;
    let jobs = [UUID, "4711", LINE, "urn:uuid:1"];
    let jobs = jobs.iter().zip(1..).map(|(id, at)| job("cups|a", id, at));
    take_in(store, &scope, jobs.collect()).await;
    let shown = listed(store, &scope).await;
    assert_eq!(
        shown,
        [UUID, "4711", LINE, "urn:uuid:1"].map(|id| format!("{id} -"))
    );
}

async fn an_id_made_of_a_line_is_not_shown_where_people_are_hidden(store: &Store) {
    let scope = founded(store, 1).await;
    let policy = PrivacyPolicy {
        user: FieldMode::Hash,
        ..PrivacyPolicy::default()
    };
    let within = scope.clone();
    let set = store.write(move |w| w.set_privacy(&within, &policy, &SeededIds::new(1)));
    set.await.unwrap();
    let jobs = [UUID, "4711", LINE];
    let jobs = jobs.iter().zip(1..).map(|(id, at)| job("cups|a", id, at));
    take_in(store, &scope, jobs.collect()).await;
    let shown = [format!("{UUID} -"), "4711 -".to_owned(), "- -".to_owned()];
    assert_eq!(listed(store, &scope).await, shown);
    // Who is erased leaves no id that a program or a line made.
    let within = scope.clone();
    let erased = store.write(move |w| {
        let users: Vec<_> = w.word_of_person(&within, "alice").into_iter().collect();
        w.erase_traces(&within, &users, at(0))
    });
    assert_eq!(erased.await.unwrap().jobs, 3);
    let shown = [format!("{UUID} -"), "- -".to_owned(), "- -".to_owned()];
    assert_eq!(listed(store, &scope).await, shown);
}

async fn a_job_says_the_account_of_its_charge(store: &Store) {
    let scope = founded(store, 1).await;
    let (math, mut art) = (account(1, "MATH", "Math"), account(2, "ART", "Art"));
    add_account(store, &scope, &math).await;
    add_account(store, &scope, &art).await;
    // A program charges before the job's record comes.
    put(store, &scope, charge(1, UUID, &art, ChargeState::Charged)).await;
    put(store, &scope, charge(2, "2", &art, ChargeState::Uncharged)).await;
    let jobs = || vec![job("cups|a", UUID, 1), job("cups|a", "2", 2)];
    take_in(store, &scope, jobs()).await;
    let shown = listed(store, &scope).await;
    assert_eq!(shown, [format!("{UUID} ART"), "2 -".to_owned()]);

    put(store, &scope, charge(1, UUID, &math, ChargeState::Charged)).await;
    put(store, &scope, charge(2, "2", &art, ChargeState::Charged)).await;
    "Arts".clone_into(&mut art.details.code);
    let (within, renamed) = (scope.clone(), art.clone());
    let renamed = store.write(move |w| w.update_account(&within, &renamed));
    renamed.await.unwrap();
    let shown = listed(store, &scope).await;
    assert_eq!(shown, [format!("{UUID} MATH"), "2 Arts".to_owned()]);

    let version = || {
        let scope = scope.clone();
        store.read(move |r| r.print_version(&scope))
    };
    let before = version().await.unwrap();
    put(store, &scope, charge(2, "2", &art, ChargeState::Charged)).await;
    assert_eq!(version().await.unwrap(), before, "nothing changed");
    put(store, &scope, charge(2, "2", &art, ChargeState::Refunded)).await;
    assert_eq!(version().await.unwrap(), before + 1);
    let (within, first) = (scope.clone(), ChargeId::from_bytes([1; 16]));
    let ended = store.write(move |w| w.end_charge(&within, first, at(20)));
    ended.await.unwrap();
    let shown = listed(store, &scope).await;
    assert_eq!(shown, [format!("{UUID} -"), "2 -".to_owned()]);
}

async fn a_stretch_whose_charges_changed_is_not_sealed_as_it_was(store: &Store) {
    let scope = founded(store, 1).await;
    let (math, art) = (account(1, "MATH", "Math"), account(2, "ART", "Art"));
    add_account(store, &scope, &math).await;
    add_account(store, &scope, &art).await;
    take_in(
        store,
        &scope,
        vec![job("cups|a", "1", 1), job("cups|a", "2", 2)],
    )
    .await;
    put(store, &scope, charge(1, "1", &math, ChargeState::Charged)).await;
    put(store, &scope, charge(2, "2", &art, ChargeState::Charged)).await;
    let sign = || {
        let scope = scope.clone();
        store.read(move |r| r.stretch_sign(&scope, at(0), at(10)))
    };
    let before = sign().await.unwrap();
    assert_eq!(sign().await.unwrap(), before);
    // Exchanged: as many jobs of as many accounts.
    put(store, &scope, charge(1, "1", &art, ChargeState::Charged)).await;
    put(store, &scope, charge(2, "2", &math, ChargeState::Charged)).await;
    assert_ne!(sign().await.unwrap(), before);
}
