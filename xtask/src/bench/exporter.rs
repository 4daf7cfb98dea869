//! Debian's `prometheus-snmp-exporter`, the program our poll rate is compared with.
//!
//! Debian ships it without a configuration. `printer_mib.yml` walks what the module of that name
//! in the package's own example names (13 subtrees, 13 to 16 packets a printer).

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{http, shell};

const PROGRAM: &str = "prometheus-snmp-exporter";

/// Its configuration: the module `printer_mib`.
const CONFIGURATION: &str = include_str!("printer_mib.yml");

/// How long it may take to start, and to answer for one device.
const PATIENCE: Duration = Duration::from_secs(10);

/// Requests under way at once, so that its two threads never wait for us.
const IN_FLIGHT: usize = 8;

/// Ticks of a process's CPU account in a second, on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// What it did.
pub(super) struct Outcome {
    /// Devices it answered with metrics.
    pub devices: usize,
    /// Devices it cannot read.
    pub failed: usize,
    pub cpu: Duration,
    pub wall: Duration,
}

/// Asks it for `devices` and measures its own CPU.
pub(super) fn measure(devices: &[SocketAddr], directory: &Path) -> Result<Outcome> {
    let Some(program) = shell::find(PROGRAM) else {
        bail!("{PROGRAM} is missing: sudo apt-get install {PROGRAM}");
    };
    let configuration = directory.join("snmp.yml");
    std::fs::write(&configuration, CONFIGURATION)?;
    let server = free_address()?;
    let child = shell::command(
        &program.to_string_lossy(),
        &[
            format!("--config.file={}", configuration.display()),
            format!("--web.listen-address={server}"),
            "--log.level=error".to_owned(),
        ],
    )
    .stdout(Stdio::null())
    .stderr(Stdio::null())
    .spawn()
    .context("could not start the exporter")?;
    let exporter = Exporter { child, server };
    exporter.wait_until_ready()?;
    exporter.measure(devices)
}

struct Exporter {
    child: Child,
    server: SocketAddr,
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // It holds nothing worth ending gently, and it may already be gone.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

impl Exporter {
    fn wait_until_ready(&self) -> Result<()> {
        let started = Instant::now();
        while http::get(self.server, "/", None, PATIENCE).is_err() {
            if started.elapsed() > PATIENCE {
                bail!("the exporter did not start");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Asks every device twice: first to see which it can read at all (it answers 500 where a
    /// description is not UTF-8), then those again, measured. A device it fails on does not
    /// count for or against it.
    fn measure(&self, devices: &[SocketAddr]) -> Result<Outcome> {
        let readable = self.ask_all(devices);
        let (cpu_before, started) = (self.cpu()?, Instant::now());
        let answered = self.ask_all(&readable).len();
        Ok(Outcome {
            devices: answered,
            failed: devices.len() - answered,
            wall: started.elapsed(),
            cpu: self.cpu()?.saturating_sub(cpu_before),
        })
    }

    /// The devices it reads, of those it is asked for.
    fn ask_all(&self, devices: &[SocketAddr]) -> Vec<SocketAddr> {
        let share = devices.len().div_ceil(IN_FLIGHT).max(1);
        let answering = |share: &[SocketAddr]| {
            let devices = share.iter().copied();
            devices.filter(|device| self.ask(*device)).collect()
        };
        std::thread::scope(|scope| {
            let running: Vec<_> = devices
                .chunks(share)
                .map(|share| scope.spawn(move || -> Vec<SocketAddr> { answering(share) }))
                .collect();
            let ended = running.into_iter().filter_map(|thread| thread.join().ok());
            ended.flatten().collect()
        })
    }

    fn ask(&self, device: SocketAddr) -> bool {
        let path = format!("/snmp?module=printer_mib&target={device}");
        http::get(self.server, &path, None, PATIENCE).is_ok_and(|answer| answer.status == 200)
    }

    /// User and system time of the process, from `/proc`.
    fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in brackets may hold spaces; the numbers behind it start with field 3.
        let (_, fields) = stat
            .rsplit_once(')')
            .context("/proc speaks another language")?;
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: f64 = ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
        Ok(Duration::from_secs_f64(ticks / TICKS_PER_SECOND))
    }
}

fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}
