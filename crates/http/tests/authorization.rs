//! Who may reach what: every route of the registry, asked by every kind of caller.
//!
//! The outcome is compared with `authorization.golden.txt`; `UPDATE_GOLDEN=1` rewrites it, so
//! that a changed policy shows in the diff of a commit. Beside the table three things must hold:
//! a refused request leaves no trace on disk, no answer holds another organization's data, and a
//! route that the table does not know fails the test.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use http::{Method, StatusCode};
use platen_domain::report_apis::ReportApi;
use platen_http::policy::Policy;
use support::cast::{CANARIES, Caller, Cast, Shows};
use support::{Got, World};

/// Asked of every path.
const METHODS: [Method; 3] = [Method::GET, Method::HEAD, Method::POST];

/// Asked of the paths that have them; others refuse them to everybody alike.
const MORE_METHODS: [Method; 3] = [Method::PUT, Method::PATCH, Method::DELETE];

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

fn outcome(got: &Got) -> String {
    match got.header("location") {
        Some(location) => format!("{} {location}", got.status.as_u16()),
        None => got.status.as_u16().to_string(),
    }
}

fn is_refusal(got: &Got, method: &Method) -> bool {
    // Who has signed out is sent there as well.
    let elsewhere = got.header("location") == Some("/sign-in") && !changes_something(method);
    elsewhere
        || matches!(
            got.status,
            StatusCode::BAD_REQUEST
                | StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::NOT_FOUND
                | StatusCode::METHOD_NOT_ALLOWED
        )
}

/// One path of the registry, with the policies of its methods.
fn paths(world: &World) -> BTreeMap<&'static str, Vec<(Method, Policy)>> {
    let mut paths: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for route in world.service.registry().routes() {
        let policies = paths.entry(route.path()).or_default();
        policies.push((route.method().clone(), route.policy()));
    }
    paths
}

#[tokio::test]
async fn every_route_answers_every_caller_as_the_table_says() {
    let mut cast = Cast::assemble().await;
    let mut table = String::new();
    for (route, policies) in paths(&cast.world) {
        let named: Vec<_> = policies
            .iter()
            .map(|(method, policy)| format!("{method} {policy:?}"))
            .collect();
        writeln!(table, "{route}  [{}]", named.join(", ")).unwrap();
        let (_, policy) = policies[0];
        let api = match policy {
            Policy::ReportKey(api) => api,
            _ => ReportApi::Meters,
        };
        for index in 0..cast.callers.len() {
            let caller = cast.callers[index].clone();
            let mut line = format!("  {:<36}", caller.name);
            let has = |method: &Method| policies.iter().any(|(known, _)| known == method);
            let more = MORE_METHODS.into_iter().filter(has);
            for method in METHODS.into_iter().chain(more) {
                let before = cast.world.disk();
                let path = cast.path(route, policy);
                let got = cast.ask(&caller, &method, &path, api).await;
                write!(line, "{method} {:<17} ", outcome(&got)).unwrap();
                let where_ = format!("{method} {route} as {}", caller.name);
                keeps_organizations_apart(&got, &caller, policy, &where_);
                // A refused sign-in is written into the audit log, as it should be.
                if is_refusal(&got, &method) && policy != Policy::Public {
                    assert!(
                        before == cast.world.disk(),
                        "{where_}: refused, yet something changed"
                    );
                }
                if cast.world.disk() != before && changes_something(&method) {
                    cast = Cast::assemble().await;
                }
            }
            writeln!(table, "{}", line.trim_end()).unwrap();
        }
        table.push('\n');
    }
    compare_with_golden(&table);
}

