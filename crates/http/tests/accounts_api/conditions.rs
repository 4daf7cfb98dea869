//! Changes with `If-Match` that also may be sent twice.

use http::{Method, StatusCode};
use serde_json::json;

use crate::office::{Office, id, problem, refused};

const KEY: (&str, &str) = ("idempotency-key", "\"refund-1\"");

#[tokio::test]
async fn a_charge_is_given_back_as_it_was_seen() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let charge = json!({"account": "a", "user": "ada", "points": 4});
    let path = format!("/charges/{}", id(&office.made("/charges", charge).await));
    let seen = office.get(&path).await;
    let seen = ("if-match", seen.header("etag").unwrap());
    let refunds = format!("{path}/refunds");
    let refund = json!({"points": 1, "reason": "a jam"});
    let send = async |path: &str, headers: &[(&str, &str)], body| {
        office.send_with(Method::POST, path, headers, body).await
    };
    let first = send(&refunds, &[seen, KEY], &refund).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let failed = problem(412, "precondition-failed");
    let late = send(&refunds, &[seen], &refund).await;
    assert_eq!(refused(&late), failed);
    let nothing = json!({});
    let retries = format!("{path}/retries");
    let late = send(&retries, &[seen], &nothing).await;
    assert_eq!(refused(&late), failed);
    let now = ("if-match", first.header("etag").unwrap());
    let charged = send(&retries, &[now], &nothing).await;
    assert_eq!(refused(&charged), problem(409, "state"));

    // What was answered before is not done again, and does not fail for having been done.
    let several = ("if-match", "\"0\", \"7\"");
    for condition in [seen, several] {
        let again = send(&refunds, &[condition, KEY], &refund).await;
        assert_eq!(again.body, first.body, "{}", again.text());
    }
    assert_eq!(refused(&send(&refunds, &[several], &refund).await), failed);
    let several = ("if-match", "\"0\", \"1\"");
    let second = send(&refunds, &[several], &refund).await;
    assert_eq!(second.json()["refunded"], 2, "{}", second.text());
}

#[tokio::test]
async fn members_come_and_go_as_the_group_was_seen() {
    let office = Office::open().await;
    let group = office.made("/groups", json!({"name": "Staff"})).await;
    let members = format!("/groups/{}/members", id(&group));
    let seen = ("if-match", "\"1\"");
    let add = async |name: &str| {
        let users = json!({"users": [name]});
        office
            .send_with(Method::POST, &members, &[seen], &users)
            .await
    };
    let added = add("ada").await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    let failed = problem(412, "precondition-failed");
    assert_eq!(refused(&add("bob").await), failed);
    let listed = office.found(&members).await;
    let ada = format!("{members}/{}", id(&listed["items"][0]));
    let remove = async |condition| office.ask(Method::DELETE, &ada, &[condition], "").await;
    assert_eq!(refused(&remove(seen).await), failed);
    let now = ("if-match", added.header("etag").unwrap());
    assert_eq!(remove(now).await.status, StatusCode::NO_CONTENT);
}
