//! Two organizations whose devices have the same numbers, the same addresses and the same readings'
//! numbers: what one of them reads, or changes, is never the other's.

use platen_domain::findings::FindingKind;
use platen_domain::ids::DeviceId;
use platen_domain::readings::{Observation, Protocol};
use platen_domain::scope::Scope;
use platen_domain::status::DeviceState;
use platen_domain::supplies::Level;
use platen_store::Store;

use crate::samples::{
    address, alert, answer, at, first_answer, founded, identity, record, snapshot, snapshots,
    status, toner, total,
};

crate::conformance!(
    identities_and_snapshots_are_an_organizations_own,
    meters_are_an_organizations_own,
    supplies_are_an_organizations_own,
    alerts_and_states_are_an_organizations_own,
    findings_are_an_organizations_own,
    polls_and_memory_are_an_organizations_own,
);

/// Organizations 1 and 2, each with a device 1 at the same address.
struct Apart<'a> {
    store: &'a Store,
    scopes: [Scope; 2],
    devices: [DeviceId; 2],
}

impl<'a> Apart<'a> {
    /// The device of the second organization states what `of_second` says.
    async fn new(store: &'a Store, of_second: Observation) -> Self {
        let scopes = [founded(store, 1).await, founded(store, 2).await];
        let first = record(store, &scopes[0], first_answer(1, 10)).await;
        let second = record(store, &scopes[1], of_second).await;
        assert!(first.created && second.created);
        Self {
            store,
            devices: [first.device, second.device],
            scopes,
        }
    }
}

async fn identities_and_snapshots_are_an_organizations_own(store: &Store) {
    let mut other = first_answer(1, 20);
    other.identity = Some(identity(Some("4711"), None));
    let apart = Apart::new(store, other).await;
    let mut renamed = first_answer(1, 30);
    renamed.identity.as_mut().unwrap().name = Some("Lobby".to_owned());
    record(store, &apart.scopes[0], renamed).await;
    let named = ["Lobby", "ET0021B71DB22F"];
    let organizations = apart.scopes.iter().zip(apart.devices);
    for ((scope, device), name) in organizations.zip(named) {
        let all = snapshots(store, scope).await;
        let [one] = all.as_slice() else {
            panic!("{all:?}")
        };
        assert_eq!(one.device.id, device);
        assert_eq!(one.device.organization, scope.organization());
        assert_eq!(one.device.identity.name.as_deref(), Some(name));
        assert_eq!((one.meters.len(), one.supplies.len()), (1, 1));
        let within = scope.clone();
        let count = store.read(move |r| r.device_count(&within)).await.unwrap();
        assert_eq!(count, 1);
    }
    // Another printer takes the address of the one of them; the other stays reachable there.
    let mut newcomer = first_answer(1, 40);
    newcomer.identity = Some(identity(Some("80275"), None));
    assert!(record(store, &apart.scopes[1], newcomer).await.created);
    let state = async |index: usize| {
        let shown = snapshot(store, &apart.scopes[index], apart.devices[index]).await;
        shown.status.unwrap().state
    };
    assert_eq!(state(0).await, DeviceState::Idle);
    assert_eq!(state(1).await, DeviceState::Unreachable);
}

async fn meters_are_an_organizations_own(store: &Store) {
    let mut other = first_answer(1, 20);
    other.meters = vec![total(5_000)];
    let apart = Apart::new(store, other).await;
    for (scope, seconds, value) in [
        (&apart.scopes[0], 30, 1_001),
        (&apart.scopes[1], 30, 5_001),
        (&apart.scopes[0], 40, 1_002),
    ] {
        let mut observation = answer(1, seconds);
        observation.meters = vec![total(value)];
        record(store, scope, observation).await;
    }
    for (index, expected) in [vec![1_000, 1_001, 1_002], vec![5_000, 5_001]]
        .into_iter()
        .enumerate()
    {
        let (scope, device) = (apart.scopes[index].clone(), apart.devices[index]);
        let newest = snapshot(store, &scope, device).await.meters;
        assert_eq!(newest, [total(*expected.last().unwrap())]);
        let history = store
            .read(move |r| r.meter_history(&scope, device, &total(0).key))
            .await
            .unwrap();
        let values: Vec<_> = history.iter().map(|entry| entry.value).collect();
        assert_eq!(values, expected);
        assert!(history.iter().all(|entry| entry.segment == 0));
    }
}

async fn supplies_are_an_organizations_own(store: &Store) {
    let with = |seconds, serials: &[&str]| {
        let listed = serials.iter().map(|serial| {
            let mut supply = toner(1, "black", Level::Percent(80));
            supply.serial = Some((*serial).to_owned());
            supply
        });
        let mut observation = first_answer(1, seconds);
        observation.supplies = Some(listed.collect());
        observation
    };
    let apart = Apart::new(store, with(20, &["K2", "K3"])).await;
    let [one, two] = &apart.scopes;
    // Gone for a while, and another one put in: its history says what was there before.
    for (scope, seconds, serials) in [
        (one, 30, &["A1", "A2"][..]),
        (one, 40, &[]),
        (two, 40, &["K2"]),
        (one, 50, &["A1", "B2"]),
        (two, 60, &["K2", "K3"]),
    ] {
        record(store, scope, with(seconds, serials)).await;
    }
    for (index, (serials, replaced)) in [
        (["A1", "B2"], [None, Some(at(50))]),
        (["K2", "K3"], [None; 2]),
    ]
    .into_iter()
    .enumerate()
    {
        let (scope, device) = (apart.scopes[index].clone(), apart.devices[index]);
        let newest = snapshot(store, &scope, device).await;
        let shown: Vec<_> = newest
            .supplies
            .iter()
            .map(|s| s.serial.as_deref())
            .collect();
        assert_eq!(shown, serials.map(Some));
        assert_eq!(newest.replaced_at, replaced);
        let history = store
            .read(move |r| r.supply_history(&scope, device))
            .await
            .unwrap();
        let other = ["K", "A"][index];
        let own = |serial: &str| !serial.starts_with(other);
        assert!(history.iter().filter_map(|e| e.serial.as_deref()).all(own));
        let times = history.iter().filter(|entry| entry.replaced).count();
        assert_eq!(times, replaced.iter().flatten().count());
    }
}

