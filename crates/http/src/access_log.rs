//! One line in the log per request, written when the answer is delivered or given up.
//!
//! It holds the route's pattern, never the path, the query or a header: those may carry secrets.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http::{Method, StatusCode};
use http_body::{Body as _, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

use crate::answers::{Body, BodyError};
use crate::request_ids::RequestId;

/// What the line says.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) request_id: RequestId,
    pub(crate) method: Method,
    /// The route's pattern; `-` when none matched.
    pub(crate) route: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) begun: Instant,
}

/// A body that counts what it hands out and writes the line when it ends or is dropped. Until
/// then it holds its request's place among those being answered.
pub(crate) struct Logged {
    body: Body,
    _place: Option<OwnedSemaphorePermit>,
    entry: Entry,
    bytes: u64,
    complete: bool,
}

impl Logged {
    pub(crate) fn new(body: Body, entry: Entry, place: Option<OwnedSemaphorePermit>) -> Self {
        let complete = entry.method == Method::HEAD || body.is_end_stream();
        Self {
            body,
            _place: place,
            entry,
            bytes: 0,
            complete,
        }
    }
}

impl http_body::Body for Logged {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                self.bytes += u64::try_from(length).unwrap_or(u64::MAX);
                self.complete = self.body.is_end_stream();
            }
            Poll::Ready(None) => self.complete = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        let Entry {
            request_id,
            method,
            route,
            status,
            begun,
        } = &self.entry;
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            target: "platen_http::access",
            request = %request_id,
            method = %method,
            route,
            status = status.as_u16(),
            millis,
            bytes = self.bytes,
            complete = self.complete,
            "request"
        );
    }
}
