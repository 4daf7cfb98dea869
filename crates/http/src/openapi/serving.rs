//! `/openapi.json` for programs, `/openapi` for people.

use std::sync::OnceLock;

use askama::Template as _;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use http::{HeaderValue, Method, StatusCode};
use sha2::{Digest as _, Sha256};

use super::document::Document;
use super::operation::{Media, Operation, Response, Tag};
use super::page::ApiPage;
use super::{DOCUMENT, PAGE, general, object};
use crate::answers::{self, Answer};
use crate::entity_tags;
use crate::policy::PublicContext;
use crate::problems::Problem;
use crate::routes::{Audience, Route};
use crate::server::Server;

/// Kept, and asked for again: the next version of the program has another.
const CACHED: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The document in both its forms, made when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct Published(OnceLock<Forms>);

#[derive(Debug)]
struct Forms {
    json: Bytes,
    etag: String,
    page: Option<String>,
}

impl Published {
    fn forms(&self, server: &Server) -> &Forms {
        self.0.get_or_init(|| {
            let document = Document::of(&server.registry, &server.layouts);
            let json = document.to_json();
            let digest = Sha256::digest(&json);
            let tag = BASE64_URL_SAFE_NO_PAD.encode(digest);
            Forms {
                etag: format!("\"{tag}\""),
                json: json.into(),
                page: ApiPage::of(&document).render().ok(),
            }
        })
    }
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::public(Method::GET, DOCUMENT, Audience::Programs, json).documented(|_| {
            let document = object([("type", "object".into())]);
            Operation::new(Tag::Server, "getDescription", "This description")
                .answer(
                    Response::new(StatusCode::OK, "An OpenAPI 3.1 document.")
                        .header(general::ETAG)
                        .content(Media::new("application/json", document)),
                )
                .answer(
                    Response::new(StatusCode::NOT_MODIFIED, "The client has it already.")
                        .header(general::ETAG),
                )
        }),
        Route::public(Method::GET, PAGE, Audience::People, page),
    ]
}

async fn json(context: PublicContext) -> Result<Answer, Problem> {
    let server = context.server();
    let forms = server.published.forms(server);
    let mut answer = if entity_tags::is_known(&forms.etag, &context.call().headers) {
        answers::empty(StatusCode::NOT_MODIFIED)
    } else {
        let mut answer = answers::with_status(StatusCode::OK, answers::body(forms.json.clone()));
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        answer.headers_mut().insert(CONTENT_TYPE, json);
        answer
    };
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, CACHED);
    if let Ok(etag) = HeaderValue::from_str(&forms.etag) {
        headers.insert(ETAG, etag);
    }
    Ok(answer)
}

async fn page(context: PublicContext) -> Result<Answer, Problem> {
    let server = context.server();
    let page = server.published.forms(server).page.clone();
    page.map(|page| answers::html(StatusCode::OK, page))
        .ok_or_else(Problem::internal)
}
