//! The Ingest API as collectors meet it.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod support;

use std::io::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{Method, StatusCode};
use platen_domain::organizations::Organization;
use platen_domain::privacy::{FieldMode, PrivacyPolicy};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use support::printing::{BATCHES, ENROLMENTS, enrolment, job};
use support::{Got, World, other_secret};

const NOON: &str = "2026-11-23T09:00:00Z";

/// Octets of records that a batch may have, as the documentation states it.
const RECORDS_OCTETS_MAX: usize = 16 * 1024 * 1024;

struct Site {
    world: World,
    organization: Organization,
    credential: String,
}

impl Site {
    async fn new() -> Self {
        let world = World::new().await;
        let organization = world.organization("Northwind", None).await;
        let credential = world.collector(&organization, "site 1").await;
        Self {
            world,
            organization,
            credential,
        }
    }

    async fn push(&self, sequence: u64, records: &str) -> Got {
        self.world.push(&self.credential, sequence, records).await
    }

    async fn push_coded(&self, sequence: u64, more: &[(&str, &str)], body: &[u8]) -> Got {
        let (world, credential) = (&self.world, &self.credential);
        world.push_coded(credential, sequence, more, body).await
    }

    /// Users and documents that are kept, by the operator's own export.
    async fn kept(&self) -> Vec<serde_json::Value> {
        let api = platen_domain::report_apis::ReportApi::PrintJobs;
        let scope = self.world.app.access().operator(self.organization.id);
        self.world
            .app
            .access()
            .disable_key(&scope, api)
            .await
            .unwrap();
        let bearer = format!(
            "bearer {}",
            self.world.enable(&self.organization, api).await
        );
        let path = "/ReportApi/Reports/PrintJobs/2026-11-01/2026-11-30";
        let got = self.world.get(path, &[("authorization", &bearer)]).await;
        got.json().as_array().unwrap().clone()
    }
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    coder.write_all(plain).unwrap();
    coder.finish().unwrap()
}

/// A refusal's status and code.
fn code(got: &Got) -> (u16, String) {
    let problem = got.json();
    let code = problem.get("code").and_then(|code| code.as_str());
    (got.status.as_u16(), code.unwrap().to_owned())
}

