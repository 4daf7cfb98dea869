//! As much of HTTP as a measurement needs: one GET, one answer, the connection closed; and a
//! [`Connection`] that stays.

mod connection;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result};

pub(crate) use connection::{Connection, Request};

/// An answer.
pub(crate) struct Answer {
    pub status: u16,
    /// Its first line and its fields.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of the first field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        field(&self.head, name)
    }
}

/// The value of the first field of this name in a head.
pub(crate) fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let mut named = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
    named.next().map(|(_, value)| value.trim())
}

/// Asks `server` for `path`, with an `Authorization` header where one is given. `patience`
/// bounds the connection and every wait for the next octets.
pub(crate) fn get(
    server: SocketAddr,
    path: &str,
    authorization: Option<&str>,
    patience: Duration,
) -> Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&server, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let authorization =
        authorization.map_or_else(String::new, |value| format!("Authorization: {value}\r\n"));
    // HTTP/1.0 keeps the answer in one piece: no chunks.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {server}\r\n{authorization}\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&answer).context("the answer is not HTTP")
}

fn parse(answer: &[u8]) -> Option<Answer> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = answer.split_at_checked(end + 4)?;
    let head = std::str::from_utf8(head).ok()?;
    Some(Answer {
        status: status(head)?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

fn status(head: &str) -> Option<u16> {
    head.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_body_are_taken_apart() {
        let answer = parse(b"HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{}").unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (503, &b"{}"[..]));
        assert_eq!(answer.field("a"), Some("b"));
        assert!(parse(b"HTTP/1.1 200 OK\r\n").is_none());
    }
}
