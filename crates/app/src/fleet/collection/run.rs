//! The one task that owns a collection's state.

use std::future::Future;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::fleet::{Fleet, Target};
use super::load::Backlog;
use super::plan::Progress;
use super::printers::Printers;
use super::sweep::Sweep;
use super::visits::{Context, Found, Missed, Visited};
use crate::fleet::schedule::{Turn, jittered};

/// The longest sleep, so that a wall clock that was set is noticed.
const LONGEST_NAP: Duration = Duration::from_mins(1);

/// What a probe found, and where; `None` where a known device is left to its turns.
type Probed<M> = Option<(usize, IpAddr, Option<Found<M>>)>;

/// A collection under way.
pub(crate) struct Run<P: Printers> {
    context: Arc<Context<P>>,
    fleet: Fleet<P::Memory>,
    backlog: Backlog,
    sweep: Option<Sweep>,
    next_sweep: Timestamp,
    /// What the clock showed last.
    seen: Timestamp,
    probes: JoinSet<Probed<P::Memory>>,
    visits: JoinSet<Visited<P::Memory>>,
    progress: watch::Sender<Progress>,
}

impl<P: Printers> Run<P> {
    /// A run over the devices of `fleet` and of `backlog`, with its first sweep due at once.
    pub(crate) fn new(
        context: Context<P>,
        fleet: Fleet<P::Memory>,
        backlog: Backlog,
        progress: watch::Sender<Progress>,
    ) -> Self {
        let now = context.app.now();
        Self {
            next_sweep: now,
            seen: now,
            context: Arc::new(context),
            fleet,
            backlog,
            sweep: None,
            probes: JoinSet::new(),
            visits: JoinSet::new(),
            progress,
        }
    }

