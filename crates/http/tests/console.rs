//! The console as a browser uses it: every form, every way in, every page's links.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use http::{Method, StatusCode};
use platen_domain::organizations::Organization;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Role;
use platen_domain::users::User;
use platen_http::limits::Limits;
use platen_http::{HttpOptions, Layouts, Service};
use platen_store::LinkPurpose;
use support::{Got, World, scraped};
use tokio::net::TcpListener;
use tokio::process::Command;

const SAME_ORIGIN: (&str, &str) = ("sec-fetch-site", "same-origin");
const PASSWORD: &str = "correct horse battery";

/// A person with a browser.
struct Person<'a> {
    world: &'a World,
    cookie: String,
    form_token: String,
}

impl<'a> Person<'a> {
    async fn with_role(world: &'a World, organization: &Organization, role: Role) -> Self {
        let user = world.user(organization, role.keyword(), role).await;
        Self::signed_in(world, organization, &user).await
    }

    async fn signed_in(world: &'a World, organization: &Organization, user: &User) -> Self {
        let cookie = world.signed_in(organization, user).await;
        let page = world
            .get("/fleet/meters", &[("cookie", &cookie)])
            .await
            .text();
        let form_token = scraped(&page, "name=\"form_token\" value=\"").unwrap();
        Self {
            world,
            cookie,
            form_token,
        }
    }

    async fn get(&self, path: &str) -> Got {
        self.world.get(path, &[("cookie", &self.cookie)]).await
    }

    async fn post(&self, path: &str, form: &str) -> Got {
        let form = format!("form_token={}&{form}", self.form_token);
        self.post_raw(path, &[SAME_ORIGIN], &form).await
    }

    async fn post_raw(&self, path: &str, headers: &[(&str, &str)], form: &str) -> Got {
        let mut headers = headers.to_vec();
        headers.push(("cookie", &self.cookie));
        self.world.send(&Method::POST, path, &headers, form).await
    }
}

async fn post(world: &World, path: &str, form: &str) -> Got {
    world.send(&Method::POST, path, &[SAME_ORIGIN], form).await
}

async fn report_status(world: &World, key: &str) -> StatusCode {
    let bearer = format!("bearer {key}");
    world
        .get("/ReportApi/Reports/Meters", &[("authorization", &bearer)])
        .await
        .status
}

/// The key that a page shows.
fn shown_key(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("class=\"snippet key\"><code>")?;
    let (key, _) = rest.split_once('<')?;
    Some(key.to_owned())
}

