//! The grids, their export, and every link of every page.

use std::collections::BTreeSet;

use platen_domain::roles::Role;

use crate::Person;
use crate::support::World;

#[tokio::test]
async fn grids_show_the_fleet_and_stay_text_whatever_a_printer_says() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let person = Person::with_role(&world, &organization, Role::PrintAnalyst).await;
    let empty = person.get("/fleet/meters").await.text();
    assert!(empty.contains("No device has answered yet"));

    let hostile = "<img src=x onerror=alert(1)>\"'</td>{{7*7}}";
    world.device(&organization, 1, hostile).await;
    for number in 2..=60 {
        world.device(&organization, number, "plain").await;
    }
    for room in ["/fleet/meters", "/fleet/toner", "/fleet/status"] {
        let page = person.get(&format!("{room}?q=onerror")).await.text();
        assert!(
            page.contains("&#60;img src=x onerror=alert(1)&#62;"),
            "{room}"
        );
        assert!(!page.contains("<img"), "{room}");
    }
    let sorted = person
        .get("/fleet/meters?sort=-LifeCountTotal")
        .await
        .text();
    assert!(sorted.contains("aria-sort=\"descending\""));
    let (above, below) = (sorted.find("1,060").unwrap(), sorted.find("1,011").unwrap());
    assert!(above < below, "the greatest stands first");
    assert_eq!(
        sorted.matches("<tr>").count(),
        51,
        "50 rows and the headings"
    );
    let beyond = person.get("/fleet/meters?page=9").await;
    assert_eq!(beyond.header("location"), Some("/fleet/meters?page=2"));
    let second = person.get("/fleet/meters?page=2").await.text();
    assert!(second.contains("rows 51 to 60 of 60"));
}

#[tokio::test]
async fn the_export_has_every_row_as_csv() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let person = Person::with_role(&world, &organization, Role::BusinessManager).await;
    for number in 1..=60 {
        world.device(&organization, number, "plain").await;
    }
    let got = person.get("/fleet/toner.csv").await;
    assert_eq!(
        got.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    assert_eq!(
        got.header("content-disposition"),
        Some("attachment; filename=\"toner.csv\"")
    );
    assert!(got.text().starts_with("SerialNumber,Manufacturer,"));
    assert_eq!(
        got.text().lines().count(),
        1 + 2 * 60,
        "two supplies per device"
    );
}

/// Every address that stands on any page leads somewhere, and every asset may be kept for good.
#[tokio::test]
async fn no_link_of_any_page_is_dead() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let person = Person::with_role(&world, &organization, Role::SystemAdministrator).await;
    for number in 1..=120 {
        world.device(&organization, number, "plain").await;
    }
    let mut seen = BTreeSet::new();
    let mut left = vec![
        "/".to_owned(),
        "/sign-in".to_owned(),
        "/analysis/api".to_owned(),
    ];
    while let Some(path) = left.pop() {
        if seen.len() > 400 || !seen.insert(path.clone()) {
            continue;
        }
        let got = person.get(&path).await;
        assert!(
            got.status.is_success() || got.status.is_redirection(),
            "{path}: {}",
            got.status
        );
        if path.starts_with("/assets/") {
            assert_eq!(
                got.header("cache-control"),
                Some("public, max-age=31536000, immutable")
            );
            continue;
        }
        let page = got.text();
        for attribute in ["href=\"", "src=\""] {
            let addresses = page
                .split(attribute)
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            let own = addresses.filter(|address| address.starts_with('/'));
            left.extend(own.map(|address| address.replace("&#38;", "&")));
        }
    }
    assert!(seen.iter().any(|path| path.starts_with("/assets/copy-")));
    assert!(seen.contains("/fleet/toner?page=2"));
}
