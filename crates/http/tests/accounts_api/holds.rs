//! Holds: made, captured, released, expired.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use crate::office::{Office, id, problem, refused};

#[tokio::test]
async fn a_hold_keeps_points_until_it_is_captured() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let hold = json!({"account": "a", "user": "ada", "points": 8});
    let hold = office.made("/holds", hold).await;
    assert_eq!(hold["state"], "active");
    let balance = office.balance("a", "ada").await;
    assert_eq!(
        (&balance["balance"], &balance["held"]),
        (&json!(10), &json!(8))
    );
    assert_eq!(balance["available"], 2);
    let more = json!({"account": "a", "user": "ada", "points": 3});
    let got = office.post("/charges", more).await;
    assert_eq!(refused(&got), problem(409, "charge-refused"));
    let capture = format!("/holds/{}/capture", id(&hold));
    let charge = office.made(&capture, json!({"points": 5})).await;
    assert_eq!(charge["net"], 5);
    let balance = office.balance("a", "ada").await;
    assert_eq!(balance["available"], 5);
    let hold = office.found(&format!("/holds/{}", id(&hold))).await;
    assert_eq!(hold["state"], "captured");
    assert_eq!(hold["charge"], charge["id"]);
    let again = office.post(&capture, json!({})).await;
    assert_eq!(refused(&again), problem(409, "state"));
}

#[tokio::test]
async fn a_hold_is_captured_as_it_is_without_a_body() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let hold = json!({"account": "a", "user": "ada", "points": 8});
    let hold = office.made("/holds", hold).await;
    let capture = format!("/holds/{}/capture", id(&hold));
    let got = office.ask(http::Method::POST, &capture, &[], "").await;
    assert_eq!(got.status, StatusCode::CREATED, "{}", got.text());
    assert_eq!(got.json()["net"], 8);
}

#[tokio::test]
async fn points_are_free_again_when_a_hold_is_released_or_over() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let hold = json!({"account": "a", "user": "ada", "points": 8, "expires_in": 60});
    let first = office.made("/holds", hold.clone()).await;
    let release = format!("/holds/{}/release", id(&first));
    for _ in 0..2 {
        let got = office.ask(http::Method::POST, &release, &[], "").await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text());
        assert_eq!(got.json()["state"], "released");
    }
    let second = office.made("/holds", hold).await;
    office.world.clock.advance(Duration::from_secs(61));
    let over = office.found(&format!("/holds/{}", id(&second))).await;
    assert_eq!(over["state"], "expired");
    assert_eq!(office.balance("a", "ada").await["available"], 10);
    let expired = office.found("/holds?state=expired").await;
    assert_eq!(expired["items"].as_array().unwrap().len(), 1);
}
