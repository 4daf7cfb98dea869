//! Deadlines and limits, on real sockets with short deadlines.

use std::io;
use std::net::SocketAddr;

use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;
use crate::answers;

/// No test waits longer than this for a connection to be cut.
const PATIENCE: Duration = Duration::from_secs(20);

fn short() -> Limits {
    Limits {
        head: Duration::from_millis(300),
        body: Duration::from_millis(300),
        write_stall: Duration::from_millis(300),
        idle: Duration::from_millis(300),
        handshake: Duration::from_millis(300),
        drain: Duration::from_secs(5),
        ..Limits::default()
    }
}

/// Deadlines long enough that none strikes: another limit is tested.
fn patient() -> Limits {
    Limits::default()
}

/// Answers with a short text, an endless one, or one that waits to be let go.
#[derive(Clone)]
struct Script {
    gate: Arc<Semaphore>,
}

impl Answers for Script {
    async fn answer(&self, _peer: IpAddr, request: Request<Incoming>) -> Response<Body> {
        match request.uri().path() {
            "/endless" => answers::with_status(StatusCode::OK, Endless.boxed_unsync()),
            "/gated" => {
                drop(self.gate.acquire().await);
                answers::line(StatusCode::OK, "let go")
            }
            _ => answers::line(StatusCode::OK, "hello"),
        }
    }
}

struct Endless;

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 8 * 1024])))))
    }
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    gate: Arc<Semaphore>,
}

async fn serve(limits: Limits) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let gate = Arc::new(Semaphore::new(0));
    let script = Script {
        gate: Arc::clone(&gate),
    };
    let until = async { drop(stopped.await) };
    let server = tokio::spawn(run(listener, None, limits, script, until));
    Running {
        address,
        stop,
        server,
        gate,
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn sent(&self, text: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }
}

