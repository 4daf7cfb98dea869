//! The things that the document's examples speak of, made before the run: an example is a request
//! that does something then, not one that finds nothing.

use std::net::SocketAddr;

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::requests::posted;

/// Identifiers of the document's examples, each with the one that the server gave the same thing.
#[derive(Debug, Default)]
pub(super) struct Examples(Map<String, Value>);

impl Examples {
    /// Makes account, users, group, charge and hold.
    pub(super) fn make(address: SocketAddr, token: &str) -> Result<Self> {
        let mut made = Self::default();
        let mut known = |noun: &str, path: &str, body: &Value| {
            let id = post(address, token, path, body)?;
            made.0.insert(example(noun).to_owned(), id.clone().into());
            Ok::<String, anyhow::Error>(id)
        };
        let account = json!({"code": "BIO-101", "name": "Biology 101", "tags": ["course"]});
        let account = known("account", "accounts", &account)?;
        known("user", "users", &json!({"name": "ada"}))?;
        let group = known("group", "groups", &json!({"name": "Staff"}))?;
        let entry = json!({"subject": {"everyone": true}, "verbs": ["charge", "view"]});
        let entries = format!("accounts/{account}/access/entries");
        let _etag = posted_json(address, token, &entries, &entry, "entries")?;
        let members = json!({"users": ["ada", "grace"]});
        let _group = post(address, token, &format!("groups/{group}/members"), &members)?;
        let charge = json!({"account": "BIO-101", "user": "ada", "points": 4});
        known("charge", "charges", &charge)?;
        known("hold", "holds", &charge)?;
        Ok(made)
    }

    /// As the hooks read it.
    pub(super) fn to_json(&self) -> String {
        Value::from(self.0.clone()).to_string()
    }
}

/// What `platen_http` calls it in the document.
fn example(noun: &str) -> &'static str {
    match noun {
        "charge" => "019ab2c4-5700-7e6f-8a91-b2c3d4e5f607",
        "hold" => "019ab2c4-5800-7e6f-8a91-b2c3d4e5f607",
        "user" => "019ab2c4-6000-7e6f-8a91-b2c3d4e5f607",
        "group" => "019ab2c4-7000-7e6f-8a91-b2c3d4e5f607",
        _account => "019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607",
    }
}

/// The identifier of what is answered.
fn post(address: SocketAddr, token: &str, path: &str, body: &Value) -> Result<String> {
    let id = posted_json(address, token, path, body, "id")?;
    Ok(id.as_str().unwrap_or_default().to_owned())
}

fn posted_json(
    address: SocketAddr,
    token: &str,
    path: &str,
    body: &Value,
    wanted: &str,
) -> Result<Value> {
    let url = format!("http://{address}/accounts/v1/{path}");
    let authorization = format!("Authorization: Bearer {token}");
    let (json, body) = ("Content-Type: application/json", body.to_string());
    let arguments = ["-H", &authorization, "-H", json, "--data", &body, &url];
    posted(&arguments, wanted)
}
