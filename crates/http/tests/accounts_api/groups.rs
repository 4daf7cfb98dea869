//! Users and groups.

use http::{Method, StatusCode};
use serde_json::json;

use crate::office::{Office, id, problem, refused};

#[tokio::test]
async fn members_come_and_go() {
    let office = Office::open().await;
    let group = office.made("/groups", json!({"name": "Staff"})).await;
    let members = format!("/groups/{}/members", id(&group));
    let users = |names: &[&str]| json!({"users": names});
    let got = office.post(&members, users(&["grace", "ada"])).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    assert_eq!(got.json()["members"], 2);
    let listed = office.found(&members).await;
    let names = |listed: &serde_json::Value| -> Vec<String> {
        let items = listed["items"].as_array().unwrap().iter();
        items
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&listed), ["ada", "grace"]);
    let ada = format!("{members}/{}", listed["items"][0]["id"].as_str().unwrap());
    let got = office.ask(Method::DELETE, &ada, &[], "").await;
    assert_eq!(got.status, StatusCode::NO_CONTENT);
    let got = office
        .send(Method::PUT, &members, &users(&["joan", "mary"]))
        .await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    assert_eq!(names(&office.found(&members).await), ["joan", "mary"]);
    let of_group = office.found(&format!("/users?group={}", id(&group))).await;
    assert_eq!(names(&of_group), ["joan", "mary"]);
}

#[tokio::test]
async fn users_are_patched_and_forgotten_until_they_have_a_balance() {
    let office = Office::open().await;
    let ada = office.made("/users", json!({"name": "ada"})).await;
    let path = format!("/users/{}", id(&ada));
    let changes = json!({"display_name": "Ada Lovelace", "state": "suspended"});
    let got = office.send(Method::PATCH, &path, &changes).await;
    assert_eq!(got.json()["state"], "suspended");
    assert_eq!(got.header("etag"), Some("\"2\""));
    let taken = office.post("/users", json!({"name": "ADA"})).await;
    assert_eq!(refused(&taken), problem(409, "taken"));
    let got = office.ask(Method::DELETE, &path, &[], "").await;
    assert_eq!(got.status, StatusCode::NO_CONTENT);
    office.account("a", 10).await;
    let charge = json!({"account": "a", "user": "grace", "points": 1});
    let charge = office.made("/charges", charge).await;
    let grace = format!("/users/{}", charge["user"]["id"].as_str().unwrap());
    let got = office.ask(Method::DELETE, &grace, &[], "").await;
    assert_eq!(refused(&got), problem(409, "state"));
}
