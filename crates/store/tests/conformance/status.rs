//! Status, alerts and the history of states.

use platen_domain::status::DeviceState;
use platen_store::{AlertHistoryEntry, StateChange, Store};

use crate::samples::{alert, answer, at, first_answer, founded, record, snapshot, status};

crate::conformance!(
    state_counts_since_its_first_poll,
    alerts_open_and_close_by_comparison,
    status_comes_back_as_read,
);

async fn status_comes_back_as_read(store: &Store) {
    let scope = founded(store, 1).await;
    let mut observation = first_answer(1, 100);
    let read = status(
        DeviceState::Warning,
        vec![alert(1104, "Toner low"), alert(8, "Jam")],
    );
    observation.status = Some(read.clone());
    let recorded = record(store, &scope, observation).await;
    let kept = snapshot(store, &scope, recorded.device)
        .await
        .status
        .unwrap();
    assert_eq!((kept.state, kept.errors), (read.state, read.errors));
    assert_eq!(kept.console, read.console);
    assert_eq!((kept.since, kept.read_at), (at(100), at(100)));
    let alerts: Vec<_> = kept.alerts.into_iter().map(|open| open.alert).collect();
    assert_eq!(alerts, read.alerts);
}

async fn state_counts_since_its_first_poll(store: &Store) {
    let scope = founded(store, 1).await;
    let device = record(store, &scope, first_answer(1, 100)).await.device;
    record(store, &scope, answer(1, 200)).await;
    let kept = snapshot(store, &scope, device).await.status.unwrap();
    assert_eq!(
        (kept.state, kept.since, kept.read_at),
        (DeviceState::Idle, at(100), at(200))
    );

    let mut stopped = answer(1, 300);
    stopped.status = Some(status(DeviceState::Stopped, Vec::new()));
    record(store, &scope, stopped).await;
    let kept = snapshot(store, &scope, device).await.status.unwrap();
    assert_eq!((kept.state, kept.since), (DeviceState::Stopped, at(300)));

    let history = store
        .read(move |r| r.state_history(&scope, device))
        .await
        .unwrap();
    let change = |state, since| StateChange { state, since };
    let expected = [
        change(DeviceState::Idle, at(100)),
        change(DeviceState::Stopped, at(300)),
    ];
    assert_eq!(history, expected);
}

async fn alerts_open_and_close_by_comparison(store: &Store) {
    let scope = founded(store, 1).await;
    let with = |seconds, alerts| {
        let mut observation = first_answer(1, seconds);
        observation.status = Some(status(DeviceState::Warning, alerts));
        observation
    };
    let (low, jam) = (alert(1104, "Toner low"), alert(8, "Jam"));
    let device = record(store, &scope, with(100, vec![low.clone(), low.clone()]))
        .await
        .device;
    record(store, &scope, with(200, vec![jam.clone(), low.clone()])).await;
    let open = snapshot(store, &scope, device).await.status.unwrap().alerts;
    let opened: Vec<_> = open.into_iter().map(|o| (o.alert, o.opened_at)).collect();
    assert_eq!(opened, [(low.clone(), at(100)), (jam.clone(), at(200))]);

    record(store, &scope, with(300, vec![low.clone()])).await;
    record(store, &scope, with(400, vec![low.clone(), jam.clone()])).await;
    let history = store
        .read(move |r| r.alert_history(&scope, device))
        .await
        .unwrap();
    let entry = |alert, opened_at, closed_at| AlertHistoryEntry {
        alert,
        opened_at,
        closed_at,
    };
    let expected = [
        entry(low, at(100), None),
        entry(jam.clone(), at(200), Some(at(300))),
        entry(jam, at(400), None),
    ];
    assert_eq!(history, expected);
}