async fn alerts_and_states_are_an_organizations_own(store: &Store) {
    let warned = |seconds, alerts: &[(i32, &str)]| {
        let alerts = alerts.iter().map(|(code, text)| alert(*code, text));
        let mut observation = first_answer(1, seconds);
        observation.status = Some(status(DeviceState::Warning, alerts.collect()));
        observation
    };
    let apart = Apart::new(store, warned(20, &[(8, "Jam")])).await;
    let [one, two] = &apart.scopes;
    record(store, one, warned(30, &[(1104, "Toner low")])).await;
    record(store, one, warned(40, &[])).await;
    record(store, two, warned(50, &[(8, "Jam"), (9, "Door")])).await;
    let expected = [
        (vec![("Toner low", Some(at(40)))], vec![at(10), at(30)]),
        (vec![("Jam", None), ("Door", None)], vec![at(20)]),
    ];
    for (index, (alerts, since)) in expected.into_iter().enumerate() {
        let (scope, device) = (apart.scopes[index].clone(), apart.devices[index]);
        let open = snapshot(store, &scope, device).await.status.unwrap().alerts;
        let still = alerts.iter().filter(|(_, closed)| closed.is_none()).count();
        assert_eq!(open.len(), still);
        let (history, states) = store
            .read(move |r| {
                Ok((
                    r.alert_history(&scope, device)?,
                    r.state_history(&scope, device)?,
                ))
            })
            .await
            .unwrap();
        let history: Vec<_> = history
            .iter()
            .map(|entry| (entry.alert.text.as_str(), entry.closed_at))
            .collect();
        assert_eq!(history, alerts);
        let states: Vec<_> = states.iter().map(|change| change.since).collect();
        assert_eq!(states, since);
    }
}

async fn findings_are_an_organizations_own(store: &Store) {
    let apart = Apart::new(store, first_answer(1, 20)).await;
    let leap = async |scope: &Scope, seconds, count| {
        let mut observation = answer(1, seconds);
        observation.meters = vec![total(count)];
        record(store, scope, observation).await.told.len()
    };
    // Noticed at both under the same key: each is told once, and each row is its own.
    assert_eq!(leap(&apart.scopes[0], 7_200, 900_000_000).await, 1);
    assert_eq!(leap(&apart.scopes[1], 7_300, 800_000_000).await, 1);
    assert_eq!(leap(&apart.scopes[1], 7_400, 20).await, 1);
    for (index, kinds) in [1, 2].into_iter().enumerate() {
        let (scope, device) = (apart.scopes[index].clone(), apart.devices[index]);
        let shown = snapshot(store, &scope, device).await.findings;
        let found = store.read(move |r| r.findings(&scope)).await.unwrap();
        assert_eq!(shown, found);
        assert_eq!(found.len(), kinds, "{found:?}");
        assert!(found.iter().all(|finding| finding.device == device));
        assert!(found.iter().all(|f| f.kind != FindingKind::SameIdentity));
    }
}

async fn polls_and_memory_are_an_organizations_own(store: &Store) {
    let apart = Apart::new(store, first_answer(1, 20)).await;
    for (seconds, memory) in [(30, 7_u8), (40, 9)] {
        let index = usize::from(memory == 9);
        let scope = apart.scopes[index].clone();
        let keep = store.write(move |w| {
            let ids = platen_domain::ids::SeededIds::new(seconds);
            w.record_observation(
                &scope,
                &answer(1, seconds),
                at(seconds),
                &ids,
                Some(&[memory]),
            )
        });
        assert!(!keep.await.unwrap().created);
    }
    let (scope, device) = (apart.scopes[0].clone(), apart.devices[0]);
    let silent = apart
        .store
        .write(move |w| w.record_unreachable(&scope, device, address(1), Protocol::Snmp, at(50)));
    silent.await.unwrap();
    for (index, (memory, failures)) in [(7, 1), (9, 0)].into_iter().enumerate() {
        let (scope, device) = (apart.scopes[index].clone(), apart.devices[index]);
        let (targets, there) = store
            .read(move |r| {
                Ok((
                    r.poll_targets(&scope, None, 100)?.0,
                    r.poll_target_at(&scope, address(1))?,
                ))
            })
            .await
            .unwrap();
        let [target] = targets.as_slice() else {
            panic!("{targets:?}")
        };
        assert_eq!(there.as_ref(), Some(target));
        assert_eq!((target.device, target.failures), (device, failures));
        assert_eq!(target.memory.as_deref(), Some(&[memory][..]));
    }
}
