//! One request over a socket of its own.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The value of a header, `name` in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(':'));
        let (_, value) = fields.find(|(field, _)| field.eq_ignore_ascii_case(name))?;
        Some(value.trim())
    }
}

/// Status and body of `GET path`.
pub(crate) fn get(
    address: SocketAddr,
    path: &str,
    headers: &[&str],
) -> std::io::Result<(u16, String)> {
    let answer = request(address, "GET", path, headers, "")?;
    Ok((answer.status, answer.body))
}

/// Status and body of a form posted from the page itself.
pub(crate) fn post(address: SocketAddr, path: &str, form: &str) -> std::io::Result<(u16, String)> {
    let answer = submit(address, path, form, &[])?;
    Ok((answer.status, answer.body))
}

/// As [`post`], with more headers and all of the answer.
pub(crate) fn submit(
    address: SocketAddr,
    path: &str,
    form: &str,
    headers: &[&str],
) -> std::io::Result<Answer> {
    let own = [
        format!("Origin: http://{address}"),
        "Content-Type: application/x-www-form-urlencoded".to_owned(),
        format!("Content-Length: {}", form.len()),
    ];
    let own: Vec<_> = own.iter().map(String::as_str).collect();
    request(address, "POST", path, &[&own, headers].concat(), form)
}

fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[&str],
    body: &str,
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked {
        joined(body)
    } else {
        body.to_owned()
    };
    Ok(Answer {
        status: status.unwrap_or(0),
        head: head.to_owned(),
        body,
    })
}

/// The chunks of a body put together (RFC 9112, 7.1).
fn joined(mut chunks: &str) -> String {
    let mut body = String::new();
    while let Some((length, rest)) = chunks.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).unwrap_or(0);
        let Some((chunk, rest)) = rest.split_at_checked(length).filter(|_| length > 0) else {
            break;
        };
        body.push_str(chunk);
        chunks = rest.trim_start_matches("\r\n");
    }
    body
}

/// Waits until the server answers that it is ready, and says how long that took.
pub(crate) fn wait_until_ready(address: SocketAddr) -> Duration {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if get(address, "/readyz", &[]).is_ok_and(|(status, _)| status == 200) {
            return start.elapsed();
        }
        // Only so as not to take the processor from the server that is awaited.
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{address} is not ready after {PATIENCE:?}");
}
