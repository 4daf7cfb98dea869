//! One exchange: connect, ask, read the answer, all before one deadline.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Body as _;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;

use super::endpoint::{Endpoint, Scheme};
use super::tls::Trust;

/// Most octets of an answer's head: those of spoolers and printers stay below 1 KiB.
const HEAD_MAX_OCTETS: usize = 32 * 1024;

/// Most header fields of an answer.
const HEADERS_MAX: usize = 64;

/// How long and how much is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first look-up to the last octet.
    pub deadline: Duration,
    /// Most octets of the answer's body.
    pub answer_max_octets: usize,
}

impl Default for Limits {
    /// 10 s and 1 MiB: what a healthy printer needs a hundredth of.
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            answer_max_octets: 1024 * 1024,
        }
    }
}

/// What is asked. `Host`, `Content-Length` and `Connection` are filled in.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, beginning with `/`: where it differs from the endpoint's own.
    pub path: String,
    /// Further header fields.
    pub headers: HeaderMap,
    /// The body; may be empty.
    pub body: Bytes,
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Every header field.
    pub headers: HeaderMap,
    /// The body as sent, never decompressed.
    pub body: Bytes,
}

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The name is unknown, or nobody listens.
    #[error("could not connect to {endpoint}: {source}")]
    Connect {
        /// Where to.
        endpoint: String,
        /// Why.
        source: io::Error,
    },
    /// The certificate does not lead to a known authority, is not for this name, or has expired.
    #[error("{endpoint} could not prove who it is: {source}")]
    Tls {
        /// Where.
        endpoint: String,
        /// Why.
        source: io::Error,
    },
    /// The endpoint asks for TLS, and this client was made without.
    #[error("{0} needs TLS, which this client was not given certificate authorities for")]
    NoTrust(String),
    /// Sockets are there on Unix only.
    #[error("{0}: this system has no Unix domain sockets")]
    NoSockets(String),
    /// Too slow.
    #[error("{endpoint} gave no whole answer within {} s", deadline.as_secs_f64())]
    Deadline {
        /// Who.
        endpoint: String,
        /// How long it had.
        deadline: Duration,
    },
    /// Too long.
    #[error("{endpoint} answers with more than {max} octets")]
    TooLong {
        /// Who.
        endpoint: String,
        /// How many it had.
        max: usize,
    },
    /// The peer broke off, or does not speak HTTP/1.1.
    #[error("{endpoint} gave no answer that could be read: {source}")]
    Exchange {
        /// Who.
        endpoint: String,
        /// Why.
        source: hyper::Error,
    },
    /// The request itself cannot be said.
    #[error("this request cannot be sent: {0}")]
    Request(#[from] http::Error),
}

/// Asks peers. Clones share the certificate authorities.
#[derive(Clone, Default)]
pub struct Client {
    trust: Option<Trust>,
}

impl Client {
    /// A client without TLS.
    pub fn plain() -> Self {
        Self::default()
    }

    /// A client that speaks TLS where the endpoint says so, to those whom `trust` believes.
    pub fn with_trust(trust: Trust) -> Self {
        Self { trust: Some(trust) }
    }

    /// Asks once. A status that is no success is an answer, not an error; so is a redirect.
    pub async fn send(
        &self,
        endpoint: &Endpoint,
        request: Request,
        limits: Limits,
    ) -> Result<Answer, HttpError> {
        let exchange = self.exchange(endpoint, request, limits.answer_max_octets);
        let in_time = tokio::time::timeout(limits.deadline, exchange).await;
        in_time.unwrap_or_else(|_elapsed| {
            Err(HttpError::Deadline {
                endpoint: endpoint.to_string(),
                deadline: limits.deadline,
            })
        })
    }

