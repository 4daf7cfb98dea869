//! Where a printer's pages come from: its own steady pace, or the jobs of print traffic.

use std::sync::Arc;
use std::time::Duration;

use platen_domain::clock::Timestamp;

use crate::life::BIRTH;
use crate::meters::Meters;
use crate::print_traffic::Printed;
use crate::printer::SimulatedPrinter;

/// How long a printer is seen printing a job.
const JOB_TAKES: Duration = Duration::from_secs(8);

/// Milliseconds of an hour.
const HOUR: u64 = 3_600_000;

/// Where a printer's pages come from.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// [`Model::units_per_hour`](crate::models::Model::units_per_hour), by day and night.
    Steady,
    /// The jobs of a printer of print traffic, and what its people do besides.
    Jobs {
        printed: Arc<Printed>,
        /// The printer's place in the traffic, from 0.
        place: usize,
    },
}

impl SimulatedPrinter {
    /// What it has counted before `at`, and whether it is at a job.
    pub(crate) fn worked(&self, at: Timestamp) -> (Meters, bool) {
        match &self.work {
            Work::Steady => self.worked_steadily(at.since(BIRTH)),
            Work::Jobs { printed, place } => {
                let pages = printed.before(*place, at);
                let lately = printed.before(*place, at.minus(JOB_TAKES));
                (self.meters_of_jobs(pages), pages != lately)
            }
        }
    }

    /// Whether a job was printed between two instants. A steady printer's work waits for whatever
    /// is in its way.
    pub(crate) fn printed_between(&self, from: Timestamp, until: Timestamp) -> bool {
        match &self.work {
            Work::Steady => false,
            Work::Jobs { printed, place } => {
                printed.before(*place, from) != printed.before(*place, until)
            }
        }
    }

    /// For how long `meter` has been above `count` at `now`; `None` where it never was below. A
    /// steady printer has it from its pace.
    pub(crate) fn above_for(
        &self,
        count: u64,
        now: Timestamp,
        meter: impl Fn(&Meters) -> u64,
    ) -> Option<Duration> {
        match &self.work {
            Work::Steady => {
                let (meters, _) = self.worked(now);
                let per_hour = u64::from(self.model.units_per_hour)
                    * (meter(&Meters::even(self.model.shares, 100)))
                    / 100;
                let above = meter(&meters).saturating_sub(count);
                Some(Duration::from_millis(above * HOUR / per_hour.max(1)))
            }
            Work::Jobs { printed, place } => {
                let above = |pages| meter(&self.meters_of_jobs(pages)) > count;
                printed.first(*place, above).map(|since| now.since(since))
            }
        }
    }

    /// What it had counted when its life here began.
    fn counted_before(&self) -> u64 {
        5_000 + self.fate(1) % 60_000
    }

    fn meters_of_jobs(&self, pages: crate::Pages) -> Meters {
        Meters::of_jobs(self.model, self.counted_before(), pages)
    }

    /// Impressions (or metres) up to `age`, which come job by job.
    fn worked_steadily(&self, age: Duration) -> (Meters, bool) {
        let job = 1 + self.fate(2) % 9;
        let rate = u64::from(self.model.units_per_hour);
        let elapsed = millis(age) + self.fate(3) % HOUR;
        let jobs = elapsed * rate / (HOUR * job);
        let since_job = elapsed.saturating_sub(jobs * HOUR * job / rate.max(1));
        let count = self.counted_before() + jobs * job;
        let meters = Meters::even(self.model.shares, count);
        (meters, since_job < millis(JOB_TAKES))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
