//! The HTTP client against peers that do what they like.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests are tests"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use platen_collect::http::{Answer, Client, Endpoint, HttpError, Limits, Request, Trust};

/// Takes one request up to the end of `until` and answers with `answer`; gives what it was asked.
fn serve_one<S: std::io::Read + std::io::Write>(
    mut stream: S,
    until: &str,
    answer: &[u8],
) -> String {
    let mut asked = Vec::new();
    let mut octets = [0; 4096];
    while !String::from_utf8_lossy(&asked).ends_with(until) {
        match stream.read(&mut octets).unwrap() {
            0 => break,
            length => asked.extend_from_slice(&octets[..length]),
        }
    }
    // The client may have left already.
    let _gone = stream.write_all(answer);
    String::from_utf8(asked).unwrap()
}

fn peer(answer: Vec<u8>) -> (Endpoint, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/jobs", listener.local_addr().unwrap());
    let thread =
        std::thread::spawn(move || serve_one(listener.accept().unwrap().0, "hello", &answer));
    (endpoint.parse().unwrap(), thread)
}

fn post() -> Request {
    Request {
        method: Method::POST,
        path: "/jobs".to_owned(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(b"hello"),
    }
}

async fn send(endpoint: &Endpoint) -> Result<Answer, HttpError> {
    let limits = Limits {
        answer_max_octets: 1_000,
        ..Limits::default()
    };
    Client::plain().send(endpoint, post(), limits).await
}

#[tokio::test]
async fn a_request_is_sent_whole_and_its_answer_read() {
    let (endpoint, peer) =
        peer(b"HTTP/1.1 202 Accepted\r\nX-Seen: 1\r\nContent-Length: 2\r\n\r\nok".to_vec());
    let answer = send(&endpoint).await.unwrap();
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(answer.headers["x-seen"], "1");
    assert_eq!(answer.body, "ok");
    let asked = peer.join().unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /jobs HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-length: 5\r\n"), "{head}");
    assert!(!head.contains("accept-encoding"), "{head}");
    assert_eq!(body, "hello");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = elsewhere.local_addr().unwrap();
    let answer =
        format!("HTTP/1.1 307 Go\r\nLocation: http://{location}/\r\nContent-Length: 0\r\n\r\n");
    let (endpoint, _peer) = peer(answer.into_bytes());
    let answer = send(&endpoint).await.unwrap();
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
    assert!(elsewhere.accept().is_err());
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_refused_however_it_comes() {
    let stated = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nx".to_vec();
    let chunks = "400\r\n".to_owned() + &"x".repeat(1024) + "\r\n";
    let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
    let until_closed = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(2_000));
    for answer in [stated, chunked.into_bytes(), until_closed.into_bytes()] {
        let (endpoint, _peer) = peer(answer);
        let error = send(&endpoint).await.unwrap_err();
        let too_long = matches!(error, HttpError::TooLong { max: 1_000, .. });
        assert!(too_long, "{error}");
    }
}

#[tokio::test]
async fn a_broken_answer_is_an_error_that_names_the_peer() {
    for answer in [
        "",
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
    ] {
        let (endpoint, _peer) = peer(answer.as_bytes().to_vec());
        let error = send(&endpoint).await.unwrap_err();
        assert!(error.to_string().contains(&endpoint.to_string()), "{error}");
    }
    let heads = "X-Pad: y\r\n".repeat(10_000);
    let (endpoint, _peer) = peer(format!("HTTP/1.1 200 OK\r\n{heads}\r\n").into_bytes());
    assert!(matches!(
        send(&endpoint).await,
        Err(HttpError::Exchange { .. })
    ));
}

#[tokio::test]
async fn a_peer_that_keeps_silent_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint: Endpoint = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let limits = Limits {
        deadline: Duration::from_millis(10),
        ..Limits::default()
    };
    let error = Client::plain().send(&endpoint, post(), limits).await;
    assert!(matches!(error, Err(HttpError::Deadline { .. })));
}

#[tokio::test]
async fn a_socket_of_this_machine_is_spoken_to() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cups.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let thread = std::thread::spawn(move || {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        serve_one(listener.accept().unwrap().0, "hello", answer)
    });
    let endpoint: Endpoint = format!("unix:{}", path.display()).parse().unwrap();
    assert_eq!(send(&endpoint).await.unwrap().body, "ok");
    assert!(thread.join().unwrap().contains("host: localhost\r\n"));
}

/// A TLS peer with a certificate for `localhost` by an authority whose PEM is written to `ca`.
fn secure_peer(ca: &std::path::Path) -> (u16, JoinHandle<()>) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    std::fs::write(ca, authority.self_signed(&key).unwrap().pem()).unwrap();
    let issuer = rcgen::Issuer::new(authority, key);
    let own_key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&own_key, &issuer)
        .unwrap();
    let own_key = rustls::pki_types::PrivateKeyDer::Pkcs8(own_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], own_key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, listener.accept().unwrap().0);
        let (mut octets, mut asked) = ([0; 4096], Vec::new());
        while let Ok(length @ 1..) = stream.read(&mut octets) {
            asked.extend_from_slice(&octets[..length]);
            if asked.ends_with(b"hello") {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                stream.write_all(answer).unwrap();
                stream.conn.send_close_notify();
                stream.flush().unwrap();
                return;
            }
        }
    });
    (port, thread)
}

#[tokio::test]
async fn tls_is_spoken_to_whom_the_administrator_trusts_under_the_name_they_have() {
    let directory = tempfile::tempdir().unwrap();
    let ca = directory.path().join("ca.pem");
    for (host, trusted) in [("localhost", true), ("127.0.0.1", false)] {
        let (port, thread) = secure_peer(&ca);
        let client = Client::with_trust(Trust::load(Some(&ca)).unwrap());
        let endpoint: Endpoint = format!("https://{host}:{port}/").parse().unwrap();
        let answer = client.send(&endpoint, post(), Limits::default()).await;
        match answer {
            Ok(answer) => assert!(trusted && answer.body == "ok"),
            Err(error) => assert!(
                !trusted && matches!(error, HttpError::Tls { .. }),
                "{error}"
            ),
        }
        thread.join().unwrap();
    }
}

#[tokio::test]
async fn tls_is_never_left_out() {
    let endpoint: Endpoint = "https://127.0.0.1:1/".parse().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let here: Endpoint = format!("https://127.0.0.1:{port}/").parse().unwrap();
    assert!(matches!(send(&here).await, Err(HttpError::NoTrust(_))));
    assert!(matches!(
        send(&endpoint).await,
        Err(HttpError::Connect { .. })
    ));
}
