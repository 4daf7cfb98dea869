//! The Client Application of the Accounts API, as an administrator generates it in the console,
//! and its access tokens.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::http::{Answer, Connection, Request};

/// The password of the administrator, on loopback for as long as the test lasts.
const PASSWORD: &str = "correct horse battery staple";

/// A form as browsers send it.
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A Client Application and the token it has now, shared by all that act for it.
pub(crate) struct ClientApplication {
    server: SocketAddr,
    id: String,
    secret: String,
    token: Mutex<Option<String>>,
    issued: AtomicU32,
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
}

impl ClientApplication {
    /// Makes the first administrator by the link with the path `set_up`, and generates the client.
    pub(crate) async fn generate(server: SocketAddr, set_up: &str) -> Result<Self> {
        let mut browser = Browser {
            connection: Connection::open(server).await?,
            origin: format!("http://{server}"),
            cookie: String::new(),
        };
        let form = format!("name=admin&password={PASSWORD}&confirmation={PASSWORD}");
        let signed_in = browser.send(set_up, &form.replace(' ', "+")).await?;
        let cookie = signed_in.field("set-cookie").context("no session began")?;
        let cookie = cookie.split(';').next().unwrap_or_default();
        cookie.clone_into(&mut browser.cookie);
        let page = browser.look("/analysis/api").await?;
        let token = between(&page, "name=\"form_token\" value=\"", "\"")?;
        let form = format!("form_token={token}");
        let made = browser.send("/analysis/client/generate", &form).await?;
        ensure!(made.status == 200, "generating answers {}", made.status);
        let page = String::from_utf8(made.body)?;
        Ok(Self {
            server,
            id: between(&page, "client-id\"><code>", "<")?,
            secret: between(&page, "client-secret\"><code>", "<")?,
            token: Mutex::default(),
            issued: AtomicU32::new(0),
        })
    }

    /// The token in use; where there is none, a new one.
    pub(crate) async fn token(&self) -> Result<String> {
        let mut token = self.token.lock().await;
        if let Some(token) = &*token {
            return Ok(token.clone());
        }
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            self.id, self.secret
        );
        let mut connection = Connection::open(self.server).await?;
        let request = Request {
            method: "POST",
            path: "/oauth/token",
            fields: &[FORM],
            body: form.as_bytes(),
        };
        let answer = connection.ask(&request).await?;
        ensure!(
            answer.status == 200,
            "/oauth/token answers {}",
            answer.status
        );
        let issued: Issued = serde_json::from_slice(&answer.body)?;
        self.issued.fetch_add(1, Ordering::Relaxed);
        Ok(token.insert(issued.access_token).clone())
    }

    /// Gives a token up that the server does not take any more.
    pub(crate) async fn forget(&self, refused: &str) {
        let mut token = self.token.lock().await;
        // Somebody else may have asked for another one meanwhile.
        if token.as_deref() == Some(refused) {
            *token = None;
        }
    }

    /// How many tokens were issued.
    pub(crate) fn issued(&self) -> u32 {
        self.issued.load(Ordering::Relaxed)
    }

    /// Where the API is.
    pub(crate) const fn server(&self) -> SocketAddr {
        self.server
    }
}

/// A person at the console.
struct Browser {
    connection: Connection,
    origin: String,
    cookie: String,
}

impl Browser {
    async fn look(&mut self, path: &str) -> Result<String> {
        let request = Request {
            method: "GET",
            path,
            fields: &[("Cookie", &self.cookie)],
            body: b"",
        };
        let answer = self.connection.ask(&request).await?;
        ensure!(answer.status == 200, "{path} answers {}", answer.status);
        Ok(String::from_utf8(answer.body)?)
    }

    async fn send(&mut self, path: &str, form: &str) -> Result<Answer> {
        let request = Request {
            method: "POST",
            path,
            fields: &[FORM, ("Origin", &self.origin), ("Cookie", &self.cookie)],
            body: form.as_bytes(),
        };
        self.connection.ask(&request).await
    }
}

/// What stands in `page` after `before`, up to `after`.
fn between(page: &str, before: &str, after: &str) -> Result<String> {
    let found = page.split_once(before).map(|(_, rest)| rest);
    let found = found.and_then(|rest| rest.split_once(after));
    let found = found.with_context(|| format!("the page holds nothing after {before}"))?;
    Ok(found.0.to_owned())
}
