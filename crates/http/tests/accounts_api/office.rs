//! Two organizations in one server, each with a program that may do everything.

use http::{Method, StatusCode};
use platen_domain::clients::OauthScopes;
use serde_json::{Value, json};

use crate::support::{Got, World};

/// Before every path.
const BASE: &str = "/accounts/v1";

pub(crate) struct Office {
    pub(crate) world: World,
    token: String,
    token_of_other: String,
}

impl Office {
    pub(crate) async fn open() -> Self {
        let world = World::new().await;
        let organization = world.organization("Northwind", None).await;
        let other = world.organization("Contoso", None).await;
        let client = world.client(&organization).await;
        let token = client.token(&world, OauthScopes::ALL).await;
        let client = world.client(&other).await;
        let token_of_other = client.token(&world, OauthScopes::ALL).await;
        Self {
            world,
            token,
            token_of_other,
        }
    }

    /// Sends a request with the organization's token.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Got {
        self.ask_with(&self.token, method, path, headers, body)
            .await
    }

    /// Sends one with the token of the other organization.
    pub(crate) async fn ask_as_other(&self, method: Method, path: &str, body: &str) -> Got {
        let json = [("content-type", "application/json")];
        self.ask_with(&self.token_of_other, method, path, &json, body)
            .await
    }

    async fn ask_with(
        &self,
        token: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Got {
        let bearer = format!("Bearer {token}");
        let headers = [&[("authorization", bearer.as_str())], headers].concat();
        let path = format!("{BASE}{path}");
        self.world.send(&method, &path, &headers, body).await
    }

    /// Sends JSON.
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Got {
        self.send_with(method, path, &[], body).await
    }

    /// Sends JSON with more header fields.
    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Got {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.ask(method, path, &headers, &body.to_string()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.ask(Method::GET, path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Got {
        self.send(Method::POST, path, &body).await
    }

    /// What a `GET` finds.
    pub(crate) async fn found(&self, path: &str) -> Value {
        let got = self.get(path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}: {}", got.text());
        got.json()
    }

    /// What a `POST` makes.
    pub(crate) async fn made(&self, path: &str, body: Value) -> Value {
        let got = self.post(path, body).await;
        assert_eq!(got.status, StatusCode::CREATED, "{path}: {}", got.text());
        got.json()
    }

    /// An account of this code that everybody may charge, and in which each has `points`.
    pub(crate) async fn account(&self, code: &str, points: u32) -> String {
        let account = json!({"code": code, "name": code});
        let id = id(&self.made("/accounts", account).await);
        let limit = json!({"points_per_user": points});
        let path = format!("/accounts/{id}/limit");
        let got = self.send(Method::PUT, &path, &limit).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text());
        let everyone = json!({"subject": {"everyone": true}, "verbs": ["charge"]});
        let entries = format!("/accounts/{id}/access/entries");
        assert_eq!(self.post(&entries, everyone).await.status, StatusCode::OK);
        id
    }

    /// What the user has in the account.
    pub(crate) async fn balance(&self, account: &str, user: &str) -> Value {
        let path = format!("/balances?account={account}&user={user}");
        self.found(&path).await["items"][0].clone()
    }
}

/// The identifier of something that was made.
pub(crate) fn id(document: &Value) -> String {
    document["id"].as_str().unwrap().to_owned()
}

/// Status and code of a problem.
pub(crate) fn refused(got: &Got) -> (u16, String) {
    let json = got.json();
    assert_eq!(
        got.header("content-type"),
        Some("application/problem+json; charset=utf-8"),
        "{json}"
    );
    assert_eq!(got.header("cache-control"), Some("no-store"), "{json}");
    let code = json["code"].as_str().unwrap();
    (got.status.as_u16(), code.to_owned())
}

/// The same, as `refused` gives it.
pub(crate) fn problem(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
