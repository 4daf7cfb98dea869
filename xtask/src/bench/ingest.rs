//! How fast print jobs are taken in durably, with monthly sums kept in the same transaction,
//! while reports are read.

mod charged;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use jiff::civil::{Date, date};
use platen_domain::clock::{Clock as _, Timestamp};
use platen_domain::ids::OrganizationId;
use platen_domain::organizations::Organization;
use platen_domain::prices::PriceBook;
use platen_domain::print_jobs::PrintRecord;
use platen_domain::scope::{Actor, Scope};
use platen_store::{JobOutcome, JobPosition, PlacedRecord, Store, StoreOptions};
use tokio::task::JoinSet;

use super::traffic;
use super::writer::{PerJob, WriterCosts};
use crate::clock::WallClock;
use crate::shell;

/// The first day that somebody prints on.
const FIRST_DAY: Date = date(2024, 1, 1);

/// Records made before the clock runs, so that making them is not measured.
const CHUNK: usize = 50_000;

/// Jobs of a page that the reader reads.
const PAGE: u32 = 8_192;

/// Collectors that each wait for their own single record.
const COLLECTORS: usize = 32;

/// The source that has many keys before jobs are added to it.
const FULL_SOURCE: &str = "cups|full";

/// Options of the measurement.
#[derive(Args)]
pub(crate) struct Options {
    /// Jobs that make the store large, by batches of 1,000: once with keys that count upwards, and
    /// once more with random UUIDs. Every other case takes a tenth of them in.
    #[arg(long, default_value_t = 500_000)]
    rows: usize,
}

/// Measures and prints; the last lines are for machines.
pub(super) fn run(options: &Options) -> Result<()> {
    let directory = shell::target_directory().join("bench/ingest");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(measure(options, &directory))
}

async fn measure(options: &Options, directory: &Path) -> Result<()> {
    let bench = Bench::open(&directory.join("plain")).await?;
    let part = options.rows / 10;
    let case = |source, rows, batch, read| Case {
        source,
        into: source,
        rows,
        batch,
        read,
    };
    let thousand = bench
        .take_in(&case("agent|a", options.rows, 1_000, true))
        .await?;
    let hundred = bench.take_in(&case("agent|c", part, 100, true)).await?;
    let uuids = bench.take_in(&case("cups|b", part, 1_000, true)).await?;
    bench
        .take_in(&case(FULL_SOURCE, options.rows, 1_000, false))
        .await?;
    let into_full = Case {
        into: FULL_SOURCE,
        ..case("cups|more", part, 1_000, true)
    };
    let into_full = bench.take_in(&into_full).await?;
    let one = bench.take_in(&case("agent|d", 20_000, 1, false)).await?;
    let many = bench.take_in_side_by_side(60_000).await?;
    let again = bench.take_in(&case("agent|a", part, 1_000, false)).await?;
    println!(
        "(the last row is sent again: {:.0} duplicates/s)",
        again.rate
    );
    let months = bench.read_months().await?;
    bench.store.close().await;
    let charged = charged::measure(&directory.join("charged")).await?;
    for (name, taken) in [
        ("1000", &thousand),
        ("100", &hundred),
        ("1000_uuid", &uuids),
        ("1000_uuid_full", &into_full),
        ("1", &one),
        ("1x32", &many),
    ] {
        println!(
            "ingest: case={name} rows_per_s={:.0} slowest_ms={:.0} writer_us_per_job={:.1} \
             bytes_per_job={:.0}",
            taken.rate,
            taken.slowest.as_secs_f64() * 1e3,
            taken.writer.cpu_us,
            taken.writer.bytes,
        );
    }
    for charged in charged {
        println!(
            "ingest: case=charged_{} rows_per_s={:.0} longest_wait_ms={:.0} \
             writer_us_per_job={:.1} bytes_per_job={:.0}",
            charged.size,
            charged.rate,
            charged.longest_wait.as_secs_f64() * 1e3,
            charged.writer.cpu_us,
            charged.writer.bytes,
        );
    }
    println!(
        "ingest: duplicates_per_s={:.0} month_ms={:.1}",
        again.rate,
        months.as_secs_f64() * 1e3,
    );
    Ok(())
}

/// What is taken in.
struct Case {
    /// The traffic that the jobs are of; it decides what their keys look like.
    source: &'static str,
    /// The source that their keys name.
    into: &'static str,
    rows: usize,
    batch: usize,
    /// Whether somebody reads meanwhile.
    read: bool,
}

/// What that came to.
struct Taken {
    /// Jobs a second.
    rate: f64,
    /// What the batch took that took longest.
    slowest: Duration,
    writer: PerJob,
}

/// A store with an organization in it.
struct Bench {
    store: Store,
    scope: Scope,
}

