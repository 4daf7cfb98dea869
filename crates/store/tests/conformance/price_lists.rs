//! Price lists.

use std::collections::BTreeMap;

use platen_domain::ids::DeviceId;
use platen_domain::prices::{AppliesTo, Micros, PriceBook, PriceList, Prices, Tariff};
use platen_domain::scope::Scope;
use platen_store::{Store, StoreError};

use crate::samples::{at, founded};

crate::conformance!(
    prices_read_back_as_they_were_set,
    versions_count_up_and_never_change,
);

fn prices(mono: i64, sheet: Option<i64>) -> Prices {
    Prices {
        mono_side: Some(Micros(mono)),
        color_side: None,
        sheet: sheet.map(Micros),
    }
}

/// Two papers for a model, no price at all for a device, and the default.
fn list(version: u32, seconds: u64) -> PriceList {
    let a3 = ("iso_a3_297x420mm".to_owned(), prices(1, Some(0)));
    let model = Tariff {
        any: prices(15_000, None),
        by_media: BTreeMap::from([a3]),
    };
    let default = Tariff {
        any: prices(i64::MAX, Some(5_000)),
        by_media: BTreeMap::new(),
    };
    PriceList {
        version,
        valid_from: at(seconds),
        currency: "EUR".to_owned(),
        tariffs: BTreeMap::from([
            (AppliesTo::Default, default),
            (AppliesTo::Model("mx711: blue".to_owned()), model),
            (
                AppliesTo::Device(DeviceId::from_bytes([7; 16])),
                Tariff::default(),
            ),
        ]),
    }
}

async fn insert(store: &Store, scope: &Scope, list: PriceList) -> Result<(), StoreError> {
    let scope = scope.clone();
    store
        .write(move |w| w.insert_price_list(&scope, &list, at(1), "alice"))
        .await
}

async fn book(store: &Store, scope: &Scope) -> PriceBook {
    let scope = scope.clone();
    store.read(move |r| r.price_book(&scope)).await.unwrap()
}

async fn prices_read_back_as_they_were_set(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    assert_eq!(book(store, &one).await, PriceBook::default());
    let empty = PriceList {
        tariffs: BTreeMap::new(),
        ..list(2, 50)
    };
    let lists = vec![list(1, 200), empty, list(3, 100)];
    for list in lists.clone() {
        insert(store, &one, list).await.unwrap();
    }
    assert_eq!(book(store, &one).await, PriceBook::new(lists));
    assert_eq!(book(store, &two).await, PriceBook::default());
}

async fn versions_count_up_and_never_change(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let next = |scope: &Scope| {
        let scope = scope.clone();
        store.write(move |w| w.next_price_version(&scope))
    };
    assert_eq!(next(&one).await.unwrap(), 1);
    insert(store, &one, list(1, 100)).await.unwrap();
    assert_eq!(next(&one).await.unwrap(), 2);
    assert_eq!(next(&two).await.unwrap(), 1);
    for version in [0, 1, 3] {
        let refused = insert(store, &one, list(version, 300)).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{version}");
    }
    insert(store, &two, list(1, 300)).await.unwrap();
    assert_eq!(book(store, &one).await, PriceBook::new(vec![list(1, 100)]));
}