fn keeps_organizations_apart(got: &Got, caller: &Caller, policy: Policy, where_: &str) {
    // A set-up link shows its organization to who holds it.
    let exempt = if policy == Policy::SetUp {
        "CANARY-D"
    } else {
        ""
    };
    let text = got.text();
    for canary in CANARIES {
        let allowed = canary == caller.own || canary == exempt;
        assert!(
            allowed || !text.contains(canary),
            "{where_}: shows {canary}"
        );
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a switch for people who run this test"
)]
fn compare_with_golden(table: &str) {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/authorization.golden.txt");
    if std::env::var("UPDATE_GOLDEN").is_ok() {
        std::fs::write(&golden, table).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    for (number, (expected, got)) in expected.lines().zip(table.lines()).enumerate() {
        let line = number + 1;
        assert_eq!(
            got,
            expected,
            "line {line} of {} (UPDATE_GOLDEN=1 rewrites it)",
            golden.display()
        );
    }
    assert_eq!(
        table.lines().count(),
        expected.lines().count(),
        "a route came or went"
    );
}

#[tokio::test]
async fn methods_that_a_path_does_not_have_are_refused_and_named() {
    let world = World::new().await;
    for (path, policies) in paths(&world) {
        for method in METHODS.into_iter().chain(MORE_METHODS) {
            let known = |(known, _): &(Method, Policy)| {
                *known == method || (method == Method::HEAD && *known == Method::GET)
            };
            if policies.iter().any(known) {
                continue;
            }
            let got = world.send(&method, &named(path), &[], "").await;
            assert_eq!(
                got.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            let allow = got.header("allow").unwrap();
            for (known, _) in &policies {
                assert!(allow.contains(known.as_str()), "{path}: {allow}");
            }
        }
        let options = world.send(&Method::OPTIONS, &named(path), &[], "").await;
        assert_eq!(options.status, StatusCode::NO_CONTENT, "{path}");
    }
}

/// The path with something in each of its named segments.
fn named(route: &str) -> String {
    let segments = route.split('/').map(|segment| {
        let is_named = segment.starts_with('{');
        if is_named { "x" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn forms_from_other_sites_change_nothing() {
    let cast = Cast::assemble().await;
    let people = || {
        cast.callers
            .iter()
            .filter(|caller| matches!(caller.shows, Shows::Cookie { .. }))
    };
    let routes = cast.world.service.registry().routes();
    // No cookie opens the doors of programs, so no site could use one.
    let counts_cookies = |policy| {
        !matches!(
            policy,
            Policy::Collector | Policy::Enrolment | Policy::Client | Policy::AccessToken(_)
        )
    };
    for route in
        routes.filter(|route| changes_something(route.method()) && counts_cookies(route.policy()))
    {
        let path = cast.path(route.path(), route.policy());
        for caller in people() {
            let Shows::Cookie { cookie, form_token } = &caller.shows else {
                continue;
            };
            let form = format!("enabled=on&form_token={form_token}");
            for foreign in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("origin", "https://evil.example"),
                ("origin", "null"),
                ("x-nothing", "to show"),
            ] {
                let before = cast.world.disk();
                let headers = [
                    foreign,
                    ("cookie", cookie.as_str()),
                    ("host", "print.example.org"),
                ];
                let got = cast
                    .world
                    .send(route.method(), &path, &headers, &form)
                    .await;
                assert_eq!(got.status, StatusCode::FORBIDDEN, "{path} {foreign:?}");
                assert!(before == cast.world.disk(), "{path} {foreign:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_link_that_never_was_looks_like_one_that_is_used_up() {
    let cast = Cast::assemble().await;
    let never = support::other_secret(&cast.world.ids);
    let short = cast.world.get("/set-up/x", &[]).await;
    let unknown = cast.world.get(&format!("/set-up/{never}"), &[]).await;
    assert_eq!(short.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let form = "name=eve&password=correct+horse+battery&confirmation=correct+horse+battery";
    let path = format!("/set-up/{never}");
    let headers = [("sec-fetch-site", "same-origin")];
    let posted = cast.world.send(&Method::POST, &path, &headers, form).await;
    assert_eq!(posted.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn keys_die_with_the_next_request() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let api = ReportApi::Meters;
    let first = world.enable(&organization, api).await;
    assert_eq!(status(&world, &first).await, StatusCode::OK);
    world.disable(&organization, api).await;
    assert_eq!(status(&world, &first).await, StatusCode::UNAUTHORIZED);
    let second = world.enable(&organization, api).await;
    assert_ne!(first, second);
    assert_eq!(status(&world, &first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&world, &second).await, StatusCode::OK);
    let third = world.rotate(&organization, api).await;
    assert_eq!(status(&world, &second).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&world, &third).await, StatusCode::OK);
}

async fn status(world: &World, key: &str) -> StatusCode {
    let bearer = format!("bearer {key}");
    let path = ReportApi::Meters.path();
    world.get(path, &[("authorization", &bearer)]).await.status
}