    async fn exchange(
        &self,
        endpoint: &Endpoint,
        request: Request,
        max: usize,
    ) -> Result<Answer, HttpError> {
        let request = prepared(endpoint, request)?;
        match endpoint {
            Endpoint::Unix(path) => {
                let stream = socket(endpoint, path).await?;
                speak(stream, endpoint, request, max).await
            }
            Endpoint::Tcp {
                scheme, host, port, ..
            } => {
                let stream = TcpStream::connect((host.as_str(), *port)).await;
                let stream = stream.map_err(|source| refused(endpoint, source))?;
                match scheme {
                    Scheme::Plain => speak(stream, endpoint, request, max).await,
                    Scheme::Tls => {
                        let stream = self.secured(stream, endpoint, host).await?;
                        speak(stream, endpoint, request, max).await
                    }
                }
            }
        }
    }

    async fn secured(
        &self,
        stream: TcpStream,
        endpoint: &Endpoint,
        host: &str,
    ) -> Result<tokio_rustls::client::TlsStream<TcpStream>, HttpError> {
        let Some(trust) = &self.trust else {
            return Err(HttpError::NoTrust(endpoint.to_string()));
        };
        let unproven = |source| HttpError::Tls {
            endpoint: endpoint.to_string(),
            source,
        };
        let name = ServerName::try_from(host.to_owned());
        let name = name.map_err(|error| unproven(io::Error::other(error)))?;
        let connector = TlsConnector::from(trust.config());
        connector.connect(name, stream).await.map_err(unproven)
    }
}

#[cfg(unix)]
async fn socket(endpoint: &Endpoint, path: &std::path::Path) -> Result<UnixStream, HttpError> {
    let stream = UnixStream::connect(path).await;
    stream.map_err(|source| refused(endpoint, source))
}

#[cfg(not(unix))]
async fn socket(endpoint: &Endpoint, _path: &std::path::Path) -> Result<TcpStream, HttpError> {
    Err(HttpError::NoSockets(endpoint.to_string()))
}

fn refused(endpoint: &Endpoint, source: io::Error) -> HttpError {
    HttpError::Connect {
        endpoint: endpoint.to_string(),
        source,
    }
}

fn prepared(
    endpoint: &Endpoint,
    request: Request,
) -> Result<http::Request<Full<Bytes>>, HttpError> {
    let mut prepared = http::Request::builder()
        .method(request.method)
        .uri(request.path)
        .body(Full::new(request.body.clone()))?;
    let headers = prepared.headers_mut();
    *headers = request.headers;
    let host = HeaderValue::try_from(endpoint.authority()).map_err(http::Error::from)?;
    headers.insert(HOST, host);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(request.body.len()));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(prepared)
}

/// The exchange over a connection that is up. Nothing is left running when it ends.
async fn speak<S>(
    stream: S,
    endpoint: &Endpoint,
    request: http::Request<Full<Bytes>>,
    max: usize,
) -> Result<Answer, HttpError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |source| HttpError::Exchange {
        endpoint: endpoint.to_string(),
        source,
    };
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD_MAX_OCTETS)
        .max_headers(HEADERS_MAX)
        .handshake::<_, Full<Bytes>>(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let asked = async {
        let answer = sender.send_request(request).await.map_err(broken)?;
        let (head, body) = answer.into_parts();
        if usize::try_from(body.size_hint().lower()).map_or(true, |stated| stated > max) {
            return Err(too_long(endpoint, max));
        }
        let body = Limited::new(body, max).collect().await;
        let body = body.map_err(|error| unread(endpoint, max, error))?;
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.to_bytes(),
        })
    };
    tokio::pin!(asked, connection);
    tokio::select! {
        answer = &mut asked => answer,
        // It may end before its last octets were taken; what broke it shows there.
        _ended = &mut connection => asked.await,
    }
}

fn unread(
    endpoint: &Endpoint,
    max: usize,
    error: Box<dyn std::error::Error + Send + Sync>,
) -> HttpError {
    match error.downcast::<hyper::Error>() {
        Ok(source) => HttpError::Exchange {
            endpoint: endpoint.to_string(),
            source: *source,
        },
        // `Limited` has one error of its own.
        Err(_limit) => too_long(endpoint, max),
    }
}

fn too_long(endpoint: &Endpoint, max: usize) -> HttpError {
    HttpError::TooLong {
        endpoint: endpoint.to_string(),
        max,
    }
}
