//! How fast print jobs are taken in durably, with monthly sums kept in the same transaction,
//! while reports are read.

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

use super::{cpu, traffic};
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

/// Options of the measurement.
#[derive(Args)]
pub(crate) struct Options {
    /// Jobs taken in by batches of 1,000.
    #[arg(long, default_value_t = 5_000_000)]
    rows: usize,
}

/// Measures and prints; the last line is for machines.
pub(super) fn run(options: &Options) -> Result<()> {
    let directory = shell::target_directory().join("bench/ingest");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(measure(options, &directory))
}

async fn measure(options: &Options, directory: &Path) -> Result<()> {
    let bench = Bench::open(directory).await?;
    let thousand = bench.take_in("agent|a", options.rows, 1_000, true).await?;
    let uuids = bench
        .take_in("cups|b", options.rows / 10, 1_000, true)
        .await?;
    let hundred = bench
        .take_in("agent|c", options.rows / 10, 100, true)
        .await?;
    let one = bench.take_in("agent|d", 20_000, 1, false).await?;
    let many = bench.take_in_side_by_side(60_000).await?;
    let again = bench
        .take_in("agent|a", options.rows / 10, 1_000, false)
        .await?;
    println!("(the last row is sent again: {again:.0} duplicates/s)");
    let months = bench.read_months().await?;
    println!(
        "ingest: rows_per_s_1={one:.0} rows_per_s_1x{COLLECTORS}={many:.0} \
         rows_per_s_100={hundred:.0} rows_per_s_1000={thousand:.0} \
         rows_per_s_1000_uuid={uuids:.0} duplicates_per_s={again:.0} month_ms={:.1}",
        months.as_secs_f64() * 1e3,
    );
    bench.store.close().await;
    Ok(())
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

    /// Takes `rows` jobs of a source in, batch after batch, each on disk before the next is
    /// sent. Returns jobs per second.
    async fn take_in(&self, source: &str, rows: usize, batch: usize, read: bool) -> Result<f64> {
        let traffic = traffic::site(source);
        let last = FIRST_DAY.checked_add(jiff::Span::new().years(20))?;
        let mut records = traffic.jobs(FIRST_DAY, last).take(rows);
        let reading = Arc::new(AtomicBool::new(read));
        let read_rows = Arc::new(AtomicU64::new(0));
        let reader = tokio::spawn(self.read_on(Arc::clone(&reading), Arc::clone(&read_rows)));
        let (mut wall, mut taken) = (Duration::ZERO, 0);
        let cpu_before = cpu::spent(std::process::id())?;
        loop {
            let chunk: Vec<PrintRecord> = records.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                break;
            }
            taken += chunk.len();
            let batches = batches(chunk, batch);
            let started = Instant::now();
            for batch in batches {
                self.write(batch).await?;
            }
            wall += started.elapsed();
        }
        reading.store(false, Ordering::Relaxed);
        reader.await?;
        let rate = per_second(taken, wall);
        println!(
            "{source:<8} batches of {batch:>5}: {taken:>8} jobs in {:>6.1} s, {rate:>7.0} jobs/s \
             (CPU with making them and reading: {:.1} us/job; {} rows read meanwhile)",
            wall.as_secs_f64(),
            cpu::spent(std::process::id())?
                .saturating_sub(cpu_before)
                .as_secs_f64()
                * 1e6
                / f64::from(u32::try_from(taken)?),
            read_rows.load(Ordering::Relaxed),
        );
        Ok(rate)
    }

    /// Many collectors, each with single records.
    async fn take_in_side_by_side(&self, rows: usize) -> Result<f64> {
        let mut collectors = JoinSet::new();
        let started = Instant::now();
        for number in 0..COLLECTORS {
            let traffic = traffic::site(&format!("agent|e{number}"));
            let last = FIRST_DAY.checked_add(jiff::Span::new().years(1))?;
            let records: Vec<_> = traffic
                .jobs(FIRST_DAY, last)
                .take(rows / COLLECTORS)
                .collect();
            let bench = self.clone();
            collectors.spawn(async move {
                for batch in batches(records, 1) {
                    bench.write(batch).await?;
                }
                Ok::<_, anyhow::Error>(())
            });
        }
        while let Some(done) = collectors.join_next().await {
            done??;
        }
        let (rate, wall) = (per_second(rows, started.elapsed()), started.elapsed());
        println!(
            "{COLLECTORS} collectors with single records: {rows} jobs in {:.1} s, {rate:.0} jobs/s",
            wall.as_secs_f64()
        );
        Ok(rate)
    }

    async fn write(&self, batch: Vec<PlacedRecord>) -> Result<Vec<JobOutcome>> {
        let scope = self.scope.clone();
        let now = WallClock.now();
        let written = self.store.write(move |writer| {
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
            .read(move |r| r.print_months(&scope, (202_403, 202_403), None, u32::MAX))
            .await?;
        println!("one month: {} rows of monthly data", rows.len());
        Ok(started.elapsed())
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
