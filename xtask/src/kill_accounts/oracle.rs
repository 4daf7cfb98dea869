//! Who was told what: every movement that an answer promised, held against the books.
//!
//! Each movement has a name that its entry leads back to: its reason in words, the print job of
//! its charge, or the charge. A job that a program and a collector both tell of is one movement,
//! whoever came first.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::books::{Books, Entry};
use super::rush::{ACCOUNT, GRANTED};
use crate::http::Answer;

/// Points moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Movement {
    pub(super) account: String,
    pub(super) user: String,
    /// Negative where they were taken.
    pub(super) points: i64,
}

/// All that was promised.
#[derive(Clone, Default)]
pub(super) struct Oracle(Arc<Mutex<Promises>>);

#[derive(Default)]
struct Promises {
    movements: BTreeMap<String, Movement>,
    replayed: usize,
    refused: usize,
}

/// What the books were found to be.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Movements that were promised.
    pub(super) acknowledged: usize,
    /// Of them, those that no entry is about.
    pub(super) lost: usize,
    /// Movements made more often than once, or never promised.
    pub(super) twice: usize,
    /// Entries and balances with other numbers than they should have.
    pub(super) differences: usize,
    /// Each of them, in words.
    pub(super) problems: Vec<String>,
}

impl Oracle {
    fn with<T>(&self, work: impl FnOnce(&mut Promises) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The server said that this was done.
    pub(super) fn owe(&self, name: &str, movement: Movement) {
        self.with(|promises| promises.movements.insert(name.to_owned(), movement));
    }

    /// Counts an answer that says it was given before: a kill swallowed it then.
    pub(super) fn note(&self, answer: &Answer) {
        let is_replayed = answer.field("idempotency-replayed").is_some();
        self.with(|promises| promises.replayed += usize::from(is_replayed));
    }

    /// A charge was refused because the job is charged already.
    pub(super) fn note_refused(&self) {
        self.with(|promises| promises.refused += 1);
    }

    /// How much is owed.
    pub(super) fn owed(&self) -> usize {
        self.with(|promises| promises.movements.len())
    }

    /// How many answers a kill had swallowed.
    pub(super) fn replayed(&self) -> usize {
        self.with(|promises| promises.replayed)
    }

    /// How many charges were refused because their job was charged.
    pub(super) fn refused(&self) -> usize {
        self.with(|promises| promises.refused)
    }

    /// Holds the books against it. Everybody must have had their last answer.
    pub(super) fn judge(&self, books: &Books) -> Verdict {
        let movements = self.with(|promises| promises.movements.clone());
        let mut verdict = Verdict {
            acknowledged: movements.len(),
            ..Verdict::default()
        };
        verdict.compare(&movements, books);
        verdict.count_jobs(books);
        verdict.sum_up(books);
        verdict
    }
}

impl Verdict {
    /// Every movement has one entry, and every entry one movement.
    fn compare(&mut self, movements: &BTreeMap<String, Movement>, books: &Books) {
        let jobs = books.charges.iter().filter_map(|charge| {
            let job = charge.print_job.as_ref()?;
            Some((charge.id.as_str(), job.id.as_str()))
        });
        let jobs: BTreeMap<&str, &str> = jobs.collect();
        let mut found = BTreeMap::<String, usize>::new();
        for entry in books.ledger.iter().filter(|entry| !is_allocation(entry)) {
            let charge = entry.charge.as_deref();
            let job = charge.and_then(|charge| jobs.get(charge).copied());
            let name = entry.reason.as_deref().or(job).or(charge);
            let name = name.unwrap_or_default().to_owned();
            let movement = Movement {
                account: entry.account.code.clone(),
                user: entry.user.name.clone(),
                points: entry.points,
            };
            if movements.get(&name).is_some_and(|owed| *owed != movement) {
                self.differs(format!("{name} moved otherwise: {movement:?}"));
            }
            *found.entry(name).or_default() += 1;
        }
        for (name, count) in &found {
            if *count > 1 || !movements.contains_key(name) {
                self.twice += 1;
                self.problems.push(format!("{count} entries of {name}"));
            }
        }
        for name in movements.keys().filter(|name| !found.contains_key(*name)) {
            self.lost += 1;
            self.problems.push(format!("lost: {name}"));
        }
    }

    /// No print job has two charges, and no charge takes anything twice.
    fn count_jobs(&mut self, books: &Books) {
        let mut taken = BTreeMap::<&str, (usize, i64)>::new();
        for entry in &books.ledger {
            if let Some(charge) = &entry.charge {
                let (count, points) = taken.entry(charge).or_default();
                *count += usize::from(entry.kind == "charge");
                *points -= entry.points;
            }
        }
        let mut jobs = BTreeMap::<&str, usize>::new();
        for charge in &books.charges {
            let (count, points) = taken.get(charge.id.as_str()).copied().unwrap_or_default();
            if points != charge.net {
                let problem = format!("charge {} takes {} by the ledger", charge.id, points);
                self.differs(problem);
            }
            if let Some(job) = &charge.print_job {
                *jobs.entry(&job.id).or_default() += count.max(1);
            }
        }
        for (job, _) in jobs.iter().filter(|(_, count)| **count > 1) {
            self.twice += 1;
            self.problems.push(format!("{job} is charged twice"));
        }
    }

    /// Entries count up without a gap, and each states the sum of its balance, which is what the
    /// balance is in the end.
    fn sum_up(&mut self, books: &Books) {
        let mut sums = BTreeMap::<(&str, &str), i64>::new();
        let mut allocations = BTreeMap::<(&str, &str), usize>::new();
        for (number, entry) in (1..).zip(&books.ledger) {
            let seat = (entry.account.code.as_str(), entry.user.name.as_str());
            let sum = sums.entry(seat).or_default();
            *sum += entry.points;
            if (entry.number, entry.balance) != (number, *sum) {
                self.differs(format!(
                    "expected number {number} and sum {sum} of {entry:?}"
                ));
            }
            if is_allocation(entry) {
                *allocations.entry(seat).or_default() += 1;
                let points = i64::try_from(GRANTED).unwrap_or_default();
                if (entry.account.code.as_str(), entry.points) != (ACCOUNT, points) {
                    self.differs(format!("nobody allocates {entry:?}"));
                }
            }
        }
        for (seat, _) in allocations.iter().filter(|(_, count)| **count > 1) {
            self.differs(format!("{seat:?} was allocated more than once"));
        }
        for balance in &books.balances {
            let seat = (balance.account.code.as_str(), balance.user.name.as_str());
            let sum = sums.remove(&seat).unwrap_or_default();
            if sum != balance.points {
                self.differs(format!("{seat:?} has {} and {sum} entered", balance.points));
            }
        }
        for seat in sums.into_keys() {
            self.differs(format!("{seat:?} has entries and no balance"));
        }
    }

    fn differs(&mut self, problem: String) {
        self.differences += 1;
        self.problems.push(problem);
    }
}

/// What a limit gives is nobody's request.
fn is_allocation(entry: &Entry) -> bool {
    entry.kind == "allocation"
}
