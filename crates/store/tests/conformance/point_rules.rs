//! How many points print jobs take.

use std::collections::BTreeMap;

use platen_domain::points::{POINTS_MAX, PointRates, PointRules, Points};
use platen_store::Store;

use crate::samples::founded;

crate::conformance!(rules_are_set_as_a_whole);

async fn rules_are_set_as_a_whole(store: &Store) {
    let (one, two) = (founded(store, 1).await, founded(store, 2).await);
    let rates = PointRates {
        mono_side: Points::from_millionths(1),
        color_side: POINTS_MAX,
        sheet: Points::ZERO,
    };
    let rich = PointRules {
        any: rates,
        by_media: BTreeMap::from([("iso_a3_297x420mm".to_owned(), PointRates::default())]),
    };
    let poor = PointRules {
        by_media: BTreeMap::new(),
        ..rich.clone()
    };
    for (revision, rules) in [(1, rich), (2, poor)] {
        let (within, set) = (one.clone(), rules.clone());
        let done = store.write(move |w| w.set_point_rules(&within, &set));
        assert_eq!(done.await.unwrap(), revision);
        let within = one.clone();
        let read = store.read(move |r| r.point_rules(&within)).await;
        assert_eq!(read.unwrap(), (rules, revision));
    }
    let theirs = store.read(move |r| r.point_rules(&two)).await;
    assert_eq!(theirs.unwrap(), (PointRules::default(), 0));
}
