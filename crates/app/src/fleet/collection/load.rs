//! Picking up where the last run ended.

use std::collections::BTreeSet;
use std::time::Duration;

use platen_domain::clock::Timestamp;
use platen_domain::ids::OrganizationId;
use platen_domain::readings::Protocol;
use platen_store::{PollPlace, PollTarget};

use super::fleet::{Fleet, Target};
use super::memory;
use super::plan::CollectionPlan;
use super::printers::Printers;
use crate::access::authorization;
use crate::fleet::schedule::{Schedule, Turn};
use crate::{App, AppError};

/// Devices taken in at once: some 10 milliseconds.
const DEVICES_AT_ONCE: u32 = 1_000;

/// The devices that the store knows and the fleet does not yet. They are taken in when they are
/// due, those first that were read longest ago, so that a start does not read all of them.
pub(crate) struct Backlog {
    unread: Vec<Unread>,
    /// When the last of them is due, whatever the clock was when they were read.
    until: Timestamp,
}

/// What is left of one organization.
struct Unread {
    organization: OrganizationId,
    behind: Option<PollPlace>,
    /// None of them is due before.
    next_due: Timestamp,
}

impl Backlog {
    /// Everything that is known of the plan's organizations.
    pub(crate) fn new(plan: &CollectionPlan, now: Timestamp) -> Self {
        let organizations: BTreeSet<_> =
            plan.ranges.iter().map(|range| range.organization).collect();
        let unread = organizations.into_iter().map(|organization| Unread {
            organization,
            behind: None,
            next_due: now,
        });
        Self {
            unread: unread.collect(),
            until: now.plus(shortest(&plan.schedule)),
        }
    }

    /// When one of them may be due; `None` where all are taken in.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.unread.iter().map(|unread| unread.next_due).min()
    }

    /// Brings near again what a clock set back to `now` has put too far away.
    pub(crate) fn pull_in(&mut self, schedule: &Schedule, now: Timestamp) {
        self.until = self.until.min(now.plus(shortest(schedule)));
        for unread in &mut self.unread {
            unread.next_due = unread.next_due.min(self.until);
        }
    }

    /// Tries none of them again before `at`.
    pub(crate) fn postpone(&mut self, at: Timestamp) {
        for unread in &mut self.unread {
            unread.next_due = unread.next_due.max(at);
        }
    }

    /// Takes the next of them into the fleet: those within the plan's ranges. Devices outside of
    /// them stay in the store and are not asked. One that answered IPP last is left to
    /// [`super::ipp_printers`] until a sweep finds that it answers SNMP as well.
    pub(crate) async fn take_in<P: Printers>(
        &mut self,
        app: &App,
        plan: &CollectionPlan,
        fleet: &mut Fleet<P::Memory>,
    ) -> Result<(), AppError> {
        let next = self.unread.iter_mut().enumerate();
        let next = next.min_by_key(|(_, unread)| unread.next_due);
        let Some((number, unread)) = next else {
            return Ok(());
        };
        let (organization, behind) = (unread.organization, unread.behind);
        let scope = authorization::system_scope(organization, "collector");
        let (known, last) = app
            .store
            .read(move |r| r.poll_targets(&scope, behind, DEVICES_AT_ONCE))
            .await?;
        match last.filter(|_| known.len() >= DEVICES_AT_ONCE as usize) {
            Some(last) => {
                let due = last.read_at.plus(shortest(&plan.schedule));
                unread.next_due = due.min(self.until);
                unread.behind = Some(last);
            }
            None => drop(self.unread.swap_remove(number)),
        }
        for known in known {
            if known.protocol == Some(Protocol::Ipp) {
                continue;
            }
            let range = plan.range_of(organization, known.address);
            if let Some(target) = range.and_then(|range| resume::<P>(app, plan, range, &known)) {
                fleet.admit_unmet(target);
            }
        }
        Ok(())
    }
}

/// No device is due sooner after it was read.
fn shortest(schedule: &Schedule) -> Duration {
    schedule.static_set.min(schedule.dynamic_set)
}

/// A device as the store knows it, waiting for its turn.
fn resume<P: Printers>(
    app: &App,
    plan: &CollectionPlan,
    range: usize,
    known: &PollTarget,
) -> Option<Target<P::Memory>> {
    let planned = plan.ranges.get(range)?;
    let unpacked = known.memory.as_deref().and_then(memory::unpack);
    let credential = unpacked.and_then(|(name, _)| {
        let mut named = planned.credentials.iter();
        named.position(|named| named.name == name)
    });
    let (schedule, now) = (&plan.schedule, app.now());
    let turn = match known.last_failure_at.filter(|_| known.failures > 0) {
        Some(failed) => Turn::resume_failing(schedule, known.failures, failed, now),
        None => Turn::resume(schedule, known.last_static_at, known.last_dynamic_at, now),
    };
    Some(Target {
        device: known.device,
        organization: planned.organization,
        range,
        address: known.address,
        credential,
        memory: unpacked.and_then(|(_, memory)| P::decode(memory)),
        turn,
    })
}
