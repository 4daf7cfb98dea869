use std::collections::BTreeMap;

use super::file::{parse, write};
use super::instants::begins_month;
use super::*;
use platen_domain::ids::DeviceId;
use platen_domain::prices::{AppliesTo, Micros, Prices, Tariff};
use proptest::prelude::*;

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn instant(text: &str) -> Timestamp {
    let instant: jiff::Timestamp = text.parse().unwrap();
    Timestamp::from_millis(instant.as_millisecond())
}

const EXAMPLE: &str = r#"
currency = "EUR"
valid_from = 2026-01-01

[default]
mono_side = "0.015"
color_side = 0.12
sheet = "0.005"

[models."MX711"]
mono_side = 1

[models."MX711".papers."iso_a3_297x420mm"]
mono_side = "0.030"
sheet = 0

[devices."018f3f3e-7c1a-7b6e-9d54-0242ac120002"]
"#;

#[test]
fn prices_are_read_exactly_and_days_begin_in_the_zone() {
    let list = parse(EXAMPLE, &berlin()).unwrap();
    assert_eq!(list.valid_from, instant("2025-12-31T23:00:00Z"));
    let default = &list.tariffs[&AppliesTo::Default].any;
    assert_eq!(default.mono_side, Some(Micros(15_000)));
    assert_eq!(default.color_side, Some(Micros(120_000)));
    let model = &list.tariffs[&AppliesTo::Model("mx711".to_owned())];
    assert_eq!(model.any.mono_side, Some(Micros(1_000_000)));
    assert_eq!(model.any.sheet, None);
    let a3 = model.by_media["iso_a3_297x420mm"];
    assert_eq!(a3.mono_side, Some(Micros(30_000)));
    assert_eq!(a3.sheet, Some(Micros(0)));
    let device: DeviceId = "018f3f3e-7c1a-7b6e-9d54-0242ac120002".parse().unwrap();
    assert_eq!(list.tariffs[&AppliesTo::Device(device)], Tariff::default());
}

