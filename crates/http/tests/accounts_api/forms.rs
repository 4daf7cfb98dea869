//! What is refused for its form, before any use case is asked.

use http::Method;

use crate::office::{Office, problem, refused};

const JSON: (&str, &str) = ("content-type", "application/json");

/// An identifier that nobody has.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

#[tokio::test]
async fn a_body_is_json_and_says_so() {
    let office = Office::open().await;
    let post = async |headers: &[(&str, &str)], body: &str| {
        let got = office.ask(Method::POST, "/accounts", headers, body).await;
        refused(&got)
    };
    assert_eq!(post(&[JSON], "").await, problem(400, "bad-json"));
    assert_eq!(post(&[JSON], "{").await, problem(400, "bad-json"));
    assert_eq!(post(&[JSON], "[]").await, problem(422, "invalid"));
    let type_ = problem(415, "unsupported-media-type");
    assert_eq!(post(&[], "{}").await, type_);
    assert_eq!(post(&[("content-type", "text/plain")], "{}").await, type_);
    let merge = ("content-type", "application/merge-patch+json");
    assert_eq!(post(&[merge], "{}").await, type_);
}

#[tokio::test]
async fn a_member_that_is_not_known_is_refused_by_name() {
    let office = Office::open().await;
    let body = r#"{"code":"a","name":"A","colour":"red"}"#;
    let got = office.ask(Method::POST, "/accounts", &[JSON], body).await;
    let json = got.json();
    insta::assert_snapshot!(json["detail"].as_str().unwrap(), @"colour: unknown field `colour`, expected one of `code`, `name`, `description`, `external_id`, `parent`, `valid_from`, `valid_until`, `state`, `tags`.");
    assert_eq!(json["field"], "colour");
    assert_eq!(refused(&got), problem(422, "invalid"));
}

#[tokio::test]
async fn a_parameter_that_is_not_known_is_refused_by_name() {
    let office = Office::open().await;
    for path in [
        "/accounts?colour=red",
        "/balances?acount=a",
        "/ledger?since=2026-01-01",
        "/charges?sort=at",
        "/holds?all=1",
        "/users?q=ada",
        "/groups?id=1",
        "/point-rules?of=a",
        "/accounts/x?expand=limit",
    ] {
        let got = office.get(path).await;
        assert_eq!(refused(&got), problem(400, "unknown-parameter"), "{path}");
    }
    for path in [
        "/accounts?limit=0",
        "/accounts?sort=colour",
        "/accounts?state=closed",
        "/accounts?parent=top",
        "/ledger?from=yesterday",
        "/ledger?kind=gift",
        "/accounts?code=a&code=b",
    ] {
        let got = office.get(path).await;
        assert_eq!(refused(&got), problem(400, "bad-parameter"), "{path}");
    }
}

#[tokio::test]
async fn headers_that_cannot_be_understood_are_refused() {
    let office = Office::open().await;
    let body = r#"{"code":"a","name":"A"}"#;
    let key = [JSON, ("idempotency-key", "\"unfinished")];
    let got = office.ask(Method::POST, "/accounts", &key, body).await;
    assert_eq!(refused(&got), problem(400, "bad-idempotency-key"));
    let condition = [JSON, ("if-match", "7")];
    let path = format!("/accounts/{NOBODY}");
    let got = office.ask(Method::PATCH, &path, &condition, "{}").await;
    assert_eq!(refused(&got), problem(400, "bad-if-match"));
}

#[tokio::test]
async fn what_is_no_identifier_is_not_found() {
    let office = Office::open().await;
    for path in [
        "/accounts/x",
        "/accounts/x/limit",
        "/accounts/x/access",
        "/accounts/x/balances",
        "/accounts/x/ledger",
        "/accounts/x/periods",
        "/charges/x",
        "/holds/x",
        "/users/x",
        "/groups/x",
        "/groups/x/members",
    ] {
        let got = office.get(path).await;
        assert_eq!(refused(&got), problem(404, "not-found"), "{path}");
    }
}

#[tokio::test]
async fn lines_are_sent_as_lines() {
    let office = Office::open().await;
    let post = async |content_type: &str, body: &str| {
        let headers = [("content-type", content_type)];
        refused(&office.ask(Method::POST, "/bulk", &headers, body).await)
    };
    let type_ = problem(415, "unsupported-media-type");
    assert_eq!(post("application/json", "{}").await, type_);
    let ndjson = "application/x-ndjson";
    assert_eq!(post(ndjson, "\n\n").await, problem(400, "bad-json"));
    let lines = "{}\n".repeat(10_001);
    assert_eq!(post(ndjson, &lines).await, problem(413, "too-many-lines"));
}
