//! One word a person in print jobs, whatever a job calls them.

use platen_domain::person_names::NameRule;
use platen_domain::scope::Scope;
use platen_store::{PeoplePending, Store};

use crate::print_jobs::{job, months, recomputed, take_in};
use crate::samples::{add_print_user, founded, print_user};

crate::conformance!(
    names_are_read_anew_by_a_new_rule_and_jobs_follow,
    every_name_is_handed_out_to_its_organization_alone,
);

async fn printed(store: &Store, scope: &Scope, users: &[&str]) {
    let jobs = (1..).zip(users).map(|(number, user)| {
        let mut job = job("cups|a", &format!("{user} {number}"), number);
        job.user = Some((*user).to_owned());
        job
    });
    take_in(store, scope, jobs.collect()).await;
}

async fn names(store: &Store, scope: &Scope) -> Vec<String> {
    let scope = scope.clone();
    let read = store.read(move |r| {
        let mut names = Vec::new();
        r.each_print_user_name(&scope, |name| names.push(name.to_owned()))?;
        names.sort();
        Ok(names)
    });
    read.await.unwrap()
}

async fn pending(store: &Store, scope: &Scope) -> (bool, bool) {
    let scope = scope.clone();
    let read = store.read(move |r| r.people_pending(&scope));
    let PeoplePending { names, jobs } = read.await.unwrap();
    (names, jobs)
}

async fn names_are_read_anew_by_a_new_rule_and_jobs_follow(store: &Store) {
    let scope = founded(store, 1).await;
    let rule = || NameRule::Listed(["uni.example".to_owned()].into());
    printed(store, &scope, &["kim", "kim@uni.example", "UNI\\lee"]).await;
    assert_eq!(
        names(store, &scope).await,
        ["kim", "kim@uni.example", "lee"]
    );
    assert_eq!(pending(store, &scope).await, (false, false));

    let within = scope.clone();
    let set = store.write(move |w| w.set_name_rule(&within, &rule()));
    set.await.unwrap();
    assert_eq!(pending(store, &scope).await, (true, false));
    let within = scope.clone();
    let read = store.write(move |w| {
        assert_eq!(w.name_rule(&within)?, rule());
        let mut after = Some(0);
        while let Some(word) = after {
            after = w.read_words_anew(&within, &rule(), word, 1)?;
        }
        w.names_are_read(&within)
    });
    read.await.unwrap();
    assert_eq!(pending(store, &scope).await, (false, true));
    assert_eq!(names(store, &scope).await, ["kim", "lee"]);

    let within = scope.clone();
    let moved = store.write(move |w| {
        let mut jobs = 0;
        loop {
            let moved = w.move_merged_jobs(&within)?;
            jobs += moved.jobs;
            if moved.next.is_none() {
                return Ok(jobs);
            }
        }
    });
    assert_eq!(moved.await.unwrap(), 1);
    assert_eq!(pending(store, &scope).await, (false, false));
    let sums = months(store, &scope).await;
    assert_eq!(sums, recomputed(store, &scope).await);
    let mut jobs: Vec<_> = sums.iter().map(|row| row.counts.jobs).collect();
    jobs.sort_unstable();
    assert_eq!(jobs, [1, 2], "two people");
    let domains = store.read(move |r| r.domains_met(&scope));
    assert_eq!(domains.await.unwrap(), ["UNI", "uni.example"]);
}

async fn every_name_is_handed_out_to_its_organization_alone(store: &Store) {
    let (own, other) = (founded(store, 1).await, founded(store, 2).await);
    printed(store, &own, &["ada", "ben"]).await;
    printed(store, &other, &["EVE\\cat"]).await;
    add_print_user(store, &own, &print_user(1, "Dan")).await;
    assert_eq!(names(store, &own).await, ["Dan", "ada", "ben"]);
    assert_eq!(names(store, &other).await, ["cat"]);
    let within = own.clone();
    let read = store.read(move |r| Ok((r.domains_met(&within)?, r.name_rule(&within)?)));
    assert_eq!(read.await.unwrap(), (vec![], NameRule::EveryPrefix));

    // Two words that somebody says are one person's.
    let within = own.clone();
    let merged = store.write(move |w| {
        let (ada, ben) = (
            w.word_of_person(&within, "ada")?,
            w.word_of_person(&within, "ben")?,
        );
        w.merge_words(&within, ben, ada, None)?;
        w.move_merged_jobs(&within)?;
        w.await_moves(&within)?;
        Ok(w.word_of_person(&within, "BEN")? == ada)
    });
    assert!(merged.await.unwrap());
    assert_eq!(pending(store, &own).await, (false, true));
    assert_eq!(pending(store, &other).await, (false, false));
    assert_eq!(names(store, &own).await, ["Dan", "ada"]);
}
