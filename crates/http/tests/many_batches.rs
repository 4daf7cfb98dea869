//! Many collectors at once, against the whole server on a socket.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::net::SocketAddr;

use platen_http::limits::Limits;
use platen_http::{HttpOptions, Layouts, serve};
use support::printing::{BATCHES, job};
use support::{PUBLIC_URL, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const NOON: &str = "2026-11-23T09:00:00Z";

/// How many push at once.
const PUSHERS: u32 = 32;

struct Site {
    /// Its directory goes with it.
    _world: World,
    address: SocketAddr,
    credential: String,
}

impl Site {
    async fn serving(limits: Limits) -> Self {
        let world = World::new().await;
        let organization = world.organization("Northwind", None).await;
        let credential = world.collector(&organization, "site 1").await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let options = HttpOptions {
            public_url: PUBLIC_URL.to_owned(),
            layouts: Layouts::default(),
            limits,
        };
        let app = world.app.clone();
        tokio::spawn(async move {
            serve(listener, None, app, options, std::future::pending()).await;
        });
        Self {
            _world: world,
            address,
            credential,
        }
    }

    /// A push of `records` as batch `sequence`: the connection, and what it is to be sent.
    async fn push(&self, sequence: u32, records: String) -> (TcpStream, String) {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "POST {BATCHES} HTTP/1.1\r\nHost: x\r\nAuthorization: bearer {}\r\n\
             Platen-Batch-Epoch: 1\r\nPlaten-Batch-Sequence: {sequence}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{records}",
            self.credential,
            records.len(),
        );
        (stream, request)
    }
}

async fn answer((mut stream, request): (TcpStream, String)) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn more_batches_than_there_are_places_are_all_served_in_turn() {
    let site = Site::serving(Limits {
        batches: 1,
        ..Limits::default()
    })
    .await;
    let mut pushes = JoinSet::new();
    for number in 0..PUSHERS {
        let record = job(&number.to_string(), NOON, "");
        pushes.spawn(answer(site.push(number, record).await));
    }
    while let Some(answered) = pushes.join_next().await {
        let answered = answered.unwrap();
        assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
        assert!(answered.contains(r#""accepted":1"#), "{answered}");
    }
}

#[tokio::test]
async fn who_finds_no_place_is_answered_however_much_it_sends() {
    let site = Site::serving(Limits {
        batches: 0,
        batches_waiting: 0,
        ..Limits::default()
    })
    .await;
    // More than the sockets hold: an answer that comes before it was read would be lost.
    let records = format!("{}\n", job("1", NOON, "")).repeat(100_000);
    let answered = answer(site.push(1, records).await).await;
    assert!(answered.starts_with("HTTP/1.1 503"), "{answered}");
    assert!(
        answered.to_lowercase().contains("retry-after: 1"),
        "{answered}"
    );
}
