//! What a process spends, seen from outside: one clock for every server, whoever wrote it.

use std::time::Duration;

use anyhow::{Context as _, Result};
use nix::time::ClockId;
use nix::unistd::Pid;

/// User and system time of the process so far, threads that ended included, in nanoseconds where
/// `/proc/PID/stat` has hundredths of a second.
pub(super) fn spent(pid: u32) -> Result<Duration> {
    let process = Pid::from_raw(i32::try_from(pid)?);
    let clock = ClockId::pid_cpu_clock_id(process);
    let time = clock.and_then(ClockId::now);
    let time = time.with_context(|| format!("process {pid} has no CPU clock: is it running?"))?;
    Ok(time.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One more than Linux ever gives to a process (`PID_MAX_LIMIT`).
    const NOBODY: u32 = 4_194_304;

    #[test]
    fn work_is_seen_and_nobody_has_no_clock() {
        let before = spent(std::process::id()).unwrap();
        let sum = (0..1_000_000_u64).fold(0, |sum, number| sum ^ number);
        assert!(std::hint::black_box(sum) < u64::MAX);
        assert!(spent(std::process::id()).unwrap() > before);
        assert!(spent(NOBODY).is_err());
    }
}
