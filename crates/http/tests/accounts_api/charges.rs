//! Quotes, charges, refunds.

use http::{Method, StatusCode};
use serde_json::json;

use crate::office::{Office, id, problem, refused};

#[tokio::test]
async fn a_charge_takes_what_was_quoted() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let job = json!({"account": "A", "user": "Ada", "job": {"pages": 2, "copies": 2}});
    let got = office.post("/quotes", job.clone()).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    let quote = got.json();
    assert_eq!(quote["allowed"], true);
    assert_eq!(quote["points"], 4);
    assert_eq!(quote["available"], 10);
    assert_eq!(quote["problems"], json!([]));
    let got = office.post("/charges", job).await;
    let charge = got.json();
    assert_eq!(got.status, StatusCode::CREATED, "{charge}");
    assert_eq!(charge["net"], 4);
    let location = format!("/accounts/v1/charges/{}", id(&charge));
    assert_eq!(got.header("location"), Some(location.as_str()));
    assert_eq!(
        office.found(&format!("/charges/{}", id(&charge))).await,
        charge
    );
    let balance = office.balance("a", "ada").await;
    assert_eq!(balance["balance"], 6);
}

#[tokio::test]
async fn what_the_balance_lacks_is_refused_with_every_reason() {
    let office = Office::open().await;
    let account = office.account("a", 10).await;
    let limit = json!({"color": "monochrome"});
    let path = format!("/accounts/{account}/limit");
    office.send(Method::PATCH, &path, &limit).await;
    let job = json!({"pages": 12, "color_mode": "color"});
    let charge = json!({"account": "a", "user": "ada", "job": job});
    let got = office.post("/charges", charge).await;
    let json = got.json();
    assert_eq!(
        json["problems"],
        json!(["color-not-allowed", "not-enough-points"])
    );
    assert_eq!(json["points"], 12);
    assert_eq!(json["available"], 10);
    insta::assert_snapshot!(json["detail"].as_str().unwrap(), @"Nothing is charged: the account's limit allows black only; it takes 12 points and 10 are available.");
    assert_eq!(refused(&got), problem(409, "charge-refused"));
    for path in ["/balances", "/users", "/charges", "/ledger"] {
        let left_behind = office.found(path).await;
        assert_eq!(left_behind["items"], json!([]), "{path}");
    }
}

#[tokio::test]
async fn who_has_no_access_is_told_so_and_charged_nothing() {
    let office = Office::open().await;
    office
        .made("/accounts", json!({"code": "closed", "name": "Closed"}))
        .await;
    let charge = json!({"account": "closed", "user": "eve", "points": 1});
    let quote = office.post("/quotes", charge.clone()).await.json();
    assert_eq!(quote["allowed"], false);
    assert_eq!(quote["problems"], json!(["no-access"]));
    let got = office.post("/charges", charge).await;
    assert_eq!(got.json()["problems"], json!(["no-access"]));
    assert_eq!(refused(&got), problem(409, "charge-refused"));
}

#[tokio::test]
async fn a_charge_is_given_back_in_parts_and_no_more_than_it_took() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let charge = json!({"account": "a", "user": "ada", "points": 2.5});
    let charge = office.made("/charges", charge).await;
    let refunds = format!("/charges/{}/refunds", id(&charge));
    let refund = async |points: serde_json::Value| {
        let body = json!({"points": points, "reason": "blank page"});
        office.post(&refunds, body).await
    };
    let got = refund(json!(1)).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    assert_eq!(got.json()["net"], 1.5);
    let got = refund(json!(null)).await;
    assert_eq!(got.json()["state"], "refunded");
    assert_eq!(got.json()["net"], 0);
    assert!(refund(json!(1)).await.status.is_client_error());
    assert_eq!(office.balance("a", "ada").await["balance"], 10);
    let listed = office.found("/charges?state=refunded&user=ada").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_spelling_of_a_user_shares_one_balance() {
    let office = Office::open().await;
    office.account("a", 10).await;
    let spellings = [
        "vera.vogel",
        "UNI\\vera.vogel",
        "Vera.Vogel",
        "vera\u{200B}.vogel",
    ];
    for spelling in spellings {
        let charge = json!({"account": "a", "user": spelling, "points": 2});
        let made = office.made("/charges", charge).await;
        assert_eq!(made["user"]["name"], "vera.vogel", "{spelling}");
    }
    for spelling in spellings {
        let ask = json!({"account": "a", "user": spelling, "points": 3});
        let quote = office.post("/quotes", ask).await.json();
        assert_eq!(
            (&quote["allowed"], &quote["available"]),
            (&json!(false), &json!(2))
        );
    }
    let users = office.found("/users").await;
    assert_eq!(users["items"].as_array().map(Vec::len), Some(1), "{users}");
    let again = office
        .post("/users", json!({"name": "OTHER\\Vera.Vogel"}))
        .await;
    assert_eq!(refused(&again), problem(409, "taken"));
    let found = office.found("/users?name=uni%5CVERA.VOGEL").await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
}
