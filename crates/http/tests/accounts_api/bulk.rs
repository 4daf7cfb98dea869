//! Many things at once.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::office::Office;
use crate::support::Got;

const LINES: &str = r#"{"account":{"code":"BIO","name":"Biology"}}
{"account":{"code":"BIO-101","name":"Biology 101","parent":"BIO"}}
{"limit":{"account":"BIO-101","points_per_user":200,"period":"monthly"}}
{"member":{"group":"Staff","user":"ada"}}
{"access":{"account":"BIO-101","subject":{"group":"Staff"},"verbs":["charge"]}}
{"user":{"name":"ada","display_name":"Ada Lovelace"}}
"#;

async fn send(office: &Office, query: &str, lines: &str) -> Got {
    let ndjson = [("content-type", "application/x-ndjson")];
    let path = format!("/bulk{query}");
    office.ask(Method::POST, &path, &ndjson, lines).await
}

fn answers(got: &Got) -> Vec<Value> {
    assert_eq!(got.header("content-type"), Some("application/x-ndjson"));
    let text = got.text();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn outcomes(got: &Got) -> Vec<String> {
    let answers = answers(got);
    let (_, lines) = answers.split_last().unwrap();
    let outcome = |line: &Value| line["outcome"].as_str().unwrap().to_owned();
    lines.iter().map(outcome).collect()
}

#[tokio::test]
async fn lines_are_done_in_their_order_and_twice_change_nothing() {
    let office = Office::open().await;
    let got = send(&office, "", LINES).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    let summary = answers(&got).pop().unwrap();
    assert_eq!(summary["applied"], true);
    assert_eq!(summary["failed"], 0, "{}", got.text());
    let accounts = office.found("/accounts?search=101").await;
    let account = &accounts["items"][0];
    assert!(account["parent"].is_string());
    let quote = json!({"account": "bio-101", "user": "ada", "points": 1});
    let quote = office.post("/quotes", quote).await.json();
    assert_eq!(quote["allowed"], true, "{quote}");
    let again = send(&office, "", LINES).await;
    assert!(
        outcomes(&again)
            .iter()
            .all(|outcome| outcome == "unchanged"),
        "{}",
        again.text()
    );
}

#[tokio::test]
async fn a_line_that_fails_keeps_the_others_unless_all_or_nothing() {
    let office = Office::open().await;
    let lines = "{\"account\":{\"code\":\"a\",\"name\":\"A\"}}\nnonsense\n";
    let got = send(&office, "?all_or_nothing=true", lines).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    let summary = answers(&got).pop().unwrap();
    assert_eq!(summary["applied"], false);
    assert_eq!(office.found("/accounts").await["items"], json!([]));
    let got = send(&office, "", lines).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(outcomes(&got), ["created", "failed"]);
    assert!(
        answers(&got)[1]["error"]["detail"]
            .as_str()
            .unwrap()
            .contains("no JSON")
    );
    assert_eq!(
        office.found("/accounts?code=a").await["items"][0]["name"],
        "A"
    );
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let office = Office::open().await;
    let got = send(&office, "?dry_run=true", LINES).await;
    assert_eq!(got.status, StatusCode::OK);
    let summary = answers(&got).pop().unwrap();
    assert_eq!(summary["dry_run"], true);
    assert_eq!(summary["applied"], false);
    assert_eq!(summary["failed"], 0, "{}", got.text());
    for path in ["/accounts", "/users", "/groups"] {
        assert_eq!(office.found(path).await["items"], json!([]), "{path}");
    }
}

#[tokio::test]
async fn clients_that_know_no_type_of_lines_send_octets_and_get_octets() {
    let office = Office::open().await;
    let octets = "application/octet-stream";
    let headers = [("content-type", octets)];
    let got = office.ask(Method::POST, "/bulk", &headers, LINES).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    assert_eq!(got.header("content-type"), Some(octets));
    let summary = got.text();
    let summary: Value = serde_json::from_str(summary.lines().last().unwrap()).unwrap();
    assert_eq!(summary["applied"], true);
}
