//! Analysis > API: the Client Application, whose secret is shown once.

use std::time::Duration;

use http::{Method, StatusCode};
use platen_domain::clients::OauthScopes;
use platen_domain::roles::Role;

use crate::Person;
use crate::support::accounts::{Client, TOKEN};
use crate::support::{World, scraped};

const GENERATE: &str = "/analysis/client/generate";
const REVOKE: &str = "/analysis/client/revoke";
const GRANT: &str = "grant_type=client_credentials";

/// The credentials that a page shows.
fn shown_client(page: &str) -> Option<Client> {
    let code = |class: &str| {
        let (_, rest) = page.split_once(&format!("{class}\"><code>"))?;
        let (text, _) = rest.split_once('<')?;
        Some(text.to_owned())
    };
    Some(Client {
        id: code("client-id")?,
        secret: code("client-secret")?,
    })
}

#[tokio::test]
async fn a_client_is_shown_once_and_dies_when_revoked() {
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let person = Person::with_role(&world, &organization, Role::ItAdministrator).await;
    let made = person.post(GENERATE, "").await;
    assert_eq!(
        (made.status, made.header("cache-control")),
        (StatusCode::OK, Some("no-store"))
    );
    let client = shown_client(&made.text()).unwrap();
    let token = client.token(&world, OauthScopes::ALL).await;
    let opens = || world.with_token(&Method::GET, "/accounts/v1/client", &token);
    assert_eq!(opens().await.status, StatusCode::OK);

    let later = person.get("/analysis/api").await.text();
    assert!(!later.contains(&client.secret), "the secret is shown once");
    assert!(later.contains(&client.id));
    let again = person.post(GENERATE, "").await;
    assert_eq!(
        again.header("location"),
        Some("/analysis/api"),
        "a reload makes no second client"
    );
    assert_eq!(opens().await.status, StatusCode::OK);

    let id = scraped(&later, "name=\"client\" value=\"").unwrap();
    let form = format!("client={id}");
    let revoked = person.post(REVOKE, &form).await;
    assert_eq!(revoked.header("location"), Some("/analysis/api"));
    assert_eq!(opens().await.status, StatusCode::UNAUTHORIZED);
    let refused = client.post(&world, TOKEN, GRANT).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);

    let next = shown_client(&person.post(GENERATE, "").await.text()).unwrap();
    assert_ne!(next.secret, client.secret);
    for form in [form.as_str(), "client=nonsense", ""] {
        let sent_again = person.post(REVOKE, form).await;
        assert_eq!(sent_again.header("location"), Some("/analysis/api"));
    }
    next.token(&world, OauthScopes::ALL).await;
}

#[tokio::test]
async fn without_a_licence_nothing_is_generated_and_the_screen_says_why() {
    let world = World::new().await;
    let hour = Duration::from_hours(1);
    let organization = world.organization("Northwind", Some(hour)).await;
    world.clock.advance(hour);
    let person = Person::with_role(&world, &organization, Role::SystemAdministrator).await;
    let page = person.get("/analysis/api").await.text();
    assert!(page.contains("disabled aria-describedby=\"client-refusal\""));
    assert!(page.contains("The licence has expired."));
    let refused = person.post(GENERATE, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("The licence has expired."));
}
