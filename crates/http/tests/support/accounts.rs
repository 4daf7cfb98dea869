//! Client Applications and their access tokens.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{Method, StatusCode};
use platen_domain::clients::OauthScopes;
use platen_domain::organizations::Organization;

use super::{Got, World};

pub(crate) const TOKEN: &str = "/oauth/token";
pub(crate) const REVOKE: &str = "/oauth/revoke";
pub(crate) const INTROSPECT: &str = "/oauth/introspect";

/// A Client ID with its secret.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Client {
    /// Its `Authorization` header.
    pub(crate) fn basic(&self) -> String {
        let plain = format!("{}:{}", self.id, self.secret);
        format!("Basic {}", BASE64_STANDARD.encode(plain))
    }

    /// Sends a form to an OAuth endpoint.
    pub(crate) async fn post(&self, world: &World, path: &str, form: &str) -> Got {
        let basic = self.basic();
        world
            .post_form(path, &[("authorization", &basic)], form)
            .await
    }

    /// A token for `scopes`.
    pub(crate) async fn token(&self, world: &World, scopes: OauthScopes) -> String {
        let scopes = scopes.to_string().replace(' ', "+");
        let form = format!("grant_type=client_credentials&scope={scopes}");
        let got = self.post(world, TOKEN, &form).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text());
        let json = got.json();
        json.get("access_token")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Ends a token.
    pub(crate) async fn revoke(&self, world: &World, token: &str) {
        let got = self.post(world, REVOKE, &format!("token={token}")).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text());
    }
}

impl World {
    /// A new Client Application.
    pub(crate) async fn client(&self, organization: &Organization) -> Client {
        let scope = self.app.access().operator(organization.id);
        let (record, secret) = self.app.access().generate_client(&scope).await.unwrap();
        Client {
            id: record.id.to_string(),
            secret: secret.expose().to_owned(),
        }
    }

    /// Revokes the organization's client.
    pub(crate) async fn revoke_client(&self, organization: &Organization) {
        let scope = self.app.access().operator(organization.id);
        let state = self.app.access().client_application(&scope).await.unwrap();
        let client = state.client.unwrap().id;
        self.app
            .access()
            .revoke_client(&scope, client)
            .await
            .unwrap();
    }

    /// Sends a form as programs do.
    pub(crate) async fn post_form(&self, path: &str, headers: &[(&str, &str)], form: &str) -> Got {
        let content_type = ("content-type", "application/x-www-form-urlencoded");
        let headers = [headers, &[content_type]].concat();
        self.send(&Method::POST, path, &headers, form).await
    }

    /// Asks the Accounts API with a token.
    pub(crate) async fn with_token(&self, method: &Method, path: &str, token: &str) -> Got {
        let bearer = format!("Bearer {token}");
        self.send(method, path, &[("authorization", &bearer)], "")
            .await
    }
}
