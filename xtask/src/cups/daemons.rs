//! Programs that run beside the lab: started here, ended here, by their process.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// How long a program may take to come up, and to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A running program and what it started, in a process group of its own.
pub(super) struct Daemon {
    child: Child,
    name: String,
}

impl Daemon {
    /// Starts `command`; what it prints goes to `log`.
    pub(super) fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let log = File::create(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| format!("could not start {name}"))?;
        Ok(Self {
            child,
            name: name.to_owned(),
        })
    }

    /// Waits until `is_up`; an error if the program ends before.
    pub(super) fn wait_until(&mut self, is_up: impl Fn() -> bool) -> Result<()> {
        let started = Instant::now();
        while !is_up() {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended: {status}", self.name);
            }
            if started.elapsed() > PATIENCE {
                bail!(
                    "{} did not come up within {} s",
                    self.name,
                    PATIENCE.as_secs()
                );
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Asks it to end, and sees that it and its children did.
    pub(super) fn stop(&mut self) {
        let group = i32::try_from(self.child.id()).map(Pid::from_raw);
        let Ok(group) = group else { return };
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // One that is gone already cannot be signalled.
        let _gone = killpg(group, Signal::SIGTERM);
        let asked = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && asked.elapsed() < PATIENCE {
            std::thread::sleep(LOOK_EVERY);
        }
        let _gone = killpg(group, Signal::SIGKILL);
        let _status = self.child.wait();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.stop();
    }
}
