//! Organizations that share a store: their rows have the same numbers, and each reads what it would
//! read alone.

use platen_domain::print_gaps::{Gap, GapReason};
use platen_domain::print_jobs::{JobState, PrintRecord};
use platen_domain::print_rows::PrintNames as _;
use platen_domain::scope::Scope;
use platen_store::{JobPosition, Store};

use crate::backend::Backend;
use crate::print_jobs::{job, months, take_in};
use crate::samples::{at, founded};

crate::conformance!(print_jobs_are_read_as_if_alone);

/// Jobs of an organization whose every text begins with `of`.
fn jobs(of: &str) -> Vec<PrintRecord> {
    let jobs = (1..=6).map(|number: u64| {
        let mut job = job(
            ["cups|a", "win|b"][usize::from(number > 3)],
            &number.to_string(),
            number,
        );
        let text = |kind: &str| Some(format!("{of}-{kind}-{}", number % 3));
        job.user = text("user");
        job.account = text("account");
        job.client = text("client");
        job.application = text("application");
        job.media = text("media");
        job.queue = text("queue");
        job.document = text("document");
        job
    });
    jobs.collect()
}

/// One kind of work after the other.
const STEPS: u8 = 5;

async fn work(store: &Store, scope: &Scope, of: &str, step: u8) {
    let within = scope.clone();
    match step {
        0 => drop(take_in(store, scope, jobs(of)).await),
        1 => {
            let mut revised = jobs(of);
            for job in &mut revised {
                job.state = JobState::Aborted;
                job.counts.impressions = Some(1);
            }
            revised.truncate(2);
            drop(take_in(store, scope, revised).await);
        }
        2 => {
            let gap = Gap {
                source: format!("{of}-source"),
                from: at(1),
                until: at(2),
                jobs: Some(7),
                reason: GapReason::LogCut,
            };
            let noted = store
                .write(move |w| w.record_print_gaps(&within, std::slice::from_ref(&gap), at(9)));
            noted.await.unwrap();
        }
        3 => {
            let (from, into) = (format!("{of}-user-0"), format!("{of}-person"));
            let merged = store.write(move |w| {
                let into = w.word_of_person(&within, &into)?;
                for word in w.print_users(&within, |user| user == from)? {
                    w.merge_words(&within, word, into, None)?;
                }
                w.move_merged_jobs(&within)
            });
            merged.await.unwrap();
        }
        _ => {
            let name = format!("{of}-user-1");
            let erased = store.write(move |w| {
                let users = w.print_users(&within, |user| user == name)?;
                w.erase_traces(&within, &users, at(0))
            });
            erased.await.unwrap();
        }
    }
}

/// All that the organization's reports show.
async fn seen(store: &Store, scope: &Scope) -> Vec<String> {
    let within = scope.clone();
    let page = store.read(move |r| r.print_page(&within, JobPosition::before(at(0)), at(999), 99));
    let page = page.await.unwrap();
    let names = page.names();
    let mut seen: Vec<String> = page
        .rows()
        .map(|row| {
            let words = [
                row.user,
                row.account,
                row.client,
                row.application,
                row.media,
            ];
            let words = words.map(|word| word.and_then(|word| names.word(word)));
            format!("{words:?} {:?} {row:?}", names.printer(row.printer))
        })
        .collect();
    seen.extend(
        months(store, scope)
            .await
            .iter()
            .map(|row| format!("{row:?}")),
    );
    for job in jobs("") {
        let within = scope.clone();
        let kept = store.read(move |r| r.print_record(&within, &job.key));
        seen.push(format!("{:?}", kept.await.unwrap()));
    }
    let within = scope.clone();
    let gaps = store.read(move |r| r.print_gaps(&within, at(0), at(999)));
    seen.extend(gaps.await.unwrap().iter().map(|gap| format!("{gap:?}")));
    seen
}

async fn print_jobs_are_read_as_if_alone(store: &Store) {
    let alone = Backend::fresh();
    let scope = founded(alone.store(), 1).await;
    // A statement that forgets the organization meets the older one's rows first.
    let (theirs, ours) = (founded(store, 2).await, founded(store, 1).await);
    for step in 0..STEPS {
        work(alone.store(), &scope, "ours", step).await;
        work(store, &theirs, "theirs", step).await;
        work(store, &ours, "ours", step).await;
        assert_eq!(
            seen(store, &ours).await,
            seen(alone.store(), &scope).await,
            "step {step}"
        );
    }
}
