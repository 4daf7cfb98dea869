//! Limits, access lists and point rules: put as they were got.

use http::{Method, StatusCode};
use serde_json::json;

use crate::office::{Office, id, problem, refused};

#[tokio::test]
async fn what_was_got_can_be_put() {
    let office = Office::open().await;
    let account = office.account("a", 10).await;
    let group = json!({"name": "Staff"});
    office.made("/groups", group).await;
    let entry = json!({"subject": {"group": "staff"}, "verbs": ["view", "charge"]});
    let entries = format!("/accounts/{account}/access/entries");
    assert_eq!(office.post(&entries, entry).await.status, StatusCode::OK);
    for path in [
        format!("/accounts/{account}/limit"),
        format!("/accounts/{account}/access"),
        "/point-rules".to_owned(),
    ] {
        let got = office.get(&path).await;
        let etag = got.header("etag").unwrap().to_owned();
        let condition = [("if-match", etag.as_str())];
        let put = office
            .send_with(Method::PUT, &path, &condition, &got.json())
            .await;
        assert_eq!(put.status, StatusCode::OK, "{path}: {}", put.text());
        assert_eq!(put.json(), got.json(), "{path}");
    }
}

#[tokio::test]
async fn a_limit_is_patched_into_another_period() {
    let office = Office::open().await;
    let account = office.account("a", 10).await;
    let path = format!("/accounts/{account}/limit");
    let patched = async |changes| office.send(Method::PATCH, &path, &changes).await;
    let weekly = patched(json!({"period": "weekly", "week_begins": "sunday"})).await;
    assert_eq!(weekly.json()["week_begins"], "sunday");
    let monthly = patched(json!({"period": "monthly", "carry_over": "all"})).await;
    let limit = monthly.json();
    assert_eq!(limit["week_begins"], json!(null));
    assert_eq!(limit["month_day"], 1);
    assert_eq!(limit["carry_over"], "all");
    assert_eq!(limit["points_per_user"], 10);
    let wrong = patched(json!({"week_begins": "monday"})).await;
    assert_eq!(wrong.json()["field"], "week_begins");
    assert_eq!(refused(&wrong), problem(422, "invalid"));
    assert_eq!(office.found(&path).await, limit);
}

#[tokio::test]
async fn an_account_its_limit_and_its_access_have_one_revision() {
    let office = Office::open().await;
    let account = json!({"code": "a", "name": "A"});
    let account = id(&office.made("/accounts", account).await);
    let limit = format!("/accounts/{account}/limit");
    let put = office
        .send(Method::PUT, &limit, &json!({"points_per_user": 1}))
        .await;
    let etag = put.header("etag").unwrap();
    for path in ["", "/limit", "/access"] {
        let got = office.get(&format!("/accounts/{account}{path}")).await;
        assert_eq!(got.header("etag"), Some(etag), "{path}");
    }
    let stale = [("if-match", "\"1\"")];
    let access = format!("/accounts/{account}/access");
    let got = office
        .send_with(Method::PUT, &access, &stale, &json!({"entries": []}))
        .await;
    assert_eq!(refused(&got), problem(412, "precondition-failed"));
}

#[tokio::test]
async fn an_entry_is_set_and_taken_away_by_itself() {
    let office = Office::open().await;
    let account = office.account("a", 10).await;
    let entries = format!("/accounts/{account}/access/entries");
    let entry = |verbs: &[&str]| json!({"subject": {"user": "ada"}, "verbs": verbs});
    let got = office.post(&entries, entry(&["manage"])).await;
    assert_eq!(got.json()["entries"].as_array().unwrap().len(), 2);
    let ada = &got.json()["entries"][1];
    assert_eq!(ada["subject"]["user"]["name"], "ada");
    assert_eq!(ada["verbs"], json!(["manage"]));
    let got = office.post(&entries, entry(&[])).await;
    let everyone = json!([{"subject": {"everyone": true}, "verbs": ["charge"]}]);
    assert_eq!(got.json()["entries"], everyone);
}
