//! An office that prints, and ways to ask for what it printed.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use platen_domain::organizations::Organization;
use platen_domain::report_apis::ReportApi;
use platen_http::Layouts;
use serde_json::Value;

use crate::support::printing::job;
use crate::support::{Got, World};

/// Four days of its jobs.
pub(crate) const DAYS: &str = "/ReportApi/Reports/PrintJobs/2026-11-18/2026-11-21";

pub(crate) struct Office {
    pub(crate) world: World,
    pub(crate) organization: Organization,
    pub(crate) credential: String,
    pub(crate) bearer: String,
    pub(crate) months_bearer: String,
    pub(crate) pushed: std::cell::Cell<u64>,
}

impl Office {
    pub(crate) async fn new() -> Self {
        Self::within(World::new().await, "Northwind").await
    }

    pub(crate) async fn within(world: World, name: &str) -> Self {
        let organization = world.organization(name, None).await;
        let bearer = |key| format!("bearer {key}");
        Self {
            credential: world.collector(&organization, "site").await,
            bearer: bearer(world.enable(&organization, ReportApi::PrintJobs).await),
            months_bearer: bearer(
                world
                    .enable(&organization, ReportApi::MonthlyPrintJobs)
                    .await,
            ),
            organization,
            world,
            pushed: 0.into(),
        }
    }

    /// Three jobs a day for five days, sent in no order, a day ending at 23:00 UTC in Berlin.
    pub(crate) async fn with_jobs() -> Self {
        let office = Self::new().await;
        let mut lines = Vec::new();
        for day in [19, 17, 21, 18, 20] {
            for (hour, user) in [
                ("22:59:59.999", "ada"),
                ("08:30:00", "bob"),
                ("23:00:00", "cyd"),
            ] {
                let more = format!(
                    r#""user":"{user}","document":"Plan, \"{day}\".pdf","queue":"lobby","impressions":4,"pages":4,"copies":1,"sides":"two-sided-long-edge","media":"iso_a4_210x297mm","color_mode":"monochrome","bytes":{day}"#
                );
                lines.push(job(
                    &format!("{day}-{user}"),
                    &format!("2026-11-{day}T{hour}Z"),
                    &more,
                ));
            }
        }
        office.push(&lines.join("\n")).await;
        office
    }

    pub(crate) async fn push(&self, records: &str) -> Value {
        self.pushed.set(self.pushed.get() + 1);
        let sequence = self.pushed.get();
        let got = self.world.push(&self.credential, sequence, records).await;
        assert_eq!(got.status, StatusCode::OK);
        got.json()
    }

    pub(crate) async fn get(&self, path: &str, more: &[(&str, &str)]) -> Got {
        let headers = [&[("authorization", self.bearer.as_str())], more].concat();
        self.world.get(path, &headers).await
    }

    /// Whether an answer ends with an error that its client sees.
    pub(crate) async fn breaks_off(&self, path: &str, more: &[(&str, &str)]) -> bool {
        let headers = [&[("authorization", self.bearer.as_str())], more].concat();
        let answer = self.world.answer(&Method::GET, path, &headers, "").await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.into_body().collect().await.is_err()
    }

    pub(crate) async fn months(&self, path: &str) -> Got {
        let headers = [("authorization", self.months_bearer.as_str())];
        self.world.get(path, &headers).await
    }

    /// Ids and users of a report's rows, in its order.
    pub(crate) async fn users(&self, path: &str) -> String {
        let got = self.get(path, &[]).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.text());
        listed(&got.json())
    }

    /// Seals what is over and compresses it; says how many blocks there are.
    pub(crate) async fn seal(&self) -> u64 {
        let made = self.world.app.printing().seal_closed_days().await.unwrap();
        let layout = Layouts::default().print_jobs;
        let rendered = self
            .world
            .app
            .printing()
            .render_sealed(&layout)
            .await
            .unwrap();
        assert_eq!(rendered, made);
        made
    }

    /// Checks that every answer is the one that rows give, in every form and coding.
    pub(crate) async fn check_against_rows(&self, path: &str) {
        let rows = self.rows_say(path).await;
        for (way, octets) in self.every_way(path).await {
            let format = way.split(' ').next().unwrap();
            let texts =
                [&octets, rows.get(format).unwrap()].map(|text| String::from_utf8_lossy(text));
            assert_eq!(texts[0], texts[1], "{way}");
        }
    }

    /// The report by format as rows give it: a server that never saw a block reads it, and finds
    /// no file of one.
    async fn rows_say(&self, path: &str) -> HashMap<&'static str, Vec<u8>> {
        let blocks = self.world.directory().join("blocks");
        let away = self.world.directory().join("blocks.away");
        let there = blocks.exists();
        if there {
            std::fs::rename(&blocks, &away).unwrap();
        }
        let mut rows = HashMap::new();
        for format in ["json", "ndjson", "csv"] {
            let path = format!("{path}?format={format}");
            let headers = [("authorization", self.bearer.as_str())];
            let other = self.world.another_server();
            rows.insert(format, other.get(&path, &headers).await.body.to_vec());
        }
        if there {
            std::fs::rename(&away, &blocks).unwrap();
        }
        rows
    }

    /// The files of columns there are.
    pub(crate) fn block_files(&self) -> Vec<PathBuf> {
        block_files(self.world.directory(), ".columns")
    }

    /// Whether a file of columns holds a text.
    pub(crate) fn files_say(&self, text: &str) -> bool {
        self.block_files().iter().any(|file| {
            let octets = std::fs::read(file).unwrap();
            octets
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        })
    }

    /// Every way in which a report can be asked for, decoded.
    pub(crate) async fn every_way(&self, path: &str) -> Vec<(String, Vec<u8>)> {
        let mut answers = Vec::new();
        for format in ["json", "ndjson", "csv"] {
            for coding in ["identity", "gzip", "zstd"] {
                self.world.clock.advance(Duration::from_secs(1));
                let path = format!("{path}?format={format}");
                let got = self.get(&path, &[("accept-encoding", coding)]).await;
                assert_eq!(got.status, StatusCode::OK);
                let stated = got.header("content-encoding").unwrap_or("identity");
                assert_eq!(stated, coding);
                answers.push((format!("{format} {coding}"), decoded(coding, &got.body)));
            }
        }
        answers
    }
}

pub(crate) fn listed(rows: &Value) -> String {
    let mut text = String::new();
    for row in rows.as_array().unwrap() {
        let at = row["CompletedAt"].as_str().unwrap();
        writeln!(text, "{at} {}", row["UserName"].as_str().unwrap_or("-")).unwrap();
    }
    text
}

/// What a coding hides; gzip must be one member, zstd one frame, and nothing behind.
pub(crate) fn decoded(coding: &str, body: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" => {
            let mut plain = Vec::new();
            let mut member = flate2::bufread::GzDecoder::new(body);
            member.read_to_end(&mut plain).unwrap();
            assert!(member.into_inner().is_empty(), "more than one gzip member");
            plain
        }
        "zstd" => {
            let mut plain = Vec::new();
            let frame = zstd::stream::read::Decoder::with_buffer(body).unwrap();
            let mut frame = frame.single_frame();
            frame.read_to_end(&mut plain).unwrap();
            assert!(frame.finish().is_empty(), "more than one zstd frame");
            plain
        }
        _ => body.to_vec(),
    }
}

/// Files of blocks whose name ends so.
pub(crate) fn block_files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for organization in std::fs::read_dir(directory.join("blocks")).unwrap() {
        for file in std::fs::read_dir(organization.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
