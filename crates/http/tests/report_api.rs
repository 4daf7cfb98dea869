//! The Report API as programs meet it: doors, formats, codings, tags, refusals.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr};

use bytes::Bytes;
use http::{Method, StatusCode};
use http_body_util::Full;
use platen_domain::organizations::Organization;
use platen_domain::report_apis::ReportApi;
use platen_http::limits::Limits;
use platen_http::{HttpOptions, Layouts, Service};
use support::{Got, PUBLIC_URL, World};

const METERS: &str = "/ReportApi/Reports/Meters";

struct Fleet {
    world: World,
    organization: Organization,
    bearer: String,
}

impl Fleet {
    /// Three devices, and an enabled `api`.
    async fn with(api: ReportApi) -> Self {
        let world = World::new().await;
        let organization = world.organization("Northwind", None).await;
        for number in 1..=3 {
            world.device(&organization, number, "Lobby").await;
        }
        let bearer = format!("bearer {}", world.enable(&organization, api).await);
        Self {
            world,
            organization,
            bearer,
        }
    }

    async fn get(&self, path: &str, more: &[(&str, &str)]) -> Got {
        let headers = [&[("authorization", self.bearer.as_str())], more].concat();
        self.world.get(path, &headers).await
    }

    fn key(&self) -> &str {
        self.bearer.strip_prefix("bearer ").unwrap()
    }
}

/// A problem without its request id, which is another in every answer.
fn told(got: &Got) -> String {
    let mut problem = got.json();
    let id = problem
        .as_object_mut()
        .unwrap()
        .remove("requestId")
        .unwrap();
    assert_eq!(Some(id.as_str().unwrap()), got.header("x-request-id"));
    assert_eq!(
        got.header("content-type"),
        Some("application/problem+json; charset=utf-8")
    );
    problem.sort_all_objects();
    format!("{} {problem}", got.status.as_u16())
}

#[tokio::test]
async fn the_published_example_works() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let got = fleet.get(METERS, &[]).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(
        got.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(got.header("cache-control"), Some("private, no-cache"));
    assert_eq!(
        got.header("vary"),
        Some("Accept, Accept-Encoding, Authorization")
    );
    assert_eq!(got.header("content-encoding"), None);
    let rows = got.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 3);
    let first = rows
        .iter()
        .find(|row| row["SerialNumber"] == "Lobby-1")
        .unwrap();
    assert_eq!(first["LifeCountTotal"], 1_001);
    assert_eq!(first["LifeCountMono"], 1_001);
    assert_eq!(first["PrintCountTotal"], serde_json::Value::Null);
    assert_eq!(first["MeterReadAt"], "2026-11-23T12:00:00.000+01:00");
}

#[tokio::test]
async fn every_fleet_report_answers_in_its_columns() {
    for (api, column, rows) in [
        (ReportApi::Meters, "MeterReadConfidence", 3),
        (ReportApi::Status, "DeviceState", 3),
        (ReportApi::Toner, "LevelPercent", 6),
    ] {
        let fleet = Fleet::with(api).await;
        let got = fleet.get(api.path(), &[]).await.json();
        assert_eq!(got.as_array().unwrap().len(), rows);
        assert!(got[0].get(column).is_some(), "{api:?}");
        let text = got.to_string();
        for sentinel in [":-1", ":-2", ":-3"] {
            assert!(!text.contains(sentinel), "{api:?} shows {sentinel}");
        }
    }
}

#[tokio::test]
async fn the_door_opens_to_bearer_in_any_case_and_to_basic() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let key = fleet.key();
    for scheme in ["Bearer", "BEARER", "bearer"] {
        let authorization = format!("{scheme} {key}");
        let got = fleet
            .world
            .get(METERS, &[("authorization", &authorization)])
            .await;
        assert_eq!(got.status, StatusCode::OK, "{scheme}");
    }
}

