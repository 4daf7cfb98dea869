//! The known devices and whose turn it is.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use platen_domain::clock::Timestamp;
use platen_domain::ids::{DeviceId, OrganizationId};

use crate::fleet::schedule::{Schedule, Turn, Work};

/// A device that is visited by turns.
pub(crate) struct Target<M> {
    pub(crate) device: DeviceId,
    pub(crate) organization: OrganizationId,
    /// The range it is asked through, by its place in the plan.
    pub(crate) range: usize,
    pub(crate) address: IpAddr,
    /// The credential that worked last, by its place in the range.
    pub(crate) credential: Option<usize>,
    pub(crate) memory: Option<M>,
    pub(crate) turn: Turn,
}

type Place = (OrganizationId, IpAddr);

/// Every device of the plan: at most one per address, each at most once.
pub(crate) struct Fleet<M> {
    /// Those that wait for their turn; who is being visited is not here.
    waiting: HashMap<DeviceId, Target<M>>,
    /// The same, soonest first.
    turns: BTreeSet<(Timestamp, DeviceId)>,
    /// Who is at each address, waiting or being visited.
    places: HashMap<Place, DeviceId>,
}

impl<M> Default for Fleet<M> {
    fn default() -> Self {
        Self {
            waiting: HashMap::new(),
            turns: BTreeSet::new(),
            places: HashMap::new(),
        }
    }
}

impl<M> Fleet<M> {
    /// Lets a device wait for its turn. It leaves the address it had before, and whoever was at
    /// its address leaves the fleet.
    pub(crate) fn admit(&mut self, target: Target<M>) {
        let place = (target.organization, target.address);
        if let Some(before) = self.forget_turn(target.device) {
            self.places.remove(&(before.organization, before.address));
        }
        if let Some(other) = self.places.insert(place, target.device)
            && other != target.device
        {
            self.forget_turn(other);
        }
        self.turns.insert((target.turn.due().0, target.device));
        self.waiting.insert(target.device, target);
    }

    /// Admits a device as the store knows it, unless it or another at its address was met since.
    pub(crate) fn admit_unmet(&mut self, target: Target<M>) {
        let place = (target.organization, target.address);
        if !self.waiting.contains_key(&target.device) && !self.places.contains_key(&place) {
            self.admit(target);
        }
    }

    /// Takes back a device from a visit, unless meanwhile another was found at its address, or
    /// it was found at another address.
    pub(crate) fn readmit(&mut self, target: Target<M>) {
        let place = (target.organization, target.address);
        let still_there = self.places.get(&place) == Some(&target.device);
        if still_there && !self.waiting.contains_key(&target.device) {
            self.admit(target);
        } else if still_there {
            self.places.remove(&place);
        }
    }

    /// Gives up the place of a device that turned out to be gone from it.
    pub(crate) fn dismiss(&mut self, target: &Target<M>) {
        let place = (target.organization, target.address);
        if self.places.get(&place) == Some(&target.device) {
            self.places.remove(&place);
        }
    }

    /// The device whose turn it is at `now`, and for what. It is out until it is readmitted.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Target<M>, Work)> {
        let (at, device) = self.turns.first().copied()?;
        if at > now {
            return None;
        }
        let target = self.forget_turn(device)?;
        let (_, work) = target.turn.due();
        Some((target, work))
    }

    /// Brings turns near again that a clock set back to `now` has put too far away.
    pub(crate) fn pull_in(&mut self, schedule: &Schedule, now: Timestamp) {
        self.turns.clear();
        for target in self.waiting.values_mut() {
            target.turn = target.turn.pulled_in(schedule, now);
            self.turns.insert((target.turn.due().0, target.device));
        }
    }

    /// When the next turn is.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.turns.first().map(|(at, _)| *at)
    }

    /// Whether a device is at this address and answered when last asked. A sweep leaves it to
    /// its turns.
    pub(crate) fn is_well(&self, organization: OrganizationId, address: IpAddr) -> bool {
        self.places
            .get(&(organization, address))
            .is_some_and(|device| {
                let waiting = self.waiting.get(device);
                waiting.is_none_or(|target| !target.turn.is_failing())
            })
    }

    fn forget_turn(&mut self, device: DeviceId) -> Option<Target<M>> {
        let target = self.waiting.remove(&device)?;
        self.turns.remove(&(target.turn.due().0, device));
        Some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::ids::SeededIds;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn ids() -> (OrganizationId, [DeviceId; 2]) {
        let ids = SeededIds::new(1);
        let device = || DeviceId::new(NOW, &ids);
        (OrganizationId::new(NOW, &ids), [device(), device()])
    }

    fn target(organization: OrganizationId, device: DeviceId, host: u8) -> Target<()> {
        Target {
            device,
            organization,
            range: 0,
            address: [10, 0, 0, host].into(),
            credential: None,
            memory: None,
            turn: Turn::resume(&Schedule::default(), None, None, NOW),
        }
    }

    fn due(fleet: &mut Fleet<()>) -> Vec<(DeviceId, IpAddr)> {
        std::iter::from_fn(|| fleet.take_due(NOW))
            .map(|(target, _)| (target.device, target.address))
            .collect()
    }

    #[test]
    fn a_device_that_moved_is_asked_at_its_new_address_only() {
        let (organization, [device, _]) = ids();
        let mut fleet = Fleet::default();
        fleet.admit(target(organization, device, 1));
        fleet.admit(target(organization, device, 2));
        assert!(!fleet.is_well(organization, [10, 0, 0, 1].into()));
        assert_eq!(due(&mut fleet), [(device, [10, 0, 0, 2].into())]);
    }

    #[test]
    fn a_device_that_moved_while_it_was_visited_is_not_asked_twice() {
        let (organization, [device, _]) = ids();
        let mut fleet = Fleet::default();
        fleet.admit(target(organization, device, 1));
        let (visited, _) = fleet.take_due(NOW).unwrap();
        fleet.admit(target(organization, device, 2));
        fleet.readmit(visited);
        assert_eq!(due(&mut fleet), [(device, [10, 0, 0, 2].into())]);
    }

    #[test]
    fn a_clock_set_back_keeps_nobody_waiting_for_longer_than_an_interval() {
        let (organization, [device, _]) = ids();
        let schedule = Schedule::default();
        let mut fleet = Fleet::default();
        let mut ahead = target(organization, device, 1);
        let next_year = NOW.plus(schedule.dynamic_set * 4_000);
        ahead.turn = Turn::resume(&schedule, None, None, next_year);
        fleet.admit(ahead);
        fleet.pull_in(&schedule, NOW);
        assert_eq!(fleet.next_due(), Some(NOW.plus(schedule.dynamic_set)));
        assert!(fleet.take_due(NOW.plus(schedule.dynamic_set)).is_some());
        assert_eq!(fleet.next_due(), None);
    }

    #[test]
    fn another_device_at_the_address_takes_the_place() {
        let (organization, [old, new]) = ids();
        let mut fleet = Fleet::default();
        fleet.admit(target(organization, old, 1));
        let (visited, _) = fleet.take_due(NOW).unwrap();
        fleet.admit(target(organization, new, 1));
        fleet.readmit(visited);
        assert_eq!(due(&mut fleet), [(new, [10, 0, 0, 1].into())]);
    }
}
