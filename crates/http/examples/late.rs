//! What late jobs cost: many sealed days, one late job for each of them, and a year's report as gzip
//! before, right after, and once what changed was made ready.
//!
//! `cargo run --release -p platen-http --example late -- [days [jobs a day]]`
//!
//! Everything happens in this process: its CPU time is what is told. Whole days are over, so each of
//! them is one block.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement ends at the first surprise and prints what it finds"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use platen_app::access::issuers::IssuerKey;
use platen_app::access::licences;
use platen_app::{App, AppOptions, PasswordCost};
use platen_domain::clock::{ManualClock, Timestamp};
use platen_domain::ids::SeededIds;
use platen_domain::licences::{Feature, Licence};
use platen_domain::organizations::Organization;
use platen_domain::print_jobs::{Counts, Evidence, PrintRecord, SourceKey};
use platen_domain::report_apis::ReportApi;
use platen_http::limits::Limits;
use platen_http::{HttpOptions, Layouts, Service};
use platen_store::{Store, StoreOptions};

/// 2026-11-23T00:00:00Z: no day is over after it.
const NOW: Timestamp = Timestamp::from_millis(1_795_392_000_000);

/// The year before, as a report's period.
const YEAR: &str = "/ReportApi/Reports/PrintJobs/2025-11-01/2026-10-31";

/// Records taken in at a time.
const BATCH: usize = 10_000;

/// How often the report is read each time; the median is told.
const READS: usize = 5;

/// Rounds of sealing that are counted: some minutes of a server's life.
const ROUNDS: usize = 3;

/// Hundredths of a second, in which `/proc` counts.
const TICK: Duration = Duration::from_millis(10);

struct Bench {
    app: App,
    service: Service,
    organization: Organization,
    bearer: String,
    days: u64,
    jobs: u64,
}

#[tokio::main]
async fn main() {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .map(|n| n.parse().unwrap())
        .collect();
    let days = numbers.first().copied().unwrap_or(1_096);
    let jobs = numbers.get(1).copied().unwrap_or(500);
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::open(directory.path(), days, jobs).await;
    bench.fill().await;
    let before = bench.report("sealed").await;

    let (cpu, started) = (cpu(), Instant::now());
    bench.late().await;
    let taken = self::cpu().saturating_sub(cpu);
    println!(
        "{days} late jobs taken in: {:.2} CPU-s",
        taken.as_secs_f64()
    );
    let cold = bench.read().await;
    println!("first report after them: {cold:?}");
    for _ in 0..ROUNDS {
        bench.round().await;
    }
    let whole = self::cpu().saturating_sub(cpu);
    println!(
        "until everything is as ready as before: {:.2} CPU-s, {:.1} s",
        whole.as_secs_f64(),
        started.elapsed().as_secs_f64()
    );
    let after = bench.report("with late jobs").await;
    println!(
        "late: cpu_s={:.2} gzip_ratio={:.2} gzip_ratio_first={:.2}",
        whole.as_secs_f64(),
        after.as_secs_f64() / before.as_secs_f64(),
        cold.as_secs_f64() / before.as_secs_f64(),
    );
    bench.app.store().close().await;
}

impl Bench {
    async fn open(directory: &std::path::Path, days: u64, jobs: u64) -> Self {
        let ids = Arc::new(SeededIds::new(7));
        let store = Store::open(directory, StoreOptions::default()).unwrap();
        let options = AppOptions {
            password_cost: PasswordCost::LEAST,
        };
        let clock = Arc::new(ManualClock::at(NOW));
        let app = App::new(store, clock, ids.clone(), options);
        let issuer = IssuerKey::generate("Bench", &*ids);
        app.access().trust_issuer(issuer.issuer()).await.unwrap();
        let organization = app.access().add_organization("Bench", "UTC").await.unwrap();
        let licence = Licence {
            organization: "Bench".to_owned(),
            features: Feature::ALL.to_vec(),
            device_limit: None,
            valid_from: NOW,
            valid_until: None,
            evaluation: false,
        };
        let document = licences::issue(&issuer, &licence).unwrap();
        let scope = app.access().operator(organization.id);
        app.access()
            .install_licence(&scope, &document)
            .await
            .unwrap();
        let key = app
            .access()
            .enable_key(&scope, ReportApi::PrintJobs)
            .await
            .unwrap();
        let http = HttpOptions {
            public_url: "http://127.0.0.1".to_owned(),
            layouts: Layouts::default(),
            limits: Limits::default(),
        };
        Self {
            service: Service::new(app.clone(), http),
            app,
            organization,
            bearer: format!("bearer {}", key.expose()),
            days,
            jobs,
        }
    }

    fn record(&self, id: &str, day: u64, number: u64) -> PrintRecord {
        let begin = NOW.minus(Duration::from_hours(24 * (day + 2)));
        let at = begin.plus(Duration::from_millis(number * 86_000_000 / self.jobs));
        let mut record = PrintRecord::new(SourceKey::new("agent|bench", id), at);
        let pick = day * 7 + number * 31;
        record.user = Some(format!("user{}", pick % 200));
        record.queue = Some(format!("queue{}", pick % 17));
        record.document = Some(format!("Report {} of {}.pdf", pick % 911, pick % 13));
        record.counts = Counts {
            pages: u32::try_from(pick % 40).ok(),
            copies: Some(1),
            impressions: u32::try_from(pick % 40).ok(),
            evidence: Evidence::Spooler,
            ..Counts::default()
        };
        record.derive_sheets();
        record
    }

    async fn fill(&self) {
        let scope = self.app.access().operator(self.organization.id);
        let mut records = Vec::with_capacity(BATCH);
        for day in 0..self.days {
            for number in 0..self.jobs {
                records.push(self.record(&format!("{day}-{number}"), day, number));
            }
            if records.len() >= BATCH || day + 1 == self.days {
                let part = std::mem::take(&mut records);
                self.app
                    .printing()
                    .take_in_print_jobs(&scope, part, None)
                    .await
                    .unwrap();
            }
        }
        self.round().await;
        println!("{} days of {} jobs are sealed", self.days, self.jobs);
    }

    /// One late job for each day, in one call.
    async fn late(&self) {
        let scope = self.app.access().operator(self.organization.id);
        let late =
            (0..self.days).map(|day| self.record(&format!("late-{day}"), day, self.jobs / 2));
        let late = late.collect();
        self.app
            .printing()
            .take_in_print_jobs(&scope, late, None)
            .await
            .unwrap();
    }

    /// What the server does every minute.
    async fn round(&self) {
        self.app.printing().seal_closed_days().await.unwrap();
        let layout = Layouts::default().print_jobs;
        self.app.printing().render_sealed(&layout).await.unwrap();
    }

    async fn read(&self) -> Duration {
        let started = Instant::now();
        let request = Request::get(YEAR)
            .header("authorization", &self.bearer)
            .header("accept-encoding", "gzip")
            .body(Full::new(Bytes::new()))
            .unwrap();
        let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let answer = self.service.answer(peer, request).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            frame.unwrap();
        }
        started.elapsed()
    }

    async fn report(&self, what: &str) -> Duration {
        let mut times = Vec::with_capacity(READS);
        for _ in 0..READS {
            times.push(self.read().await);
        }
        times.sort();
        println!("a year as gzip, {what}: {times:?}");
        times[READS / 2]
    }
}

/// User and system time of this process so far.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    // utime and stime, fields 14 and 15 of proc_pid_stat(5).
    let ticks: u32 = fields[11..13]
        .iter()
        .map(|n| n.parse::<u32>().unwrap())
        .sum();
    TICK * ticks
}
