//! Requests whose bodies are too slow or too large, against the whole server on a socket.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use platen_http::limits::Limits;
use platen_http::{HttpOptions, Layouts, serve};
use support::{PUBLIC_URL, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// No test waits longer than this.
const PATIENCE: Duration = Duration::from_secs(20);

async fn serving() -> SocketAddr {
    serving_within(Limits {
        body: Duration::from_millis(300),
        ..Limits::default()
    })
    .await
}

async fn serving_within(limits: Limits) -> SocketAddr {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = HttpOptions {
        public_url: PUBLIC_URL.to_owned(),
        layouts: Layouts::default(),
        limits,
    };
    tokio::spawn(async move {
        let app = world.app.clone();
        serve(listener, None, app, options, std::future::pending()).await;
    });
    address
}

/// What the server answers until it closes the connection.
async fn answered(head: &str, body: &[u8]) -> String {
    answered_by(serving().await, head, body).await
}

async fn answered_by(server: SocketAddr, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server may have answered and closed before it took everything.
    stream.write_all(body).await.ok();
    let mut answer = Vec::new();
    // A reset behind the answer is as good as an end: what was not read is gone either way.
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .unwrap()
        .ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n";
    let answer = answered(head, b"name=").await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_at_once() {
    let head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n";
    let answer = answered(head, &vec![b'a'; 65_537]).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_body_without_end_is_refused_at_its_limit() {
    let head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("11000\r\n{}\r\n", "a".repeat(0x11000));
    let answer = answered(head, chunk.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn bodies_that_do_not_come_hold_up_other_bodies_and_nobody_else() {
    let server = serving_within(Limits {
        bodies: 1,
        in_flight: 1,
        ..Limits::default()
    })
    .await;
    let post = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
    let mut slow = TcpStream::connect(server).await.unwrap();
    slow.write_all(post.as_bytes()).await.unwrap();
    // The slow one has its place once another is refused.
    let other = post.replace("5\r\n", "1\r\nConnection: close\r\n");
    let refused = loop {
        let answer = answered_by(server, &other, b"a").await;
        if answer.starts_with("HTTP/1.1 503") {
            break answer;
        }
    };
    assert!(refused.contains("retry-after: 1"), "{refused}");
    let get = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let alive = answered_by(server, get, b"").await;
    assert!(alive.starts_with("HTTP/1.1 200"), "{alive}");
}