impl Bench {
    async fn open(directory: &Path) -> Result<Self> {
        let now = WallClock.now();
        let options = StoreOptions {
            now,
            ..StoreOptions::default()
        };
        let store = Store::open(directory, options)?;
        let organization = Organization {
            id: OrganizationId::from_bytes([1; 16]),
            name: "Bench".to_owned(),
            time_zone: "UTC".to_owned(),
            created_at: now,
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the bench stands in for the authorization layer"
        )]
        let scope = Scope::grant(organization.id, Actor::System("bench"));
        store
            .write(move |w| w.insert_organization(&organization))
            .await?;
        Ok(Self { store, scope })
    }

    /// Takes jobs in, batch after batch, each on disk before the next is sent.
    async fn take_in(&self, case: &Case) -> Result<Taken> {
        let traffic = traffic::site(case.source);
        let last = FIRST_DAY.checked_add(jiff::Span::new().years(20))?;
        // Another first day makes other keys.
        let first = if case.into == case.source {
            FIRST_DAY
        } else {
            FIRST_DAY.checked_add(jiff::Span::new().years(1))?
        };
        let (own, into) = (name_of(case.source), name_of(case.into));
        let records = traffic.jobs(first, last).take(case.rows);
        let mut records = records.map(|mut record| {
            record.key.source = record.key.source.replace(own, into);
            record
        });
        let reading = Arc::new(AtomicBool::new(case.read));
        let read_rows = Arc::new(AtomicU64::new(0));
        let reader = tokio::spawn(self.read_on(Arc::clone(&reading), Arc::clone(&read_rows)));
        let (mut wall, mut taken, mut slowest) = (Duration::ZERO, 0, Duration::ZERO);
        let before = WriterCosts::now();
        loop {
            let chunk: Vec<PrintRecord> = records.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                break;
            }
            taken += chunk.len();
            let batches = batches(chunk, case.batch);
            let started = Instant::now();
            for batch in batches {
                let sent = Instant::now();
                self.write(batch).await?;
                slowest = slowest.max(sent.elapsed());
            }
            wall += started.elapsed();
        }
        let writer = before.per_job(taken);
        reading.store(false, Ordering::Relaxed);
        reader.await?;
        let taken = Taken::told(
            &format!("{:<10} batches of {:>5}", case.source, case.batch),
            (taken, wall),
            slowest,
            writer,
        );
        let rows = read_rows.load(Ordering::Relaxed);
        if case.read {
            println!("           ({rows} rows read meanwhile)");
        }
        Ok(taken)
    }

    /// Many collectors, each with single records.
    async fn take_in_side_by_side(&self, rows: usize) -> Result<Taken> {
        let mut collectors = JoinSet::new();
        let (before, started) = (WriterCosts::now(), Instant::now());
        for number in 0..COLLECTORS {
            let traffic = traffic::site(&format!("agent|e{number}"));
            let last = FIRST_DAY.checked_add(jiff::Span::new().years(1))?;
            let records: Vec<_> = traffic
                .jobs(FIRST_DAY, last)
                .take(rows / COLLECTORS)
                .collect();
            let bench = self.clone();
            collectors.spawn(async move {
                let mut slowest = Duration::ZERO;
                for batch in batches(records, 1) {
                    let sent = Instant::now();
                    bench.write(batch).await?;
                    slowest = slowest.max(sent.elapsed());
                }
                Ok::<_, anyhow::Error>(slowest)
            });
        }
        let mut slowest = Duration::ZERO;
        while let Some(done) = collectors.join_next().await {
            slowest = slowest.max(done??);
        }
        Ok(Taken::told(
            &format!("{COLLECTORS} collectors, single records"),
            (rows, started.elapsed()),
            slowest,
            before.per_job(rows),
        ))
    }

    async fn write(&self, batch: Vec<PlacedRecord>) -> Result<Vec<JobOutcome>> {
        let scope = self.scope.clone();
        let now = WallClock.now();
        let units = self.store.of(&scope).with_rows(batch.len());
        let written = units.write(move |writer| {
            writer.record_print_jobs(&scope, &batch, &PriceBook::default(), now)
        });
        Ok(written.await?)
    }

    /// Reads page after page from the beginning, as a report over open days does.
    fn read_on(
        &self,
        reading: Arc<AtomicBool>,
        rows: Arc<AtomicU64>,
    ) -> impl Future<Output = ()> + use<> {
        let (store, scope) = (self.store.clone(), self.scope.clone());
        async move {
            let beginning = JobPosition::before(Timestamp::from_millis(0));
            let end = Timestamp::from_millis(i64::MAX);
            let mut after = beginning;
            while reading.load(Ordering::Relaxed) {
                let scope = scope.clone();
                let page = store
                    .read(move |r| r.print_page(&scope, after, end, PAGE))
                    .await;
                let Ok(page) = page else { return };
                rows.fetch_add(page.len() as u64, Ordering::Relaxed);
                after = page.end().unwrap_or(beginning);
            }
        }
    }

    /// How long all rows of one month's data take.
    async fn read_months(&self) -> Result<Duration> {
        let scope = self.scope.clone();
        let started = Instant::now();
        let rows = self
            .store
            .read(move |r| r.print_months(&scope, (202_401, 202_401), None, u32::MAX))
            .await?;
        println!("one month: {} rows of monthly data", rows.len());
        Ok(started.elapsed())
    }
}

impl Taken {
    /// Says what it came to, for people.
    fn told(
        name: &str,
        (jobs, wall): (usize, Duration),
        slowest: Duration,
        writer: PerJob,
    ) -> Self {
        let rate = per_second(jobs, wall);
        println!(
            "{name}: {jobs:>8} jobs in {:>6.1} s, {rate:>7.0} jobs/s, slowest {:.0} ms, writer \
             {:.1} us CPU and {:.0} bytes a job",
            wall.as_secs_f64(),
            slowest.as_secs_f64() * 1e3,
            writer.cpu_us,
            writer.bytes,
        );
        Self {
            rate,
            slowest,
            writer,
        }
    }
}

impl Clone for Bench {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            scope: self.scope.clone(),
        }
    }
}

/// The part of a source behind its kind.
fn name_of(source: &str) -> &str {
    source.split_once('|').map_or(source, |(_, name)| name)
}

fn batches(records: Vec<PrintRecord>, size: usize) -> Vec<Vec<PlacedRecord>> {
    let mut records = records.into_iter().map(traffic::placed);
    let mut batches = Vec::new();
    loop {
        let batch: Vec<_> = records.by_ref().take(size).collect();
        if batch.is_empty() {
            return batches;
        }
        batches.push(batch);
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a bench are small")]
fn per_second(count: usize, wall: Duration) -> f64 {
    count as f64 / wall.as_secs_f64()
}
