//! Sudden death: the real server, killed in the middle of its work, must come back with
//! everything it acknowledged.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use platen_domain::clock::Clock as _;
use platen_domain::ids::{Ids as _, SeededIds};
use platen_store::{Store, StoreOptions};

use crate::clock::WallClock;
use crate::{http, shell};

/// How long a server may take to come up before it counts as gone.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long one request may take.
const REQUEST_PATIENCE: Duration = Duration::from_secs(5);

/// Pause between two looks at a server that starts.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Latest moment of a kill after the server answered: several polls of the demo's fleet.
const LIFE_MAX_MS: u64 = 2_000;

/// Lines the server may print before anyone reads them.
const LINES_MAX: usize = 1_024;

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

/// Kills the server `times` times.
pub(crate) fn kill(times: u32) -> Result<()> {
    shell::run(
        &shell::cargo(),
        &["build", "--quiet", "--package", "platen"],
    )?;
    let directory = shell::target_directory().join("kill");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let place = Place {
        directory,
        listen: free_address()?,
    };
    let mut server = Server::start(&place)?;
    let doors = server.doors()?;
    println!(
        "{} keys open their reports; killing the server {times} times",
        doors.len()
    );
    let chance = SeededIds::new(WallClock.now().as_millis().unsigned_abs());
    let mut slowest = Duration::ZERO;
    let mut keys_lost = 0;
    for _ in 0..times {
        let mut random = [0; 8];
        chance.fill(&mut random);
        // The moment is random: this sleep waits for nothing.
        std::thread::sleep(Duration::from_millis(
            u64::from_le_bytes(random) % LIFE_MAX_MS,
        ));
        server.kill()?;
        let started = Instant::now();
        server = Server::start(&place)?;
        server.wait_until_open(&place, &doors)?;
        slowest = slowest.max(started.elapsed());
        keys_lost += doors
            .iter()
            .filter(|door| !door.opens(place.listen))
            .count();
    }
    server.kill()?;
    let problems = integrity(&place.directory)?;
    let integrity = if problems.is_empty() { "ok" } else { "BROKEN" };
    for problem in &problems {
        println!("{problem}");
    }
    println!(
        "kill: times={times} slowest_restart_s={:.2} keys_lost={keys_lost} integrity={integrity}",
        slowest.as_secs_f64(),
    );
    if keys_lost > 0 || !problems.is_empty() {
        bail!("the server lost what it had acknowledged");
    }
    Ok(())
}

/// Where the server lives, across its lives.
struct Place {
    directory: PathBuf,
    listen: SocketAddr,
}

/// A report and the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Door {
    path: String,
    key: String,
}

impl Door {
    /// Reads a `curl` line as the demo prints it.
    fn in_line(line: &str) -> Option<Self> {
        let (_, after) = line.split_once("bearer ")?;
        let key: String = after.chars().take_while(char::is_ascii_hexdigit).collect();
        let (_, path) = line.split_once("/ReportApi/")?;
        let end = path.find(|c: char| c.is_whitespace() || c == '\'' || c == '"');
        let path = path.get(..end.unwrap_or(path.len()))?;
        Some(Self {
            path: format!("/ReportApi/{path}"),
            key,
        })
        .filter(|door| door.key.len() == 64)
    }

    fn opens(&self, server: SocketAddr) -> bool {
        let bearer = format!("bearer {}", self.key);
        http::get(server, &self.path, Some(&bearer), REQUEST_PATIENCE)
            .is_ok_and(|answer| answer.status == 200)
    }
}

struct Server {
    child: Child,
    lines: Receiver<String>,
}

impl Server {
    /// Starts the demo: its fleet is polled every few seconds, so that a kill hits a write.
    fn start(place: &Place) -> Result<Self> {
        let program = shell::target_directory().join("debug/platen");
        let listen = place.listen.to_string();
        let directory = place.directory.display().to_string();
        let arguments = ["demo", "--data", &directory, "--listen", &listen];
        let mut child = shell::command(&program.to_string_lossy(), &arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("could not start platen")?;
        let stdout = child
            .stdout
            .take()
            .context("the server has no standard output")?;
        let (sender, lines) = sync_channel(LINES_MAX);
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return; // Nobody reads on.
                }
            }
        });
        Ok(Self { child, lines })
    }

    /// The doors the demo prints, once all of them open.
    fn doors(&self) -> Result<Vec<Door>> {
        let mut doors: Vec<Door> = Vec::new();
        let started = Instant::now();
        while doors.len() < 3 {
            let left = PATIENCE.saturating_sub(started.elapsed());
            let line = self
                .lines
                .recv_timeout(left)
                .context("the demo printed no three keys")?;
            doors.extend(Door::in_line(&line).filter(|door| !doors.contains(door)));
        }
        Ok(doors)
    }

    /// Waits until the first report answers to its key.
    fn wait_until_open(&mut self, place: &Place, doors: &[Door]) -> Result<()> {
        let first = doors.first().context("no report to ask for")?;
        let started = Instant::now();
        while !first.opens(place.listen) {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended by itself: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!(
                    "the server did not come back within {} s",
                    PATIENCE.as_secs()
                );
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// SIGKILL to the whole group, as the out-of-memory killer or a power cut would have it.
    fn kill(mut self) -> Result<()> {
        let group = i32::try_from(self.child.id())?;
        killpg(Pid::from_raw(group), Signal::SIGKILL).context("could not kill the server")?;
        self.child.wait()?;
        Ok(())
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curl_line_names_report_and_key() {
        let key = "5".repeat(64);
        let line = format!(
            "  curl -H 'Authorization: bearer {key}' http://127.0.0.1:8631/ReportApi/Reports/Meters"
        );
        let path = "/ReportApi/Reports/Meters".to_owned();
        assert_eq!(Door::in_line(&line), Some(Door { path, key }));
        assert_eq!(Door::in_line("console: http://127.0.0.1:8631/"), None);
    }
}
