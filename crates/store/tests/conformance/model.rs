//! Random sequences of observations against a naive model: what the fleet looks like is what
//! was said last, and history says when it was said first.

use std::collections::BTreeMap;

use platen_domain::meters::{Function, MeterColor, MeterKey, MeterValue};
use platen_domain::readings::{Observation, Protocol};
use platen_domain::snapshots::DeviceSnapshot;
use platen_domain::status::{Alert, DeviceState, Status};
use platen_domain::supplies::{Level, Supply};
use platen_store::{METER_REPEAT_AFTER, Store};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::samples::{
    address, alert, answer, at, first_answer, founded, record, snapshots, status, toner, total,
};

/// Sequences tried; each runs on a store of its own.
const CASES: u32 = 24;

/// What happens next, to one of three devices, some time later.
#[derive(Debug, Clone)]
struct Step {
    device: u8,
    pause: u64,
    event: Event,
}

#[derive(Debug, Clone)]
enum Event {
    Answer(Box<Observation>),
    Silence,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pause = prop_oneof![4 => 1..600_u64, 1 => 80_000..90_000_u64];
    let step = (1..=3_u8, pause, event()).prop_map(|(device, pause, event)| Step {
        device,
        pause,
        event,
    });
    proptest::collection::vec(step, 1..30)
}

fn event() -> impl Strategy<Value = Event> {
    let observation = (any::<bool>(), meters(), supplies(), statuses()).prop_map(
        |(with_identity, meters, supplies, status)| {
            let template = if with_identity {
                first_answer(1, 0)
            } else {
                answer(1, 0)
            };
            Event::Answer(Box::new(Observation {
                meters,
                supplies,
                status,
                ..template
            }))
        },
    );
    prop_oneof![6 => observation, 1 => Just(Event::Silence)]
}

fn meters() -> impl Strategy<Value = Vec<MeterValue>> {
    let key = prop_oneof![
        Just(MeterKey::impressions(Function::Total, MeterColor::All)),
        Just(MeterKey::impressions(Function::Copy, MeterColor::All)),
        Just(MeterKey::impressions(Function::Print, MeterColor::Color)),
    ];
    let value = (key, 0..4_u64).prop_map(|(key, value)| MeterValue {
        key,
        ..total(value)
    });
    proptest::collection::vec(value, 0..4)
}

fn supplies() -> impl Strategy<Value = Option<Vec<Supply>>> {
    let level = prop_oneof![
        (0..=2_u8).prop_map(Level::Percent),
        Just(Level::SomeLeft),
        Just(Level::Unknown),
    ];
    let color = prop_oneof![Just("black"), Just("cyan")];
    let supply =
        (1..3_u32, color, level).prop_map(|(index, color, level)| toner(index, color, level));
    proptest::option::of(proptest::collection::vec(supply, 0..4))
}

fn statuses() -> impl Strategy<Value = Option<Status>> {
    let state = prop_oneof![Just(DeviceState::Idle), Just(DeviceState::Stopped)];
    let alerts = proptest::collection::vec((0..3).prop_map(|code| alert(code, "text")), 0..4);
    proptest::option::of((state, alerts).prop_map(|(state, alerts)| status(state, alerts)))
}

/// A device as the model knows it.
#[derive(Default)]
struct Known {
    meters: BTreeMap<String, MeterValue>,
    meters_read_at: Option<u64>,
    history: BTreeMap<String, Vec<(u64, u64, u32)>>,
    supplies: Vec<Supply>,
    supplies_read_at: Option<u64>,
    state: Option<(DeviceState, u64, u64)>,
    alerts: Vec<(Alert, u64)>,
    failures: u32,
}

impl Known {
    fn answered(&mut self, observation: &Observation, now: u64) {
        self.failures = 0;
        let mut read = BTreeMap::new();
        for meter in &observation.meters {
            read.entry(meter.key.to_string())
                .or_insert_with(|| meter.clone());
        }
        for (key, meter) in read {
            self.meters_read_at = Some(now);
            self.note(&key, meter.value, now);
            self.meters.insert(key, meter);
        }
        if let Some(supplies) = &observation.supplies {
            self.supplies.clone_from(supplies);
            self.supplies_read_at = Some(now);
        }
        if let Some(status) = &observation.status {
            self.enter(status.state, now);
            self.alerts.retain(|(open, _)| status.alerts.contains(open));
            for alert in &status.alerts {
                if !self.alerts.iter().any(|(open, _)| open == alert) {
                    self.alerts.push((alert.clone(), now));
                }
            }
        }
    }

