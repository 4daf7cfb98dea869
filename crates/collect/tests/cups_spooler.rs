//! A spooler over HTTP: what a real CUPS answered is played back and becomes records.
//!
//! The recording lies in `shared/corpus/jobs` beside the repository. Where there is none the test
//! that needs it says so and passes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use platen_collect::cups::{Cursor, Harvest, Spooler};
use platen_collect::http::Client;
use platen_collect::ipp::{AskError, Login, Message, Peer};
use platen_domain::clock::Timestamp;
use platen_domain::print_jobs::PrintRecord;

const NOW: Timestamp = Timestamp::from_millis(1_795_500_000_000);

/// A message with a status and no attributes.
fn empty(status: u16) -> Vec<u8> {
    let [high, low] = status.to_be_bytes();
    vec![2, 0, high, low, 0, 0, 0, 1, 1, 3]
}

/// The body of one HTTP request with a stated length.
fn body_of(stream: &mut TcpStream) -> Vec<u8> {
    let (mut all, mut octets) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut octets).unwrap();
        all.extend_from_slice(&octets[..length]);
        let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
        let stated = head.split("content-length: ").nth(1).unwrap();
        let stated: usize = stated.lines().next().unwrap().parse().unwrap();
        if all.len() >= end + 4 + stated {
            return all[end + 4..].to_vec();
        }
    }
}

/// A spooler that answers a question about jobs that are over with `jobs`, and knows no queues.
fn spooler(jobs: Vec<u8>) -> Spooler {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("ipp://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let question = Message::decode(&body_of(&mut stream)).unwrap();
            let answer = match (question.code, question.groups[0].text("which-jobs")) {
                (0x000A, Some("completed")) => jobs.clone(),
                (0x000A, _) => empty(0x0000),
                _ => empty(0x0406),
            };
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&answer).unwrap();
        }
    });
    Spooler {
        peer: Peer::new(Client::plain(), endpoint.parse().unwrap(), Login::Anonymous),
        instance: "lab".to_owned(),
        users_verified: false,
    }
}

fn line(record: &PrintRecord) -> String {
    let word = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or("-");
        text.chars().take(24).collect::<String>()
    };
    let number = |count: Option<u32>| count.map_or("-".to_owned(), |count| count.to_string());
    let flags: Vec<&str> = record.flags.keywords().collect();
    format!(
        "{} {} {} | {} | {} impressions {} {}",
        record.completed_at.as_millis() / 1_000,
        word(&record.queue),
        word(&record.user),
        word(&record.document),
        record.state.keyword(),
        number(record.counts.impressions),
        flags.join(","),
    )
}

#[tokio::test]
async fn the_history_of_a_real_cups_becomes_records_once() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/jobs");
    let path = beside.join("cups-get-jobs-completed.bin");
    let Ok(recorded) = std::fs::read(&path) else {
        eprintln!("SKIPPED: no recording {}", path.display());
        return;
    };
    let spooler = spooler(recorded);
    let Harvest {
        records,
        gaps,
        cursor,
        refused,
        withheld,
        more,
    } = spooler.new_jobs(&Cursor::start(), NOW).await.unwrap();
    assert_eq!((gaps.len(), refused, withheld, more), (0, 0, 0, false));
    let lines: Vec<String> = records.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    1795437997 null-raw erin | a4-3p.pdf | completed impressions - raw-unknown,user-claimed
    1795437998 lab-colour bob | a4-5p.pdf | completed impressions 12 blank-padding,user-claimed
    1795437998 lab-mono alice | hello.txt | completed impressions 2 user-claimed
    1795437999 lab-colour CORP\carol | a4-3p.pdf | completed impressions 9 user-claimed
    1795437999 lab-mono alice | Quarterly | "draft" | completed impressions 3 user-claimed
    1795438000 lab-mono дмитрий | Договор №5.docx | completed impressions 3 user-claimed
    1795438002 dead ivan | a4-3p.pdf | canceled impressions 0 user-claimed
    1795438002 lab-colour hank | a4-3p.pdf | completed impressions 3 user-claimed
    1795438002 lab-colour bob | a4-5p.pdf | completed impressions 2 user-claimed
    1795438002 lab-colour bob | a4-5p.pdf | completed impressions 7 user-claimed
    1795438002 lab-mono mallory | tab here | completed impressions 3 title-changed,user-claimed
    1795438002 lab-mono mallory | evil 9999 lab-mono [23/N | completed impressions 3 title-changed,user-claimed
    1795438003 lab-mono mal lory | xxxxxxxxxxxxxxxxxxxxxxxx | completed impressions 3 title-changed,user-claimed
    1795438004 lab-mono gina | a4-3p.pdf | completed impressions 4 user-claimed
    1795438005 lab-mono zoe | a4-3p.pdf | completed impressions 6 user-claimed
    "#);
    let again = spooler.new_jobs(&cursor, NOW).await.unwrap();
    assert_eq!(again.records, []);
    assert_eq!(again.cursor, cursor);
}

#[tokio::test]
async fn an_empty_spooler_is_no_error_and_a_refusal_is() {
    let harvest = spooler(empty(0x0000)).new_jobs(&Cursor::start(), NOW).await;
    assert_eq!(harvest.unwrap().records, []);
    let refused = spooler(empty(0x0403)).new_jobs(&Cursor::start(), NOW).await;
    let error = refused.unwrap_err();
    assert!(
        matches!(error, AskError::Refused { code: 0x0403, .. }),
        "{error}"
    );
}
