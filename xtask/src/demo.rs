//! The real binary, running its demo, seen from outside.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::{http, needs, shell};

/// How long the demo may take to come up before it counts as gone.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long one request may take.
const REQUEST_PATIENCE: Duration = Duration::from_secs(5);

/// Pause between two looks at a server that starts.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Lines the demo may print before anyone reads them.
const LINES_MAX: usize = 1_024;

/// Reports that a new demo prints a key for.
const DOORS: usize = 3;

/// A report and the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Door {
    path: String,
    key: String,
}

impl Door {
    /// Reads a `curl` line as the demo prints it.
    fn in_line(line: &str) -> Option<Self> {
        let (_, after) = line.split_once("bearer ")?;
        let key: String = after.chars().take_while(char::is_ascii_hexdigit).collect();
        let (_, path) = line.split_once("/ReportApi/")?;
        let path = path.split([' ', '\'', '"']).next()?;
        let path = format!("/ReportApi/{path}");
        Some(Self { path, key }).filter(|door| door.key.len() == 64)
    }
}

/// A running demo. It is killed when this is dropped.
pub(crate) struct Demo {
    child: Child,
    lines: Receiver<String>,
    address: SocketAddr,
}

/// Builds the binary.
pub(crate) fn build() -> Result<()> {
    shell::run(
        &shell::cargo(),
        &["build", "--quiet", "--package", "platen"],
    )
}

/// An address of this machine at which nobody listens.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Starts a demo for `visitor` and runs that to its end. It finds the server in `PLATEN_URL` and a one-time
/// sign-in link in `PLATEN_SIGN_IN_LINK`.
pub(crate) fn lend(visitor: &mut Command) -> Result<()> {
    build()?;
    let address = free_address()?;
    let server = Demo::start(address, None)?;
    let link = server.sign_in_link()?;
    visitor
        .env("PLATEN_URL", format!("http://{address}"))
        .env("PLATEN_SIGN_IN_LINK", link);
    shell::finish(visitor)
}

/// The same for a Python program, given by its place in the checkout.
pub(crate) fn lend_to_python(program: &str) -> Result<()> {
    let python = needs::python()?;
    lend(&mut shell::command(&python.to_string_lossy(), &[program]))
}

impl Demo {
    /// Starts it at `address`, on the data in `directory` if one is given.
    pub(crate) fn start(address: SocketAddr, directory: Option<&Path>) -> Result<Self> {
        let program = shell::target_directory().join("debug/platen");
        let mut arguments = vec!["demo".to_owned(), format!("--listen={address}")];
        arguments.extend(directory.map(|directory| format!("--data={}", directory.display())));
        let mut child = shell::command(&program.to_string_lossy(), &arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .context("could not start platen")?;
        let stdout = child
            .stdout
            .take()
            .context("the demo has no standard output")?;
        let (sender, lines) = sync_channel(LINES_MAX);
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return; // Nobody reads on.
                }
            }
        });
        Ok(Self {
            child,
            lines,
            address,
        })
    }

    /// What the demo prints next of which `wanted` makes something.
    fn next<T>(&self, what: &str, wanted: impl Fn(&str) -> Option<T>) -> Result<T> {
        let started = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(started.elapsed());
            let line = self.lines.recv_timeout(left);
            let line = line.with_context(|| format!("the demo printed no {what}"))?;
            if let Some(found) = wanted(&line) {
                return Ok(found);
            }
        }
    }

    /// The one-time sign-in link; it stands before the keys.
    pub(crate) fn sign_in_link(&self) -> Result<String> {
        let link = |line: &str| {
            line.split(' ')
                .find(|word| word.contains("/link/"))
                .map(str::to_owned)
        };
        self.next("sign-in link", link)
    }

    /// The reports with their keys; they are shown once, on a new data directory.
    pub(crate) fn doors(&self) -> Result<Vec<Door>> {
        (0..DOORS)
            .map(|_| self.next("key", Door::in_line))
            .collect()
    }

    /// What a report answers, if it answers 200.
    pub(crate) fn open(&self, door: &Door) -> Option<Vec<u8>> {
        let bearer = format!("bearer {}", door.key);
        let answer = http::get(self.address, &door.path, Some(&bearer), REQUEST_PATIENCE).ok()?;
        (answer.status == 200).then_some(answer.body)
    }

    /// Waits until a report answers, and gives the answer.
    pub(crate) fn wait_until_open(&mut self, door: &Door) -> Result<Vec<u8>> {
        let started = Instant::now();
        loop {
            if let Some(body) = self.open(door) {
                return Ok(body);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended by itself: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("the server did not answer within {} s", PATIENCE.as_secs());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// SIGKILL to the whole group, as the out-of-memory killer or a power cut would have it.
    pub(crate) fn kill(&mut self) -> Result<()> {
        let group = i32::try_from(self.child.id())?;
        killpg(Pid::from_raw(group), Signal::SIGKILL).context("could not kill the server")?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // On the way out; there is nobody left to tell.
            let _told = self.kill();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curl_line_names_report_and_key() {
        let key = "5".repeat(64);
        let line = format!(
            "curl -H 'Authorization: bearer {key}' http://127.0.0.1:8631/ReportApi/Reports/Meters"
        );
        let path = "/ReportApi/Reports/Meters".to_owned();
        assert_eq!(Door::in_line(&line), Some(Door { path, key }));
        assert_eq!(Door::in_line("Console      http://127.0.0.1:8631"), None);
    }
}
