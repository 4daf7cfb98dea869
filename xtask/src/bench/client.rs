//! An HTTP client that does as little as it can: it counts, so that what is measured is the
//! server.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::body::Framing;
use crate::http::field;

/// Octets of one read: large enough that reading costs a server on the same machine little.
const READ: usize = 512 * 1024;

/// Largest head of an answer, in octets.
const HEAD_MAX: usize = 64 * 1024;

/// How long a server may keep silent before it counts as gone.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often a server is asked again that says it was asked too often.
const TRIES: u32 = 4;

/// Longest wait before that, in seconds: a server counts requests by the minute.
const WAIT_MAX: u64 = 60;

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub server: SocketAddr,
    pub path: String,
    pub authorization: Option<String>,
    /// `Accept-Encoding`.
    pub encoding: &'static str,
}

/// What came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Received {
    /// Octets of the body, as they came: compressed ones are not expanded.
    pub bytes: u64,
    /// From asking to the body's first octet.
    pub first_byte: Duration,
}

/// An answer whose body has just begun.
#[derive(Debug)]
pub(super) struct Answer {
    stream: TcpStream,
    head: String,
    framing: Framing,
    /// Octets of the body that came with the head.
    begun: Vec<u8>,
    asked: Instant,
}

/// Asks, and counts the body.
pub(super) fn count(request: &Request) -> Result<Received> {
    open(request)?.read(&mut |_| Ok(()))
}

/// Asks, and keeps the body in a file.
pub(super) fn save(request: &Request, file: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    let answer = open(request)?;
    answer.read(&mut |octets| Ok(out.write_all(octets)?))?;
    Ok(out.flush()?)
}

/// Asks, and waits for the head of a 200. What was asked too often is asked again later.
pub(super) fn open(request: &Request) -> Result<Answer> {
    for _ in 1..TRIES {
        let answer = ask(request)?;
        match answer.status() {
            Some(200) => return Ok(answer),
            Some(429 | 503) => std::thread::sleep(answer.retry_after()),
            _ => bail!("{} answered: {}", request.path, answer.first_line()),
        }
    }
    let answer = ask(request)?;
    if answer.status() != Some(200) {
        bail!("{} answered: {}", request.path, answer.first_line());
    }
    Ok(answer)
}

fn ask(request: &Request) -> Result<Answer> {
    let Request { server, path, .. } = request;
    let mut stream = TcpStream::connect_timeout(server, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let authorization = request.authorization.as_ref();
    let authorization = authorization.map(|value| format!("Authorization: {value}\r\n"));
    let asking = format!(
        "GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\nAccept-Encoding: {}\r\n{}\r\n",
        request.encoding,
        authorization.unwrap_or_default(),
    );
    let asked = Instant::now();
    stream.write_all(asking.as_bytes())?;
    let (head, begun) = head(&mut stream)?;
    let framing = Framing::of(|name| field(&head, name).map(str::to_owned))?;
    Ok(Answer {
        stream,
        head,
        framing,
        begun,
        asked,
    })
}

/// Reads up to the empty line, and what came with it.
fn head(stream: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        let count = stream.read(&mut buffer)?;
        read.extend(buffer.iter().take(count));
        let end = read.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let begun = read.split_off(end + 4);
            return Ok((String::from_utf8(read)?, begun));
        }
        if count == 0 || read.len() > HEAD_MAX {
            bail!("the answer is not HTTP");
        }
    }
}

impl Answer {
    fn first_line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    fn status(&self) -> Option<u16> {
        self.first_line().split(' ').nth(1)?.parse().ok()
    }

    fn retry_after(&self) -> Duration {
        let stated = self.field("retry-after");
        let seconds = stated.and_then(|stated| stated.parse::<u64>().ok());
        Duration::from_secs(seconds.unwrap_or(1).min(WAIT_MAX))
    }

    /// The value of the first field of this name.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        field(&self.head, name).map(str::to_owned)
    }

    /// Reads the body to its end and hands it to `sink`, piece by piece.
    pub(super) fn read(mut self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<Received> {
        let mut buffer = vec![0; READ];
        let (mut bytes, mut first_byte) = (0, None);
        let asked = self.asked;
        let mut counting = |octets: &[u8]| {
            first_byte.get_or_insert_with(|| asked.elapsed());
            bytes += octets.len() as u64;
            sink(octets)
        };
        self.framing.feed(&self.begun, &mut counting)?;
        while !self.framing.is_complete() {
            let count = self.stream.read(&mut buffer)?;
            let (read, _) = buffer.split_at(count);
            if read.is_empty() {
                self.framing.close()?;
                break;
            }
            self.framing.feed(read, &mut counting)?;
        }
        Ok(Received {
            bytes,
            first_byte: first_byte.context("the answer is empty")?,
        })
    }

    /// Reads at most `octets_per_second` for a while, then goes away. Answers what was read.
    pub(super) fn read_slowly(mut self, octets_per_second: u64, duration: Duration) -> Result<u64> {
        const PIECES_PER_SECOND: u64 = 20;
        let piece = usize::try_from(octets_per_second / PIECES_PER_SECOND)?;
        let mut buffer = vec![0; piece];
        let (started, mut bytes) = (Instant::now(), self.begun.len() as u64);
        while started.elapsed() < duration {
            let count = self.stream.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            bytes += count as u64;
            let due = Duration::from_millis(bytes * 1_000 / octets_per_second.max(1));
            std::thread::sleep(due.saturating_sub(started.elapsed()));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    /// A server that gives these answers, one a connection, in pieces of seven octets.
    fn server(answers: Vec<&'static str>) -> Request {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for (answer, stream) in answers.into_iter().zip(listener.incoming()) {
                let mut stream = stream.unwrap();
                let mut asked = [0; 4_096];
                assert!(stream.read(&mut asked).unwrap() > 0);
                for piece in answer.as_bytes().chunks(7) {
                    stream.write_all(piece).unwrap();
                }
            }
        });
        Request {
            server: address,
            path: "/x".to_owned(),
            authorization: Some("bearer 0".to_owned()),
            encoding: "identity",
        }
    }

    #[test]
    fn a_body_is_counted_without_its_framing() {
        let asked = server(vec![
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
        ]);
        let answer = open(&asked).unwrap();
        assert_eq!(answer.field("x-a").as_deref(), Some("b"));
        let mut body = Vec::new();
        let mut keep = |octets: &[u8]| {
            body.extend_from_slice(octets);
            Ok(())
        };
        assert_eq!(answer.read(&mut keep).unwrap().bytes, 3);
        assert_eq!(body, b"abc");
        assert_eq!(count(&asked).unwrap().bytes, 5);
    }

    #[test]
    fn whoever_asked_too_often_asks_again() {
        let busy = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
        let done = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
        assert_eq!(count(&server(vec![busy, busy, done])).unwrap().bytes, 1);
        let error = count(&server(vec!["HTTP/1.1 404 Not Found\r\n\r\n"])).unwrap_err();
        assert_eq!(error.to_string(), "/x answered: HTTP/1.1 404 Not Found");
    }
}
