//! Analysis > API: keys that are shown once, and forms that nobody else can send.

use std::time::Duration;

use http::StatusCode;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Role;

use crate::support::{PUBLIC_URL, World, scraped};
use crate::{Person, SAME_ORIGIN, report_status, shown_key};

#[tokio::test]
async fn a_key_is_shown_once_and_dies_when_unticked() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let person = Person::with_role(&world, &organization, Role::ItAdministrator).await;
    let made = person
        .post("/analysis/api/meters/enabled", "enabled=yes")
        .await;
    assert_eq!(
        (made.status, made.header("cache-control")),
        (StatusCode::OK, Some("no-store"))
    );
    let key = shown_key(&made.text()).unwrap();
    assert_eq!(report_status(&world, &key).await, StatusCode::OK);
    let curl = format!(
        "curl -H &#39;Authorization: bearer {key}&#39; {}/ReportApi/Reports/Meters",
        crate::support::PUBLIC_URL
    );
    assert!(made.text().contains(&curl), "the snippets carry the key");

    let later = person.get("/analysis/api").await.text();
    let prefix: String = key.chars().take(8).collect();
    assert!(!later.contains(&key));
    assert!(
        later.contains(&format!("<code>{prefix}…</code>")),
        "its prefix stays"
    );
    let again = person
        .post("/analysis/api/meters/enabled", "enabled=yes")
        .await;
    assert_eq!(
        again.header("location"),
        Some("/analysis/api"),
        "a reload makes no second key"
    );
    assert_eq!(report_status(&world, &key).await, StatusCode::OK);

    let gone = person.post("/analysis/api/meters/enabled", "").await;
    assert_eq!(gone.header("location"), Some("/analysis/api"));
    assert_eq!(report_status(&world, &key).await, StatusCode::UNAUTHORIZED);
    let other = person
        .post("/analysis/api/meters/enabled", "enabled=yes")
        .await;
    assert_ne!(shown_key(&other.text()).unwrap(), key);
}

#[tokio::test]
async fn rotating_replaces_the_key_that_was_shown_and_no_other() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let person = Person::with_role(&world, &organization, Role::SystemAdministrator).await;
    let first = world.enable(&organization, ReportApi::Meters).await;
    let page = person.get("/analysis/api").await.text();
    let id = scraped(&page, "name=\"replaces\" value=\"").unwrap();
    let form = format!("replaces={id}");
    let rotated = person.post("/analysis/api/meters/rotate", &form).await;
    let second = shown_key(&rotated.text()).unwrap();
    assert_eq!(
        report_status(&world, &first).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(report_status(&world, &second).await, StatusCode::OK);

    let sent_twice = person.post("/analysis/api/meters/rotate", &form).await;
    assert_eq!(sent_twice.header("location"), Some("/analysis/api"));
    assert_eq!(report_status(&world, &second).await, StatusCode::OK);
    let nothing = person.post("/analysis/api/toner/rotate", &form).await;
    assert_eq!(nothing.header("location"), Some("/analysis/api"));
}

#[tokio::test]
async fn forms_from_elsewhere_change_nothing() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let person = Person::with_role(&world, &organization, Role::SystemAdministrator).await;
    let other = Person::with_role(&world, &organization, Role::ItAdministrator).await;
    let analyst = Person::with_role(&world, &organization, Role::PrintAnalyst).await;
    let own = format!("form_token={}&enabled=yes", person.form_token);
    let borrowed = format!("form_token={}&enabled=yes", other.form_token);
    let before = world.disk();
    for path in [
        "/analysis/api/meters/enabled",
        "/analysis/api/meters/rotate",
        "/analysis/client/generate",
        "/analysis/client/revoke",
        "/sign-out",
    ] {
        for form in ["enabled=yes", "form_token=&enabled=yes", &borrowed] {
            let got = person.post_raw(path, &[SAME_ORIGIN], form).await;
            assert_eq!(got.status, StatusCode::FORBIDDEN, "{path} {form}");
        }
        for site in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
            ("accept", "*/*"),
        ] {
            let got = person.post_raw(path, &[site], &own).await;
            assert_eq!(got.status, StatusCode::FORBIDDEN, "{path} {site:?}");
        }
    }
    let refused = analyst
        .post("/analysis/api/meters/enabled", "enabled=yes")
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(before == world.disk(), "refused, yet something changed");
}

#[tokio::test]
async fn what_cannot_be_enabled_says_why() {
    let world = World::new().await;
    let organization = world
        .organization("Northwind", Some(Duration::from_hours(1)))
        .await;
    let person = Person::with_role(&world, &organization, Role::SystemAdministrator).await;
    let unknown = person
        .post("/analysis/api/nonsense/enabled", "enabled=yes")
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    world.clock.advance(Duration::from_hours(2));
    let user = world
        .user(&organization, "late", Role::SystemAdministrator)
        .await;
    let person = Person::signed_in(&world, &organization, &user).await;
    let page = person.get("/analysis/api").await.text();
    assert!(
        page.contains("The licence expired on 2026-11-23."),
        "the screen says so first"
    );
    let refused = person
        .post("/analysis/api/meters/enabled", "enabled=yes")
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("The licence has expired."));
    assert_eq!(
        person.get("/fleet/meters").await.status,
        StatusCode::OK,
        "the grids go on"
    );
    let export = person.get("/fleet/meters.csv").await;
    assert_eq!(export.status, StatusCode::OK, "and so does the export");
}

#[tokio::test]
async fn every_api_can_be_ticked_and_its_first_line_asks_for_a_range() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let person = Person::with_role(&world, &organization, Role::ItAdministrator).await;
    for (api, range) in [
        ("print-jobs", "PrintJobs/2026-11-16/2026-11-22"),
        ("monthly-print-jobs", "MonthlyPrintJobs/2026-11/2026-11"),
    ] {
        let path = format!("/analysis/api/{api}/enabled");
        let page = person.post(&path, "enabled=yes").await;
        assert_eq!(page.status, StatusCode::OK);
        let page = page.text();
        let key = shown_key(&page).unwrap();
        let line = format!("{PUBLIC_URL}/ReportApi/Reports/{range}</code>");
        assert!(page.contains(&line), "{api}");
        let bearer = format!("bearer {key}");
        let path = format!("/ReportApi/Reports/{range}");
        let got = world.get(&path, &[("authorization", &bearer)]).await;
        assert_eq!((got.status, got.text().as_str()), (StatusCode::OK, "[]"));
    }
}
