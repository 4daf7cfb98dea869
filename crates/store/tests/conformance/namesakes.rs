//! Two hosts that state one identity: a device that moved is followed, and one that is there twice is
//! two devices and a finding. The collector asks a device who it is where it is known to be, before
//! it takes an answer from elsewhere for its own; these tests do the same.

use std::collections::BTreeMap;
use std::net::IpAddr;

use platen_domain::findings::FindingKind;
use platen_domain::ids::DeviceId;
use platen_domain::readings::{Observation, Protocol};
use platen_domain::scope::Scope;
use platen_store::{NEW_IDENTITIES_PER_ADDRESS_MAX, Store};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::samples::{address, answer, at, founded, identity, record, snapshot, snapshots, total};

crate::conformance!(
    a_host_that_states_a_serial_which_answers_elsewhere_is_another_device,
    a_mac_address_and_a_uuid_are_not_taken_over_either,
    a_device_that_moved_keeps_its_history_whatever_the_order,
    two_that_state_one_identity_stay_two_whatever_the_order,
    a_counter_that_leaps_is_told_and_one_that_counts_is_not,
    identities_that_never_end_are_cut_off_at_their_address,
);

/// Sequences tried; each runs in an organization of its own.
const CASES: u8 = 40;

/// The hosts of a network by the last octet of their address, and which identity each states.
struct World<'a> {
    store: &'a Store,
    scope: Scope,
    hosts: BTreeMap<u8, u8>,
    clock: u64,
}

impl World<'_> {
    /// What the host at an address says of itself: serial number and MAC address, number 3 without the
    /// latter, and those from 8 on a UUID alone.
    fn says(&mut self, last: u8) -> Option<Observation> {
        let number = *self.hosts.get(&last)?;
        self.clock += 10;
        let (serial, mac) = (
            format!("7016{number}"),
            format!("00:21:b7:00:00:{number:02x}"),
        );
        let mut stated = identity(Some(&serial), (number != 3).then_some(mac.as_str()));
        if number >= 8 {
            stated = identity(None, None);
            stated.uuid = Some(format!(
                "67bbb526-3a17-474f-a567-2ca5f615661{}",
                number % 10
            ));
        }
        Some(Observation {
            identity: Some(stated),
            ..answer(last, self.clock)
        })
    }

    /// Reads the static set of the host at an address, as the collector does.
    async fn visit(&mut self, last: u8) -> Option<DeviceId> {
        let observation = self.says(last)?;
        let (scope, stated) = (self.scope.clone(), observation.identity.clone().unwrap());
        let elsewhere = self
            .store
            .read(move |r| r.answers_elsewhere(&scope, &stated, address(last)))
            .await
            .unwrap();
        if let Some(known) = elsewhere {
            match self.says(octet(known.address)) {
                Some(there) => return Some(self.settle(observation, there).await),
                None => self.silence(known.device, known.address).await,
            }
        }
        Some(record(self.store, &self.scope, observation).await.device)
    }

    /// Keeps two answers of which the second is from where the first one's device was.
    async fn settle(&self, observation: Observation, there: Observation) -> DeviceId {
        let stated = |of: &Observation| of.identity.clone().unwrap();
        if stated(&observation).shares_a_claim(&stated(&there)) {
            record(self.store, &self.scope, there).await;
            return record(self.store, &self.scope, observation).await.device;
        }
        let device = record(self.store, &self.scope, observation).await.device;
        record(self.store, &self.scope, there).await;
        device
    }

    async fn silence(&mut self, device: DeviceId, address: IpAddr) {
        self.clock += 10;
        let (scope, now) = (self.scope.clone(), at(self.clock));
        self.store
            .write(move |w| w.record_unreachable(&scope, device, address, Protocol::Snmp, now))
            .await
            .unwrap();
    }

    async fn kinds(&self, device: DeviceId) -> Vec<FindingKind> {
        let found = snapshot(self.store, &self.scope, device).await.findings;
        found.iter().map(|finding| finding.kind).collect()
    }
}

fn octet(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(address) => address.octets()[3],
        IpAddr::V6(_) => 0,
    }
}

async fn world<'a>(store: &'a Store, number: u8, hosts: &[(u8, u8)]) -> World<'a> {
    World {
        store,
        scope: founded(store, number).await,
        hosts: hosts.iter().copied().collect(),
        clock: 100_000,
    }
}

async fn a_host_that_states_a_serial_which_answers_elsewhere_is_another_device(store: &Store) {
    let mut world = world(store, 1, &[(1, 1), (2, 1)]).await;
    let real = world.visit(1).await.unwrap();
    let other = world.visit(2).await.unwrap();
    assert_ne!(real, other);
    for device in [real, other] {
        assert_eq!(world.kinds(device).await, [FindingKind::SameIdentity]);
    }
    let details: Vec<String> = snapshots(store, &world.scope)
        .await
        .into_iter()
        .map(|known| format!("{}: {}", known.device.address, known.findings[0].detail))
        .collect();
    assert_eq!(
        details,
        [
            "127.77.0.1: states the same identity as another device, at 127.77.0.2",
            "127.77.0.2: states the same identity as another device, at 127.77.0.1",
        ]
    );
    // Told once, however often it is met.
    let again = world.says(2).unwrap();
    assert_eq!(record(store, &world.scope, again).await.told, []);
    // At night the first is off: the second does not become it.
    world.hosts.remove(&1);
    world.silence(real, address(1)).await;
    assert_eq!(world.visit(2).await, Some(other));
    world.hosts.insert(1, 1);
    assert_eq!(world.visit(1).await, Some(real));
}

