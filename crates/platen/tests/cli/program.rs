//! Starting `platen`, reading what it says, stopping it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// How long a line is waited for before the test gives up: long, for machines that are busy.
const PATIENCE: Duration = Duration::from_mins(2);

/// Lines that wait to be read.
const LINES_MAX: usize = 1_000;

/// Runs a command to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_platen"))
        .args(arguments)
        .output();
    output.expect("platen can be started")
}

/// What a command that succeeds says.
pub(crate) fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    let text = String::from_utf8(output.stdout).expect("platen speaks UTF-8");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "platen {arguments:?}: {error}");
    text
}

/// What a command that is refused says, without the name of `directory`.
pub(crate) fn refused(arguments: &[&str], directory: &Path) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(1), "platen {arguments:?}");
    let text = String::from_utf8(output.stderr).expect("platen speaks UTF-8");
    text.replace(&directory.display().to_string(), "DIR")
}

/// A program that is running, killed at the end if it still does.
pub(crate) struct Program {
    child: Child,
    lines: Receiver<String>,
}

impl Program {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_platen"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("platen can be started");
        let out = child.stdout.take().expect("its output is a pipe");
        let (sender, lines) = sync_channel(LINES_MAX);
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    /// The next line that `wanted` accepts.
    pub(crate) fn wait_for<T>(&self, wanted: impl Fn(&str) -> Option<T>) -> T {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("the line comes");
            if let Some(found) = wanted(&line) {
                return found;
            }
        }
    }

    /// The address the banner of `serve` names.
    pub(crate) fn address(&self) -> SocketAddr {
        self.wait_for(|line| {
            let (_, rest) = line.split_once("listening on")?;
            rest.trim().split(',').next()?.parse().ok()
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("a process id fits");
        kill(Pid::from_raw(id), signal).expect("the program is running");
    }

    /// Sends `signal` and waits for the end.
    pub(crate) fn end(mut self, signal: Signal) -> ExitStatus {
        self.signal(signal);
        self.child.wait().expect("the program ends")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Already gone in most tests.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
