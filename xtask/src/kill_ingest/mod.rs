//! What was acknowledged is there, once: print records pushed into sudden death, through a line
//! that lies, and from a collector that is killed as well.
//!
//! An oracle makes the records, every answer "on disk" makes them obligations, and the report
//! API, asked as any program asks it, is held against the [`ledger::Ledger`].

mod clients;
mod ledger;
mod proxy;
mod spool;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::chance::{Chance, Options};
use crate::installation::Installation;
use crate::{demo, shell};
use clients::Clients;
use ledger::{Ledger, Verdict};
use proxy::{Manners, Proxy};

/// Collectors that push side by side into a server that is killed.
const CLIENTS: u32 = 4;

/// Latest moment of a kill after the server answered.
const LIFE_MAX_MS: u64 = 700;

/// Batches that each client gets through the hostile line, for each kill of the whole test.
const PROXY_BATCHES_PER_KILL: u32 = 2;

/// Runs the test; the last line is for machines.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    kill(options.times, options.seed()).map(|()| ExitCode::SUCCESS)
}

/// As [`run`], `times` kills each.
pub(crate) fn kill(times: u32, seed: u64) -> Result<()> {
    println!("chance begins with {seed}");
    demo::build()?;
    let directory = shell::target_directory().join("kill-ingest");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let chance = Chance::new(seed);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut installation = Installation::make(&directory, 2 * (CLIENTS + 1), "")?;
        let server = killed_server(&mut installation, times, &chance).await?;
        let line = hostile_line(&mut installation, times, &chance).await?;
        let spool = spool::killed_collector(&mut installation, times, &chance).await?;
        installation.stop()?;
        tell(times, server, line, spool)
    })
}

fn tell(times: u32, server: Verdict, line: Verdict, spool: Verdict) -> Result<()> {
    println!(
        "ingest-kill: times={times} acknowledged={} lost={} duplicates={} proxy_lost={} \
         proxy_duplicates={} spool_lost={} spool_duplicates={}",
        server.owed + line.owed + spool.owed,
        server.lost,
        server.duplicates,
        line.lost,
        line.duplicates,
        spool.lost,
        spool.duplicates,
    );
    let all = [server, line, spool];
    if all.iter().any(|verdict| !verdict.is_clean()) {
        bail!("what was acknowledged is not what is served");
    }
    if all.iter().any(|verdict| verdict.owed == 0) {
        bail!("nothing was acknowledged: the test tested nothing");
    }
    Ok(())
}

/// The server dies at any moment of its life, while clients push.
async fn killed_server(
    installation: &mut Installation,
    times: u32,
    chance: &Chance,
) -> Result<Verdict> {
    let ledger = Ledger::default();
    installation.start().await?;
    let clients = Clients::start("kill", installation.address, installation, &ledger, chance)?;
    let owed = || format!("{} records owed", ledger.owed());
    installation.die(times, LIFE_MAX_MS, chance, owed).await?;
    clients.finish().await?;
    ledger.judge("kill", installation).await
}

/// The server lives, and the line to it does what it likes.
async fn hostile_line(
    installation: &mut Installation,
    times: u32,
    chance: &Chance,
) -> Result<Verdict> {
    let ledger = Ledger::default();
    let proxy = Proxy::start(installation.address, Manners::Hostile, chance.clone()).await?;
    let clients = Clients::start("line", proxy.address, installation, &ledger, chance)?;
    clients
        .wait_for(times.saturating_mul(PROXY_BATCHES_PER_KILL))
        .await;
    clients.finish().await?;
    println!("hostile line: {}", proxy.tricks());
    ledger.judge("line", installation).await
}
