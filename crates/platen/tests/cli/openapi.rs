//! What `platen openapi` prints.

use crate::program::said;

#[test]
fn the_description_is_the_committed_one() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(
        said(&["openapi"]) == committed,
        "it differs from docs/openapi.json"
    );
}
