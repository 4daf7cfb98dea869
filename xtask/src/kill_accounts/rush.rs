//! Rushes: many charge one balance at once that does not suffice for all of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, ensure};
use serde_json::json;
use tokio::task::{JoinHandle, JoinSet};

use super::oracle::{Movement, Oracle};
use crate::client_application::ClientApplication;
use crate::program::{Change, Program};

/// Who charge at the same time, one point each.
const CHARGES: usize = 200;

/// Points that each user gets, once: so many charges are granted.
pub(super) const GRANTED: usize = 100;

/// The account.
pub(super) const ACCOUNT: &str = "RUSH";

/// Rush after rush, each for a user of its own.
pub(super) struct Rushes {
    work: JoinHandle<Result<Vec<usize>>>,
    stop: Arc<AtomicBool>,
}

impl Rushes {
    pub(super) fn start(application: &Arc<ClientApplication>, oracle: &Oracle) -> Self {
        let stop: Arc<AtomicBool> = Arc::default();
        let programs = (0..CHARGES).map(|_| Program::new(application)).collect();
        let work = rush_on(programs, oracle.clone(), Arc::clone(&stop));
        let work = tokio::spawn(work);
        Self { work, stop }
    }

    /// Brings the rush to its end; says how many charges each granted.
    pub(super) async fn finish(self) -> Result<Vec<usize>> {
        self.stop.store(true, Ordering::Relaxed);
        self.work.await?
    }
}

async fn rush_on(
    mut programs: Vec<Program>,
    oracle: Oracle,
    stop: Arc<AtomicBool>,
) -> Result<Vec<usize>> {
    let mut granted = Vec::new();
    while granted.is_empty() || !stop.load(Ordering::Relaxed) {
        let user = format!("rush-{:04}", granted.len());
        let mut charges = JoinSet::new();
        for (number, program) in programs.drain(..).enumerate() {
            let charge = charge(program, user.clone(), number, oracle.clone());
            charges.spawn(charge);
        }
        let mut count = 0;
        while let Some(ended) = charges.join_next().await {
            let (program, is_granted) = ended??;
            count += usize::from(is_granted);
            programs.push(program);
        }
        granted.push(count);
    }
    Ok(granted)
}

/// One charge, sent until it is granted or refused.
async fn charge(
    mut program: Program,
    user: String,
    number: usize,
    oracle: Oracle,
) -> Result<(Program, bool)> {
    let name = format!("{user}-{number:03}");
    let body = json!({"account": ACCOUNT, "user": user, "points": 1, "reason": name});
    let change = Change::post("/accounts/v1/charges", &name, body);
    let answer = program.change(&change).await?;
    oracle.note(&answer);
    if answer.status == 201 {
        let account = ACCOUNT.to_owned();
        let points = -1;
        oracle.owe(
            &name,
            Movement {
                account,
                user,
                points,
            },
        );
        return Ok((program, true));
    }
    let text = String::from_utf8_lossy(&answer.body);
    let is_refused = answer.status == 409 && text.contains("charge-refused");
    ensure!(is_refused, "a charge answers {}: {text}", answer.status);
    Ok((program, false))
}
