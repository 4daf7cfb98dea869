//! Who is owed what: every record that was acknowledged, and what the report API serves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::http;
use crate::installation::Installation;

/// How long a report may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The month in which every record of the oracle ends.
const PERIOD: &str = "2026-01-01/2026-01-31";

/// Records that were made, and those of them that the server said it has.
#[derive(Clone, Default)]
pub(super) struct Ledger(Arc<Mutex<Entries>>);

#[derive(Default)]
struct Entries {
    made: BTreeSet<String>,
    acknowledged: BTreeSet<String>,
}

/// What the report was found to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict {
    /// Acknowledged records.
    pub(super) owed: usize,
    /// Of them, those that are not served.
    pub(super) lost: usize,
    /// Records that are served more than once, or were never made.
    pub(super) duplicates: usize,
}

impl Verdict {
    pub(super) const fn is_clean(&self) -> bool {
        self.lost == 0 && self.duplicates == 0
    }
}

impl Ledger {
    fn with<T>(&self, work: impl FnOnce(&mut Entries) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Records that are about to be sent: the server may have them, and owes nothing yet.
    pub(super) fn make(&self, names: &[String]) {
        self.with(|entries| entries.made.extend(names.iter().cloned()));
    }

    /// Records that the server said it has.
    pub(super) fn acknowledge(&self, names: &[String]) {
        self.with(|entries| entries.acknowledged.extend(names.iter().cloned()));
    }

    /// How many are owed.
    pub(super) fn owed(&self) -> usize {
        self.with(|entries| entries.acknowledged.len())
    }

    /// Holds the report, and the monthly sums, against it. `phase` begins the names.
    pub(super) async fn judge(&self, phase: &str, installation: &Installation) -> Result<Verdict> {
        let (address, keys) = (installation.address, installation.keys.clone());
        let asked = tokio::task::spawn_blocking(move || {
            let ask = |path: String, key: &str| {
                let bearer = format!("bearer {key}");
                let answer = http::get(address, &path, Some(&bearer), PATIENCE)?;
                anyhow::ensure!(answer.status == 200, "{path} answers {}", answer.status);
                anyhow::Ok(answer.body)
            };
            let jobs = ask(format!("/ReportApi/Reports/PrintJobs/{PERIOD}"), &keys.jobs)?;
            let months = "/ReportApi/Reports/MonthlyPrintJobs/2026-01/2026-01".to_owned();
            anyhow::Ok((jobs, ask(months, &keys.months)?))
        });
        let (jobs, months) = asked.await??;
        let served = served(phase, &jobs)?;
        let (owed, made) = self.with(|e| (e.acknowledged.clone(), e.made.clone()));
        let lost: Vec<_> = owed
            .iter()
            .filter(|name| !served.contains_key(*name))
            .collect();
        let wrong = served
            .iter()
            .filter(|(name, count)| **count > 1 || !made.contains(*name));
        let wrong: Vec<_> = wrong.collect();
        for name in lost.iter().take(5) {
            println!("lost: {name}");
        }
        for (name, count) in wrong.iter().take(5) {
            println!("served {count} times: {name}");
        }
        let summed = summed(phase, &months)?;
        let in_report: usize = served.values().sum();
        anyhow::ensure!(
            summed == in_report,
            "{phase}: the monthly report counts {summed} jobs, the transactions are {in_report}"
        );
        Ok(Verdict {
            owed: owed.len(),
            lost: lost.len(),
            duplicates: wrong.len(),
        })
    }
}

fn rows(report: &[u8]) -> Result<Vec<serde_json::Map<String, serde_json::Value>>> {
    serde_json::from_slice(report).context("the report is not an array of rows")
}

/// How often each record of a phase is served: its name is the title of its document.
fn served(phase: &str, report: &[u8]) -> Result<BTreeMap<String, usize>> {
    let mut served = BTreeMap::new();
    for row in rows(report)? {
        let title = row.get("Document").and_then(serde_json::Value::as_str);
        let title = title.context("a transaction without a title")?;
        if title.starts_with(phase) {
            *served.entry(title.to_owned()).or_insert(0) += 1;
        }
    }
    Ok(served)
}

/// Jobs of a phase by the monthly sums: its name is that of their queue.
fn summed(phase: &str, report: &[u8]) -> Result<usize> {
    let rows = rows(report)?;
    let of_phase = rows.iter().filter(|row| {
        let queue = row.get("QueueName").and_then(serde_json::Value::as_str);
        queue == Some(phase)
    });
    let jobs = of_phase.filter_map(|row| row.get("Jobs")?.as_u64());
    Ok(usize::try_from(jobs.sum::<u64>())?)
}