/// The session's cookie that an answer sets, ready to be sent back.
fn new_cookie(got: &Got) -> String {
    let cookie = got.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn pages_send_strangers_to_the_sign_in_and_forms_refuse_them() {
    let world = World::new().await;
    for page in [
        "/",
        "/analysis/api",
        "/analysis/api/toner",
        "/fleet/meters",
        "/fleet/status",
    ] {
        let got = world.get(page, &[]).await;
        assert_eq!(
            (got.status, got.header("location")),
            (StatusCode::SEE_OTHER, Some("/sign-in"))
        );
    }
    for form in [
        "/analysis/api/meters/enabled",
        "/analysis/api/meters/rotate",
        "/sign-out",
    ] {
        let got = post(&world, form, "enabled=yes").await;
        assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{form}");
        assert!(got.text().contains("<h1>Not signed in</h1>"));
    }
}

#[tokio::test]
async fn the_first_administrator_sets_up_signs_out_and_signs_in() {
    let world = World::new().await;
    let organization = world.organization("Northwind & <Sons>", None).await;
    let token = world.link(LinkPurpose::SetUp, &organization, None).await;
    let path = format!("/set-up/{token}");
    let page = world.get(&path, &[]).await.text();
    assert!(page.contains("Set up Northwind &#38; &#60;Sons&#62;"));

    let refused = [
        (
            "name=ada&password=long enough it is&confirmation=another",
            "The two passwords differ.",
        ),
        (
            "name=ada&password=short&confirmation=short",
            "Choose a password of at least 12 characters.",
        ),
        (
            "name=&password=long enough it is&confirmation=long enough it is",
            "Choose a name",
        ),
    ];
    for (form, reason) in refused {
        let got = post(&world, &path, &form.replace(' ', "+")).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert!(got.text().contains(reason), "{reason}");
        assert!(
            !got.text().contains("long enough"),
            "a password is never sent back"
        );
    }
    let form = format!("name=ada&password={PASSWORD}&confirmation={PASSWORD}").replace(' ', "+");
    let got = post(&world, &path, &form).await;
    assert_eq!(
        (got.status, got.header("location")),
        (StatusCode::SEE_OTHER, Some("/"))
    );
    let cookie = got.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-platen-session="));
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    assert_eq!(
        world.get(&path, &[]).await.status,
        StatusCode::NOT_FOUND,
        "used up"
    );

    let cookie = new_cookie(&got);
    let home = world.get("/", &[("cookie", &cookie)]).await;
    assert_eq!(home.header("location"), Some("/analysis/api"));
    let page = world
        .get("/analysis/api", &[("cookie", &cookie)])
        .await
        .text();
    let form_token = scraped(&page, "name=\"form_token\" value=\"").unwrap();
    let person = Person {
        world: &world,
        cookie,
        form_token,
    };
    let got = person.post("/sign-out", "").await;
    assert_eq!(got.header("location"), Some("/sign-in"));
    assert!(got.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(
        person.get("/analysis/api").await.header("location"),
        Some("/sign-in")
    );

    let form = format!("name=ADA&password={PASSWORD}").replace(' ', "+");
    let got = post(&world, "/sign-in", &form).await;
    assert_eq!(
        (got.status, got.header("location")),
        (StatusCode::SEE_OTHER, Some("/"))
    );
}

#[tokio::test]
async fn guessing_tells_nothing_and_is_slowed_down() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    world
        .user(&organization, "ada", Role::SystemAdministrator)
        .await;
    let known = post(&world, "/sign-in", "name=ada&password=wrong").await;
    let unknown = post(&world, "/sign-in", "name=eve&password=wrong").await;
    assert_eq!(
        (known.status, unknown.status),
        (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN)
    );
    assert_eq!(known.text().replace("ada", "eve"), unknown.text());

    let mut throttled = None;
    for _ in 0..10 {
        let got = post(&world, "/sign-in", "name=ada&password=wrong").await;
        if got.status == StatusCode::TOO_MANY_REQUESTS {
            throttled = Some(got);
            break;
        }
    }
    let got = throttled.expect("ten wrong passwords in a row are slowed down");
    let seconds: u64 = got.header("retry-after").unwrap().parse().unwrap();
    assert!(seconds >= 1);
    assert!(got.text().contains("Too many attempts; try again in"));
}

#[tokio::test]
async fn a_link_survives_previews_and_signs_in_once() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let user = world.user(&organization, "ada", Role::PrintAnalyst).await;
    let token = world
        .link(LinkPurpose::SignIn, &organization, Some(&user))
        .await;
    let path = format!("/sign-in/link/{token}");
    for method in [Method::GET, Method::HEAD, Method::GET] {
        assert_eq!(
            world.send(&method, &path, &[], "").await.status,
            StatusCode::OK
        );
    }
    let foreign = world
        .send(
            &Method::POST,
            &path,
            &[("sec-fetch-site", "cross-site")],
            "",
        )
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let got = post(&world, &path, "").await;
    assert_eq!(got.status, StatusCode::SEE_OTHER);
    let home = world.get("/", &[("cookie", &new_cookie(&got))]).await;
    assert_eq!(
        home.header("location"),
        Some("/fleet/meters"),
        "the first room of the role"
    );
    assert_eq!(post(&world, &path, "").await.status, StatusCode::NOT_FOUND);
}

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
        support::PUBLIC_URL
    );
    assert!(made.text().contains(&curl), "the snippets carry the key");

    let later = person.get("/analysis/api").await.text();
    assert!(!later.contains(&key));
    assert!(
        later.contains(&format!("<code>{}…</code>", &key[..8])),
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
        .organization("Northwind", Some(Duration::from_secs(3_600)))
        .await;
    let person = Person::with_role(&world, &organization, Role::SystemAdministrator).await;
    let print = person
        .post("/analysis/api/print-jobs/enabled", "enabled=yes")
        .await;
    assert_eq!(print.status, StatusCode::CONFLICT);
    assert!(print.text().contains("needs print data"));
    let unknown = person
        .post("/analysis/api/nonsense/enabled", "enabled=yes")
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    world.clock.advance(Duration::from_secs(7_200));
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
    assert!(seen.iter().any(|path| path.ends_with(".js")));
    assert!(seen.contains("/fleet/toner?page=2"));
}

/// The line that the page shows, pasted into a shell against a server that listens.
#[tokio::test]
async fn the_curl_line_works_as_pasted() {
    if Command::new("curl")
        .arg("--version")
        .output()
        .await
        .is_err()
    {
        assert!(
            std::env::var_os("CI").is_none(),
            "curl is missing, and CI can install it"
        );
        eprintln!("SKIPPED: curl is not installed");
        return;
    }
    let mut world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = HttpOptions {
        public_url: format!("http://{}", listener.local_addr().unwrap()),
        layouts: Layouts::default(),
        limits: Limits::default(),
    };
    world.service = Service::new(world.app.clone(), options.clone());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(platen_http::serve(
        listener,
        None,
        world.app.clone(),
        options,
        async {
            stopped.await.ok();
        },
    ));

    let organization = world.organization("Northwind", None).await;
    world.device(&organization, 1, "plain").await;
    let user = world
        .user(&organization, "ada", Role::ItAdministrator)
        .await;
    let cookie = world
        .signed_in(&organization, &user)
        .await
        .replace("__Host-", "");
    let page = world
        .get("/analysis/api", &[("cookie", &cookie)])
        .await
        .text();
    let form_token = scraped(&page, "name=\"form_token\" value=\"").unwrap();
    let person = Person {
        world: &world,
        cookie,
        form_token,
    };
    let page = person
        .post("/analysis/api/meters/enabled", "enabled=yes")
        .await
        .text();

    let (_, rest) = page.split_once("<code>curl ").unwrap();
    let (line, _) = rest.split_once("</code>").unwrap();
    let line = format!("curl --silent --show-error {}", line.replace("&#39;", "'"));
    let ran = Command::new("sh")
        .args(["-c", &line])
        .output()
        .await
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let rows: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    assert_eq!(rows[0]["LifeCountTotal"], 1_001);

    stop.send(()).unwrap();
    serving.await.unwrap();
}
