//! The simulated fleet in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Child, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use platen_domain::clock::Clock as _;
use platen_simfleet::{FleetBuilder, Templates};

use crate::clock::WallClock;
use crate::shell;

/// The first address; one for each device follows.
const FIRST_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 80, 0, 1);

/// The same fleet every time.
const SEED: u64 = 1;

/// Options of the fleet.
#[derive(Args)]
pub(crate) struct Options {
    /// How many addresses.
    #[arg(long)]
    devices: u32,
    /// How many of a hundred addresses have nobody behind them.
    #[arg(long, default_value_t = 0)]
    dead_percent: u32,
}

/// Serves until standard input ends, so that it never outlives whoever started it.
pub(crate) fn serve(options: &Options) -> Result<()> {
    let templates = Templates::new(SEED, WallClock.now());
    let mut builder = FleetBuilder::new(Arc::new(WallClock)).seed(SEED);
    for number in (0..options.devices).filter(|number| !is_dead(*number, options.dead_percent)) {
        builder = builder.device(address(number), templates.printer(number + 1).into());
    }
    let fleet = builder
        .start()
        .context("could not start the simulated fleet")?;
    println!("{}", fleet.port());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    fleet.stop();
    Ok(())
}

/// Spread evenly over the fleet.
fn is_dead(number: u32, percent: u32) -> bool {
    u64::from(number) * u64::from(percent) % 100 >= u64::from(100_u32.saturating_sub(percent))
}

fn address(number: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(FIRST_ADDRESS) + number)
}

/// A running fleet.
pub(super) struct Fleet {
    child: Child,
    devices: u32,
    port: u16,
}

impl Fleet {
    /// Starts one and waits until it answers.
    pub(super) fn start(devices: u32, dead_percent: u32) -> Result<Self> {
        let myself = std::env::current_exe()?;
        let arguments = [
            "bench".to_owned(),
            "fleet".to_owned(),
            format!("--devices={devices}"),
            format!("--dead-percent={dead_percent}"),
        ];
        let mut child = shell::command(&myself.to_string_lossy(), &arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let stdout = child
            .stdout
            .take()
            .context("the fleet has no standard output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let Ok(port) = line.trim().parse() else {
            bail!("the fleet did not start");
        };
        Ok(Self {
            child,
            devices,
            port,
        })
    }

    /// Where its devices are, the dead ones included.
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        let at = |number| SocketAddr::new(IpAddr::V4(address(number)), self.port);
        (0..self.devices).map(at).collect()
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It ends with its standard input; how it ended changes nothing.
        let _ended = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dead_are_as_many_as_asked_for() {
        let dead = |percent| {
            (0..10_000)
                .filter(|number| is_dead(*number, percent))
                .count()
        };
        assert_eq!([dead(0), dead(5), dead(100)], [0, 500, 10_000]);
    }
}
