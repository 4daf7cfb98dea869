//! What the store's writer spends in this process.

use std::fs;

/// The writer's costs so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct WriterCosts {
    /// User and system time of its thread, in microseconds.
    cpu_us: f64,
    /// Bytes that this process handed to write calls: nobody else in it writes files meanwhile.
    bytes: f64,
}

impl WriterCosts {
    /// Those until now. Linux only; elsewhere they are 0.
    pub(super) fn now() -> Self {
        Self {
            cpu_us: cpu_us(),
            bytes: bytes(),
        }
    }

    /// What was spent since `self` on each of `jobs`.
    pub(super) fn per_job(self, jobs: usize) -> PerJob {
        let now = Self::now();
        #[expect(clippy::cast_precision_loss, reason = "counts of a bench are small")]
        let jobs = jobs as f64;
        PerJob {
            cpu_us: (now.cpu_us - self.cpu_us) / jobs,
            bytes: (now.bytes - self.bytes) / jobs,
        }
    }
}

/// The writer's costs of one job.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PerJob {
    /// CPU time in microseconds.
    pub(super) cpu_us: f64,
    /// Bytes written.
    pub(super) bytes: f64,
}

fn cpu_us() -> f64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return 0.0;
    };
    let spent = threads.flatten().filter_map(|thread| {
        let read = |file| fs::read_to_string(thread.path().join(file)).ok();
        // The name of the thread that `platen_store` starts.
        (read("comm")?.trim() == "platen-writer").then_some(())?;
        read("schedstat")?.split(' ').next()?.parse::<f64>().ok()
    });
    spent.sum::<f64>() / 1e3
}

fn bytes() -> f64 {
    let io = fs::read_to_string("/proc/self/io").unwrap_or_default();
    let written = io.lines().find_map(|line| line.strip_prefix("wchar: "));
    written.and_then(|count| count.parse().ok()).unwrap_or(0.0)
}
