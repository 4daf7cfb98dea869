//! Keeping the fleet current: discovery over the allowed ranges, and each device's turns.
//!
//! [`Fleet::run_collection`] is one task that owns all its state (`fleet` knows whose turn it
//! is, `sweep` walks the ranges) and hands conversations to a bounded number of others
//! (`visits`). Nothing is kept that the store does not also have: a restart picks up where the
//! last run ended. Printers that are asked by IPP are few and named one by one: each has a task of
//! its own (`ipp_printers`).

mod findings;
mod fleet;
mod ipp_printers;
mod likeness;
mod load;
mod memory;
mod plan;
mod printers;
mod run;
mod sweep;
mod visits;

pub use ipp_printers::{
    IppLook, IppPrinterError, IppPrinterProblem, PlannedIppPrinter, address_of,
};
pub use plan::{
    ADDRESSES_PER_RANGE_MAX, CollectionPlan, NamedCredential, PlannedRange, Progress, RangeProblem,
};
pub use printers::{Failure, Printers};

use std::future::Future;

use tokio::sync::watch;

use crate::AppError;
use crate::fleet::Fleet;

impl Fleet<'_> {
    /// Collects by `plan` until `stop` resolves. Conversations under way then end unfinished;
    /// what they had stored stays stored.
    ///
    /// Only a store that cannot be read at the start is an error. Whatever goes wrong with a
    /// device is logged and noted at the device.
    pub async fn run_collection<P: Printers>(
        self,
        printers: P,
        plan: CollectionPlan,
        progress: watch::Sender<Progress>,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<(), AppError> {
        let mut fleet = fleet::Fleet::default();
        let mut backlog = load::Backlog::new(&plan, self.app.now());
        backlog.take_in::<P>(self.app, &plan, &mut fleet).await?;
        let context = visits::Context {
            app: self.app.clone(),
            printers,
            plan,
        };
        let run = run::Run::new(context, fleet, backlog, progress);
        run.until(stop).await;
        Ok(())
    }
}
