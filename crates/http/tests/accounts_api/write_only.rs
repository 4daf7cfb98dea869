//! A program whose token may write and not read.

use http::{Method, StatusCode};
use platen_domain::clients::OauthScope;
use platen_http::policy::Policy;
use serde_json::json;

use crate::support::{Got, World};

/// An identifier that nobody has.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// Tags of which none is any thing's: which of them it has must be looked up.
const NOBODYS: (&str, &str) = ("if-match", "\"8\", \"9\"");

struct Program {
    world: World,
    bearer: String,
}

impl Program {
    async fn start() -> Self {
        let world = World::new().await;
        let organization = world.organization("Northwind", None).await;
        let client = world.client(&organization).await;
        let token = client.token(&world, OauthScope::AccountsWrite.into());
        let bearer = format!("Bearer {}", token.await);
        Self { world, bearer }
    }

    async fn send(&self, method: &Method, path: &str, tags: (&str, &str), body: &str) -> Got {
        let media = if path.ends_with("/bulk") {
            "application/x-ndjson"
        } else {
            "application/json"
        };
        let headers = [
            ("authorization", self.bearer.as_str()),
            ("content-type", media),
            tags,
        ];
        self.world.send(method, path, &headers, body).await
    }
}

/// What a route takes, as far as it matters whether it is taken.
fn body(method: &Method, path: &str) -> &'static str {
    match (method, path.rsplit('/').next().unwrap_or_default()) {
        (&Method::DELETE, _) => "",
        (_, "access") => r#"{"entries":[]}"#,
        (_, "entries") => r#"{"subject":{"everyone":true},"verbs":[]}"#,
        (_, "members") => r#"{"users":[]}"#,
        (_, "refunds") => r#"{"reason":"x"}"#,
        _ => "{}",
    }
}

#[tokio::test]
async fn no_change_needs_the_right_to_read() {
    let program = Program::start().await;
    let mut asked = 0;
    for route in program.world.service.registry().routes() {
        if route.policy() != Policy::AccessToken(OauthScope::AccountsWrite) {
            continue;
        }
        let (method, route) = (route.method(), route.path());
        let path = route.replace("{id}", NOBODY).replace("{user}", NOBODY);
        let got = program
            .send(method, &path, NOBODYS, body(method, route))
            .await;
        let told = format!("{method} {route}: {}", got.text());
        assert_ne!(got.status, StatusCode::FORBIDDEN, "{told}");
        // What is about one thing gets as far as looking for it.
        if route.contains("{id}") {
            assert_eq!(got.status, StatusCode::NOT_FOUND, "{told}");
        }
        asked += 1;
    }
    assert!(asked > 20, "{asked}");
}

#[tokio::test]
async fn what_is_there_is_patched_under_one_of_several_tags() {
    let program = Program::start().await;
    let none = ("accept", "*/*");
    for (all, thing, patch) in [
        ("accounts", r#"{"code":"a","name":"a"}"#, r#"{"name":"b"}"#),
        (
            "users",
            r#"{"name":"ada"}"#,
            r#"{"email":"ada@example.org"}"#,
        ),
        ("groups", r#"{"name":"Staff"}"#, r#"{"name":"All staff"}"#),
    ] {
        let all = format!("/accounts/v1/{all}");
        let made = program.send(&Method::POST, &all, none, thing).await;
        let path = format!("{all}/{}", made.json()["id"].as_str().unwrap());
        let refused = program.send(&Method::PATCH, &path, NOBODYS, patch).await;
        assert_eq!(refused.json()["code"], "precondition-failed", "{path}");
        let either = ("if-match", "\"1\", \"9\"");
        let got = program.send(&Method::PATCH, &path, either, patch).await;
        assert_eq!(got.header("etag"), Some("\"2\""), "{}", got.text());
        let read = program.send(&Method::GET, &path, none, "").await;
        assert_eq!(read.json()["code"], "insufficient-scope", "{path}");
        let both = ("if-match", "\"2\", \"9\"");
        let gone = program.send(&Method::DELETE, &path, both, "").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
    }
    let rules = json!({"any": {"mono_side": 1, "color_side": 1, "sheet": 0}}).to_string();
    let path = "/accounts/v1/point-rules";
    let got = program.send(&Method::PUT, path, NOBODYS, &rules).await;
    assert_eq!(got.json()["code"], "precondition-failed", "{}", got.text());
}