/// What the server sends until it closes the connection.
async fn until_cut(mut stream: TcpStream) -> String {
    let mut read = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut read)).await;
    match ended.unwrap() {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
        Err(error) => unreachable!("{error}"),
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// Reads one answer of known length and leaves the connection open.
async fn one_answer(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    while !read.ends_with(b"hello") {
        let byte = timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap();
        read.push(byte);
    }
    String::from_utf8(read).unwrap()
}

const WHOLE: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn a_silent_connection_is_cut() {
    let running = serve(short()).await;
    assert_eq!(until_cut(running.connect().await).await, "");
}

#[tokio::test]
async fn half_a_header_is_cut() {
    let running = serve(short()).await;
    let stream = running.sent("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    assert_eq!(until_cut(stream).await, "");
}

#[tokio::test]
async fn a_header_that_drips_is_cut_by_its_first_byte_not_its_last() {
    let running = serve(short()).await;
    let (mut from, mut to) = running.connect().await.into_split();
    let drip = async {
        while to.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let mut read = Vec::new();
    let cut = async { from.read_to_end(&mut read).await };
    tokio::select! {
        () = drip => {}
        _ended = timeout(PATIENCE, cut) => {}
    }
    assert!(
        read.is_empty() || read.starts_with(b"HTTP/1.1 4"),
        "{read:?}"
    );
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_a_busy_one_is_not() {
    let limits = Limits {
        head: PATIENCE,
        ..short()
    };
    let running = serve(limits).await;
    let mut stream = running.sent(WHOLE).await;
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    stream.write_all(WHOLE.as_bytes()).await.unwrap();
    one_answer(&mut stream).await;
    assert_eq!(until_cut(stream).await, "");
}

#[tokio::test]
async fn half_a_second_request_is_cut_like_a_first() {
    let limits = Limits {
        idle: PATIENCE,
        ..short()
    };
    let running = serve(limits).await;
    let mut stream = running.sent(WHOLE).await;
    one_answer(&mut stream).await;
    stream.write_all(b"GET / HT").await.unwrap();
    assert_eq!(until_cut(stream).await, "");
}

#[tokio::test]
async fn a_long_answer_has_no_deadline_while_it_is_made() {
    let running = serve(short()).await;
    let mut stream = running
        .sent("GET /gated HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await;
    let nothing = timeout(3 * short().head, stream.read_u8()).await;
    assert!(nothing.is_err(), "cut or answered: {nothing:?}");
    running.gate.add_permits(1);
    assert!(until_cut(stream).await.ends_with("let go"));
}

#[tokio::test]
async fn a_reader_that_stalls_is_cut() {
    let running = serve(short()).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(running.address).await.unwrap();
    stream
        .write_all(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    // The answer has begun; nothing is read until the server has let go of the connection.
    stream.readable().await.unwrap();
    running.stop.send(()).unwrap();
    timeout(PATIENCE, running.server).await.unwrap().unwrap();
    let rest = until_cut(stream).await;
    assert!(rest.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_header_too_large_is_told_so() {
    let running = serve(patient()).await;
    let large = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "a".repeat(17 * 1_024)
    );
    assert!(
        until_cut(running.sent(&large).await)
            .await
            .starts_with("HTTP/1.1 431")
    );
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "a: b\r\n".repeat(70));
    assert!(
        until_cut(running.sent(&many).await)
            .await
            .starts_with("HTTP/1.1 431")
    );
    let under = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n",
        "a".repeat(15 * 1_024)
    );
    let mut stream = running.sent(&under).await;
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn one_address_gets_so_many_connections_and_no_more() {
    let limits = Limits {
        connections_per_address: 2,
        ..patient()
    };
    let running = serve(limits).await;
    let mut first = running.sent(WHOLE).await;
    one_answer(&mut first).await;
    let mut second = running.sent(WHOLE).await;
    one_answer(&mut second).await;
    assert_eq!(until_cut(running.connect().await).await, "");
    // A connection that closes makes room.
    drop(first);
    loop {
        let mut stream = running.sent(WHOLE).await;
        let mut byte = [0];
        if matches!(stream.read(&mut byte).await, Ok(1)) {
            break;
        }
    }
}

#[test]
fn addresses_of_one_64_share_their_connections() {
    let peers = Peers::new(1);
    let seat = |address: &str| peers.seat(address.parse().unwrap());
    let held = seat("2001:db8::1");
    assert!(held.is_some());
    assert!(seat("2001:db8::ffff:2").is_none());
    assert!(seat("2001:db8:0:1::1").is_some());
    drop(held);
    assert!(seat("2001:db8::2").is_some());
}

#[tokio::test]
async fn stopping_finishes_what_is_in_flight_and_closes_the_rest() {
    let running = serve(patient()).await;
    let silent = running.connect().await;
    let mut idle = running.sent(WHOLE).await;
    one_answer(&mut idle).await;
    let mut held = running.sent("GET /gated HTTP/1.1\r\nHost: x\r\n\r\n").await;
    held.flush().await.unwrap();
    // The idle connection's answer shows that the server has come this far.
    idle.write_all(WHOLE.as_bytes()).await.unwrap();
    one_answer(&mut idle).await;
    running.stop.send(()).unwrap();
    assert_eq!(until_cut(idle).await, "");
    assert!(TcpStream::connect(running.address).await.is_err());
    running.gate.add_permits(1);
    assert!(until_cut(held).await.ends_with("let go"));
    drop(silent);
    timeout(PATIENCE, running.server).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_cut() {
    let limits = Limits {
        drain: Duration::from_millis(200),
        ..patient()
    };
    let running = serve(limits).await;
    let held = running.sent("GET /gated HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut witness = running.sent(WHOLE).await;
    one_answer(&mut witness).await;
    running.stop.send(()).unwrap();
    timeout(PATIENCE, running.server).await.unwrap().unwrap();
    assert_eq!(until_cut(held).await, "");
}
