//! Keeping house: what is over is cleared away (sessions, links, access tokens, kept answers, holds
//! that nobody captures, the names of batches, titles past their time), printers that jobs named before
//! they were polled find their devices, and pricing that was interrupted goes on.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::scope::Scope;
use platen_store::{StoreError, Writer};

use super::Operation;
use super::idempotency::ANSWERS_KEPT;
use crate::AppError;
use crate::access::authorization::system_scope;

/// How often. What is over counts for nothing from its last moment on; this only frees space.
const INTERVAL: Duration = Duration::from_hours(1);

/// How long the name of a batch is kept after it came. A collector that tries longer than this is
/// taken at its word, and the keys of its records keep every job single all the same.
const BATCH_NAMES_KEPT: Duration = Duration::from_hours(24 * 30);

/// How long a hold that has expired still waits for its job: a collector that was cut off for
/// longer brings jobs whose points were given to others.
const HOLDS_WAIT: Duration = Duration::from_hours(24 * 30);

/// Rows changed in one transaction, so that other writes come in between.
const ROWS_PER_WRITE: u32 = 1_000;

impl Operation<'_> {
    /// Clears away what is over now and every hour, until `stop` resolves.
    pub async fn keep_house(self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        if let Err(error) = self.app.people().finish_everybody().await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "names of people could not be brought in line");
        }
        loop {
            if let Err(error) = self.clear_away().await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "what is over could not be cleared away");
            }
            if let Err(error) = self.find_printers().await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "printers could not be found among the devices");
            }
            if let Err(error) = self.go_on_repricing().await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "jobs could not be priced to the end");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }

    /// Clears away what is over, and says how many rows that were.
    pub async fn clear_away(self) -> Result<u64, AppError> {
        let now = self.app.now();
        let deleted = self.app.store.write(move |writer| {
            let sessions = writer.delete_expired_sessions(now)?;
            let links = writer.delete_expired_links(now)?;
            Ok::<_, StoreError>(sessions.saturating_add(links))
        });
        let batches_before = now.minus(BATCH_NAMES_KEPT);
        let batches = self.clear_pieces(move |writer, scope| {
            writer.forget_batches(scope, batches_before, ROWS_PER_WRITE)
        });
        let answers_before = now.minus(ANSWERS_KEPT);
        let answers = self.clear_pieces(move |writer, scope| {
            writer.forget_answers(scope, answers_before, ROWS_PER_WRITE)
        });
        let holds_before = now.minus(HOLDS_WAIT);
        let holds = self.clear_pieces(move |writer, scope| {
            writer.expire_holds(scope, holds_before, ROWS_PER_WRITE)
        });
        let deleted = deleted.await?.saturating_add(batches.await?);
        let deleted = deleted.saturating_add(self.app.access().forget_tokens(now).await?);
        let deleted = deleted.saturating_add(answers.await?);
        let deleted = deleted.saturating_add(holds.await?);
        Ok(deleted.saturating_add(self.remove_old_titles(now).await?))
    }

    /// Removes the titles of jobs that are older than their organization keeps them.
    async fn remove_old_titles(self, now: Timestamp) -> Result<u64, AppError> {
        // A block that is being made of rows with titles would bring them back.
        let _alone = self.app.printing.sealing.lock().await;
        let mut removed: u64 = 0;
        for organization in self.app.access().organizations().await? {
            let scope = system_scope(organization.id, "housekeeping");
            let within = scope.clone();
            let kept = self.app.store.read(move |r| r.privacy(&within)).await?;
            let Some(days) = kept.and_then(|(policy, _)| policy.document_days) else {
                continue;
            };
            let before = now.minus(Duration::from_hours(24 * u64::from(days)));
            loop {
                let within = scope.clone();
                let units = self.app.store.of(&scope).large();
                let cleared = units.write(move |w| w.remove_titles(&within, before));
                let cleared = cleared.await?;
                removed = removed.saturating_add(cleared.jobs);
                if cleared.next.is_none() {
                    break;
                }
            }
        }
        Ok(removed)
    }

    /// Goes on where pricing jobs anew was interrupted.
    async fn go_on_repricing(self) -> Result<(), AppError> {
        for organization in self.app.access().organizations().await? {
            let scope = system_scope(organization.id, "housekeeping");
            self.app.printing().finish_repricings(&scope).await?;
        }
        Ok(())
    }

    /// Finds the devices behind printers that print jobs named before the devices were polled, and
    /// says how many.
    pub async fn find_printers(self) -> Result<u64, AppError> {
        let mut found: u64 = 0;
        for organization in self.app.access().organizations().await? {
            let scope = system_scope(organization.id, "housekeeping");
            let units = self.app.store.of(&scope);
            let linked = units.write(move |w| w.link_printers(&scope)).await?;
            found = found.saturating_add(linked);
        }
        Ok(found)
    }

    /// Clears rows of every organization a piece at a time, so that other writes come in between.
    async fn clear_pieces<F>(self, clear: F) -> Result<u64, AppError>
    where
        F: Fn(&Writer<'_>, &Scope) -> Result<u64, StoreError> + Clone + Send + 'static,
    {
        let mut cleared: u64 = 0;
        for organization in self.app.access().organizations().await? {
            let scope = system_scope(organization.id, "housekeeping");
            loop {
                let (clear, within) = (clear.clone(), scope.clone());
                let units = self.app.store.of(&scope).large();
                let piece = units.write(move |w| clear(w, &within)).await?;
                cleared = cleared.saturating_add(piece);
                if piece < u64::from(ROWS_PER_WRITE) {
                    break;
                }
            }
        }
        Ok(cleared)
    }
}
