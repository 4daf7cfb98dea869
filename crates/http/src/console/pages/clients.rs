//! The Client Application on Analysis > API: what is shown of it, and the one panel with its
//! secret.

use platen_app::access::clients::ClientState;
use platen_domain::clients::{ClientRecord, ClientSecret, OauthScopes};
use serde::Serialize;

use crate::console::moments::{Moment, Moments};
use crate::console::sentence;
use crate::oauth;

/// The client as it stands.
#[derive(Debug)]
pub(crate) struct ClientView {
    pub(crate) facts: Option<ClientFacts>,
    /// Why none can be generated.
    pub(crate) refusal: Option<String>,
}

/// What is shown of a client that exists.
#[derive(Debug)]
pub(crate) struct ClientFacts {
    pub(crate) id: String,
    pub(crate) created_at: Moment,
    pub(crate) created_by: String,
    pub(crate) last_used_at: Option<Moment>,
}

/// A client whose secret is shown this once.
#[derive(Debug)]
pub(crate) struct MadeClient {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) files: [CredentialFile; 2],
    pub(crate) curl: String,
}

/// A file that a program can read the credentials from.
#[derive(Debug)]
pub(crate) struct CredentialFile {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// The content of `platen-client.json`.
#[derive(Serialize)]
struct ClientJson<'a> {
    url: &'a str,
    token_url: &'a str,
    client_id: &'a str,
    client_secret: &'a str,
    scope: String,
}

impl ClientView {
    pub(crate) fn new(state: &ClientState, moments: &Moments) -> Self {
        Self {
            facts: state.client.as_ref().map(|record| ClientFacts {
                id: record.id.to_string(),
                created_at: moments.show(record.created_at),
                created_by: record.created_by.clone(),
                last_used_at: record.last_used_at.map(|at| moments.show(at)),
            }),
            refusal: state.licence.as_ref().err().map(sentence),
        }
    }
}

impl MadeClient {
    /// The panel of a client of the server at `base`.
    pub(crate) fn new(base: &str, record: &ClientRecord, secret: &ClientSecret) -> Self {
        let (id, secret) = (record.id.to_string(), secret.expose());
        let token_url = format!("{base}{}", oauth::TOKEN);
        let json = ClientJson {
            url: base,
            token_url: &token_url,
            client_id: &id,
            client_secret: secret,
            scope: OauthScopes::ALL.to_string(),
        };
        let env = format!(
            "PLATEN_URL={base}\nPLATEN_TOKEN_URL={token_url}\nPLATEN_CLIENT_ID={id}\n\
             PLATEN_CLIENT_SECRET={secret}"
        );
        let files = [
            CredentialFile {
                name: "platen.env",
                text: env,
            },
            CredentialFile {
                name: "platen-client.json",
                // Texts always have a JSON form.
                text: serde_json::to_string_pretty(&json).unwrap_or_default(),
            },
        ];
        let curl = format!("curl -u '{id}:{secret}' -d grant_type=client_credentials {token_url}");
        Self {
            secret: secret.to_owned(),
            id,
            files,
            curl,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platen_domain::clock::Timestamp;
    use platen_domain::ids::{ClientId, OrganizationId, SeededIds};

    #[test]
    fn files_and_curl_carry_the_credentials() {
        let secret = ClientSecret::generate(&SeededIds::new(7));
        let record = ClientRecord {
            id: ClientId::from_bytes([7; 16]),
            organization: OrganizationId::from_bytes([1; 16]),
            hash: secret.hash(),
            created_at: Timestamp::from_millis(0),
            created_by: "ada".to_owned(),
            last_used_at: None,
            revoked_at: None,
        };
        let made = MadeClient::new("https://print.example.org", &record, &secret);
        let mut told = made
            .files
            .map(|file| format!("{}:\n{}", file.name, file.text));
        for text in &mut told {
            *text = text.replace(secret.expose(), "SECRET");
        }
        insta::assert_snapshot!(told.join("\n"), @r#"
        platen.env:
        PLATEN_URL=https://print.example.org
        PLATEN_TOKEN_URL=https://print.example.org/oauth/token
        PLATEN_CLIENT_ID=07070707-0707-0707-0707-070707070707
        PLATEN_CLIENT_SECRET=SECRET
        platen-client.json:
        {
          "url": "https://print.example.org",
          "token_url": "https://print.example.org/oauth/token",
          "client_id": "07070707-0707-0707-0707-070707070707",
          "client_secret": "SECRET",
          "scope": "accounts.read accounts.write"
        }
        "#);
        insta::assert_snapshot!(
            made.curl.replace(secret.expose(), "SECRET"),
            @"curl -u '07070707-0707-0707-0707-070707070707:SECRET' -d grant_type=client_credentials https://print.example.org/oauth/token"
        );
    }
}
