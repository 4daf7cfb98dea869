use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use platen_collect::http::Client;
use platen_domain::clock::{ManualClock, Timestamp};
use platen_domain::ids::SeededIds;
use platen_store::{Spool, SpoolInput, SpoolLimits};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// An answer to a batch: its status, and what becomes of each record.
type Line = (u16, &'static [&'static str]);

/// What was sent: epoch, sequence, digest.
type Sent = (String, String, String);

/// A server that answers by a script, one request a line, and tells what it was sent.
fn scripted(lines: &'static [Line]) -> (IngestServer, JoinHandle<Vec<Sent>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = IngestServer::new(Client::plain(), endpoint.parse().unwrap()).unwrap();
    let thread =
        std::thread::spawn(move || lines.iter().map(|line| answer(&listener, line)).collect());
    (server, thread)
}

fn answer(listener: &TcpListener, (status, outcomes): &Line) -> Sent {
    let (mut stream, _) = listener.accept().unwrap();
    let mut request = Vec::new();
    let (head, body) = loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).unwrap();
        request.extend_from_slice(&buffer[..count]);
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(request[..end].to_vec()).unwrap();
            break (head, request.len() - end - 4);
        }
    };
    let field = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(field, _)| field.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned()).unwrap()
    };
    let rest: usize = field("content-length").parse().unwrap();
    stream.read_exact(&mut vec![0; rest - body]).unwrap();
    let (epoch, sequence) = (field("platen-batch-epoch"), field("platen-batch-sequence"));
    let records: Vec<_> = outcomes
        .iter()
        .map(|outcome| format!(r#"{{"outcome":"{outcome}","reason":"why"}}"#))
        .collect();
    let records = records.join(",");
    let json = format!(r#"{{"epoch":{epoch},"sequence":{sequence},"records":[{records}]}}"#);
    let length = json.len();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nRetry-After: 9\r\nContent-Length: {length}\r\n\r\n{json}"
    )
    .unwrap();
    (epoch, sequence, field("content-digest"))
}

struct Site {
    _place: tempfile::TempDir,
    spool: SharedSpool,
    pusher: Pusher,
}

fn site(server: IngestServer, records: &[&str]) -> Site {
    let place = tempfile::tempdir().unwrap();
    let ids: Arc<dyn Ids> = Arc::new(SeededIds::new(5));
    let mut spool = Spool::open(place.path(), SpoolLimits::default(), NOW, &*ids).unwrap();
    let input = SpoolInput {
        source: "s".to_owned(),
        records: records
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect(),
        ..SpoolInput::default()
    };
    spool.append(&input, NOW).unwrap();
    let spool = SharedSpool::new(spool);
    let credential = Secret::new("5".repeat(64));
    let clock = Arc::new(ManualClock::at(NOW));
    Site {
        _place: place,
        pusher: Pusher::new(spool.clone(), server, credential, clock, ids),
        spool,
    }
}

async fn queued(spool: &SharedSpool) -> usize {
    let next = spool.run(|spool| spool.next_batch(1_000, 1_000_000)).await;
    next.unwrap().map_or(0, |batch| batch.records.len())
}

#[tokio::test]
async fn a_batch_is_sent_the_same_until_its_answer_counts() {
    let (server, thread) = scripted(&[
        (500, &[]),
        (200, &["accepted"]),
        (503, &[]),
        (200, &["duplicate", "rejected"]),
    ]);
    let mut site = site(server, &["a", "b"]);
    let error = |attempt| matches!(attempt, Attempt::Pause(None, IngestTrouble::Error(_)));
    assert!(error(site.pusher.attempt().await.unwrap()), "500");
    assert!(
        error(site.pusher.attempt().await.unwrap()),
        "an answer too short"
    );
    let busy = site.pusher.attempt().await.unwrap();
    let nine = Some(Duration::from_secs(9));
    assert!(matches!(busy, Attempt::Pause(asked, IngestTrouble::Busy) if asked == nine));
    assert_eq!(queued(&site.spool).await, 2);
    assert!(matches!(
        site.pusher.attempt().await.unwrap(),
        Attempt::Done
    ));
    assert!(matches!(
        site.pusher.attempt().await.unwrap(),
        Attempt::Empty
    ));
    let sent = thread.join().unwrap();
    assert!(sent.iter().all(|one| *one == sent[0]), "{sent:?}");
}

#[tokio::test]
async fn a_batch_that_is_too_large_is_halved_and_a_record_set_aside() {
    let (server, thread) = scripted(&[
        (413, &[]),
        (413, &[]),
        (200, &["accepted"]),
        (200, &["accepted"]),
    ]);
    let mut site = site(server, &["a", "b", "c"]);
    for _ in 0..4 {
        assert!(matches!(
            site.pusher.attempt().await.unwrap(),
            Attempt::Done
        ));
    }
    let sequences: Vec<_> = thread
        .join()
        .unwrap()
        .into_iter()
        .map(|sent| sent.1)
        .collect();
    assert_eq!(sequences, ["1", "2", "3", "4"], "no number is used twice");
}

#[tokio::test]
async fn other_records_under_its_names_begin_a_new_epoch() {
    let (server, thread) = scripted(&[(409, &[]), (200, &["duplicate"])]);
    let mut site = site(server, &["a"]);
    let known = site.pusher.attempt().await.unwrap();
    assert!(matches!(
        known,
        Attempt::Pause(None, IngestTrouble::OtherRecords)
    ));
    assert!(matches!(
        site.pusher.attempt().await.unwrap(),
        Attempt::Done
    ));
    let sent = thread.join().unwrap();
    assert_ne!(sent[0].0, sent[1].0);
    assert_eq!((sent[0].1.as_str(), sent[1].1.as_str()), ("1", "1"));
    assert_eq!(sent[0].2, sent[1].2);
}