    /// Collects until `stop` resolves.
    pub(crate) async fn until(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        loop {
            self.heed_clock();
            self.take_in().await;
            self.begin_visits();
            self.begin_probes();
            let nap = self.nap();
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(visited) = self.visits.join_next() => self.finish_visit(visited),
                Some(probed) = self.probes.join_next() => self.finish_probe(probed),
                () = tokio::time::sleep(nap) => {}
            }
        }
        // Conversations end where they are; a write under way ends in the store.
        self.visits.shutdown().await;
        self.probes.shutdown().await;
    }

    /// Notices that the clock was set back; set forward, it makes things due by itself.
    fn heed_clock(&mut self) {
        let now = self.context.app.now();
        if now.plus(LONGEST_NAP) < self.seen {
            let schedule = &self.context.plan.schedule;
            self.fleet.pull_in(schedule, now);
            self.backlog.pull_in(schedule, now);
            self.next_sweep = self.next_sweep.min(now.plus(schedule.discovery));
        }
        self.seen = now;
    }

    /// Takes in devices that are due by now, where nobody in the fleet is.
    async fn take_in(&mut self) {
        let context = Arc::clone(&self.context);
        let now = context.app.now();
        let is_due = |due: Option<Timestamp>| due.is_some_and(|due| due <= now);
        let wanted = self.visits.len() < context.plan.visits_at_once;
        if !wanted || is_due(self.fleet.next_due()) || !is_due(self.backlog.next_due()) {
            return;
        }
        let (app, plan, fleet) = (&context.app, &context.plan, &mut self.fleet);
        if let Err(error) = self.backlog.take_in::<P>(app, plan, fleet).await {
            self.backlog.postpone(now.plus(LONGEST_NAP));
            let error = &error as &dyn std::error::Error;
            tracing::warn!(
                error,
                "devices that are due could not be read from the store"
            );
        }
    }

    /// How long nothing will be due. While all places are taken only their release matters.
    fn nap(&self) -> Duration {
        let free = self.visits.len() < self.context.plan.visits_at_once;
        let visit = self.fleet.next_due().into_iter();
        let visit = visit.chain(self.backlog.next_due()).filter(|_| free);
        let sweep = self.sweep.is_none().then_some(self.next_sweep);
        let now = self.context.app.now();
        let next = visit.chain(sweep).min();
        next.map_or(LONGEST_NAP, |next| next.since(now).min(LONGEST_NAP))
    }

    fn begin_visits(&mut self) {
        let now = self.context.app.now();
        while self.visits.len() < self.context.plan.visits_at_once
            && let Some((target, work)) = self.fleet.take_due(now)
        {
            let context = Arc::clone(&self.context);
            self.visits.spawn(context.visit(target, work));
        }
    }

    fn begin_probes(&mut self) {
        let context = Arc::clone(&self.context);
        if self.sweep.is_none() && self.next_sweep <= context.app.now() {
            self.sweep = Some(Sweep::over(&context.plan));
            self.progress.send_modify(|p| (p.probed, p.found) = (0, 0));
        }
        let Some(sweep) = &mut self.sweep else { return };
        let unread = self.backlog.next_due().is_some();
        while self.probes.len() < context.plan.probes_at_once {
            let Some((range, organization, address)) = sweep.next(&context.plan) else {
                break;
            };
            if self.fleet.is_well(organization, address) {
                continue;
            }
            let context = Arc::clone(&context);
            let probe = async move {
                if unread && context.is_well(organization, address).await {
                    return None;
                }
                Some((range, address, context.probe(range, address).await))
            };
            self.probes.spawn(probe);
        }
        if self.probes.is_empty() {
            self.end_sweep();
        }
    }

    fn end_sweep(&mut self) {
        let app = &self.context.app;
        let interval = jittered(self.context.plan.schedule.discovery, &*app.ids);
        self.next_sweep = app.now().plus(interval);
        self.sweep = None;
        self.progress.send_modify(|progress| progress.sweeps += 1);
        let Progress { probed, found, .. } = *self.progress.borrow();
        tracing::info!(probed, found, "looked for devices in every range");
    }

    fn finish_probe(&mut self, probed: Result<Probed<P::Memory>, JoinError>) {
        let Some((range, address, found)) = probed.inspect_err(log_defect).ok().flatten() else {
            return;
        };
        self.progress.send_modify(|progress| {
            progress.probed += 1;
            progress.found += u64::from(found.is_some());
        });
        if let Some(found) = found {
            let found = self.settle_beside(found);
            self.settle(range, address, found);
        }
    }

    fn finish_visit(&mut self, visited: Result<Visited<P::Memory>, JoinError>) {
        let Some((mut target, work, found)) = visited.inspect_err(log_defect).ok() else {
            return;
        };
        let found = found.map(|found| self.settle_beside(found));
        let app = self.context.app.clone();
        let schedule = &self.context.plan.schedule;
        let found = match found {
            Ok(found) => found,
            Err(missed) => {
                self.progress.send_modify(|p| p.failed_visits += 1);
                let (turn, now) = (target.turn, app.now());
                target.turn = match missed {
                    Missed::Device => turn.after_failure(schedule, now, &*app.ids),
                    Missed::Ours => turn.postponed(schedule, now, &*app.ids),
                };
                self.fleet.readmit(target);
                return;
            }
        };
        self.progress.send_modify(|progress| progress.visits += 1);
        if found.device == target.device {
            target.turn = target.turn.after(work, schedule, app.now(), &*app.ids);
            target.credential = Some(found.credential);
            target.memory = Some(found.memory);
            self.fleet.readmit(target);
        } else {
            // Another device answers at this address now.
            self.fleet.dismiss(&target);
            self.settle(target.range, target.address, found);
        }
    }

    /// Admits who was found on the way.
    fn settle_beside(&mut self, mut found: Found<P::Memory>) -> Found<P::Memory> {
        if let Some((range, address, beside)) = found.beside.take().map(|beside| *beside) {
            self.settle(range, address, beside);
        }
        found
    }

    /// Lets a device that was just read for the first time wait for its turn.
    fn settle(&mut self, range: usize, address: IpAddr, found: Found<P::Memory>) {
        let context = Arc::clone(&self.context);
        let Some(planned) = context.plan.ranges.get(range) else {
            return;
        };
        let turn = Turn::read(&context.plan.schedule, context.app.now(), &*context.app.ids);
        self.fleet.admit(Target {
            device: found.device,
            organization: planned.organization,
            range,
            address,
            credential: Some(found.credential),
            memory: Some(found.memory),
            turn,
        });
    }
}

fn log_defect(error: &JoinError) {
    let error = error as &dyn std::error::Error;
    tracing::error!(error, "a conversation ended in a defect of the collector");
}
