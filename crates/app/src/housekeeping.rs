//! Clearing away what is over: sessions and links past their time.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use platen_store::StoreError;

use crate::{App, AppError};

/// How often. What is over counts for nothing from its last moment on; this only frees space.
const INTERVAL: Duration = Duration::from_hours(1);

impl App {
    /// Clears away what is over now and every hour, until `stop` resolves.
    pub async fn keep_house(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        loop {
            if let Err(error) = self.clear_away().await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "what is over could not be cleared away");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }

    /// Deletes expired sessions and links, and says how many.
    pub async fn clear_away(&self) -> Result<u64, AppError> {
        let now = self.now();
        let deleted = self.store.write(move |writer| {
            let sessions = writer.delete_expired_sessions(now)?;
            let links = writer.delete_expired_links(now)?;
            Ok::<_, StoreError>(sessions.saturating_add(links))
        });
        Ok(deleted.await?)
    }
}
