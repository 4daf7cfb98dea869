//! One request from its header to its answer.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::ALLOW;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use platen_domain::scope::Scope;
use tokio::sync::OwnedSemaphorePermit;

use crate::access_log::{Entry, Logged};
use crate::answers::{self, Answer, Body, BodyError};
use crate::panics;
use crate::policy::{self, Call, Refusal};
use crate::problem_kinds;
use crate::problems::Problem;
use crate::request_ids::{RequestId, X_REQUEST_ID};
use crate::routes::{Audience, Found, Route};
use crate::server::{Server, Service};
use crate::{console, limits, oauth, security_headers};

/// The part of the tree that only programs call: problems there are told to programs.
const PROGRAMS_PREFIXES: [&str; 4] = ["/reportapi", "/ingest/", "/accounts/", "/oauth/"];

/// When every place is taken, one is free again after about this long.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

/// An answer on its way, with what the log says of it.
struct Outcome {
    answer: Answer,
    route: &'static str,
    audience: Audience,
    /// Its place among the requests being answered, where it needed one.
    place: Option<OwnedSemaphorePermit>,
}

impl Service {
    /// Answers one request of `peer`.
    pub async fn answer<B>(&self, peer: IpAddr, request: Request<B>) -> http::Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        let begun = Instant::now();
        let request_id = self.server.request_ids.next();
        let method = request.method().clone();
        let head_only = method == Method::HEAD;
        let outcome = dispatch(&self.server, peer, request, request_id).await;
        let Outcome {
            mut answer,
            route,
            audience,
            place,
        } = outcome;
        let headers = answer.headers_mut();
        security_headers::add(headers, audience, self.server.secure);
        if let Ok(id) = HeaderValue::from_str(&request_id.to_string()) {
            headers.insert(X_REQUEST_ID, id);
        }
        let entry = Entry {
            request_id,
            method,
            route,
            status: answer.status(),
            begun,
        };
        answer.map(|body| {
            let body = if head_only {
                without_content(&body)
            } else {
                body
            };
            Logged::new(body, entry, place).boxed_unsync()
        })
    }
}

/// What HEAD gets of a body: its length, where known, and nothing else.
fn without_content(body: &Body) -> Body {
    HeadOnly(http_body::Body::size_hint(body)).boxed_unsync()
}

/// A body with a length and no content, which is what hyper needs to answer HEAD.
struct HeadOnly(http_body::SizeHint);

impl http_body::Body for HeadOnly {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, BodyError>>> {
        std::task::Poll::Ready(None)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.0
    }
}

async fn dispatch<B>(
    server: &Arc<Server>,
    peer: IpAddr,
    request: Request<B>,
    request_id: RequestId,
) -> Outcome
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    let (parts, body) = request.into_parts();
    let wanted_by = |path: &str| wanted_by(path, &parts.headers);
    let target = parts
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    if target.len() > server.limits.target_octets {
        let audience = wanted_by("");
        return told(&target_too_long(), "-", audience, request_id);
    }
    let path = parts.uri.path();
    let (route, parameters) = match server.registry.find(&parts.method, path) {
        Found::Route(route, parameters) => (route, parameters),
        Found::OtherMethods(allow, route) if parts.method == Method::OPTIONS => {
            return Outcome {
                answer: options(allow),
                route: route.path(),
                audience: route.audience(),
                place: None,
            };
        }
        Found::OtherMethods(allow, route) => {
            let problem = Problem::method_not_allowed(allow);
            return told(&problem, route.path(), route.audience(), request_id);
        }
        Found::Nothing => {
            return told(&Problem::not_found(), "-", wanted_by(path), request_id);
        }
    };
    let mut call = Call {
        method: parts.method,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        parameters,
        body: Bytes::new(),
        admitted: None,
        place: None,
        peer,
        request_id,
    };
    if let Err(problem) = take_body(server, route, &mut call, body).await {
        return told(&problem, route.path(), route.audience(), request_id);
    }
    run(server, route, call).await
}

/// Runs a route, whatever happens in it, when there is a place for it.
async fn run(server: &Arc<Server>, route: &Route, call: Call) -> Outcome {
    let request_id = call.request_id;
    let Ok(place) = Arc::clone(&server.in_flight).try_acquire_owned() else {
        return told(&busy(), route.path(), route.audience(), request_id);
    };
    let answered = panics::caught(route.answer(Arc::clone(server), call)).await;
    let answer = match answered {
        Ok(Ok(answer)) => answer,
        Ok(Err(Refusal::Elsewhere(path))) => answers::see_other(path),
        Ok(Err(Refusal::Problem(problem))) => {
            return told(&problem, route.path(), route.audience(), request_id);
        }
        Err(panics::Panicked) => {
            tracing::error!(request = %request_id, route = route.path(), "a handler panicked");
            return told(
                &Problem::internal(),
                route.path(),
                route.audience(),
                request_id,
            );
        }
    };
    Outcome {
        answer,
        route: route.path(),
        audience: route.audience(),
        place: Some(place),
    }
}

