//! Analysis > Transactions, by name and by pseudonym.

use http::StatusCode;
use platen_domain::roles::Role;

use crate::Person;
use crate::support::World;
use crate::support::printing::job;

/// A person of `role` where three jobs were printed, one of them too long ago to be shown.
async fn office(world: &World, role: Role) -> Person<'_> {
    let organization = world.organization("Northwind", None).await;
    let credential = world.collector(&organization, "site").await;
    let more = r#""user":"Ada","client":"ADAS-PC","document":"<b>Plan</b>","queue":"lobby","impressions":1200,"color_mode":"color""#;
    let lines = [
        job("1", "2026-11-16T22:59:59Z", more),
        job("2", "2026-11-17T09:00:00Z", more),
        job("3", "2026-11-23T10:00:00Z", ""),
    ];
    world.push(&credential, 1, &lines.join("\n")).await;
    world.app.printing().seal_closed_days().await.unwrap();
    Person::with_role(world, &organization, role).await
}

#[tokio::test]
async fn the_last_seven_days_are_shown_newest_first() {
    let world = World::new().await;
    let person = office(&world, Role::BusinessManager).await;
    let page = person.get("/analysis/transactions").await.text();
    assert_eq!(page.matches("<tr>").count(), 3, "two jobs and the headings");
    assert!(page.contains("<td>Ada</td>") && page.contains("1,200"));
    assert!(page.contains("&#60;b&#62;Plan"), "titles are escaped");
    assert!(!page.contains("pseudonyms"));
    let places = ["2026-11-23 11:00", "2026-11-17 10:00"].map(|at| page.find(at).unwrap());
    assert!(places[0] < places[1]);
    let path = "/analysis/transactions?from=2026-11-16&to=2026-11-16";
    let page = person.get(path).await.text();
    assert!(page.contains("2026-11-16 23:59"));
    assert!(page.contains("value=\"2026-11-16\""));
    let none = person
        .get("/analysis/transactions?from=2020-01-01&to=2020-01-02")
        .await;
    assert!(none.text().contains("No print job ended in these days"));
    for odd in ["from=2026-11-20&to=2026-11-19", "from=x", "from=2020-01-01"] {
        let got = person.get(&format!("/analysis/transactions?{odd}")).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{odd}");
    }
}

#[tokio::test]
async fn the_csv_has_every_job_of_the_days() {
    let world = World::new().await;
    let person = office(&world, Role::ItAdministrator).await;
    let path = "/analysis/transactions.csv?from=2026-11-16&to=2026-11-23";
    let got = person.get(path).await;
    assert_eq!(
        got.header("content-disposition"),
        Some("attachment; filename=\"print-jobs-2026-11-16-2026-11-23.csv\"")
    );
    assert_eq!(got.header("cache-control"), Some("no-store"));
    assert_eq!(got.text().matches("\r\n").count(), 4);
    assert!(got.text().contains("ADAS-PC"));
}

#[tokio::test]
async fn a_print_analyst_sees_pseudonyms_alone() {
    let world = World::new().await;
    let person = office(&world, Role::PrintAnalyst).await;
    let page = person.get("/analysis/transactions").await.text();
    let csv = "/analysis/transactions.csv?from=2026-11-16&to=2026-11-23";
    let csv = person.get(csv).await.text();
    for text in [&page, &csv] {
        for name in ["Ada", "ADAS-PC", "Plan"] {
            assert!(!text.contains(name), "{name}");
        }
        for letter in ["u-", "c-", "d-"] {
            assert!(text.contains(letter), "{letter}");
        }
        assert!(text.contains("lobby"));
    }
    assert!(page.contains("shown as pseudonyms"));
    let user = csv.lines().nth(1).unwrap().split(',').nth(3).unwrap();
    assert!(
        page.contains(user),
        "one person is one pseudonym everywhere"
    );
    for path in ["/analysis/api", "/analysis/api/print-jobs"] {
        assert_eq!(person.get(path).await.status, StatusCode::FORBIDDEN);
    }
}
