//! The demo's people print: a year of history at once, and more while it runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use platen_app::App;
use platen_domain::clock::Timestamp;
use platen_domain::organizations::Organization;
use platen_domain::print_jobs::PrintRecord;
use platen_domain::scope::Scope;
use platen_simfleet::print_traffic::Traffic;

use super::{accounts, queue};

/// How far the history reaches back.
const HISTORY: Duration = Duration::from_hours(365 * 24);

/// How often what was printed meanwhile is taken in.
const EVERY: Duration = Duration::from_secs(2);

/// The newest jobs, which wait in the queue while there are no accounts yet: so that something was
/// charged at any hour, also at night and on a Sunday, when hardly anybody prints.
const QUEUED: usize = 100;

/// Jobs taken in at once.
const PART: usize = platen_app::printing::print_jobs::RECORDS_PER_WRITE_MAX;

/// What the demo's pages cost, so that reports show it.
const PRICES: &str = r#"
currency = "EUR"
valid_from = "2020-01-01"

[default]
mono_side = "0.010"
color_side = "0.065"
sheet = "0.008"
"#;

/// The people of the demo, and how far their jobs were taken in.
pub(super) struct Prints {
    app: App,
    scope: Scope,
    traffic: Arc<Traffic>,
    taken_until: Timestamp,
}

/// What the history held.
pub(super) struct History {
    pub(super) jobs: usize,
    pub(super) took: Duration,
    /// How many accounts there are after it.
    pub(super) accounts: usize,
}

impl Prints {
    /// The traffic of an organization, of which nothing was taken in yet.
    pub(super) fn new(app: &App, organization: &Organization, traffic: Arc<Traffic>) -> Self {
        Self {
            app: app.clone(),
            scope: app.access().operator(organization.id),
            traffic,
            taken_until: app.now().minus(HISTORY),
        }
    }

    /// Takes the past year in and makes it ready for reports. On data of an earlier demo most
    /// of it is known, and only what is missing is added.
    ///
    /// The accounts are made after it: to charge a year of jobs would fill the ledger with
    /// forty thousand entries of this minute, and every balance would be spent before anybody
    /// looked. What the year's jobs say of accounts is kept with them, as it would be in an office
    /// that begins to charge today.
    pub(super) async fn take_history(&mut self) -> anyhow::Result<History> {
        let started = Instant::now();
        if self
            .app
            .printing()
            .price_book(&self.scope)
            .await?
            .lists()
            .is_empty()
        {
            self.app.printing().set_prices(&self.scope, PRICES).await?;
        }
        let has_accounts = accounts::count(&self.app, &self.scope).await? > 0;
        let queued = if has_accounts { 0 } else { QUEUED };
        let (jobs, newest) = self.take_until(self.app.now(), queued).await?;
        if !has_accounts {
            accounts::make(&self.app, &self.scope, &self.traffic).await?;
        }
        self.print(newest).await?;
        self.app.printing().seal_closed_days().await?;
        Ok(History {
            jobs,
            took: started.elapsed(),
            accounts: accounts::count(&self.app, &self.scope).await?,
        })
    }

    /// Goes on printing for ever.
    pub(super) async fn go_on(mut self) -> anyhow::Result<()> {
        loop {
            tokio::time::sleep(EVERY).await;
            let now = self.app.now();
            let jobs: Vec<_> = self.traffic.jobs_between(self.taken_until, now).collect();
            self.taken_until = now;
            if !jobs.is_empty() {
                self.print(jobs).await?;
            }
        }
    }

    /// Takes in what was printed until then, but for the newest jobs, which are given back; says
    /// how many were taken in.
    async fn take_until(
        &mut self,
        until: Timestamp,
        newest: usize,
    ) -> anyhow::Result<(usize, Vec<PrintRecord>)> {
        let mut jobs = self.traffic.jobs_between(self.taken_until, until);
        let at_once = newest.saturating_add(PART);
        let mut waiting = Vec::new();
        let mut count = 0;
        loop {
            waiting.extend(jobs.by_ref().take(at_once - waiting.len()));
            let is_last = waiting.len() < at_once;
            let kept = waiting.split_off(waiting.len().saturating_sub(newest));
            count += waiting.len();
            let part = std::mem::replace(&mut waiting, kept);
            self.app
                .printing()
                .take_in_print_jobs(&self.scope, part, None)
                .await?;
            if is_last {
                break;
            }
        }
        drop(jobs);
        self.taken_until = until;
        Ok((count, waiting))
    }

    /// Prints jobs, those that name an account after asking it, and takes their records in.
    async fn print(&self, jobs: Vec<PrintRecord>) -> anyhow::Result<()> {
        let mut printed = Vec::with_capacity(jobs.len());
        for job in jobs {
            printed.extend(queue::release(&self.app, &self.scope, job).await?);
        }
        self.app
            .printing()
            .take_in_print_jobs(&self.scope, printed, None)
            .await?;
        Ok(())
    }
}
