//! The ways in and out.

use http::{Method, StatusCode};
use platen_domain::roles::Role;
use platen_store::LinkPurpose;

use crate::support::{World, scraped};
use crate::{PASSWORD, Person, new_cookie, post};

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
        Some("/analysis/transactions"),
        "the first room of the role"
    );
    assert_eq!(post(&world, &path, "").await.status, StatusCode::NOT_FOUND);
}
