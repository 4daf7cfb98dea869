//! A line that lies: it cuts, drips, repeats, changes and swallows.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::chance::Chance;

/// Octets of a request's head at most.
const HEAD_MAX: usize = 16 * 1024;

/// Octets written at once where it drips.
const DRIP: usize = 97;

/// Pause between two drips.
const DRIP_EVERY: Duration = Duration::from_millis(1);

/// How bad the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manners {
    /// Eight of nine exchanges are spoilt.
    Hostile,
    /// One in three.
    Poor,
}

/// What is done to an exchange.
const TRICKS: [&str; 9] = [
    "passed on",
    "cut before",
    "cut in the request",
    "answer lost",
    "sent twice",
    "dripped",
    "cut in the answer",
    "octet changed",
    "answered 503",
];

/// A running proxy; it ends when this is dropped.
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
    counts: Arc<[AtomicU32; TRICKS.len()]>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Stands before `server`.
    pub(super) async fn start(
        server: SocketAddr,
        manners: Manners,
        chance: Chance,
    ) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let counts: Arc<[AtomicU32; TRICKS.len()]> = Arc::default();
        let counted = Arc::clone(&counts);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mut trick = chance.below(TRICKS.len() as u64);
                if manners == Manners::Poor && chance.below(3) > 0 {
                    trick = 0;
                }
                let trick = usize::try_from(trick).unwrap_or(0);
                if let Some(count) = counted.get(trick) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                let chance = chance.clone();
                // What becomes of an exchange is the client's to find out.
                tokio::spawn(async move { exchange(client, server, trick, &chance).await.ok() });
            }
        });
        Ok(Self {
            address,
            task,
            counts,
        })
    }

    /// What it did, for people.
    pub(super) fn tricks(&self) -> String {
        let counts = self
            .counts
            .iter()
            .map(|count| count.load(Ordering::Relaxed));
        let told = TRICKS.iter().zip(counts);
        let told: Vec<_> = told
            .map(|(trick, count)| format!("{trick} {count}"))
            .collect();
        told.join(", ")
    }
}

async fn exchange(
    mut client: TcpStream,
    server: SocketAddr,
    trick: usize,
    chance: &Chance,
) -> Result<()> {
    static SERVER_BUSY: OnceLock<Vec<u8>> = OnceLock::new();
    let name = TRICKS.get(trick).copied().unwrap_or_default();
    if name == "cut before" {
        return Ok(());
    }
    let mut request = request(&mut client).await?;
    let part = |whole: usize| usize::try_from(chance.below(whole as u64)).unwrap_or(0);
    let answer = match name {
        "cut in the request" => {
            request.truncate(part(request.len()));
            let mut stream = TcpStream::connect(server).await?;
            stream.write_all(&request).await?;
            return Ok(());
        }
        "answer lost" => {
            ask(server, &request, None).await?;
            return Ok(());
        }
        "sent twice" => {
            let (first, second) =
                tokio::join!(ask(server, &request, None), ask(server, &request, None));
            first.and(second)?
        }
        "octet changed" => {
            let body = request.windows(4).position(|four| four == b"\r\n\r\n");
            let body = body.map_or(0, |end| end + 4);
            let at = body + part(request.len() - body);
            if let Some(octet) = request.get_mut(at).filter(|_| at > body) {
                *octet ^= 0x20;
            }
            ask(server, &request, None).await?
        }
        "dripped" => ask(server, &request, Some(DRIP_EVERY)).await?,
        "answered 503" => SERVER_BUSY
            .get_or_init(|| {
                b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\
                  Connection: close\r\n\r\n"
                    .to_vec()
            })
            .clone(),
        _ => ask(server, &request, None).await?,
    };
    let told = match name {
        "cut in the answer" => part(answer.len()),
        _ => answer.len(),
    };
    client
        .write_all(answer.get(..told).unwrap_or_default())
        .await?;
    client.shutdown().await?;
    Ok(())
}

/// A whole request: its head, and as much body as it says.
async fn request(client: &mut TcpStream) -> Result<Vec<u8>> {
    let mut request = Vec::new();
    let end = loop {
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let more = client.read_buf(&mut request).await?;
        anyhow::ensure!(more > 0 && request.len() < HEAD_MAX * 64, "no request");
    };
    let head = String::from_utf8_lossy(request.get(..end).unwrap_or_default()).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.map_or(Ok(0), |length| length.trim().parse())?;
    while request.len() < end + length {
        anyhow::ensure!(client.read_buf(&mut request).await? > 0, "half a request");
    }
    Ok(request)
}

/// What the server answers, whole.
async fn ask(server: SocketAddr, request: &[u8], drip: Option<Duration>) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    match drip {
        None => stream.write_all(request).await?,
        Some(pause) => {
            for part in request.chunks(DRIP) {
                stream.write_all(part).await?;
                tokio::time::sleep(pause).await;
            }
        }
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}