#[test]
fn a_list_is_shown_as_it_could_be_set() {
    let list = parse(EXAMPLE, &berlin()).unwrap();
    insta::assert_snapshot!(write(&list, &berlin()), @r#"
    currency = "EUR"
    valid_from = 2026-01-01

    [default]
    mono_side = "0.015"
    color_side = "0.12"
    sheet = "0.005"

    [models."mx711"]
    mono_side = "1"

    [models."mx711".papers."iso_a3_297x420mm"]
    mono_side = "0.03"
    sheet = "0"

    [devices."018f3f3e-7c1a-7b6e-9d54-0242ac120002"]
    "#);
}

fn refusal(text: &str) -> String {
    parse(text, &berlin()).unwrap_err().to_string()
}

#[test]
fn a_mistake_is_named_with_its_line_and_key() {
    let with = |rest: &str| {
        refusal(&format!(
            "currency = 'EUR'\nvalid_from = 2026-01-01\n{rest}"
        ))
    };
    insta::assert_snapshot!(refusal("[default]\n"), @"line 1: valid_from is missing");
    insta::assert_snapshot!(refusal("currency = 'euro'"), @r#"line 1: currency: expected an ISO 4217 code in quotes, such as "EUR""#);
    insta::assert_snapshot!(with(""), @r#"line 1: there are no prices: give [default], [models."…"] or [devices."…"]"#);
    insta::assert_snapshot!(with("[default]\nmono = 1"), @"line 4: unknown key default.mono: expected mono_side, color_side, sheet or papers");
    insta::assert_snapshot!(with("[default]\nmono_side = '0,015'"), @r#"line 4: default.mono_side: expected a price from 0 to 1000000 with at most 6 digits after the point, such as "0.015"; found "0,015""#);
    insta::assert_snapshot!(with("[default.papers.'a4']\nsheet = 0.0000001"), @r#"line 4: default.papers."a4".sheet: expected a price from 0 to 1000000 with at most 6 digits after the point, such as "0.015"; found "0.0000001""#);
    insta::assert_snapshot!(with("[devices.lobby]"), @r#"line 3: devices."lobby": expected the identifier of a device, a UUID"#);
    insta::assert_snapshot!(with("[models.A]\n[models.a]\n"), @r#"line 4: models."a" has prices already"#);
    insta::assert_snapshot!(with("[models]\nA = 1\n"), @r#"line 4: models."A": expected a table, as in [models."A"]"#);
    insta::assert_snapshot!(with("[default"), @"line 3: unclosed table, expected `]`");
}

#[test]
fn times_without_a_zone_and_impossible_prices_are_refused() {
    for time in [
        "2026-01-01T06:00:00",
        "'2026-13-01'",
        "'soon'",
        "06:00:00",
        "7",
    ] {
        let text = format!("currency = 'EUR'\nvalid_from = {time}\n[default]\n");
        assert!(
            refusal(&text).contains("valid_from: expected a day"),
            "{time}"
        );
    }
    let prices = [
        "-1",
        "+1",
        "1e-3",
        "inf",
        "nan",
        "true",
        "'1.'",
        "'.5'",
        "''",
        "1000000.1",
        "0x10",
        "99999999999999999999.0",
    ];
    for price in prices {
        let text = format!("currency = 'EUR'\nvalid_from = 2026-01-01\n[default]\nsheet = {price}");
        assert!(parse(&text, &berlin()).is_err(), "{price}");
    }
}

#[test]
fn a_month_has_one_currency() {
    let list = |currency: &str, from: &str| PriceList {
        version: 1,
        valid_from: instant(from),
        currency: currency.to_owned(),
        tariffs: BTreeMap::new(),
    };
    let (berlin, now) = (berlin(), instant("2026-02-10T00:00:00Z"));
    let fits = |known: &[PriceList], new: PriceList| {
        let book = PriceBook::new(known.to_vec());
        check_currencies(&book, &new, &berlin, now).is_ok()
    };
    let january = list("BGN", "2025-12-31T23:00:00Z");
    assert!(fits(&[], list("EUR", "2026-01-15T00:00:00Z")));
    let known = [january.clone()];
    assert!(fits(&known, list("BGN", "2026-01-15T00:00:00Z")));
    assert!(fits(&known, list("EUR", "2026-02-28T23:00:00Z")));
    assert!(
        !fits(&known, list("EUR", "2026-03-01T00:00:00Z")),
        "1 o'clock"
    );
    assert!(!fits(&known, list("EUR", "2026-01-31T23:00:00Z")), "past");
    let known = [january, list("BGN", "2026-03-15T00:00:00Z")];
    let new = list("EUR", "2026-02-28T23:00:00Z");
    assert!(!fits(&known, new), "back to BGN in the middle of March");
    assert!(begins_month(instant("2026-03-31T22:00:00Z"), &berlin));
}

fn prices() -> impl Strategy<Value = Prices> {
    let price = || prop::option::of((0..=1_000_000_000_000_i64).prop_map(Micros));
    (price(), price(), price()).prop_map(|(mono_side, color_side, sheet)| Prices {
        mono_side,
        color_side,
        sheet,
    })
}

fn tariff() -> impl Strategy<Value = Tariff> {
    let media = "[!-~]{1,30}";
    (prices(), prop::collection::btree_map(media, prices(), 0..3))
        .prop_map(|(any, by_media)| Tariff { any, by_media })
}

fn applies_to() -> impl Strategy<Value = AppliesTo> {
    prop_oneof![
        Just(AppliesTo::Default),
        any::<[u8; 16]>().prop_map(|id| AppliesTo::Device(DeviceId::from_bytes(id))),
        "[!-~äß]{1,20}".prop_map(|name| AppliesTo::Model(name.to_lowercase())),
    ]
}

proptest! {
    #[test]
    fn every_list_reads_back(
        tariffs in prop::collection::btree_map(applies_to(), tariff(), 1..5),
        millis in 0..4_102_444_800_000_i64,
    ) {
        let list = PriceList {
            version: 0,
            valid_from: Timestamp::from_millis(millis),
            currency: "CHF".to_owned(),
            tariffs,
        };
        prop_assert_eq!(parse(&write(&list, &berlin()), &berlin()), Ok(list));
    }

    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,200}") {
        parse(&text, &berlin()).ok();
    }
}
