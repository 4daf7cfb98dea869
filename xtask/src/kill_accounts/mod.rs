//! Nobody is charged twice, and no charge is lost: programs and collectors that charge accounts
//! of a server that dies at any moment.
//!
//! Every answer makes an obligation in the [`oracle::Oracle`]. What was not answered is sent again
//! with the same Idempotency-Key, so that in the end everything is answered, and the ledger must
//! hold the oracle's movements and no others. All of it is read through the API.

mod books;
mod clients;
mod oracle;
mod rush;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::chance::{Chance, Options};
use crate::client_application::ClientApplication;
use crate::installation::Installation;
use crate::program::{Change, Program};
use crate::{demo, shell};
use books::Books;
use clients::Clients;
use oracle::{Oracle, Verdict};
use rush::{GRANTED, Rushes};

/// Programs that charge side by side, each with a collector that pushes jobs.
const CLIENTS: u32 = 4;

/// Accounts that all of them charge.
const ACCOUNTS: u64 = 4;

/// Users who have balances there.
const USERS: u64 = 6;

/// Latest moment of a kill after the server answered.
const LIFE_MAX_MS: u64 = 700;

/// How long the books may take to be read, and clients for their last answers.
const PATIENCE: Duration = Duration::from_mins(2);

/// The programs ask as fast as they are answered.
const SETTINGS: &str = "\n[accounts]\nrequests_per_minute = 1000000\n";

/// Runs the test; the last line is for machines.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    kill(options.times, options.seed()).map(|()| ExitCode::SUCCESS)
}

/// As [`run`].
pub(crate) fn kill(times: u32, seed: u64) -> Result<()> {
    println!("chance begins with {seed}");
    demo::build()?;
    let directory = shell::target_directory().join("kill-accounts");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let chance = Chance::new(seed);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut installation = Installation::make(&directory, CLIENTS, SETTINGS)?;
        installation.start().await?;
        let application = ClientApplication::generate(installation.address, &installation.set_up);
        let application = Arc::new(application.await?);
        set_up(&mut Program::new(&application)).await?;
        let oracle = Oracle::default();
        let clients = Clients::start(&installation, &application, &oracle, &chance).await?;
        let rushes = Rushes::start(&application, &oracle);
        let owed = || format!("{} movements owed", oracle.owed());
        installation.die(times, LIFE_MAX_MS, &chance, owed).await?;
        let ended = async { anyhow::Ok((clients.finish().await?, rushes.finish().await?)) };
        let in_time = tokio::time::timeout(PATIENCE, ended).await;
        let ((), granted) = in_time.context("a request was not answered in the end")??;
        let books = tokio::time::timeout(PATIENCE, Books::read(&application)).await;
        let verdict = oracle.judge(&books.context("the books could not be read in time")??);
        println!(
            "{} rushes, {} tokens issued; {} answers that a kill swallowed were given again, {} jobs were \
             charged by their record before the program",
            granted.len(),
            application.issued(),
            oracle.replayed(),
            oracle.refused(),
        );
        installation.stop()?;
        tell(times, &verdict, &granted)
    })
}

/// What is charged, and what print jobs take.
async fn set_up(program: &mut Program) -> Result<()> {
    let rates = json!({"any": {"mono_side": 1, "color_side": 1, "sheet": 0}});
    let rules = Change {
        method: "PUT",
        ..Change::post("/accounts/v1/point-rules", "rules", rates)
    };
    program.granted(&rules).await?;
    let codes = (0..ACCOUNTS).map(|number| format!("ACCOUNT-{number}"));
    for code in codes.chain([rush::ACCOUNT.to_owned()]) {
        let account = json!({"code": code, "name": code});
        let made = Change::post("/accounts/v1/accounts", &code, account);
        let made = program.granted(&made).await?;
        let id = made.get("id").and_then(serde_json::Value::as_str);
        let id = id.context("an account without an identifier")?;
        let path = format!("/accounts/v1/accounts/{id}/access/entries");
        let entry = json!({"subject": {"everyone": true}, "verbs": ["charge"]});
        let key = format!("{code} access");
        program.granted(&Change::post(path, key, entry)).await?;
        if code == rush::ACCOUNT {
            let limit = Change {
                method: "PUT",
                ..Change::post(
                    format!("/accounts/v1/accounts/{id}/limit"),
                    "limit",
                    json!({"points_per_user": GRANTED}),
                )
            };
            program.granted(&limit).await?;
        }
    }
    Ok(())
}

fn tell(times: u32, verdict: &Verdict, granted: &[usize]) -> Result<()> {
    for problem in verdict.problems.iter().take(10) {
        println!("{problem}");
    }
    let farthest = granted.iter().max_by_key(|count| count.abs_diff(GRANTED));
    let farthest = farthest.context("no rush came to its end: the test tested nothing")?;
    println!(
        "accounts-kill: times={times} acknowledged={} lost={} twice={} differences={} \
         of_200={farthest}",
        verdict.acknowledged, verdict.lost, verdict.twice, verdict.differences,
    );
    if !verdict.problems.is_empty() || *farthest != GRANTED {
        bail!("the ledger is not what was answered");
    }
    if verdict.acknowledged == 0 {
        bail!("nothing was acknowledged: the test tested nothing");
    }
    Ok(())
}
