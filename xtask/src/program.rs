//! A program that uses the Accounts API: one connection at a time, and every request sent until it
//! is answered.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client_application::ClientApplication;
use crate::http::{Answer, Connection, Request};

/// Pause after an attempt without an answer: the server is being started, or busy.
const PAUSE: Duration = Duration::from_millis(15);

/// A request that changes something.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub method: &'static str,
    pub path: String,
    /// Its Idempotency-Key.
    pub key: String,
    pub body: Value,
}

impl Change {
    /// A POST.
    pub(crate) fn post(path: impl Into<String>, key: impl Into<String>, body: Value) -> Self {
        Self {
            method: "POST",
            path: path.into(),
            key: key.into(),
            body,
        }
    }
}

/// One of the programs that act for a Client Application.
pub(crate) struct Program {
    application: Arc<ClientApplication>,
    connection: Option<Connection>,
}

/// A page of a list.
#[derive(serde::Deserialize)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl Program {
    pub(crate) fn new(application: &Arc<ClientApplication>) -> Self {
        Self {
            application: Arc::clone(application),
            connection: None,
        }
    }

    /// Sends a change until it is answered for good, always the same.
    pub(crate) async fn change(&mut self, change: &Change) -> Result<Answer> {
        let body = change.body.to_string();
        self.answered(change.method, &change.path, &change.key, body.as_bytes())
            .await
    }

    /// As [`Self::change`], which must be granted.
    pub(crate) async fn granted(&mut self, change: &Change) -> Result<Value> {
        let answer = self.change(change).await?;
        let text = String::from_utf8_lossy(&answer.body);
        let (status, path) = (answer.status, &change.path);
        ensure!(status < 300, "{path} answers {status}: {text}");
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// Every item of the list at `path`, page by page.
    pub(crate) async fn list<T: DeserializeOwned>(&mut self, path: &str) -> Result<Vec<T>> {
        let (mut items, mut cursor) = (Vec::new(), None);
        loop {
            let path = match &cursor {
                None => format!("{path}?limit=1000"),
                Some(cursor) => format!("{path}?limit=1000&cursor={cursor}"),
            };
            let answer = self.answered("GET", &path, "", b"").await?;
            ensure!(answer.status == 200, "{path} answers {}", answer.status);
            let page: Page<T> = serde_json::from_slice(&answer.body)
                .with_context(|| format!("{path} answers something else than a page"))?;
            items.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(items);
            }
        }
    }

    async fn answered(
        &mut self,
        method: &'static str,
        path: &str,
        key: &str,
        body: &[u8],
    ) -> Result<Answer> {
        loop {
            if let Ok(answer) = self.attempt(method, path, key, body).await {
                match answer.status {
                    401 => continue,
                    429 | 500.. => {}
                    _ => return Ok(answer),
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// One attempt. A token that is not taken is given up.
    async fn attempt(
        &mut self,
        method: &'static str,
        path: &str,
        key: &str,
        body: &[u8],
    ) -> Result<Answer> {
        let token = self.application.token().await?;
        let bearer = format!("Bearer {token}");
        let all = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key),
        ];
        // What only reads has neither body nor key.
        let fields = if key.is_empty() {
            all.split_at(1).0
        } else {
            &all
        };
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.application.server()).await?,
        };
        let request = Request {
            method,
            path,
            fields,
            body,
        };
        let answer = connection.ask(&request).await?;
        if answer.field("connection") != Some("close") {
            self.connection = Some(connection);
        }
        if answer.status == 401 {
            self.application.forget(&token).await;
        }
        Ok(answer)
    }
}
