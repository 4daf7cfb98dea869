//! Jobs that came for days that are over. Until the next round of sealing a report reads them as
//! rows or merges them into a block; many of them are worth a round of their own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// Jobs that are worth a round: fewer cost a report less than the round costs.
const WORTH: u64 = 64;

/// How long no further job must have come: whoever brings many brings them in one go, and a round
/// in the middle of it would seal days that change again.
const SETTLED: Duration = Duration::from_secs(3);

/// Those that came since the last round.
#[derive(Debug, Default)]
pub(crate) struct LateJobs {
    waiting: AtomicU64,
    came: Notify,
}

impl LateJobs {
    /// Notes that `jobs` of them were kept.
    pub(crate) fn add(&self, jobs: u64) {
        if jobs > 0 {
            self.waiting.fetch_add(jobs, Ordering::Relaxed);
            self.came.notify_one();
        }
    }

    /// Notes that a round begins, which sees all that came before.
    pub(crate) fn begin_round(&self) {
        self.waiting.store(0, Ordering::Relaxed);
    }

    /// Resolves when enough wait, and no more came for a while.
    pub(crate) async fn settle(&self) {
        self.enough().await;
        while tokio::time::timeout(SETTLED, self.came.notified())
            .await
            .is_ok()
        {}
    }

    async fn enough(&self) {
        while self.waiting.load(Ordering::Relaxed) < WORTH {
            self.came.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    /// Whether enough came by now.
    fn is_enough(late: &LateJobs) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        pin!(late.enough()).poll(&mut context).is_ready()
    }

    #[test]
    fn a_few_wait_for_the_minute_and_many_are_worth_a_round() {
        let late = LateJobs::default();
        for _ in 1..WORTH {
            late.add(1);
            late.add(0);
            assert!(!is_enough(&late));
        }
        late.add(1);
        assert!(is_enough(&late));
        late.begin_round();
        assert!(!is_enough(&late), "the round saw them");
        late.add(WORTH);
        assert!(is_enough(&late));
    }
}
