//! Supplies and the history of their levels.

use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};
use platen_store::Store;

use crate::samples::{answer, at, first_answer, founded, record, snapshot, toner};

crate::conformance!(
    supplies_come_back_as_listed,
    levels_are_noted_when_they_change,
    another_serial_number_is_a_replacement_in_the_same_history,
    equal_supplies_are_told_apart_by_their_order,
);

fn with(seconds: u64, supplies: Vec<Supply>) -> platen_domain::readings::Observation {
    let mut observation = first_answer(1, seconds);
    observation.supplies = Some(supplies);
    observation
}

async fn supplies_come_back_as_listed(store: &Store) {
    let scope = founded(store, 1).await;
    let levels = [
        Level::Percent(0),
        Level::Units(u64::MAX),
        Level::SomeLeft,
        Level::Unknown,
        Level::Unlimited,
    ];
    let mut listed: Vec<Supply> = (1..)
        .zip(levels)
        .map(|(index, level)| toner(index, "cyan", level))
        .collect();
    listed[1].class = SupplyClass::Receptacle;
    listed[1].kind = SupplyType::WasteToner;
    listed[1].colorants = Vec::new();
    listed[2].colorants = vec!["black".to_owned(), "cyan".to_owned()];
    listed[3].capacity = None;
    let device = record(store, &scope, with(1, listed.clone())).await.device;
    assert_eq!(snapshot(store, &scope, device).await.supplies, listed);

    // The list shrinks, and then is not asked for.
    listed.truncate(2);
    record(store, &scope, with(2, listed.clone())).await;
    let mut silent = answer(1, 3);
    silent.supplies = None;
    record(store, &scope, silent).await;
    let newest = snapshot(store, &scope, device).await;
    assert_eq!(newest.supplies, listed);
    assert_eq!(newest.supplies_read_at, Some(at(2)));
}

async fn levels_are_noted_when_they_change(store: &Store) {
    let scope = founded(store, 1).await;
    let list = |black, cyan| {
        vec![
            toner(1, "black", Level::Percent(black)),
            toner(2, "cyan", Level::Percent(cyan)),
        ]
    };
    let device = record(store, &scope, with(1, list(80, 70))).await.device;
    record(store, &scope, with(2, list(80, 70))).await;
    record(store, &scope, with(3, list(79, 70))).await;
    // A swapped cartridge moves to another row of the table: the same supply.
    let mut swapped = list(79, 70);
    swapped.reverse();
    record(store, &scope, with(4, swapped)).await;
    let history = store
        .read(move |r| r.supply_history(&scope, device))
        .await
        .unwrap();
    let noted: Vec<_> = history
        .iter()
        .map(|entry| (entry.read_at, entry.supply.as_str(), entry.level))
        .collect();
    let (black, cyan) = ("toner/black/black cartridge", "toner/cyan/cyan cartridge");
    let expected = [
        (at(1), black, Level::Percent(80)),
        (at(1), cyan, Level::Percent(70)),
        (at(3), black, Level::Percent(79)),
    ];
    assert_eq!(noted, expected);
}

async fn equal_supplies_are_told_apart_by_their_order(store: &Store) {
    let scope = founded(store, 1).await;
    let list = |levels: [u8; 2]| {
        levels
            .map(|l| toner(1, "black", Level::Percent(l)))
            .to_vec()
    };
    let device = record(store, &scope, with(1, list([50, 60]))).await.device;
    record(store, &scope, with(2, list([50, 59]))).await;
    let history = store
        .read(move |r| r.supply_history(&scope, device))
        .await
        .unwrap();
    let noted: Vec<_> = history
        .iter()
        .map(|entry| (entry.occurrence, entry.level))
        .collect();
    let expected = [
        (0, Level::Percent(50)),
        (1, Level::Percent(60)),
        (1, Level::Percent(59)),
    ];
    assert_eq!(noted, expected);
}

async fn another_serial_number_is_a_replacement_in_the_same_history(store: &Store) {
    let scope = founded(store, 1).await;
    let list = |serial: Option<&str>, level| {
        let mut supply = toner(1, "black", Level::Percent(level));
        supply.serial = serial.map(str::to_owned);
        vec![supply]
    };
    let device = record(store, &scope, with(1, list(None, 4))).await.device;
    let replaced = async || snapshot(store, &scope, device).await.replaced_at;
    // It begins to state a number, in two spellings: the same cartridge.
    record(store, &scope, with(2, list(Some("AB-123456"), 4))).await;
    record(store, &scope, with(3, list(Some("ab123456"), 3))).await;
    assert_eq!(replaced().await, [None]);
    // It is taken out, and another one is in; a silent answer between them changes nothing.
    record(store, &scope, with(4, Vec::new())).await;
    record(store, &scope, with(5, list(Some("AB-777777"), 100))).await;
    assert_eq!(replaced().await, [Some(at(5))]);
    record(store, &scope, with(6, list(None, 99))).await;
    record(store, &scope, with(7, list(Some("AB-777777"), 98))).await;
    assert_eq!(replaced().await, [Some(at(5))]);
    record(store, &scope, with(8, list(None, 90))).await;
    record(store, &scope, with(9, list(Some("AB-888888"), 90))).await;
    assert_eq!(replaced().await, [Some(at(9))]);

    let history = store
        .read(move |r| r.supply_history(&scope, device))
        .await
        .unwrap();
    assert!(
        history
            .iter()
            .all(|entry| entry.supply == history[0].supply)
    );
    let noted: Vec<_> = history
        .iter()
        .map(|entry| (entry.read_at, entry.serial.as_deref(), entry.replaced))
        .collect();
    let expected = [
        (at(1), None, false),
        (at(2), Some("AB-123456"), false),
        (at(3), Some("ab123456"), false),
        (at(5), Some("AB-777777"), true),
        (at(6), None, false),
        (at(7), Some("AB-777777"), false),
        (at(8), None, false),
        (at(9), Some("AB-888888"), true),
    ];
    assert_eq!(noted, expected);
}
