//! Records that end further ahead of this server's clock than can be. One of the two clocks is
//! wrong; they wait in the store until this one has come so far. A server whose clock was behind
//! takes them in when it is right again, and loses nothing.

use platen_collect::joblog::record_json;
use platen_domain::scope::Scope;
use platen_store::HeldJob;

use super::Printing;
use super::print_jobs::{FUTURE_MAX, Verdict};
use crate::AppError;
use crate::access::authorization::system_scope;

/// Records that are taken in at a time.
const JOBS_PER_WRITE: u32 = 1_000;

impl Printing<'_> {
    /// Takes in the records that waited for what the clock shows now, and says how many.
    pub async fn take_in_held_jobs(self) -> Result<u64, AppError> {
        let mut taken: u64 = 0;
        for organization in self.app.access().organizations().await? {
            let scope = system_scope(organization.id, "held jobs");
            loop {
                let (within, before) = (scope.clone(), self.app.now().plus(FUTURE_MAX));
                let due = move |reader: &platen_store::Reader<'_>| {
                    reader.held_jobs(&within, before, JOBS_PER_WRITE)
                };
                let due = self.app.store.read(due).await?;
                let whole = due.len() == JOBS_PER_WRITE as usize;
                let released = self.take_in_due(&scope, due).await?;
                taken += released;
                if !whole || released == 0 {
                    break;
                }
            }
        }
        if taken > 0 {
            tracing::info!(
                taken,
                "records that waited for this server's clock are taken in"
            );
        }
        Ok(taken)
    }

    async fn take_in_due(self, scope: &Scope, due: Vec<HeldJob>) -> Result<u64, AppError> {
        let (mut waited, mut records) = (Vec::with_capacity(due.len()), Vec::new());
        for held in due {
            match record_json::decode(&held.record) {
                Ok(record) => {
                    records.push(record);
                    waited.push(held);
                }
                Err(error) => {
                    let key = held.key.to_string();
                    tracing::error!(key, %error, "a record that waited cannot be read");
                }
            }
        }
        // Taken in twice, where this breaks off in between, they are there once.
        let verdicts = self.take_in_print_jobs(scope, records, None).await?;
        // The clock may have been set back meanwhile.
        let judged = waited.into_iter().zip(verdicts);
        let over = judged.filter(|(_, verdict)| *verdict != Verdict::Held);
        let over: Vec<_> = over.map(|(held, _)| held).collect();
        let (scope, count) = (scope.clone(), over.len() as u64);
        let units = self.app.store.of(&scope).with_rows(over.len());
        let released = units.write(move |w| w.release_jobs(&scope, &over));
        released.await?;
        Ok(count)
    }
}

/// Says in the log that records wait.
pub(crate) fn warn_of_held(from: &str, count: usize) {
    if count > 0 {
        tracing::warn!(
            from,
            count,
            "records end more than a day ahead of this server's clock; they wait until it has \
             come so far: see whether it is right"
        );
    }
}
