//! A device whose every answer a test decides: an honest SNMP responder in this process, with a
//! script between it and the wire.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "each test binary uses its own part of this"
)]

pub mod peers;
pub mod relay;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use platen_collect::snmp::message::{self, Message};
use platen_collect::snmp::pdu::{ErrorStatus, Operation, Pdu};
use platen_collect::snmp::{Client, ClientOptions, Column, Credential, Oid, Query, Value, Version};
use platen_domain::ids::SeededIds;
use platen_domain::secret::Secret;
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// What one request gets: datagrams, in order.
pub type Replies = Vec<Vec<u8>>;

/// The objects of a device, in order.
#[derive(Clone, Default)]
pub struct Mib(Vec<(Oid, Value)>);

/// A request as the script sees it.
pub struct Request<'a> {
    pub message: Message<'a>,
    mib: &'a Mib,
}

/// A running device. It ends with the test.
pub struct Responder {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Pdu>>>,
    task: JoinHandle<()>,
}

pub fn oid(text: &str) -> Oid {
    text.parse().unwrap()
}

/// A printer with `supplies` supplies: uptime, life count, and columns 6, 8 and 9 of the table.
pub fn printer(supplies: u32) -> Mib {
    let mut objects = vec![
        (oid("1.3.6.1.2.1.1.1.0"), text("Test printer")),
        (oid("1.3.6.1.2.1.1.3.0"), Value::TimeTicks(4_711)),
        (oid("1.3.6.1.2.1.43.10.2.1.4.1.1"), Value::Counter32(76_498)),
    ];
    for (column, row) in [6, 8, 9]
        .into_iter()
        .flat_map(|c| (1..=supplies).map(move |r| (c, r)))
    {
        let value = match column {
            6 => text(&format!("Toner {row}")),
            8 => Value::Integer(12_000),
            _ => Value::Integer(i64::from(row) * 100),
        };
        objects.push((column_oid(column).child(&[1, row]), value));
    }
    objects.push((oid("1.3.6.1.2.1.43.16.5.1.2.1.1"), text("Ready")));
    Mib(objects)
}

pub fn text(text: &str) -> Value {
    Value::OctetString(text.as_bytes().to_vec())
}

/// A column of the supplies table.
pub fn column_oid(column: u32) -> Oid {
    oid("1.3.6.1.2.1.43.11.1.1").child(&[column])
}

/// The query a poll would make: two scalars and three columns.
pub fn poll(rows: Option<u16>) -> Query {
    let column = |column| Column {
        oid: column_oid(column),
        rows,
    };
    Query {
        objects: vec![oid("1.3.6.1.2.1.1.3.0"), oid("1.3.6.1.2.1.43.10.2.1.4.1.1")],
        columns: [6, 8, 9].map(column).to_vec(),
    }
}

pub fn credential(version: Version) -> Credential {
    Credential::Community {
        version,
        community: Secret::new("public".to_owned()),
    }
}

/// A client whose patience fits a test.
pub fn client(timeout: Duration) -> Client {
    let options = ClientOptions {
        in_flight: 8,
        timeout,
        retries: 2,
    };
    Client::new(options, Arc::new(SeededIds::new(7)))
}

/// A client that waits long enough for any machine.
pub fn patient() -> Client {
    client(Duration::from_secs(5))
}

/// A client for devices that do not answer.
pub fn hasty() -> Client {
    client(Duration::from_millis(100))
}

impl Mib {
    fn next(&self, after: &Oid) -> Option<&(Oid, Value)> {
        let index = self.0.partition_point(|(oid, _)| oid <= after);
        self.0.get(index)
    }

    fn exactly(&self, wanted: &Oid) -> Option<&Value> {
        let object = self.0.iter().find(|(oid, _)| oid == wanted);
        object.map(|(_, value)| value)
    }

    pub fn push(&mut self, oid: Oid, value: Value) {
        self.0.push((oid, value));
        self.0.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
}

impl Request<'_> {
    pub fn pdu(&self) -> &Pdu {
        &self.message.pdu
    }

    pub fn is_bulk(&self) -> bool {
        matches!(self.pdu().operation, Operation::GetBulk { .. })
    }

