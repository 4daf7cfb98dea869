//! OAuth 2.0 as programs meet it: tokens, errors in the form of RFC 6749, revocation,
//! introspection, metadata, and the door that tokens open.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step fails the test"
)]

mod support;

use std::time::Duration;

use http::{Method, StatusCode};
use platen_domain::clients::OauthScope::{AccountsRead, AccountsWrite};
use platen_domain::clients::{ACCESS_TOKEN_VALID, OauthScopes};
use platen_domain::organizations::Organization;
use platen_http::limits::ClientLimits;
use support::accounts::{Client, INTROSPECT, REVOKE, TOKEN};
use support::{Got, World};

const CLIENT: &str = "/accounts/v1/client";
const GRANT: &str = "grant_type=client_credentials";

/// An organization with a client.
async fn registered() -> (World, Organization, Client) {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let client = world.client(&organization).await;
    (world, organization, client)
}

/// Status and `error` of a refusal, which must have the form of RFC 6749 5.2.
fn error(got: &Got) -> (u16, String) {
    assert_eq!(
        got.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(got.header("cache-control"), Some("no-store"));
    assert_eq!(got.header("pragma"), Some("no-cache"));
    let json = got.json();
    assert!(json["error_description"].is_string(), "{json}");
    let word = json["error"].as_str().unwrap();
    (got.status.as_u16(), word.to_owned())
}

async fn opens(world: &World, token: &str) -> bool {
    let got = world.with_token(&Method::GET, CLIENT, token).await;
    got.status == StatusCode::OK
}

#[tokio::test]
async fn a_client_gets_a_token_and_the_token_opens_the_api() {
    let (world, _, client) = registered().await;
    let got = client.post(&world, TOKEN, GRANT).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.header("cache-control"), Some("no-store"));
    assert_eq!(got.header("pragma"), Some("no-cache"));
    let mut json = got.json();
    let token = json["access_token"].take();
    let token = token.as_str().unwrap();
    assert_eq!(token.len(), 64);
    insta::assert_snapshot!(
        json,
        @r#"{"access_token":null,"expires_in":900,"scope":"accounts.read accounts.write","token_type":"Bearer"}"#
    );

    let got = world.with_token(&Method::GET, CLIENT, token).await;
    assert_eq!(got.status, StatusCode::OK);
    let mut json = got.json();
    assert_eq!(json["client_id"].take().as_str(), Some(client.id.as_str()));
    insta::assert_snapshot!(
        json,
        @r#"{"client_id":null,"expires_at":"2026-11-23T11:15:00Z","scopes":["accounts.read","accounts.write"]}"#
    );
    world.clock.advance(ACCESS_TOKEN_VALID);
    assert!(!opens(&world, token).await);
}

#[tokio::test]
async fn the_secret_may_come_in_the_body_and_a_scope_may_be_asked_for() {
    let (world, _, client) = registered().await;
    let Client { id, secret } = &client;
    let body = format!("{GRANT}&client_id={id}&client_secret={secret}");
    for (scope, expected) in [
        ("", "accounts.read accounts.write"),
        ("&scope=", "accounts.read accounts.write"),
        ("&scope=accounts.read", "accounts.read"),
        (
            "&scope=accounts.write%20accounts.read",
            "accounts.read accounts.write",
        ),
    ] {
        let got = world.post_form(TOKEN, &[], &format!("{body}{scope}")).await;
        assert_eq!(got.json()["scope"], expected, "{scope}");
    }
}

#[tokio::test]
async fn what_a_token_request_lacks_is_told_as_the_standard_has_it() {
    let (world, _, client) = registered().await;
    let Client { id, secret } = &client;
    let basic = client.basic();
    for (form, expected) in [
        ("", "invalid_request"),
        ("grant_type=", "invalid_request"),
        ("grant_type=password", "unsupported_grant_type"),
        (
            "grant_type=client_credentials&scope=openid",
            "invalid_scope",
        ),
        (
            "grant_type=client_credentials&scope=accounts.read++accounts.write",
            "invalid_scope",
        ),
        (
            "grant_type=client_credentials&grant_type=client_credentials",
            "invalid_request",
        ),
        ("grant_type=client_credentials&x=1&x=2", "invalid_request"),
        (
            &format!("{GRANT}&client_secret={secret}"),
            "invalid_request",
        ),
        (&format!("{GRANT}&client_id=other"), "invalid_request"),
        (&"a=1&".repeat(100), "invalid_request"),
    ] {
        let got = client.post(&world, TOKEN, form).await;
        assert_eq!(error(&got), (400, expected.to_owned()), "{form}");
    }
    // The name of the client beside HTTP Basic says nothing new.
    let named = client
        .post(&world, TOKEN, &format!("{GRANT}&client_id={id}"))
        .await;
    assert_eq!(named.status, StatusCode::OK);

    let query = format!("{TOKEN}?client_id={id}&client_secret={secret}");
    let got = world.post_form(&query, &[], GRANT).await;
    assert_eq!(error(&got), (400, "invalid_request".to_owned()));
    for content_type in ["application/json", "multipart/form-data; boundary=x", ""] {
        let headers = [
            ("authorization", basic.as_str()),
            ("content-type", content_type),
        ];
        let got = world.send(&Method::POST, TOKEN, &headers, GRANT).await;
        assert_eq!(error(&got), (400, "invalid_request".to_owned()));
    }
    let got = world.get(TOKEN, &[("accept", "text/html")]).await;
    assert_eq!(error(&got), (405, "invalid_request".to_owned()));
    assert_eq!(got.header("allow"), Some("POST, OPTIONS"));
    let large = client.post(&world, TOKEN, &"a".repeat(65 * 1024)).await;
    assert_eq!(error(&large), (413, "invalid_request".to_owned()));
}