#[tokio::test]
async fn every_key_that_does_not_count_gets_one_answer() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let disabled = fleet.bearer.clone();
    fleet
        .world
        .disable(&fleet.organization, ReportApi::Meters)
        .await;
    let unknown = format!("bearer {}", support::other_secret(&fleet.world.ids));
    let expected = fleet.world.get(METERS, &[]).await;
    let schemes: Vec<_> = expected
        .headers
        .get_all("www-authenticate")
        .iter()
        .collect();
    assert_eq!(
        schemes,
        [
            "Bearer realm=\"Platen\"",
            "Basic realm=\"Platen\", charset=\"UTF-8\""
        ]
    );
    insta::assert_snapshot!(told(&expected), @r#"401 {"code":"unauthorized","detail":"Send the API's Authorization Key as 'Authorization: bearer <Authorization Key>', or as the user name or the password of HTTP Basic.","status":401,"title":"An Authorization Key is required","type":"urn:platen:problem:unauthorized"}"#);
    for shown in [
        disabled.as_str(),
        &unknown,
        "bearer",
        "bearer 123",
        "Basic eDp5",
        "Digest x",
        "",
    ] {
        let got = fleet.world.get(METERS, &[("authorization", shown)]).await;
        assert_eq!(told(&got), told(&expected), "{shown}");
    }
    let live = format!(
        "bearer {}",
        fleet
            .world
            .enable(&fleet.organization, ReportApi::Meters)
            .await
    );
    let twice = [
        ("authorization", live.as_str()),
        ("authorization", live.as_str()),
    ];
    assert_eq!(
        told(&fleet.world.get(METERS, &twice).await),
        told(&expected)
    );
}

#[tokio::test]
async fn a_key_in_the_address_is_refused_even_when_it_is_good() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    for query in [
        "api_key=",
        "key=",
        "Authorization=",
        "access_token=",
        "anything=",
        "anything=Bearer%20",
        "",
    ] {
        let path = format!("{METERS}?{query}{}", fleet.key());
        let got = fleet.get(&path, &[]).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(got.json()["code"], "key-in-query");
        assert!(!got.text().contains(fleet.key()));
    }
}

