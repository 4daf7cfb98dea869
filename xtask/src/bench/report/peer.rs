//! A server of somebody else, started for the measurement and gone with it.

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// How long it may take to start or to stop.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Pause between two looks at one that starts or stops.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(20);

/// User and group, by number.
pub(super) type User = (u32, u32);

/// A running peer. It is asked to stop when this is dropped, and killed if it does not.
pub(super) struct Peer {
    child: Child,
    stop: Signal,
}

/// A command that runs `program` as `user`, or as ourselves. It gets `stop` when we die, however
/// we die: nothing outlives the measurement.
pub(super) fn command(program: &Path, user: Option<User>, stop: Signal) -> Command {
    let signal = stop.as_str().trim_start_matches("SIG");
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", signal]);
    if let Some((user, group)) = user {
        command.arg(format!("--reuid={user}"));
        command.args([&format!("--regid={group}"), "--clear-groups"]);
    }
    command.arg("--").arg(program);
    command
}

impl Peer {
    /// Starts what [`command`] made, which `stop` ends in an orderly way.
    pub(super) fn start(command: &mut Command, stop: Signal) -> Result<Self> {
        let child = command.spawn().context("could not start setpriv")?;
        Ok(Self { child, stop })
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `ready` says so. Fails when the peer ends before, or takes too long.
    pub(super) fn wait_until(&mut self, mut ready: impl FnMut() -> bool) -> Result<()> {
        let started = Instant::now();
        while !ready() {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended by itself: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("it did not start within {} s", PATIENCE.as_secs());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if self.has_ended() {
            return;
        }
        if let Ok(pid) = i32::try_from(self.child.id()) {
            // It may have ended this moment, which is what is wanted.
            let _gone = kill(Pid::from_raw(pid), self.stop);
        }
        let started = Instant::now();
        while !self.has_ended() {
            if started.elapsed() > PATIENCE {
                let _gone = self.child.kill();
                let _gone = self.child.wait();
                return;
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn one_that_ends_by_itself_is_noticed() {
        let mut ends = command(Path::new("true"), None, Signal::SIGTERM);
        let mut ended = Peer::start(&mut ends, Signal::SIGTERM).unwrap();
        let error = ended.wait_until(|| false).unwrap_err();
        assert_eq!(error.to_string(), "it ended by itself: exit status: 0");
    }

    #[test]
    fn one_that_runs_is_stopped() {
        let mut runs = command(Path::new("cat"), None, Signal::SIGTERM);
        let peer = Peer::start(runs.stdin(std::process::Stdio::piped()), Signal::SIGTERM).unwrap();
        let process = PathBuf::from(format!("/proc/{}", peer.pid()));
        assert!(process.exists());
        drop(peer);
        assert!(!process.exists());
    }
}