    /// What an honest device answers.
    pub fn honest(&self) -> Pdu {
        let pdu = self.pdu();
        let asked = pdu.bindings.iter().map(|(oid, _)| oid);
        let bindings = match pdu.operation {
            Operation::Get => asked.map(|oid| self.get(oid)).collect(),
            Operation::GetBulk {
                non_repeaters,
                max_repetitions,
            } => self.bulk(usize::from(non_repeaters), usize::from(max_repetitions)),
            _ => asked.map(|oid| self.next(oid)).collect(),
        };
        self.response(ErrorStatus::NoError, 0, bindings)
    }

    /// What an honest device answers in SNMPv1: one absent object spoils the answer.
    pub fn honest_v1(&self) -> Pdu {
        let honest = self.honest();
        let absent = |(_, value): &(Oid, Value)| value.is_absent();
        match honest.bindings.iter().position(absent) {
            Some(index) => {
                let index = u32::try_from(index + 1).unwrap();
                self.response(ErrorStatus::NoSuchName, index, self.pdu().bindings.clone())
            }
            None => honest,
        }
    }

    pub fn response(&self, status: ErrorStatus, index: u32, bindings: Vec<(Oid, Value)>) -> Pdu {
        Pdu {
            operation: Operation::Response { status, index },
            request_id: self.pdu().request_id,
            bindings,
        }
    }

    /// The bytes of an answer.
    pub fn encode(&self, pdu: Pdu) -> Vec<u8> {
        let answer = Message {
            pdu,
            ..self.message.clone()
        };
        answer.encode()
    }

    fn get(&self, oid: &Oid) -> (Oid, Value) {
        let value = self.mib.exactly(oid).cloned();
        (oid.clone(), value.unwrap_or(Value::NoSuchInstance))
    }

    fn next(&self, oid: &Oid) -> (Oid, Value) {
        let next = self.mib.next(oid).cloned();
        next.unwrap_or((oid.clone(), Value::EndOfMibView))
    }

    fn bulk(&self, once: usize, rows: usize) -> Vec<(Oid, Value)> {
        let asked: Vec<Oid> = self
            .pdu()
            .bindings
            .iter()
            .map(|(oid, _)| oid.clone())
            .collect();
        let (once, many) = asked.split_at(once.min(asked.len()));
        let mut bindings: Vec<_> = once.iter().map(|oid| self.next(oid)).collect();
        let mut cursors = many.to_vec();
        for _ in 0..rows {
            for cursor in &mut cursors {
                let binding = self.next(cursor);
                *cursor = binding.0.clone();
                bindings.push(binding);
            }
        }
        bindings
    }
}

impl Responder {
    /// A device that answers as `script` decides.
    pub async fn start(
        mib: Mib,
        mut script: impl FnMut(&Request<'_>) -> Replies + Send + 'static,
    ) -> Self {
        Self::start_with_source(mib, move |request, _| script(request)).await
    }

    /// As [`Responder::start`], for scripts that want to know who asks.
    pub async fn start_with_source(
        mib: Mib,
        mut script: impl FnMut(&Request<'_>, SocketAddr) -> Replies + Send + 'static,
    ) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            let mut buffer = [0; 2048];
            loop {
                let (length, source) = socket.recv_from(&mut buffer).await.unwrap();
                let message = message::decode(&buffer[..length]).unwrap();
                seen.lock().unwrap().push(message.pdu.clone());
                let request = Request { message, mib: &mib };
                for reply in script(&request, source) {
                    socket.send_to(&reply, source).await.unwrap();
                }
            }
        });
        Self {
            address,
            requests,
            task,
        }
    }

    /// A device without faults.
    pub async fn honest(mib: Mib) -> Self {
        Self::start(mib, |request| vec![request.encode(request.honest())]).await
    }

    /// What it was asked so far.
    pub fn requests(&self) -> Vec<Pdu> {
        self.requests.lock().unwrap().clone()
    }

    /// The kinds of what it was asked so far, each with the number of bindings.
    pub fn asked(&self) -> Vec<String> {
        let kind = |pdu: &Pdu| match pdu.operation {
            Operation::Get => format!("get {}", pdu.bindings.len()),
            Operation::GetNext => format!("next {}", pdu.bindings.len()),
            Operation::GetBulk {
                non_repeaters: once,
                max_repetitions: rows,
            } => {
                let many = pdu.bindings.len() - usize::from(once);
                format!("bulk {once}+{many}x{rows}")
            }
            other => format!("{other:?}"),
        };
        self.requests().iter().map(kind).collect()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.task.abort();
    }
}