async fn a_mac_address_and_a_uuid_are_not_taken_over_either(store: &Store) {
    // Number 8 states a UUID alone.
    let mut world = world(store, 1, &[(1, 8), (2, 8)]).await;
    let real = world.visit(1).await;
    let other = world.visit(2).await;
    assert_ne!(real, other);
    assert_eq!((world.visit(1).await, world.visit(2).await), (real, other));
}

/// What happens next in a network.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The host at an address is read.
    Visit(u8),
    /// Two addresses change hands; where one is free, the other's host moves.
    Swap(u8, u8),
    /// The device at an address does not answer.
    Silence(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..=4_u8).prop_map(Step::Visit),
        2 => (1..=4_u8, 1..=4_u8).prop_map(|(a, b)| Step::Swap(a, b)),
        1 => (1..=4_u8).prop_map(Step::Silence),
    ];
    proptest::collection::vec(step, 1..40)
}

/// Where the device at an address is read no more, for whatever reason, it fails.
async fn fail(world: &mut World<'_>, last: u8) {
    let scope = world.scope.clone();
    let known = world
        .store
        .read(move |r| r.poll_target_at(&scope, address(last)));
    if let Some(known) = known.await.unwrap() {
        world.silence(known.device, address(last)).await;
    }
}

async fn a_device_that_moved_keeps_its_history_whatever_the_order(store: &Store) {
    let mut runner = TestRunner::deterministic();
    for case in 1..=CASES {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        // A device that states a UUID alone takes the place of whoever is silent about it, so that
        // those are among themselves.
        let hosts = match case % 2 {
            0 => [(1, 1), (2, 2), (3, 3)],
            _ => [(1, 8), (2, 9), (3, 10)],
        };
        let mut world = world(store, case, &hosts).await;
        let mut devices: BTreeMap<u8, DeviceId> = BTreeMap::new();
        for step in &steps {
            match *step {
                Step::Visit(last) => {
                    let stated = world.hosts.get(&last).copied();
                    if let Some(device) = world.visit(last).await {
                        let first = *devices.entry(stated.unwrap()).or_insert(device);
                        assert_eq!(first, device, "{steps:?}");
                    }
                }
                Step::Swap(a, b) => {
                    let (at_a, at_b) = (world.hosts.remove(&a), world.hosts.remove(&b));
                    world.hosts.extend(at_a.map(|host| (b, host)));
                    world.hosts.extend(at_b.map(|host| (a, host)));
                }
                Step::Silence(last) => fail(&mut world, last).await,
            }
        }
        for device in devices.values() {
            assert_eq!(world.kinds(*device).await, [], "{steps:?}");
        }
    }
}

async fn two_that_state_one_identity_stay_two_whatever_the_order(store: &Store) {
    let mut runner = TestRunner::deterministic();
    for case in 1..=CASES {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let mut world = world(store, case, &[(1, 1), (2, 1), (3, 2)]).await;
        let mut devices = BTreeMap::new();
        for last in 1..=3 {
            devices.insert(last, world.visit(last).await.unwrap());
        }
        let hosts = world.hosts.clone();
        for step in &steps {
            match *step {
                Step::Visit(last) => {
                    let device = world.visit(last).await;
                    assert_eq!(device, devices.get(&last).copied(), "{steps:?}");
                }
                // Off, read by others meanwhile, and on again.
                Step::Swap(off, visited) if off != visited && off <= 3 => {
                    world.hosts.remove(&off);
                    fail(&mut world, off).await;
                    let device = world.visit(visited).await;
                    assert_eq!(device, devices.get(&visited).copied(), "{steps:?}");
                    world.hosts.clone_from(&hosts);
                }
                Step::Swap(..) => {}
                Step::Silence(last) => fail(&mut world, last).await,
            }
        }
    }
}

async fn a_counter_that_leaps_is_told_and_one_that_counts_is_not(store: &Store) {
    let scope = founded(store, 1).await;
    let mut told = Vec::new();
    for (seconds, count) in [
        (0, 216_444),
        (7_200, 216_900),
        (14_400, 1_000_000_000),
        (21_600, 1_000_000_002),
        (28_800, 217_000),
        (36_000, 217_010),
    ] {
        let mut observation = answer(1, seconds);
        observation.meters = vec![total(count)];
        let recorded = record(store, &scope, observation).await;
        told.extend(recorded.told.into_iter().map(|finding| finding.detail));
    }
    assert_eq!(
        told,
        [
            "total/all/impressions/any went from 216900 to 1000000000, faster than a printer prints",
            "total/all/impressions/any went back from 1000000002 to 217000: reset, new board, or another device",
        ]
    );
}

async fn identities_that_never_end_are_cut_off_at_their_address(store: &Store) {
    let scope = founded(store, 1).await;
    let mut devices = std::collections::BTreeSet::new();
    for number in 0..100 {
        let stated = identity(Some(&format!("90{number}")), None);
        let observation = Observation {
            identity: Some(stated),
            ..answer(1, number)
        };
        devices.insert(record(store, &scope, observation).await.device);
    }
    assert_eq!(devices.len() as u64, NEW_IDENTITIES_PER_ADDRESS_MAX);
    let within = scope.clone();
    let found = store.read(move |r| r.findings(&within)).await.unwrap();
    let kinds: Vec<_> = found.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::TooManyIdentities]);
    // A day later somebody else may be there.
    let day = 24 * 60 * 60 + 100;
    let observation = Observation {
        identity: Some(identity(Some("4711"), None)),
        ..answer(1, day)
    };
    assert!(record(store, &scope, observation).await.created);
}
