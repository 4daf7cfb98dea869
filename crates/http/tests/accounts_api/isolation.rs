//! Nothing crosses the border of an organization, not even the knowledge that it is there.

use http::Method;
use serde_json::json;

use crate::office::{Office, id};
use crate::support::Got;

/// An identifier that nobody has.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// Status and body, but for the request's own name.
fn told(got: &Got) -> (u16, String) {
    let mut json = got.json();
    let name = json["requestId"].take();
    assert!(name.is_string());
    let text = got.text().replace(name.as_str().unwrap(), "");
    (got.status.as_u16(), text)
}

#[tokio::test]
async fn what_others_have_is_answered_like_what_never_was() {
    let office = Office::open().await;
    let account = office.account("secret", 10).await;
    let points = json!({"account": "secret", "user": "ada", "points": 1});
    let charge = id(&office.made("/charges", points.clone()).await);
    let hold = id(&office.made("/holds", points).await);
    let user = id(&office.made("/users", json!({"name": "grace"})).await);
    let group = id(&office.made("/groups", json!({"name": "Staff"})).await);
    let reason = json!({"reason": "x"}).to_string();
    let entry = json!({"subject": {"everyone": true}, "verbs": ["charge"]}).to_string();
    for (method, path, id, body) in [
        (Method::GET, "/accounts/{}", &account, ""),
        (
            Method::PATCH,
            "/accounts/{}",
            &account,
            r#"{"name":"mine"}"#,
        ),
        (Method::DELETE, "/accounts/{}", &account, ""),
        (Method::GET, "/accounts/{}/limit", &account, ""),
        (Method::PUT, "/accounts/{}/limit", &account, "{}"),
        (Method::GET, "/accounts/{}/access", &account, ""),
        (
            Method::POST,
            "/accounts/{}/access/entries",
            &account,
            &entry,
        ),
        (Method::GET, "/accounts/{}/balances", &account, ""),
        (Method::GET, "/accounts/{}/ledger", &account, ""),
        (Method::GET, "/accounts/{}/periods", &account, ""),
        (Method::GET, "/charges/{}", &charge, ""),
        (Method::POST, "/charges/{}/refunds", &charge, &reason),
        (Method::POST, "/charges/{}/retries", &charge, ""),
        (Method::GET, "/holds/{}", &hold, ""),
        (Method::POST, "/holds/{}/capture", &hold, ""),
        (Method::POST, "/holds/{}/release", &hold, ""),
        (Method::GET, "/users/{}", &user, ""),
        (Method::DELETE, "/users/{}", &user, ""),
        (Method::GET, "/groups/{}", &group, ""),
        (Method::GET, "/groups/{}/members", &group, ""),
        (Method::DELETE, "/groups/{}", &group, ""),
    ] {
        let ask = async |id: &str| {
            let path = path.replace("{}", id);
            told(&office.ask_as_other(method.clone(), &path, body).await)
        };
        let (theirs, nobodys, none) = (ask(id).await, ask(NOBODY).await, ask("x").await);
        assert_eq!(theirs.0, 404, "{method} {path}: {}", theirs.1);
        assert_eq!(theirs, nobodys, "{method} {path}");
        assert_eq!(theirs, none, "{method} {path}");
    }
}

#[tokio::test]
async fn lists_and_names_stay_within_the_organization() {
    let office = Office::open().await;
    let account = office.account("secret", 10).await;
    let points = json!({"account": "secret", "user": "ada", "points": 1});
    office.made("/charges", points.clone()).await;
    for path in [
        "/accounts",
        "/balances",
        "/ledger",
        "/charges",
        "/holds",
        "/users",
        "/groups",
    ] {
        let got = office.ask_as_other(Method::GET, path, "").await;
        assert_eq!(got.json()["items"], json!([]), "{path}");
    }
    for name in ["secret", account.as_str()] {
        let mut charge = points.clone();
        charge["account"] = name.into();
        let body = charge.to_string();
        let got = office.ask_as_other(Method::POST, "/charges", &body).await;
        assert!(got.status.is_client_error(), "{name}: {}", got.text());
        assert!(!got.text().contains("secret"), "{}", got.text());
    }
    let same = json!({"code": "secret", "name": "Ours"}).to_string();
    let got = office.ask_as_other(Method::POST, "/accounts", &same).await;
    assert_eq!(got.status.as_u16(), 201, "codes are their own");
}
