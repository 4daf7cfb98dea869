//! The console as a browser uses it: every form, every way in, every page's links.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod clients;
mod fleet;
mod report_apis;
mod sign_in;
mod snippets;
#[path = "../support/mod.rs"]
mod support;
mod transactions;

use http::{Method, StatusCode};
use platen_domain::organizations::Organization;
use platen_domain::roles::Role;
use platen_domain::users::User;
use support::{Got, World, scraped};

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
