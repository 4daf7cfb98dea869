//! Requests that are sent twice.

use http::{Method, StatusCode};
use serde_json::json;

use crate::office::{Office, problem, refused};

const KEY: (&str, &str) = (
    "idempotency-key",
    "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
);

#[tokio::test]
async fn a_charge_that_is_sent_twice_is_made_once() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let charge = json!({"account": "a", "user": "ada", "points": 2});
    let send = async || {
        office
            .send_with(Method::POST, "/charges", &[KEY], &charge)
            .await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.status, first.status);
    assert_eq!(again.body, first.body);
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(office.balance("a", "ada").await["balance"], 8);
}

#[tokio::test]
async fn a_key_stands_for_one_request() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let send = async |path: &str, points: u32| {
        let body = json!({"account": "a", "user": "ada", "points": points});
        office.send_with(Method::POST, path, &[KEY], &body).await
    };
    assert_eq!(send("/charges", 2).await.status, StatusCode::CREATED);
    let reused = problem(422, "idempotency-key-reused");
    assert_eq!(refused(&send("/charges", 3).await), reused);
    assert_eq!(refused(&send("/holds", 2).await), reused);
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let office = Office::open().await;
    office.account("a", 1).await;
    let charge = json!({"account": "a", "user": "ada", "points": 2});
    let send = async || {
        office
            .send_with(Method::POST, "/charges", &[KEY], &charge)
            .await
    };
    assert_eq!(refused(&send().await), problem(409, "charge-refused"));
    let adjust = json!({"account": "a", "user": "ada", "points": 5, "reason": "gift"});
    office.made("/adjustments", adjust).await;
    assert_eq!(send().await.status, StatusCode::CREATED);
}
