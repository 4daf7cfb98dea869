//! Nothing secret reaches the log, whatever level it is set to.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::io;
use std::sync::{Arc, Mutex};

use http::Method;
use platen_domain::clients::OauthScopes;
use platen_domain::report_apis::ReportApi;
use platen_domain::roles::Role;
use platen_store::LinkPurpose;
use support::World;
use support::accounts::{self, Client};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn keys_cookies_links_passwords_and_tokens_stay_out_of_the_log() {
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(kept.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::new().await;
    let organization = world.organization("Northwind", None).await;
    let new = world.organization("Newcomers", None).await;
    let user = world
        .user(&organization, "ada", Role::SystemAdministrator)
        .await;
    let key = world.enable(&organization, ReportApi::Meters).await;
    let cookie = world.signed_in(&organization, &user).await;
    let set_up = world.link(LinkPurpose::SetUp, &new, None).await;
    let sign_in = world
        .link(LinkPurpose::SignIn, &organization, Some(&user))
        .await;

    let path = ReportApi::Meters.path();
    let bearer = format!("bearer {key}");
    assert_eq!(
        world
            .get(path, &[("authorization", &bearer)])
            .await
            .status
            .as_u16(),
        200
    );
    world.get(&format!("{path}?api_key={key}"), &[]).await;
    world
        .get(&format!("{path}/{key}"), &[("authorization", &bearer)])
        .await;
    world.get("/analysis/api", &[("cookie", &cookie)]).await;
    world.get(&format!("/set-up/{set_up}"), &[]).await;
    world.get(&format!("/sign-in/link/{sign_in}"), &[]).await;
    let form = "name=ada&password=hunter2-hunter2";
    let ours = [("sec-fetch-site", "same-origin")];
    world.send(&Method::POST, "/sign-in", &ours, form).await;

    let client = world.client(&organization).await;
    let token = client.token(&world, OauthScopes::ALL).await;
    let client_path = "/accounts/v1/client";
    let opened = world.with_token(&Method::GET, client_path, &token).await;
    assert_eq!(opened.status.as_u16(), 200);
    let in_query = format!("{client_path}?access_token={token}");
    world.with_token(&Method::GET, &in_query, &token).await;
    let Client { id, secret } = &client;
    let in_body = format!("client_id={id}&client_secret={secret}&token={token}");
    for path in [accounts::TOKEN, accounts::INTROSPECT, accounts::REVOKE] {
        world.post_form(path, &[], &in_body).await;
        let in_query = format!("{path}?{in_body}");
        world.post_form(&in_query, &[], &in_body).await;
    }

    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("route=\"/ReportApi/Reports/Meters\""),
        "no access log:\n{log}"
    );
    let (_, session) = cookie.split_once('=').unwrap();
    let basic = client.basic();
    let (_, basic) = basic.split_once(' ').unwrap();
    for secret in [
        key.as_str(),
        session,
        &set_up,
        &sign_in,
        "hunter2",
        &client.secret,
        basic,
        &token,
    ] {
        assert!(!log.contains(secret), "the log holds {secret}:\n{log}");
    }
}
