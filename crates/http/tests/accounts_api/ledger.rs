//! The ledger: adjusted, transferred, reset; every point is accounted for.

use serde_json::json;

use crate::office::{Office, problem, refused};

#[tokio::test]
async fn a_balance_is_the_sum_of_its_entries() {
    let office = Office::open().await;
    let account = office.account("a", 10).await;
    let adjust = json!({"account": "a", "user": "ada", "points": -2.5, "reason": "poster"});
    let entry = office.made("/adjustments", adjust).await;
    assert_eq!(entry["kind"], "adjustment");
    assert_eq!(entry["points"], -2.5);
    assert_eq!(entry["balance"], 7.5);
    let transfer = json!({
        "from": {"account": "a", "user": "ada"},
        "to": {"account": account, "user": "grace"},
        "points": 3,
        "reason": "shared project",
    });
    let transferred = office.made("/transfers", transfer).await;
    assert_eq!(transferred["out"]["transfer"], transferred["id"]);
    assert_eq!(transferred["into"]["balance"], 13);
    let reset = json!({"account": "a", "user": "grace", "reason": "new course"});
    assert_eq!(office.made("/resets", reset).await["balance"], 10);
    for user in ["ada", "grace"] {
        let path = format!("/ledger?account=a&user={user}");
        let entries = office.found(&path).await;
        let entries = entries["items"].as_array().unwrap().clone();
        let sum: f64 = entries.iter().map(|e| e["points"].as_f64().unwrap()).sum();
        let balance = office.balance("a", user).await;
        assert_eq!(balance["balance"].as_f64(), Some(sum), "{user}");
        assert_eq!(
            entries[0]["balance"], balance["balance"],
            "the newest first"
        );
    }
    let path = format!("/accounts/{account}/ledger?kind=transfer");
    let transfers = office.found(&path).await;
    assert_eq!(transfers["items"].as_array().unwrap().len(), 2);
    let none = office.found("/ledger?until=2020-01-01T00:00:00Z").await;
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn nobody_gives_what_he_does_not_have() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let transfer = json!({
        "from": {"account": "a", "user": "ada"},
        "to": {"account": "a", "user": "grace"},
        "points": 11,
        "reason": "too kind",
    });
    let got = office.post("/transfers", transfer).await;
    assert_eq!(refused(&got), problem(409, "charge-refused"));
    let adjust = json!({
        "account": "a", "user": "ada", "points": -11, "if_available": true, "reason": "fee",
    });
    let got = office.post("/adjustments", adjust).await;
    assert_eq!(refused(&got), problem(409, "charge-refused"));
    assert_eq!(office.found("/ledger").await["items"], json!([]));
}