    fn note(&mut self, key: &str, value: u64, now: u64) {
        let history = self.history.entry(key.to_owned()).or_default();
        let segment = match history.last() {
            None => 0,
            Some((noted, last, _))
                if *last == value && now < noted + METER_REPEAT_AFTER.as_secs() =>
            {
                return;
            }
            Some((_, last, segment)) => segment + u32::from(value < *last),
        };
        history.push((now, value, segment));
    }

    fn silent(&mut self, now: u64) {
        self.failures += 1;
        self.enter(DeviceState::Unreachable, now);
    }

    fn enter(&mut self, state: DeviceState, now: u64) {
        let since = match self.state {
            Some((last, since, _)) if last == state => since,
            _ => now,
        };
        self.state = Some((state, since, now));
    }

    fn check(&self, kept: &DeviceSnapshot) {
        let meters: Vec<_> = self.meters.values().cloned().collect();
        assert_eq!(kept.meters, meters);
        assert_eq!(kept.meters_read_at, self.meters_read_at.map(at));
        assert_eq!(kept.supplies, self.supplies);
        assert_eq!(kept.supplies_read_at, self.supplies_read_at.map(at));
        let state = kept.status.as_ref().map(|s| (s.state, s.since, s.read_at));
        assert_eq!(
            state,
            self.state
                .map(|(state, since, read)| (state, at(since), at(read)))
        );
        let alerts = kept.status.iter().flat_map(|s| &s.alerts);
        let alerts: Vec<_> = alerts
            .map(|open| (open.alert.clone(), open.opened_at))
            .collect();
        let expected: Vec<_> = self
            .alerts
            .iter()
            .map(|(a, since)| (a.clone(), at(*since)))
            .collect();
        // Alerts show beside a status; a device that never told one has none.
        assert_eq!(alerts, expected);
    }
}

#[test]
fn snapshots_and_history_equal_a_naive_model() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&steps(), |steps| {
            let backend = crate::backend::Backend::fresh();
            runtime.block_on(replay(backend.store(), steps));
            Ok(())
        })
        .unwrap();
}

async fn replay(store: &Store, steps: Vec<Step>) {
    let scope = founded(store, 1).await;
    let mut fleet: BTreeMap<u8, Known> = BTreeMap::new();
    let mut now = 0;
    for Step {
        device,
        pause,
        event,
    } in steps
    {
        now += pause;
        match event {
            Event::Answer(observation) => {
                let identity = first_answer(device, now).identity;
                let observation = Observation {
                    address: address(device),
                    collected_at: at(now),
                    identity: observation.identity.as_ref().and(identity),
                    ..*observation
                };
                fleet.entry(device).or_default().answered(&observation, now);
                record(store, &scope, observation).await;
            }
            Event::Silence => {
                let Some(known) = fleet.get_mut(&device) else {
                    continue;
                };
                known.silent(now);
                let all = snapshots(store, &scope).await;
                let found = all
                    .iter()
                    .find(|s| s.device.address == address(device))
                    .unwrap();
                let (scope, id) = (scope.clone(), found.device.id);
                store
                    .write(move |w| {
                        w.record_unreachable(&scope, id, address(device), Protocol::Snmp, at(now))
                    })
                    .await
                    .unwrap();
            }
        }
    }
    compare(store, &scope, fleet).await;
}

async fn compare(store: &Store, scope: &platen_domain::scope::Scope, fleet: BTreeMap<u8, Known>) {
    let mut kept = snapshots(store, scope).await;
    kept.sort_by_key(|snapshot| snapshot.device.address);
    assert_eq!(kept.len(), fleet.len());
    let within = scope.clone();
    let found = store.read(move |r| r.poll_targets(&within, None, 1_000));
    let (targets, _) = found.await.unwrap();
    for (snapshot, (device, known)) in kept.iter().zip(fleet) {
        assert_eq!(snapshot.device.address, address(device));
        known.check(snapshot);
        let id = snapshot.device.id;
        let target = targets.iter().find(|target| target.device == id).unwrap();
        assert_eq!(target.failures, known.failures);
        for (key, expected) in known.history {
            let (scope, key) = (scope.clone(), key.parse::<MeterKey>().unwrap());
            let history = store
                .read(move |r| r.meter_history(&scope, id, &key))
                .await
                .unwrap();
            let noted: Vec<_> = history
                .iter()
                .map(|e| (e.read_at, e.value, e.segment))
                .collect();
            let expected: Vec<_> = expected.iter().map(|(t, v, s)| (at(*t), *v, *s)).collect();
            assert_eq!(noted, expected);
        }
    }
}
