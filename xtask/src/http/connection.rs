//! A connection that stays open between requests.

use std::io::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Answer, field, status};

/// How long a server may take for an answer before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Octets of an answer's head at most.
const HEAD_MAX: usize = 64 * 1024;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub method: &'static str,
    pub path: &'a str,
    /// Names and values, besides `Host` and `Content-Length`.
    pub fields: &'a [(&'static str, &'a str)],
    pub body: &'a [u8],
}

/// One connection; after an error it is of no use any more.
pub(crate) struct Connection {
    stream: TcpStream,
    server: SocketAddr,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(server: SocketAddr) -> Result<Self> {
        let stream = timeout(PATIENCE, TcpStream::connect(server)).await??;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            server,
            buffer: Vec::new(),
        })
    }

    /// Asks, and waits for the whole answer, which must say its length.
    pub(crate) async fn ask(&mut self, request: &Request<'_>) -> Result<Answer> {
        let exchange = timeout(PATIENCE, self.exchange(request));
        exchange.await.context("the server gave no answer")?
    }

    async fn exchange(&mut self, request: &Request<'_>) -> Result<Answer> {
        self.write(request)?;
        self.stream.write_all(&self.buffer).await?;
        self.buffer.clear();
        let end = loop {
            let end = self.buffer.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                break end + 4;
            }
            if self.buffer.len() > HEAD_MAX {
                bail!("the answer is not HTTP");
            }
            self.read().await?;
        };
        let mut body = self.buffer.split_off(end);
        let head = String::from_utf8(std::mem::take(&mut self.buffer))?;
        let length = field(&head, "content-length").context("the answer states no length")?;
        let length: usize = length.parse()?;
        while body.len() < length {
            if self.stream.read_buf(&mut body).await? == 0 {
                bail!("the answer was cut short");
            }
        }
        Ok(Answer {
            status: status(&head).context("the answer is not HTTP")?,
            head,
            body,
        })
    }

    fn write(&mut self, request: &Request<'_>) -> Result<()> {
        let Request {
            method,
            path,
            fields,
            body,
        } = request;
        let (buffer, server) = (&mut self.buffer, self.server);
        buffer.clear();
        write!(buffer, "{method} {path} HTTP/1.1\r\nHost: {server}\r\n")?;
        for (name, value) in *fields {
            write!(buffer, "{name}: {value}\r\n")?;
        }
        write!(buffer, "Content-Length: {}\r\n\r\n", body.len())?;
        buffer.extend_from_slice(body);
        Ok(())
    }

    async fn read(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn one_connection_carries_one_answer_after_another() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let head = |length| {
            format!(
                "POST /x HTTP/1.1\r\nHost: {address}\r\nA: b\r\nContent-Length: {length}\r\n\r\n"
            )
        };
        let requests = [head(3) + "[1]", head(0)];
        let serve = async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answers: [&[&[u8]]; 2] = [
                &[
                    b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nETag: \"0\"\r\n\r\n{",
                    b"}",
                ],
                &[b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"],
            ];
            for (request, pieces) in requests.iter().zip(answers) {
                let mut asked = vec![0; request.len()];
                stream.read_exact(&mut asked).await.unwrap();
                assert_eq!(String::from_utf8(asked).unwrap(), *request);
                for piece in pieces {
                    stream.write_all(piece).await.unwrap();
                }
            }
        };
        let server = tokio::spawn(serve);
        let mut connection = Connection::open(address).await.unwrap();
        let mut request = Request {
            method: "POST",
            path: "/x",
            fields: &[("A", "b")],
            body: b"[1]",
        };
        let made = connection.ask(&request).await.unwrap();
        assert_eq!((made.status, made.body.as_slice()), (201, &b"{}"[..]));
        assert_eq!(made.field("etag"), Some("\"0\""));
        request.body = b"";
        assert_eq!(connection.ask(&request).await.unwrap().status, 404);
        server.await.unwrap();
        // The server is gone.
        assert!(connection.ask(&request).await.is_err());
    }
}