#[tokio::test]
async fn an_unknown_client_a_wrong_secret_and_a_revoked_client_look_alike() {
    let (world, organization, revoked) = registered().await;
    world.revoke_client(&organization).await;
    let client = world.client(&organization).await;
    let wrong = Client {
        secret: revoked.secret.clone(),
        ..client.clone()
    };
    let unknown = Client {
        id: "018f3f3e-7c1a-7b6e-9d54-0242ac120002".to_owned(),
        ..client.clone()
    };
    let malformed = Client {
        id: "platen".to_owned(),
        secret: "é\u{0}".to_owned(),
    };
    let mut answers = Vec::new();
    for stranger in [&wrong, &unknown, &revoked, &malformed] {
        let mut got = stranger.post(&world, TOKEN, GRANT).await;
        assert_eq!(error(&got), (401, "invalid_client".to_owned()));
        let challenge = got.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Basic realm="), "{challenge}");
        got.headers.remove("x-request-id");
        answers.push((got.status, got.headers, got.body));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    for headers in [
        &[][..],
        &[("authorization", "Basic !!!")],
        &[("authorization", "Bearer abc")],
    ] {
        let got = world.post_form(TOKEN, headers, GRANT).await;
        assert_eq!(
            error(&got),
            (401, "invalid_client".to_owned()),
            "{headers:?}"
        );
        assert!(got.header("www-authenticate").is_some());
    }
}

#[tokio::test]
async fn no_page_of_another_site_and_no_cookie_makes_a_difference() {
    let (world, _, client) = registered().await;
    let basic = client.basic();
    let headers = [
        ("authorization", basic.as_str()),
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("cookie", "__Host-platen-session=whatever"),
    ];
    let got = world.post_form(TOKEN, &headers, GRANT).await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(got.header("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_and_anothers_is_left_alone() {
    let (world, _, client) = registered().await;
    let contoso = world.organization("Contoso", None).await;
    let other = world.client(&contoso).await;
    let token = client.token(&world, OauthScopes::ALL).await;
    for text in [token.as_str(), "unknown"] {
        other.revoke(&world, text).await;
    }
    assert!(opens(&world, &token).await);
    let form = format!("token={token}&token_type_hint=refresh_token");
    for _ in 0..2 {
        let got = client.post(&world, REVOKE, &form).await;
        assert_eq!((got.status, got.body.len()), (StatusCode::OK, 0));
        assert!(!opens(&world, &token).await);
    }
    let got = client
        .post(&world, REVOKE, "token_type_hint=access_token")
        .await;
    assert_eq!(error(&got), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn introspection_knows_the_clients_own_live_tokens() {
    let (world, organization, client) = registered().await;
    let contoso = world.organization("Contoso", None).await;
    let other = world.client(&contoso).await;
    let token = client.token(&world, AccountsRead.into()).await;
    let form = format!("token={token}");
    let mut json = client.post(&world, INTROSPECT, &form).await.json();
    assert_eq!(json["client_id"].take().as_str(), Some(client.id.as_str()));
    insta::assert_snapshot!(
        json,
        @r#"{"active":true,"client_id":null,"exp":1795432500,"iat":1795431600,"scope":"accounts.read","token_type":"Bearer"}"#
    );
    let inactive = serde_json::json!({ "active": false });
    let foreign = other.post(&world, INTROSPECT, &form).await;
    assert_eq!(foreign.json(), inactive);
    let unknown = client.post(&world, INTROSPECT, "token=unknown").await;
    assert_eq!(unknown.json(), inactive);
    world.clock.advance(ACCESS_TOKEN_VALID);
    let over = client.post(&world, INTROSPECT, &form).await;
    assert_eq!(over.json(), inactive);
    world.revoke_client(&organization).await;
    let got = client.post(&world, INTROSPECT, &form).await;
    assert_eq!(error(&got), (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn metadata_says_where_everything_is() {
    let world = World::new().await;
    let got = world
        .get("/.well-known/oauth-authorization-server", &[])
        .await;
    assert_eq!(got.status, StatusCode::OK);
    let pretty = serde_json::to_string_pretty(&got.json()).unwrap();
    insta::assert_snapshot!(pretty, @r#"
    {
      "grant_types_supported": [
        "client_credentials"
      ],
      "introspection_endpoint": "https://print.example.org/oauth/introspect",
      "introspection_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post"
      ],
      "issuer": "https://print.example.org",
      "response_types_supported": [],
      "revocation_endpoint": "https://print.example.org/oauth/revoke",
      "revocation_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post"
      ],
      "scopes_supported": [
        "accounts.read",
        "accounts.write"
      ],
      "token_endpoint": "https://print.example.org/oauth/token",
      "token_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post"
      ]
    }
    "#);
}

#[tokio::test]
async fn the_door_says_what_is_wrong_as_rfc_6750_has_it() {
    let (world, _, client) = registered().await;
    let write = client.token(&world, AccountsWrite.into()).await;
    let challenge = |got: &Got| got.header("www-authenticate").unwrap_or("").to_owned();

    let none = world.get(CLIENT, &[]).await;
    assert_eq!(none.status, StatusCode::UNAUTHORIZED);
    assert_eq!(challenge(&none), r#"Bearer realm="Platen""#);

    let unknown = world.with_token(&Method::GET, CLIENT, "unknown").await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        challenge(&unknown),
        r#"Bearer realm="Platen", error="invalid_token""#
    );

    let other_scope = world.with_token(&Method::GET, CLIENT, &write).await;
    assert_eq!(other_scope.status, StatusCode::FORBIDDEN);
    assert_eq!(other_scope.json()["code"], "insufficient-scope");
    assert_eq!(
        challenge(&other_scope),
        r#"Bearer realm="Platen", error="insufficient_scope", scope="accounts.read""#
    );

    let read = client.token(&world, AccountsRead.into()).await;
    let bearer = format!("Bearer {read}");
    let path = format!("{CLIENT}?Access_Token={read}");
    for headers in [&[][..], &[("authorization", bearer.as_str())]] {
        let got = world.get(&path, headers).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST);
        assert_eq!(got.json()["code"], "token-in-query");
    }
    let elsewhere = world
        .get("/accounts/v1/nothing", &[("accept", "text/html")])
        .await;
    assert_eq!(elsewhere.json()["code"], "not-found");
}

#[tokio::test]
async fn an_expired_licence_closes_the_door() {
    let world = World::new().await;
    let hour = Duration::from_hours(1);
    let organization = world.organization("Northwind", Some(hour)).await;
    let client = world.client(&organization).await;
    world.clock.advance(hour);
    let token = client.token(&world, OauthScopes::ALL).await;
    let got = world.with_token(&Method::GET, CLIENT, &token).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    assert_eq!(got.json()["code"], "licence-required");
}

#[tokio::test]
async fn guessing_slows_down() {
    let (world, _, client) = registered().await;
    let wrong = Client {
        secret: "guess".to_owned(),
        ..client.clone()
    };
    for _ in 0..5 {
        let got = wrong.post(&world, TOKEN, GRANT).await;
        assert_eq!(got.status, StatusCode::UNAUTHORIZED);
    }
    let got = wrong.post(&world, TOKEN, GRANT).await;
    assert_eq!(error(&got), (429, "temporarily_unavailable".to_owned()));
    assert_eq!(got.header("retry-after"), Some("1"));
    world.clock.advance(Duration::from_secs(1));
    let got = client.post(&world, TOKEN, GRANT).await;
    assert_eq!(got.status, StatusCode::OK);
}

#[tokio::test]
async fn a_client_gets_so_many_tokens_and_sends_so_many_requests_a_minute() {
    let (world, _, client) = registered().await;
    let limits = ClientLimits::default();
    let token = client.token(&world, OauthScopes::ALL).await;
    for _ in 1..limits.tokens_per_minute {
        client.token(&world, OauthScopes::ALL).await;
    }
    world.clock.advance(Duration::from_secs(20));
    let got = client.post(&world, TOKEN, GRANT).await;
    assert_eq!(error(&got), (429, "temporarily_unavailable".to_owned()));
    assert_eq!(got.header("retry-after"), Some("40"));
    // Whoever asked too often may still end tokens.
    client.revoke(&world, "unknown").await;

    for _ in 0..limits.requests_per_minute {
        assert!(opens(&world, &token).await);
    }
    let got = world.with_token(&Method::GET, CLIENT, &token).await;
    assert_eq!(got.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(got.header("retry-after"), Some("60"));
    world.clock.advance(Duration::from_mins(1));
    assert!(opens(&world, &token).await);
}

#[tokio::test]
async fn a_new_client_is_nothing_to_the_tokens_of_the_one_before() {
    let (world, organization, first) = registered().await;
    let token = first.token(&world, OauthScopes::ALL).await;
    world.revoke_client(&organization).await;
    assert!(!opens(&world, &token).await);
    let second = world.client(&organization).await;
    assert!(!opens(&world, &token).await);
    let json = second
        .post(&world, INTROSPECT, &format!("token={token}"))
        .await
        .json();
    assert_eq!(json, serde_json::json!({ "active": false }));
}
