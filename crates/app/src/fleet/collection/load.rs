//! Picking up where the last run ended.

use std::collections::BTreeSet;

use platen_domain::readings::Protocol;
use platen_store::PollTarget;

use super::fleet::{Fleet, Target};
use super::memory;
use super::plan::CollectionPlan;
use super::printers::Printers;
use crate::access::authorization;
use crate::fleet::schedule::Turn;
use crate::{App, AppError};

/// The devices the store knows within the plan's ranges. Devices outside of them stay in the
/// store and are not asked. One that answered IPP last is left to [`super::ipp_printers`] until a
/// sweep finds that it answers SNMP as well.
pub(crate) async fn fleet<P: Printers>(
    app: &App,
    plan: &CollectionPlan,
) -> Result<Fleet<P::Memory>, AppError> {
    let mut fleet = Fleet::default();
    let organizations: BTreeSet<_> = plan.ranges.iter().map(|range| range.organization).collect();
    for organization in organizations {
        let scope = authorization::system_scope(organization, "collector");
        let mut known = app.store.read(move |r| r.poll_targets(&scope)).await?;
        // Where two devices were at one address, the one read last is there now.
        known.sort_by_key(|known| known.last_dynamic_at);
        known.retain(|known| known.protocol != Some(Protocol::Ipp));
        for known in known {
            let range = plan.range_of(organization, known.address);
            if let Some(target) = range.and_then(|range| resume::<P>(app, plan, range, &known)) {
                fleet.admit(target);
            }
        }
    }
    Ok(fleet)
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