fn refusal(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn every_record_is_answered_for_itself() {
    let site = Site::new().await;
    let records = [
        job("1", NOON, r#""user":"ada","impressions":4"#),
        job("1", NOON, r#""user":"ada","impressions":4"#),
        job("1", NOON, r#""user":"ada","impressions":6"#),
        job("2", NOON, r#""usr":"ada""#),
        job("3", "2027-01-01T00:00:00Z", ""),
        job("4", NOON, r#""impressions":1,"color_impressions":2"#),
        "not json".to_owned(),
        String::new(),
        job("5", NOON, ""),
    ];
    let got = site.push(1, &records.join("\n")).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(
        got.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    let receipt = got.json();
    let counts = ["accepted", "revised", "duplicate", "held", "rejected"];
    let counts = counts.map(|name| receipt[name].as_u64().unwrap());
    assert_eq!(counts, [2, 1, 1, 1, 3]);
    assert_eq!(
        (&receipt["epoch"], &receipt["sequence"]),
        (&json!(1), &json!(1))
    );
    let lines = receipt["records"].as_array().unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            let outcome = line["outcome"].as_str().unwrap();
            let reason = line["reason"].as_str();
            reason.map_or_else(
                || outcome.to_owned(),
                |reason| format!("{outcome}: {reason}"),
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    accepted
    duplicate
    revised
    rejected: unknown field 'usr'
    held: completed_at lies more than a day ahead of this server's clock: the record is kept and counts once the clock has come so far
    rejected: color_impressions is more than impressions
    rejected: not one JSON object: expected ident at line 1 column 2
    accepted
    ");
}

#[tokio::test]
async fn a_batch_sent_again_changes_nothing_and_another_under_its_name_is_refused() {
    let site = Site::new().await;
    let first = job("1", NOON, r#""impressions":1"#);
    assert_eq!(site.push(7, &first).await.json()["accepted"], 1);
    let again = site.push(7, &first).await;
    assert_eq!(
        (again.status, again.json()["duplicate"].clone()),
        (StatusCode::OK, json!(1))
    );
    let other = site.push(7, &job("2", NOON, "")).await;
    assert_eq!(code(&other), refusal(409, "different-batch"));
    assert_eq!(site.kept().await.len(), 1);
}

#[tokio::test]
async fn bodies_may_be_compressed() {
    let site = Site::new().await;
    let line = |id| job(id, NOON, "").into_bytes();
    let got = site
        .push_coded(1, &[("content-encoding", "gzip")], &gzip(&line("1")))
        .await;
    assert_eq!(got.json()["accepted"], 1);
    let zstd = zstd::encode_all(&line("2")[..], 3).unwrap();
    let got = site
        .push_coded(2, &[("content-encoding", "zstd")], &zstd)
        .await;
    assert_eq!(got.json()["accepted"], 1);
    // The name stands for the records, however they are coded.
    let got = site.push_coded(2, &[], &line("2")).await;
    assert_eq!(got.json()["duplicate"], 1);
    let got = site
        .push_coded(3, &[("content-encoding", "br")], b"x")
        .await;
    assert_eq!(code(&got), refusal(415, "unsupported-coding"));
    for coding in ["gzip", "zstd"] {
        let got = site
            .push_coded(3, &[("content-encoding", coding)], b"x")
            .await;
        assert_eq!(code(&got), refusal(400, "broken-coding"), "{coding}");
    }
    let mut cut = gzip(&line("3"));
    cut.truncate(cut.len() - 4);
    let got = site
        .push_coded(3, &[("content-encoding", "gzip")], &cut)
        .await;
    assert_eq!(code(&got), refusal(400, "broken-coding"));
}

#[tokio::test]
async fn bombs_are_put_out() {
    let site = Site::new().await;
    let blanks = vec![b'\n'; RECORDS_OCTETS_MAX + 1];
    let got = site
        .push_coded(1, &[("content-encoding", "gzip")], &gzip(&blanks))
        .await;
    assert_eq!(code(&got), refusal(413, "too-large"));
    let zstd = zstd::encode_all(&blanks[..], 3).unwrap();
    let got = site
        .push_coded(1, &[("content-encoding", "zstd")], &zstd)
        .await;
    assert_eq!(code(&got), refusal(413, "too-large"));
    let got = site.push_coded(1, &[], &blanks).await;
    assert_eq!(code(&got), refusal(413, "too-large"));
    // A frame whose window alone would take more memory than a batch may.
    let mut wide = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
    wide.window_log(27).unwrap();
    wide.write_all(job("1", NOON, "").as_bytes()).unwrap();
    let wide = wide.finish().unwrap();
    let got = site
        .push_coded(1, &[("content-encoding", "zstd")], &wide)
        .await;
    assert_eq!(code(&got), refusal(400, "broken-coding"));
}

#[tokio::test]
async fn more_records_or_longer_ones_than_a_batch_may_have() {
    let site = Site::new().await;
    let many = "{}\n".repeat(5_001);
    assert_eq!(
        code(&site.push(1, &many).await),
        refusal(413, "too-many-records")
    );
    let long = job("1", NOON, &format!(r#""user":"{}""#, "a".repeat(64 * 1024)));
    let got = site.push(1, &[long, job("2", NOON, "")].join("\n")).await;
    let records = &got.json()["records"];
    assert_eq!(records[0]["reason"], "a record has 65536 octets at most");
    assert_eq!(records[1]["outcome"], "accepted");
}

#[tokio::test]
async fn what_was_changed_on_its_way_is_not_taken() {
    let site = Site::new().await;
    let body = job("1", NOON, "");
    let digest = |octets: &str| {
        let digest = BASE64_STANDARD.encode(Sha256::digest(octets.as_bytes()));
        format!("sha-256=:{digest}:")
    };
    let wrong = digest("other");
    let got = site
        .push_coded(1, &[("content-digest", &wrong)], body.as_bytes())
        .await;
    assert_eq!(code(&got), refusal(400, "wrong-digest"));
    let right = format!("sha-512=:AAAA:, {}", digest(&body));
    let got = site
        .push_coded(1, &[("content-digest", &right)], body.as_bytes())
        .await;
    assert_eq!(got.json()["accepted"], 1);
}

#[tokio::test]
async fn a_batch_needs_its_name() {
    let site = Site::new().await;
    let bearer = format!("bearer {}", site.credential);
    let authorization = ("authorization", bearer.as_str());
    let epoch = ("platen-batch-epoch", "1");
    for headers in [
        vec![authorization],
        vec![authorization, epoch],
        vec![authorization, epoch, ("platen-batch-sequence", "-1")],
        vec![authorization, epoch, ("platen-batch-sequence", "one")],
    ] {
        let got = site.world.send(&Method::POST, BATCHES, &headers, "").await;
        assert_eq!(code(&got), refusal(400, "bad-batch-id"));
    }
    let largest = u64::MAX;
    let got = site.push(largest, &job("1", NOON, "")).await;
    assert_eq!(got.json()["sequence"], largest);
}

#[tokio::test]
async fn a_code_enrols_one_collector_once() {
    let site = Site::new().await;
    let world = &site.world;
    let secret = world.enrolment_code(&site.organization).await;
    let enrol =
        |body: String| async move { world.send(&Method::POST, ENROLMENTS, &[], body).await };
    for bad in ["", "{}", r#"{"code":"x","name":"y","more":1}"#] {
        assert_eq!(
            code(&enrol(bad.to_owned()).await),
            refusal(400, "bad-enrolment"),
            "{bad}"
        );
    }
    let got = enrol(enrolment(&secret, " ")).await;
    assert_eq!(code(&got), refusal(400, "bad-name"));
    let got = enrol(enrolment(&secret, "site 2")).await;
    assert_eq!(got.status, StatusCode::CREATED);
    assert_eq!(got.header("cache-control"), Some("no-store"));
    let credential = got.json()["credential"].as_str().unwrap().to_owned();
    assert_eq!(
        world.push(&credential, 1, &job("1", NOON, "")).await.status,
        StatusCode::OK
    );
    let unknown = other_secret(&world.ids);
    for used in [&secret, &unknown, &credential] {
        let got = enrol(enrolment(used, "site 3")).await;
        assert_eq!(code(&got), refusal(403, "invalid-enrolment-code"));
    }
}

#[tokio::test]
async fn credentials_that_do_not_count_get_one_answer() {
    let site = Site::new().await;
    let world = &site.world;
    let told = |got: Got| {
        assert_eq!(
            got.header("www-authenticate"),
            Some("Bearer realm=\"Platen\"")
        );
        let mut problem = got.json();
        problem
            .as_object_mut()
            .unwrap()
            .remove("requestId")
            .unwrap();
        (got.status, problem)
    };
    let expected = told(world.send(&Method::POST, BATCHES, &[], "").await);
    assert_eq!(expected.0, StatusCode::UNAUTHORIZED);
    let unknown = other_secret(&world.ids);
    for credential in ["", "x", &unknown] {
        assert_eq!(told(world.push(credential, 1, "").await), expected);
    }
    let scope = world.app.access().operator(site.organization.id);
    let collector = world.app.access().collectors(&scope).await.unwrap()[0].id;
    world
        .app
        .access()
        .revoke_collector(&scope, collector)
        .await
        .unwrap();
    let line = job("1", NOON, "");
    assert_eq!(told(world.push(&site.credential, 1, &line).await), expected);
    assert!(site.kept().await.is_empty());
}

#[tokio::test]
async fn an_expired_licence_stops_no_collector() {
    let world = World::new().await;
    let hour = std::time::Duration::from_hours(1);
    let brief = world.organization("Brief", Some(hour)).await;
    let credential = world.collector(&brief, "site").await;
    world.clock.advance(hour);
    let got = world.push(&credential, 1, &job("1", NOON, "")).await;
    assert_eq!(got.json()["accepted"], 1);
}

#[tokio::test]
async fn privacy_is_applied_whether_the_collector_did_or_not() {
    let site = Site::new().await;
    let policy = PrivacyPolicy {
        user: FieldMode::Hash,
        document: FieldMode::Extension,
        client: FieldMode::Drop,
        document_days: None,
    };
    let scope = site.world.app.access().operator(site.organization.id);
    site.world
        .app
        .people()
        .set_privacy(&scope, policy)
        .await
        .unwrap();
    let bearer = format!("bearer {}", site.credential);
    let shown = site
        .world
        .get("/ingest/v1/privacy", &[("authorization", &bearer)])
        .await;
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let shown = shown.json();
    assert_eq!(shown["user"], "hash");
    assert_eq!(shown["time_zone"], site.organization.time_zone.as_str());
    assert_eq!(shown["pseudonym_key"].as_str().unwrap().len(), 64);
    let told = r#""user":"Ada","client":"ADAS-PC","document":"Dismissal of Bob.pdf""#;
    site.push(1, &job("1", NOON, told)).await;
    let kept = site.kept().await;
    let pseudonym = kept[0]["UserName"].as_str().unwrap().to_owned();
    assert!(
        pseudonym.starts_with("u-") && pseudonym.len() == 22,
        "{pseudonym}"
    );
    assert_eq!(kept[0]["ClientName"], serde_json::Value::Null);
    assert_eq!(kept[0]["Document"], ".pdf");
    let treated = format!(r#""user":"{pseudonym}","document":".pdf""#);
    site.push(2, &job("2", NOON, &treated)).await;
    assert_eq!(site.kept().await[1]["UserName"], pseudonym.as_str());
    // Nothing of the name is on disk, in whatever file.
    let disk = site.world.disk().concat();
    for name in ["ADAS-PC", "Dismissal"] {
        let found = disk.windows(name.len()).any(|w| w == name.as_bytes());
        assert!(!found, "{name} is on disk");
    }
}
