//! What a conversation does with devices that lie, flood, or are not there.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

mod snmp_support;

use std::net::UdpSocket as StdUdpSocket;

use platen_collect::snmp::message::Message;
use platen_collect::snmp::pdu::{Operation, Pdu};
use platen_collect::snmp::{
    Abilities, Answers, CONVERSATION_BINDINGS_MAX, Client, FetchError, Query, Value, Version,
};

use snmp_support::{Replies, Request, Responder, credential, hasty, oid, patient, poll, printer};

async fn fetch(client: &Client, device: &Responder, query: &Query) -> Result<Answers, FetchError> {
    let mut abilities = Abilities::default();
    let before = abilities.clone();
    let credential = credential(Version::V2c);
    let fetched = client
        .fetch(device.address, &credential, &mut abilities, query)
        .await;
    if fetched.is_err() {
        assert_eq!(abilities, before, "a failure teaches nothing");
    }
    fetched
}

/// The honest answer with one thing changed.
fn forged(request: &Request<'_>, forge: impl FnOnce(&mut Message<'_>)) -> Vec<u8> {
    let mut message = Message {
        pdu: request.honest(),
        ..request.message.clone()
    };
    message
        .pdu
        .bindings
        .iter_mut()
        .for_each(|(_, value)| *value = Value::Integer(666));
    forge(&mut message);
    message.encode()
}

/// Sends `forgery` before every honest answer, and expects only the honest one to count.
async fn assert_ignored(mut forgery: impl FnMut(&Request<'_>) -> Replies + Send + 'static) {
    let device = Responder::start(printer(2), move |request| {
        let mut replies = forgery(request);
        replies.push(request.encode(request.honest()));
        replies
    })
    .await;
    let answers = fetch(&patient(), &device, &poll(Some(2))).await.unwrap();
    assert_eq!(answers.len(), 8);
    assert!(
        answers
            .iter()
            .all(|(_, value)| *value != Value::Integer(666))
    );
}

#[tokio::test]
async fn another_request_id_is_ignored() {
    assert_ignored(|request| vec![forged(request, |forged| forged.pdu.request_id ^= 1)]).await;
}

#[tokio::test]
async fn another_community_is_ignored() {
    assert_ignored(|request| vec![forged(request, |forged| forged.community = b"private")]).await;
}

#[tokio::test]
async fn another_version_is_ignored() {
    assert_ignored(|request| vec![forged(request, |forged| forged.version = Version::V1)]).await;
}

#[tokio::test]
async fn another_kind_of_pdu_is_ignored() {
    assert_ignored(|request| {
        [Operation::Get, Operation::GetNext, Operation::Report]
            .map(|operation| forged(request, |forged| forged.pdu.operation = operation))
            .to_vec()
    })
    .await;
}

#[tokio::test]
async fn damaged_datagrams_are_ignored() {
    assert_ignored(|request| {
        let honest = request.encode(request.honest());
        vec![
            honest[..honest.len() / 2].to_vec(),
            Vec::new(),
            vec![0x30; 700],
        ]
    })
    .await;
}

#[tokio::test]
async fn another_source_is_ignored() {
    let stranger = StdUdpSocket::bind("127.0.0.1:0").unwrap();
    let device = Responder::start_with_source(printer(2), move |request, source| {
        let forged = forged(request, |_| {});
        stranger.send_to(&forged, source).unwrap();
        vec![request.encode(request.honest())]
    })
    .await;
    let answers = fetch(&patient(), &device, &poll(Some(2))).await.unwrap();
    assert!(
        answers
            .iter()
            .all(|(_, value)| *value != Value::Integer(666))
    );
}

#[tokio::test]
async fn duplicates_and_late_answers_do_not_reach_the_next_device() {
    let twice = Responder::start(printer(2), |request| {
        vec![request.encode(request.honest()); 5]
    })
    .await;
    let other = Responder::honest(printer(3)).await;
    let client = patient();
    for _ in 0..20 {
        assert_eq!(
            fetch(&client, &twice, &poll(Some(2))).await.unwrap().len(),
            8
        );
        assert_eq!(
            fetch(&client, &other, &poll(Some(3))).await.unwrap().len(),
            11
        );
    }
}

#[tokio::test]
async fn objects_outside_the_question_are_dropped() {
    let device = Responder::start(printer(2), |request| {
        let mut honest = request.honest();
        for (oid, _) in &mut honest.bindings {
            *oid = oid.child(&[9]);
        }
        honest
            .bindings
            .push((oid("1.3.6.1.6.3"), Value::Integer(1)));
        vec![request.encode(honest)]
    })
    .await;
    let query = Query {
        objects: vec![oid("1.3.6.1.2.1.1.1.0"), oid("1.3.6.1.2.1.1.3.0")],
        columns: Vec::new(),
    };
    assert!(fetch(&patient(), &device, &query).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_endless_walk_stops_at_the_limit() {
    let mut row = 0;
    let device = Responder::start(printer(1), move |request| {
        let column = snmp_support::column_oid(6);
        let bindings = std::iter::repeat_with(|| {
            row += 1;
            (column.child(&[row]), Value::Integer(1))
        });
        let answer = Pdu {
            bindings: bindings.take(100).collect(),
            ..request.honest()
        };
        vec![request.encode(answer)]
    })
    .await;
    let mut query = poll(None);
    query.objects.clear();
    query.columns.truncate(1);
    let answers = fetch(&patient(), &device, &query).await.unwrap();
    assert!(!answers.is_complete());
    assert!((1..=CONVERSATION_BINDINGS_MAX + 100).contains(&answers.len()));
    assert!(device.requests().len() <= CONVERSATION_BINDINGS_MAX / 100);
}

#[tokio::test]
async fn a_flood_is_not_listened_to_for_ever() {
    let device = Responder::start(printer(1), |request| {
        vec![forged(request, |forged| forged.pdu.request_id ^= 1); 200]
    })
    .await;
    let error = fetch(&patient(), &device, &poll(Some(1)))
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::Unreadable), "{error}");
}

#[tokio::test]
async fn silence_is_no_answer() {
    let device = Responder::start(printer(1), |_| Vec::new()).await;
    let error = fetch(&hasty(), &device, &poll(Some(1))).await.unwrap_err();
    assert!(matches!(error, FetchError::NoAnswer), "{error}");
    assert!(device.requests().len() <= 4);
}

#[tokio::test]
async fn garbage_alone_is_told_apart_from_silence() {
    let device = Responder::start(printer(1), |_| vec![b"HTTP/1.1 400 Bad Request".to_vec()]).await;
    let error = fetch(&hasty(), &device, &poll(Some(1))).await.unwrap_err();
    assert!(matches!(error, FetchError::Unreadable), "{error}");
}

#[tokio::test]
async fn a_closed_port_is_no_answer_at_once() {
    let closed = StdUdpSocket::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let mut abilities = Abilities::default();
    let credential = credential(Version::V2c);
    // An hour of patience: only the kernel's word can end this test.
    let client = snmp_support::client(std::time::Duration::from_hours(1));
    let query = poll(Some(1));
    let fetch = client.fetch(address, &credential, &mut abilities, &query);
    let error = fetch.await.unwrap_err();
    assert!(matches!(error, FetchError::NoAnswer), "{error}");
}
