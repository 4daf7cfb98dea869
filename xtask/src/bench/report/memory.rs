//! What a process holds in memory that no file backs, before and while it answers.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};

/// How often a process is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Anonymous resident memory, in octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    pub before: u64,
    /// The most that was seen meanwhile.
    pub peak: u64,
}

impl Memory {
    /// By how much it grew.
    pub(super) fn growth(self) -> u64 {
        self.peak.saturating_sub(self.before)
    }
}

/// Does `work` and watches the process meanwhile.
pub(super) fn watched<T>(pid: u32, work: impl FnOnce() -> Result<T>) -> Result<(Memory, T)> {
    let before = anonymous(pid)?;
    let (peak, done) = (AtomicU64::new(before), AtomicBool::new(false));
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                if let Ok(now) = anonymous(pid) {
                    peak.fetch_max(now, Ordering::Relaxed);
                }
                std::thread::sleep(LOOK_EVERY);
            }
        });
        let outcome = work();
        done.store(true, Ordering::Relaxed);
        outcome
    })?;
    let peak = peak.into_inner();
    Ok((Memory { before, peak }, outcome))
}

/// `RssAnon` of `/proc/PID/status`: pages of mapped files are the kernel's to take back, and do
/// not count.
fn anonymous(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))
        .with_context(|| format!("process {pid} is gone"))?;
    parse(&status).context("/proc speaks another language")
}

fn parse(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anonymous_memory_is_read_and_growth_is_never_negative() {
        let status = "Name:\tx\nVmRSS:\t  900 kB\nRssAnon:\t     300 kB\nRssFile:\t 600 kB\n";
        assert_eq!(parse(status), Some(300 * 1_024));
        assert_eq!(parse("State:\tZ (zombie)\n"), None);
        let shrunk = Memory { before: 9, peak: 7 };
        assert_eq!(shrunk.growth(), 0);
    }
}