#[tokio::test]
async fn the_wrong_key_and_the_missing_licence_have_their_own_words() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    insta::assert_snapshot!(told(&fleet.get("/ReportApi/Reports/Toner", &[]).await), @r#"403 {"code":"wrong-api","detail":"This Authorization Key opens another API; each API has a key of its own.","status":403,"title":"This is not allowed","type":"urn:platen:problem:wrong-api"}"#);
    let world = World::new().await;
    let hour = std::time::Duration::from_hours(1);
    let brief = world.organization("Brief", Some(hour)).await;
    let bearer = format!("bearer {}", world.enable(&brief, ReportApi::Meters).await);
    world.clock.advance(hour);
    let got = world.get(METERS, &[("authorization", &bearer)]).await;
    insta::assert_snapshot!(told(&got), @r#"403 {"code":"licence-required","detail":"The API is closed: the licence has expired.","status":403,"title":"This is not allowed","type":"urn:platen:problem:licence-required"}"#);
}

#[tokio::test]
async fn formats_by_query_and_by_accept() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let csv = fleet.get(&format!("{METERS}?format=csv"), &[]).await;
    assert_eq!(
        csv.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    assert!(csv.text().starts_with("SerialNumber,"));
    assert_eq!(csv.text().matches("\r\n").count(), 4);
    let ndjson = fleet
        .get(METERS, &[("accept", "application/x-ndjson")])
        .await;
    assert_eq!(ndjson.text().lines().count(), 3);
    let refused = fleet.get(&format!("{METERS}?format=xml"), &[]).await;
    insta::assert_snapshot!(told(&refused), @r#"400 {"code":"unknown-format","detail":"The parameter 'format' may be json, ndjson or csv.","status":400,"title":"The request cannot be understood","type":"urn:platen:problem:unknown-format"}"#);
    let refused = fleet.get(&format!("{METERS}?SerialNumber=A1"), &[]).await;
    insta::assert_snapshot!(told(&refused), @r#"400 {"code":"unknown-parameter","detail":"Unknown parameter 'SerialNumber'; known here: format.","field":"SerialNumber","status":400,"title":"The request cannot be understood","type":"urn:platen:problem:unknown-parameter"}"#);
}

#[tokio::test]
async fn an_empty_fleet_is_an_empty_array_or_a_header() {
    let world = World::new().await;
    let organization = world.organization("Empty", None).await;
    let bearer = format!(
        "bearer {}",
        world.enable(&organization, ReportApi::Toner).await
    );
    let headers = [("authorization", bearer.as_str())];
    let path = ReportApi::Toner.path();
    assert_eq!(world.get(path, &headers).await.text(), "[]");
    let csv = world
        .get(&format!("{path}?format=csv"), &headers)
        .await
        .text();
    assert_eq!(csv.matches("\r\n").count(), 1);
    assert_eq!(
        world
            .get(&format!("{path}?format=ndjson"), &headers)
            .await
            .text(),
        ""
    );
}

#[tokio::test]
async fn codings_hold_the_same_octets() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let plain = fleet.get(METERS, &[]).await;
    let gzip = fleet
        .get(METERS, &[("accept-encoding", "gzip, deflate")])
        .await;
    assert_eq!(gzip.header("content-encoding"), Some("gzip"));
    assert!(gzip.body.len() < plain.body.len());
    let mut read = Vec::new();
    let mut member = flate2::bufread::GzDecoder::new(&gzip.body[..]);
    member.read_to_end(&mut read).unwrap();
    assert!(member.into_inner().is_empty(), "more than one gzip member");
    assert_eq!(read, plain.body);
    let zstd = fleet
        .get(METERS, &[("accept-encoding", "gzip, zstd")])
        .await;
    assert_eq!(zstd.header("content-encoding"), Some("zstd"));
    assert_eq!(zstd::decode_all(&zstd.body[..]).unwrap(), plain.body);
}

#[tokio::test]
async fn an_etag_names_one_representation_until_the_fleet_changes() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let plain = fleet.get(METERS, &[]).await;
    let etag = plain.header("etag").unwrap().to_owned();
    let known = [("if-none-match", etag.as_str())];
    let got = fleet.get(METERS, &known).await;
    assert_eq!(got.status, StatusCode::NOT_MODIFIED);
    assert_eq!(got.header("etag"), Some(etag.as_str()));
    assert_eq!(got.header("vary"), plain.header("vary"));
    assert!(got.body.is_empty());

    let others = [known[0], ("accept-encoding", "gzip")];
    assert_eq!(fleet.get(METERS, &others).await.status, StatusCode::OK);
    let csv = format!("{METERS}?format=csv");
    assert_eq!(fleet.get(&csv, &known).await.status, StatusCode::OK);

    fleet.world.device(&fleet.organization, 4, "Hall").await;
    let changed = fleet.get(METERS, &known).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
}

#[tokio::test]
async fn head_tells_what_get_would_and_sends_nothing() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let headers = [
        ("authorization", fleet.bearer.as_str()),
        ("accept-encoding", "gzip"),
    ];
    let get = fleet.world.get(METERS, &headers).await;
    let head = fleet.world.send(&Method::HEAD, METERS, &headers, "").await;
    assert_eq!(head.status, StatusCode::OK);
    assert!(head.body.is_empty());
    for name in [
        "etag",
        "content-type",
        "content-encoding",
        "vary",
        "cache-control",
    ] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[tokio::test]
async fn methods_and_spellings() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    assert_eq!(
        fleet.get("/reportapi/reports/METERS", &[]).await.status,
        StatusCode::OK
    );
    let headers = [("authorization", fleet.bearer.as_str())];
    let options = fleet.world.send(&Method::OPTIONS, METERS, &[], "").await;
    assert_eq!(options.status, StatusCode::NO_CONTENT);
    assert_eq!(options.header("allow"), Some("GET, HEAD, OPTIONS"));
    for method in [
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::TRACE,
    ] {
        let got = fleet.world.send(&method, METERS, &headers, "").await;
        assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(got.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
    for path in [
        "/ReportApi/Reports/Meters/",
        "/ReportApi/Reports/Meters;x",
        "/ReportApi//Reports/Meters",
        "/ReportApi/./Reports/Meters",
        "/x/../ReportApi/Reports/Meters",
        "/ReportApi/Reports%2fMeters",
        "/ReportApi/Reports/Meters%00",
        "/ReportApi/Reports/Meters/..",
        "/ReportApi/Reports",
        "/",
    ] {
        let got = fleet.get(path, &[("x-original-url", METERS)]).await;
        assert_ne!(got.status, StatusCode::OK, "{path}");
        assert!(!got.text().contains("Lobby"), "{path}");
    }
    let over = [headers[0], ("x-http-method-override", "GET")];
    let got = fleet.world.send(&Method::POST, METERS, &over, "").await;
    assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED);
    insta::assert_snapshot!(told(&fleet.get("/ReportApi/Reports/Nothing", &[]).await), @r#"404 {"code":"not-found","detail":"There is nothing at this address.","status":404,"title":"Not found","type":"urn:platen:problem:not-found"}"#);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let mut last = fleet.get(METERS, &[]).await;
    let mut answered = 0;
    while last.status == StatusCode::OK {
        answered += 1;
        last = fleet.get(METERS, &[]).await;
    }
    assert_eq!(answered, 120);
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(last.header("retry-after"), Some("60"));
    fleet.world.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(fleet.get(METERS, &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn more_in_flight_than_allowed_are_told_to_come_back() {
    let world = World::new().await;
    let limits = Limits {
        in_flight: 1,
        ..Limits::default()
    };
    let options = HttpOptions {
        public_url: PUBLIC_URL.to_owned(),
        layouts: Layouts::default(),
        limits,
    };
    let service = Service::new(world.app.clone(), options);
    let get = || {
        let request = http::Request::get("/healthz").body(Full::new(Bytes::new()));
        service.answer(IpAddr::V4(Ipv4Addr::LOCALHOST), request.unwrap())
    };
    // An answer has its place until it is delivered.
    let held = get().await;
    let refused = get().await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(
        refused.headers()["content-type"],
        "application/problem+json; charset=utf-8"
    );
    drop(held);
    assert_eq!(get().await.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_its_own_request_id() {
    let fleet = Fleet::with(ReportApi::Meters).await;
    let foreign = [("x-request-id", "forged")];
    for path in [
        METERS,
        "/ReportApi/Reports/Nothing",
        "/healthz",
        "/readyz",
        "/sign-in",
        "/x",
    ] {
        let got = fleet.get(path, &foreign).await;
        assert!(
            got.header("content-security-policy")
                .unwrap()
                .starts_with("default-src 'none'")
        );
        assert_eq!(
            got.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            got.header("cross-origin-opener-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert_eq!(
            got.header("strict-transport-security"),
            Some("max-age=31536000"),
            "{path}"
        );
        assert!(got.header("referrer-policy").is_some(), "{path}");
        assert_ne!(got.header("x-request-id"), Some("forged"), "{path}");
    }
}

#[tokio::test]
async fn health_tells_nothing_but_health() {
    let world = World::new().await;
    assert_eq!(world.get("/healthz", &[]).await.text(), "ok\n");
    assert_eq!(world.get("/readyz", &[]).await.text(), "ready\n");
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let world = World::new().await;
    let long = format!("/{}", "a".repeat(5_000));
    assert_eq!(world.get(&long, &[]).await.status, StatusCode::URI_TOO_LONG);
    let flood = format!("/sign-in?{}", "a=1&".repeat(100));
    assert!(world.get(&flood, &[]).await.status.as_u16() < 500);
    let body = "a".repeat(65 * 1_024);
    let headers = [("sec-fetch-site", "same-origin")];
    let got = world.send(&Method::POST, "/sign-in", &headers, &body).await;
    assert_eq!(got.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(got.header("connection"), Some("close"));
}
