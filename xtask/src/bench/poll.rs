//! How fast a large fleet is polled: its dynamic set, decoded and on disk.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use super::collector::{Bench, Sweep, Target};
use super::exporter::{self, Outcome};
use super::fleet::Fleet;
use crate::shell;

/// Dead addresses in a hundred, in the last sweep.
const DEAD_PERCENT: u32 = 5;

/// Options of the measurement.
#[derive(Args)]
pub(crate) struct Options {
    /// How many simulated printers.
    #[arg(long, default_value_t = 10_000)]
    devices: u32,
    /// How many of them prometheus-snmp-exporter is asked for.
    #[arg(long, default_value_t = 600)]
    sample: usize,
    /// How often the fleet is polled; the median counts, the others show how steady it is.
    #[arg(long, default_value_t = 3)]
    sweeps: usize,
}

/// Measures and prints; the last line is for machines.
pub(super) fn run(options: &Options) -> Result<()> {
    let directory = shell::target_directory().join("bench/poll");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    std::fs::create_dir_all(&directory)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let (sweep, exporter) = runtime.block_on(measure(options, &directory))?;
    let ours = per_cpu_second(sweep.read, sweep.cpu);
    let theirs = per_cpu_second(exporter.devices, exporter.cpu);
    println!(
        "poll: devices={} wall_s={:.2} cpu_s={:.2} ratio_snmp_exporter={:.1}",
        sweep.read,
        sweep.wall.as_secs_f64(),
        sweep.cpu.as_secs_f64(),
        ours / theirs,
    );
    Ok(())
}

async fn measure(options: &Options, directory: &Path) -> Result<(Sweep, Outcome)> {
    let fleet = Fleet::start(options.devices, 0)?;
    let addresses = fleet.addresses();
    let mut targets: Vec<Target> = addresses.iter().copied().map(Target::new).collect();
    let bench = Bench::open(&directory.join("data")).await?;
    report("discovery", bench.sweep(&mut targets).await?);
    let mut sweeps = Vec::new();
    for _ in 0..options.sweeps {
        let sweep = bench.sweep(&mut targets).await?;
        report("dynamic set", sweep);
        sweeps.push(sweep);
    }
    sweeps.sort_unstable_by_key(|sweep| sweep.wall);
    let Some(median) = sweeps.get(options.sweeps / 2).copied() else {
        bail!("nothing was measured");
    };
    let exporter = compare(&addresses, options.sample, directory).await?;
    drop(fleet);

    let fleet = Fleet::start(options.devices, DEAD_PERCENT)?;
    for (target, address) in targets.iter_mut().zip(fleet.addresses()) {
        target.address = address;
    }
    let sweep = bench.sweep(&mut targets).await?;
    report(&format!("dynamic set, {DEAD_PERCENT} % dead"), sweep);
    bench.close().await;
    Ok((median, exporter))
}

/// Asks the exporter for the first of the fleet; the models take turns there.
async fn compare(addresses: &[SocketAddr], sample: usize, directory: &Path) -> Result<Outcome> {
    let sample: Vec<SocketAddr> = addresses.iter().copied().take(sample).collect();
    let directory = directory.to_owned();
    let measured = tokio::task::spawn_blocking(move || exporter::measure(&sample, &directory));
    let outcome = measured.await??;
    println!(
        "{:<24} {:>6} read {:>5} failed  wall {:>6.2} s  cpu {:>6.2} s  {:>7.0} devices per CPU-second",
        "prometheus-snmp-exporter",
        outcome.devices,
        outcome.failed,
        outcome.wall.as_secs_f64(),
        outcome.cpu.as_secs_f64(),
        per_cpu_second(outcome.devices, outcome.cpu),
    );
    Ok(outcome)
}

fn report(what: &str, sweep: Sweep) {
    println!(
        "{what:<24} {:>6} read {:>5} failed  wall {:>6.2} s (answered after {:.2} s)  cpu {:>6.2} s  {:>7.0} devices per CPU-second",
        sweep.read,
        sweep.failed,
        sweep.wall.as_secs_f64(),
        sweep.wall_answered.as_secs_f64(),
        sweep.cpu.as_secs_f64(),
        per_cpu_second(sweep.read, sweep.cpu),
    );
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of devices are far below 2^52"
)]
fn per_cpu_second(devices: usize, cpu: Duration) -> f64 {
    devices as f64 / cpu.as_secs_f64().max(1e-6)
}