/// Lets in who shows a credential in the header, and then reads the body: only of somebody known
/// is a large one waited for, and each of those has a place from before its first octet. Where
/// there is none the body is read all the same, and forgotten: a connection that is closed before
/// would take the answer along.
async fn take_body<B>(
    server: &Arc<Server>,
    route: &Route,
    call: &mut Call,
    body: B,
) -> Result<(), Problem>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    let octets_max = route.octets_max();
    let stated = body.size_hint().upper();
    let octets = stated.and_then(|octets| usize::try_from(octets).ok());
    let octets = octets.map_or(octets_max, |octets| octets.min(octets_max));
    call.admitted = admit_by_header(server, route, call).await?;
    if octets_max > limits::BODY_OCTETS {
        let admitted = call.admitted.as_ref();
        let place = server.large_bodies.place(route.policy(), octets, admitted);
        match place.await {
            Ok(place) => call.place = place,
            Err(problem) => {
                forget_body(server, body, octets_max).await;
                return Err(problem);
            }
        }
    }
    call.body = read_body(server, call, body, octets_max).await?;
    Ok(())
}

/// Reads the body, as far as it may go, and keeps nothing of it.
async fn forget_body<B>(server: &Server, body: B, octets_max: usize)
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    let mut body = pin!(Limited::new(body, octets_max));
    let forgotten = async { while let Some(Ok(_)) = body.frame().await {} };
    // Whoever is too slow does not hear the answer, which says no more than that.
    tokio::time::timeout(server.limits.body, forgotten)
        .await
        .ok();
}

/// Lets in by the header. Asking costs a look-up, so it counts among the requests being answered;
/// the place is free again before the body, which may be slow.
async fn admit_by_header(
    server: &Server,
    route: &Route,
    call: &Call,
) -> Result<Option<Scope>, Problem> {
    let Ok(_place) = server.in_flight.try_acquire() else {
        return Err(busy());
    };
    policy::admit_by_header(server, route.policy(), call).await
}

/// Reads the body within its limits. Requests that read something have none to speak of.
async fn read_body<B>(
    server: &Server,
    call: &Call,
    body: B,
    octets_max: usize,
) -> Result<Bytes, Problem>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    if matches!(call.method, Method::GET | Method::HEAD) {
        return Ok(Bytes::new());
    }
    let Ok(_place) = server.bodies.try_acquire() else {
        return Err(closing(busy()));
    };
    let limits = &server.limits;
    let collected = Limited::new(body, octets_max).collect();
    match tokio::time::timeout(limits.body, collected).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(body_too_large(octets_max)),
        Ok(Err(_broken_off)) => Err(problem_kinds::BROKEN_BODY.told()),
        Err(_elapsed) => Err(body_too_slow()),
    }
}

/// A problem as the audience reads it.
fn told(
    problem: &Problem,
    route: &'static str,
    audience: Audience,
    request_id: RequestId,
) -> Outcome {
    let answer = match audience {
        Audience::Programs => problem.to_json(request_id),
        Audience::OauthClients => oauth::refused(problem),
        Audience::People => problem.to_html(console::error_page(problem, request_id)),
    };
    Outcome {
        answer,
        route,
        audience,
        place: None,
    }
}

/// Who asks for what does not exist: a browser says that it would take a page.
fn wanted_by(path: &str, headers: &header::HeaderMap) -> Audience {
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    let starts = |prefix: &&str| {
        let start = path.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let program = PROGRAMS_PREFIXES.iter().any(starts);
    if !program && accepts.is_some_and(|accept| accept.contains("text/html")) {
        Audience::People
    } else {
        Audience::Programs
    }
}

fn options(allow: HeaderValue) -> Answer {
    let mut answer = answers::empty(StatusCode::NO_CONTENT);
    answer.headers_mut().insert(ALLOW, allow);
    answer
}

fn target_too_long() -> Problem {
    problem_kinds::TARGET_TOO_LONG.told()
}

/// So many others are being answered or read that this one is not looked at.
fn busy() -> Problem {
    problem_kinds::BUSY
        .told()
        .with_retry_after(BUSY_RETRY_AFTER)
}

/// The connection is closed with it: what is left of the body is not worth reading.
fn body_too_large(limit: usize) -> Problem {
    let detail = format!("A request's body may have {} KiB at most.", limit / 1024);
    closing(problem_kinds::TOO_LARGE.because(detail))
}

fn body_too_slow() -> Problem {
    closing(problem_kinds::TOO_SLOW.told())
}

fn closing(problem: Problem) -> Problem {
    problem.with_header(header::CONNECTION, HeaderValue::from_static("close"))
}
