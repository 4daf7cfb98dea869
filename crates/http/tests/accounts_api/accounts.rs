//! Accounts: created, read, patched, destroyed.

use http::{Method, StatusCode};
use serde_json::json;

use crate::office::{Office, id, problem, refused};

#[tokio::test]
async fn an_account_is_found_where_it_was_made() {
    let office = Office::open().await;
    let account = json!({"code": "BIO-101", "name": "Biology 101", "tags": ["course"]});
    let got = office.post("/accounts", account).await;
    assert_eq!(got.status, StatusCode::CREATED);
    assert_eq!(got.header("etag"), Some("\"1\""));
    assert_eq!(got.header("cache-control"), Some("no-store"));
    let made = got.json();
    let location = format!("/accounts/v1/accounts/{}", id(&made));
    assert_eq!(got.header("location"), Some(location.as_str()));
    let path = format!("/accounts/{}", id(&made));
    assert_eq!(office.found(&path).await, made);
    let all = office.found("/accounts?code=bio-101").await;
    assert_eq!(all, json!({"items": [made], "next": null}));
    let known = [("if-none-match", "\"1\"")];
    let got = office.ask(Method::GET, &path, &known, "").await;
    assert_eq!(got.status, StatusCode::NOT_MODIFIED);
    assert!(got.body.is_empty());
}

#[tokio::test]
async fn a_code_belongs_to_one_account_whatever_its_case() {
    let office = Office::open().await;
    let account = |code: &str| json!({"code": code, "name": "A"});
    office.made("/accounts", account("BIO-101")).await;
    let got = office.post("/accounts", account("bio-101")).await;
    assert_eq!(got.json()["field"], "code");
    assert_eq!(refused(&got), problem(409, "taken"));
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let office = Office::open().await;
    let account = json!({"code": "a", "name": "A", "description": "old", "tags": ["x"]});
    let made = office.made("/accounts", account).await;
    let path = format!("/accounts/{}", id(&made));
    let changes = json!({"name": "B", "description": null, "state": "archived"});
    let merge = [("content-type", "application/merge-patch+json")];
    let got = office
        .ask(Method::PATCH, &path, &merge, &changes.to_string())
        .await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    assert_eq!(got.header("etag"), Some("\"2\""));
    let patched = got.json();
    assert_eq!(patched["name"], "B");
    assert_eq!(patched["description"], json!(null));
    assert_eq!(patched["state"], "archived");
    assert_eq!(patched["tags"], json!(["x"]));
    assert_eq!(patched["code"], "a");
    let unnamed = office
        .send(Method::PATCH, &path, &json!({"name": null}))
        .await;
    assert_eq!(unnamed.json()["field"], "name");
    assert_eq!(refused(&unnamed), problem(422, "invalid"));
    let unknown = office.send(Method::PATCH, &path, &json!({"id": "x"})).await;
    assert_eq!(refused(&unknown), problem(422, "invalid"));
}

#[tokio::test]
async fn a_change_is_based_on_what_it_says() {
    let office = Office::open().await;
    let made = office
        .made("/accounts", json!({"code": "a", "name": "A"}))
        .await;
    let path = format!("/accounts/{}", id(&made));
    let renamed = async |condition: &str, name: &str| {
        let body = json!({"name": name});
        let condition = [("if-match", condition)];
        office
            .send_with(Method::PATCH, &path, &condition, &body)
            .await
    };
    assert_eq!(renamed("\"1\"", "B").await.status, StatusCode::OK);
    let failed = problem(412, "precondition-failed");
    assert_eq!(refused(&renamed("\"1\"", "C").await), failed);
    assert_eq!(refused(&renamed("W/\"2\"", "C").await), failed);
    assert_eq!(renamed("\"1\", \"2\"", "C").await.status, StatusCode::OK);
    assert_eq!(renamed("*", "D").await.status, StatusCode::OK);
    let stale = [("if-match", "\"1\"")];
    let got = office.ask(Method::DELETE, &path, &stale, "").await;
    assert_eq!(refused(&got), failed);
    let got = office.ask(Method::DELETE, &path, &[], "").await;
    assert_eq!(got.status, StatusCode::NO_CONTENT);
    assert_eq!(refused(&office.get(&path).await), problem(404, "not-found"));
}

#[tokio::test]
async fn an_account_that_was_charged_is_not_destroyed() {
    let office = Office::open().await;
    let account = office.account("a", 10).await;
    let charge = json!({"account": "a", "user": "ada", "points": 1});
    office.made("/charges", charge).await;
    let path = format!("/accounts/{account}");
    let got = office.ask(Method::DELETE, &path, &[], "").await;
    assert_eq!(refused(&got), problem(409, "state"));
    let archived = json!({"state": "archived"});
    let got = office.send(Method::PATCH, &path, &archived).await;
    assert_eq!(got.status, StatusCode::OK);
}
