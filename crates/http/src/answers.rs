//! Answers, and the body type they all share.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Response, StatusCode};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use serde::Serialize;

/// What may end a body early.
pub(crate) type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// The body of an answer.
pub(crate) type Body = UnsyncBoxBody<Bytes, BodyError>;

/// An answer to a request.
pub(crate) type Answer = Response<Body>;

/// Pages and documents may hold what only who asked may see.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A body that is known as a whole.
pub(crate) fn body(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Answer {
    with_status(status, body(Bytes::new()))
}

/// A page of the console.
pub(crate) fn html(status: StatusCode, page: String) -> Answer {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let mut answer = with_status(status, body(page));
    answer.headers_mut().insert(CONTENT_TYPE, html);
    answer.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    answer
}

/// A file that belongs to the program. `cache_control` says how long browsers may keep it.
pub(crate) fn file(
    content_type: &'static str,
    cache_control: &'static str,
    content: &'static [u8],
) -> Answer {
    let mut answer = with_status(StatusCode::OK, body(content));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
    answer
}

/// A JSON document (RFC 8259).
pub(crate) fn json(status: StatusCode, document: &impl Serialize) -> Answer {
    // Our own structures of texts and numbers always have a JSON form.
    let json = serde_json::to_vec(document).unwrap_or_default();
    let mut answer = with_status(status, body(json));
    let media_type = HeaderValue::from_static("application/json; charset=utf-8");
    answer.headers_mut().insert(CONTENT_TYPE, media_type);
    answer
}

/// The same, which no cache may keep.
pub(crate) fn private_json(status: StatusCode, document: &impl Serialize) -> Answer {
    let mut answer = json(status, document);
    answer.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    answer
}

/// One short line for machines that watch the server.
pub(crate) fn line(status: StatusCode, text: &'static str) -> Answer {
    let mut answer = with_status(status, body(text));
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(CONTENT_TYPE, plain);
    answer.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    answer
}

/// Sends the browser to another page of this server with GET (303, RFC 9110 15.4.4).
pub(crate) fn see_other(path: &str) -> Answer {
    let mut answer = empty(StatusCode::SEE_OTHER);
    if let Ok(location) = HeaderValue::from_str(path) {
        answer.headers_mut().insert(LOCATION, location);
    }
    answer.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    answer
}

pub(crate) fn with_status(status: StatusCode, body: Body) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer
}

/// A body that stands for one whose length nobody knows yet.
pub(crate) fn of_unknown_length() -> Body {
    UnknownLength.boxed_unsync()
}

struct UnknownLength;

impl http_body::Body for UnknownLength {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Poll::Ready(None)
    }
}
