//! The accept loop: connections with deadlines and limits, and a stop that finishes what is in
//! flight.
//!
//! `axum::serve` has no deadlines (axum #2741), and hyper-util's `auto` builder waits without end
//! for the first byte; so this is hyper's HTTP/1 connection behind our own loop. HTTP/1.1 only,
//! which keeps the whole class of HTTP/2 floods out.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::answers::{Body, BodyError};
use crate::connection::{Answering, Progress, Watched};
use crate::limits::Limits;
use crate::seats::{Seat, Seats};
use crate::server::Service;

/// How long the loop waits when the system has no file descriptor for another connection:
/// accepting fails at once then, and would spin.
const ACCEPT_RETRY_AFTER: Duration = Duration::from_millis(100);

/// What answers requests; tests put others in place of [`Service`].
pub(crate) trait Answers: Clone + Send + Sync + 'static {
    /// Answers one request of `peer`.
    fn answer(
        &self,
        peer: IpAddr,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Body>> + Send;
}

impl Answers for Service {
    async fn answer(&self, peer: IpAddr, request: Request<Incoming>) -> Response<Body> {
        Self::answer(self, peer, request).await
    }
}

/// What all connections share.
struct Shared<A> {
    limits: Limits,
    tls: Option<TlsAcceptor>,
    answers: A,
    peers: Peers,
    stop: watch::Receiver<bool>,
}

/// Accepts connections until `stop` resolves, then lets what is in flight finish.
pub(crate) async fn run<A: Answers>(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    answers: A,
    stop: impl Future<Output = ()> + Send,
) {
    let (stopping, stopped) = watch::channel(false);
    let places = Arc::new(Semaphore::new(limits.connections));
    let shared = Arc::new(Shared {
        peers: Peers::new(limits.connections_per_address),
        limits,
        tls,
        answers,
        stop: stopped,
    });
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            (stream, peer, place) = next(&listener, &places) => {
                start(&mut connections, &shared, stream, peer, place);
            }
            Some(_ended) = connections.join_next() => {}
        }
    }
    drop(listener);
    stopping.send_replace(true);
    drain(connections, shared.limits.drain).await;
}

/// The next connection, once there is a place for it: until then it waits in the kernel.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, IpAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer.ip().to_canonical(), place),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_RETRY_AFTER).await;
            }
        }
    }
}

fn start<A: Answers>(
    connections: &mut JoinSet<()>,
    shared: &Arc<Shared<A>>,
    stream: TcpStream,
    peer: IpAddr,
    place: Option<OwnedSemaphorePermit>,
) {
    let Some(seat) = shared.peers.seat(peer) else {
        tracing::warn!(%peer, "too many connections from one address");
        return;
    };
    let shared = Arc::clone(shared);
    connections.spawn(async move {
        if let Err(error) = converse(&shared, stream, peer).await {
            tracing::debug!(%peer, error = &*error, "a connection ended early");
        }
        drop((seat, place));
    });
}

async fn converse<A: Answers>(
    shared: &Arc<Shared<A>>,
    stream: TcpStream,
    peer: IpAddr,
) -> Result<(), BodyError> {
    // Answers are written whole; waiting for more to fill a packet only adds delay.
    stream.set_nodelay(true)?;
    match &shared.tls {
        None => speak_http(shared, stream, peer).await,
        Some(tls) => {
            let stream = timeout(shared.limits.handshake, tls.accept(stream)).await;
            let stream = stream.map_err(|_elapsed| io::Error::from(io::ErrorKind::TimedOut))??;
            speak_http(shared, stream, peer).await
        }
    }
}

async fn speak_http<A, S>(shared: &Arc<Shared<A>>, stream: S, peer: IpAddr) -> Result<(), BodyError>
where
    A: Answers,
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (stream, progress) = Watched::new(stream, &shared.limits);
    let service = service_fn(|request| respond(shared, &progress, peer, request));
    let connection = http1::Builder::new()
        // The watched stream keeps the deadlines.
        .header_read_timeout(None)
        .max_headers(shared.limits.head_fields)
        .max_header_size(shared.limits.head_octets)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut stop = shared.stop.clone();
    tokio::select! {
        ended = connection.as_mut() => return Ok(ended?),
        // The sender outlives every connection; either way the server is stopping.
        _stopping = stop.wait_for(|stopping| *stopping) => {}
    }
    connection.as_mut().graceful_shutdown();
    Ok(connection.await?)
}

async fn respond<A: Answers>(
    shared: &Arc<Shared<A>>,
    progress: &Arc<Progress>,
    peer: IpAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    let answering = progress.answering();
    let answer = shared.answers.answer(peer, request).await;
    Ok(answer.map(|body| Delivered::new(body, answering).boxed_unsync()))
}

/// Waits for the connections to end, and ends those that do not in time.
async fn drain(mut connections: JoinSet<()>, patience: Duration) {
    let finished = async { while connections.join_next().await.is_some() {} };
    if timeout(patience, finished).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "connections were cut: they did not finish in time"
        );
        connections.shutdown().await;
    }
}

/// How many connections each address has. Addresses of version 6 count by their /64, which one
/// customer has to itself.
struct Peers(Seats<IpAddr>);

impl Peers {
    fn new(most: usize) -> Self {
        Self(Seats::new(most))
    }

    fn seat(&self, peer: IpAddr) -> Option<Seat<IpAddr>> {
        self.0.take(match peer {
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// A body whose request counts as being answered until it is delivered.
struct Delivered {
    body: Body,
    _answering: Answering,
}

impl Delivered {
    const fn new(body: Body, answering: Answering) -> Self {
        Self {
            body,
            _answering: answering,
        }
    }
}

impl http_body::Body for Delivered {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
#[path = "accept_tests.rs"]
mod tests;
