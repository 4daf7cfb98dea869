//! What the doors of OAuth clients say of themselves.

use http::StatusCode;
use platen_domain::clients::OauthScope;

use super::error_kinds as kinds;
use super::introspection::Introspection;
use super::metadata::Metadata;
use super::tokens::{GRANT_TYPE, Issued};
use crate::openapi::{Components, Header, Json, Media, Operation, Response, Tag, object};

/// An access token as examples show it.
const TOKEN: &str = "5f0c1d2e3b4a59687706f5e4d3c2b1a05f0c1d2e3b4a59687706f5e4d3c2b1a0";

/// A Client ID as examples show it.
const CLIENT_ID: &str = "019ab2c4-55d0-7e6f-8a91-b2c3d4e5f607";

/// What is told here is for nobody else (RFC 6749 5.1).
const CACHE_CONTROL: Header = Header {
    name: "Cache-Control",
    description: "Whether a cache may keep the answer.",
    example: "no-store",
};

/// One parameter of a form: its name, its form, and what it means.
type Parameter = (&'static str, Json, &'static str);

/// A form of which the first parameter is needed, and an example of it.
fn form<const N: usize>(parameters: [Parameter; N], example: &serde_json::Value) -> Media {
    let needed = Json::array(parameters.first().map(|(name, ..)| *name));
    let properties = parameters.map(|(name, form, meaning)| {
        let form = form.with("description", meaning);
        (name.to_owned(), form)
    });
    let schema = object([
        ("type", "object".into()),
        ("properties", Json::Object(properties.into())),
        ("required", needed),
        // What the standard does not know is ignored (RFC 6749 3.2), and there once.
        ("additionalProperties", object([("type", "string".into())])),
    ]);
    Media::new("application/x-www-form-urlencoded", schema).example(example.clone())
}

fn text() -> Json {
    object([("type", "string".into())])
}

/// Words of scopes with a space between them, or nothing, which asks for all.
fn scopes() -> Json {
    let words = OauthScope::ALL.map(|scope| scope.keyword().replace('.', "\\."));
    let word = words.join("|");
    let pattern = format!("^(({word})( ({word}))*)?$");
    text().with("pattern", pattern)
}

/// The token that is asked about or ended.
fn token_form() -> Media {
    form(
        [
            ("token", text().with("minLength", 1), "The access token."),
            ("token_type_hint", text(), "Makes no difference."),
        ],
        &serde_json::json!({"token": TOKEN}),
    )
}

const IN_THE_BODY: &str = "The Client ID and the Client Secret may stand in the body instead, as \
                           client_id and client_secret, but not in both places. A parameter that \
                           is there twice is refused.";

/// `POST /oauth/token`
pub(super) fn token(components: &mut Components<'_>) -> Operation {
    let grant = text().with("enum", Json::array([GRANT_TYPE]));
    let request = form(
        [
            ("grant_type", grant, "The one grant there is."),
            (
                "scope",
                scopes(),
                "What the token shall open: accounts.read, accounts.write, or both with a space \
                 between them. Left out, it opens both.",
            ),
        ],
        &serde_json::json!({"grant_type": GRANT_TYPE, "scope": "accounts.read accounts.write"}),
    );
    let issued = serde_json::json!({
        "access_token": TOKEN, "token_type": "Bearer", "expires_in": 900,
        "scope": "accounts.read accounts.write",
    });
    let issued = Media::new("application/json", components.answered::<Issued<'_>>())
        .example(Json::from(issued));
    Operation::new(Tag::OAuth, "requestToken", "Get an access token")
        .describe(format!(
            "The client credentials grant (RFC 6749 4.4). A token opens the Accounts API for a \
             quarter of an hour; ask again when it is over, not for every request. {IN_THE_BODY}"
        ))
        .request("Grant and scopes.", [request])
        .answer(
            Response::new(StatusCode::OK, "The token, which is told this once.")
                .header(CACHE_CONTROL)
                .content(issued),
        )
        .problems(&[
            &kinds::UNSUPPORTED_GRANT_TYPE,
            &kinds::INVALID_SCOPE,
            &kinds::TOO_MANY_TOKENS,
        ])
}

/// `POST /oauth/revoke`
pub(super) fn revoke(_components: &mut Components<'_>) -> Operation {
    Operation::new(Tag::OAuth, "revokeToken", "End an access token")
        .describe(format!("RFC 7009. {IN_THE_BODY}"))
        .request("The token.", [token_form()])
        .answer(
            Response::new(
                StatusCode::OK,
                "It opens nothing any more, or was no token of this client.",
            )
            .header(CACHE_CONTROL),
        )
}

/// `POST /oauth/introspect`
pub(super) fn introspect(components: &mut Components<'_>) -> Operation {
    let live = serde_json::json!({
        "active": true, "scope": "accounts.read", "client_id": CLIENT_ID,
        "token_type": "Bearer", "exp": 1_767_605_400, "iat": 1_767_604_500,
    });
    let live = Media::new("application/json", components.answered::<Introspection>())
        .example(Json::from(live));
    Operation::new(Tag::OAuth, "introspectToken", "What an access token is")
        .describe(format!("RFC 7662. {IN_THE_BODY}"))
        .request("The token.", [token_form()])
        .answer(
            Response::new(
                StatusCode::OK,
                "A live token of this client; of any other text, only that it is not active.",
            )
            .header(CACHE_CONTROL)
            .content(live),
        )
}

/// `GET /.well-known/oauth-authorization-server`
pub(super) fn metadata(components: &mut Components<'_>) -> Operation {
    let example = Metadata::of("https://print.example.org");
    let example = serde_json::to_value(example).unwrap_or_default();
    let metadata = Media::new("application/json", components.answered::<Metadata<'_>>())
        .example(Json::from(example));
    Operation::new(
        Tag::OAuth,
        "getAuthorizationServer",
        "Where the endpoints are and what they can",
    )
    .describe("Metadata of the authorization server (RFC 8414).")
    .answer(
        Response::new(StatusCode::OK, "The metadata.")
            .header(CACHE_CONTROL)
            .content(metadata),
    )
}
