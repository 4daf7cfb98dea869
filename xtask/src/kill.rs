//! Sudden death: the real server, killed in the middle of its work, must come back with
//! everything it acknowledged.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use platen_domain::clock::Clock as _;
use platen_domain::ids::{Ids as _, SeededIds};
use platen_store::{Store, StoreOptions};

use crate::clock::WallClock;
use crate::demo::{self, Demo, Door};
use crate::shell;

/// Latest moment of a kill after the server answered.
const LIFE_MAX_MS: u64 = 1_500;

/// Latest moment of a kill after a sweep was seen to begin: about as long as a sweep lasts.
const SWEEP_MAX_MS: u64 = 60;

/// Pause between two looks for a sweep: below what the report API calls too often.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long the next sweep is waited for: the demo polls every ten seconds.
const SWEEP_PATIENCE: Duration = Duration::from_secs(12);

/// Options of the test.
#[derive(Args)]
pub(crate) struct Options {
    /// How often it is killed.
    #[arg(long, default_value_t = 50)]
    times: u32,
}

/// Runs the test; the last line is for machines.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    kill(options.times).map(|()| ExitCode::SUCCESS)
}

/// Kills the server `times` times: by turns at any moment of its youth, and in the middle of a
/// sweep.
pub(crate) fn kill(times: u32) -> Result<()> {
    demo::build()?;
    let directory = shell::target_directory().join("kill");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let address = demo::free_address()?;
    let mut server = Demo::start(address, Some(&directory))?;
    let doors = server.doors()?;
    let first = doors.first().context("the demo opens no report")?;
    let devices = devices(&server.wait_until_open(first)?)?;
    println!(
        "{} keys, {devices} devices; killing the server {times} times",
        doors.len()
    );
    let chance = SeededIds::new(WallClock.now().as_millis().unsigned_abs());
    let mut slowest = Duration::ZERO;
    let (mut keys_lost, mut devices_lost) = (0, 0);
    for turn in 0..times {
        await_the_moment(&server, first, turn % 2 == 1, &chance);
        server.kill()?;
        let started = Instant::now();
        server = Demo::start(address, Some(&directory))?;
        let body = server.wait_until_open(first)?;
        slowest = slowest.max(started.elapsed());
        keys_lost += doors
            .iter()
            .filter(|door| server.open(door).is_none())
            .count();
        devices_lost += devices.saturating_sub(self::devices(&body)?);
    }
    server.kill()?;
    let problems = integrity(&directory)?;
    for problem in &problems {
        println!("{problem}");
    }
    println!("devices lost: {devices_lost}");
    println!(
        "kill: times={times} slowest_restart_s={:.2} keys_lost={keys_lost} integrity={}",
        slowest.as_secs_f64(),
        if problems.is_empty() { "ok" } else { "BROKEN" },
    );
    if keys_lost > 0 || devices_lost > 0 || !problems.is_empty() {
        bail!("the server lost what it had acknowledged");
    }
    Ok(())
}

/// The sleeps here wait for nothing: they choose the moment of the kill.
fn await_the_moment(server: &Demo, door: &Door, in_a_sweep: bool, chance: &SeededIds) {
    let mut random = [0; 8];
    chance.fill(&mut random);
    let random = u64::from_le_bytes(random);
    if !in_a_sweep {
        std::thread::sleep(Duration::from_millis(random % LIFE_MAX_MS));
        return;
    }
    let (before, started) = (server.open(door), Instant::now());
    // An answer that fails, such as 429, says nothing about a sweep.
    let as_before = || server.open(door).is_none_or(|now| Some(now) == before);
    while as_before() && started.elapsed() < SWEEP_PATIENCE {
        std::thread::sleep(LOOK_EVERY);
    }
    std::thread::sleep(Duration::from_millis(random % SWEEP_MAX_MS));
}

/// How many devices a report names: one row each.
fn devices(report: &[u8]) -> Result<usize> {
    let rows: Vec<serde::de::IgnoredAny> =
        serde_json::from_slice(report).context("the report is not an array of rows")?;
    Ok(rows.len())
}

/// What the database's own check finds wrong.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method's path is not general over the reader's lifetime"
)]
fn integrity(directory: &Path) -> Result<Vec<String>> {
    let store = Store::open(directory, StoreOptions::default())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let problems = runtime.block_on(store.read(|reader| reader.integrity_problems()))?;
    Ok(problems)
}
