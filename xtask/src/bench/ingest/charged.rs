//! Batches of jobs that name accounts, as collectors push them, and how long others wait for the
//! writer meanwhile.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use platen_app::printing::ingest::RECORDS_PER_BATCH_MAX;
use platen_app::{App, AppOptions};
use platen_collect::joblog::record_json;
use platen_domain::clock::Clock as _;
use platen_domain::collectors::BatchId;
use platen_domain::ids::{OrganizationId, SeededIds};
use platen_domain::scope::{Actor, Scope};
use platen_store::{Store, StoreOptions};

use super::super::accounts::data;
use super::super::traffic;
use super::super::writer::{PerJob, WriterCosts};
use super::{FIRST_DAY, per_second};
use crate::clock::WallClock;

/// Records of a batch, in the order of the cases.
const SIZES: [usize; 3] = [100, 1_000, RECORDS_PER_BATCH_MAX];

/// Jobs of each case.
const JOBS: usize = 20_000;

/// Pause of the other organization between two writes.
const PACE: Duration = Duration::from_millis(1);

/// What one case came to.
pub(super) struct Charged {
    pub(super) size: usize,
    pub(super) rate: f64,
    pub(super) writer: PerJob,
    /// How long a small write of another organization took at most.
    pub(super) longest_wait: Duration,
}

/// Measures every case in a store of its own.
pub(super) async fn measure(directory: &Path) -> Result<Vec<Charged>> {
    let options = StoreOptions {
        now: WallClock.now(),
        ..StoreOptions::default()
    };
    let store = Store::open(directory, options)?;
    let ids = Arc::new(SeededIds::new(11));
    let clock = Arc::new(WallClock);
    let app = App::new(store.clone(), clock, ids, AppOptions::default());
    let organization = app.access().add_organization("Charged", "UTC").await?;
    let scope = scope(organization.id);
    let within = scope.clone();
    let now = WallClock.now();
    store
        .of(&scope)
        .write(move |writer| data::open_accounts(writer, &within, now))
        .await?;
    let collector = collector(&app, &scope).await?;
    let mut cases = Vec::new();
    for (epoch, size) in (1..).zip(SIZES) {
        cases.push(case(&app, &collector, epoch, size).await?);
    }
    store.close().await;
    Ok(cases)
}

async fn case(app: &App, collector: &Scope, epoch: u64, size: usize) -> Result<Charged> {
    let batches = batches(epoch, size)?;
    let stop: Arc<AtomicBool> = Arc::default();
    let other = tokio::spawn(wait_for_writer(app.store().clone(), Arc::clone(&stop)));
    let (before, started) = (WriterCosts::now(), Instant::now());
    for (sequence, body) in (1..).zip(batches) {
        let batch = BatchId { epoch, sequence };
        app.printing().ingest(collector, batch, &body).await?;
    }
    let wall = started.elapsed();
    let writer = before.per_job(JOBS);
    stop.store(true, Ordering::Relaxed);
    let charged = Charged {
        size,
        rate: per_second(JOBS, wall),
        writer,
        longest_wait: other.await??,
    };
    println!(
        "charged  batches of {size:>5}: {JOBS:>8} jobs in {:>6.1} s, {:>7.0} jobs/s, writer {:.1} us \
         CPU and {:.0} bytes a job; another organization's write took {:.0} ms at most",
        wall.as_secs_f64(),
        charged.rate,
        writer.cpu_us,
        writer.bytes,
        charged.longest_wait.as_secs_f64() * 1e3,
    );
    Ok(charged)
}

/// The bodies of the batches, with an account for every job.
fn batches(epoch: u64, size: usize) -> Result<Vec<Vec<u8>>> {
    let traffic = traffic::site(&format!("agent|charged{epoch}"));
    let last = FIRST_DAY.checked_add(jiff::Span::new().years(1))?;
    let records = traffic.jobs(FIRST_DAY, last).take(JOBS);
    let mut batches = vec![Vec::new()];
    for (number, mut record) in (0..).zip(records) {
        if number > 0 && number % size == 0 {
            batches.push(Vec::new());
        }
        record.account = Some(data::code(u64::try_from(number)? % data::ACCOUNTS));
        let body = batches.last_mut().context("there is one")?;
        record_json::encode(&record, body);
        body.push(b'\n');
    }
    Ok(batches)
}

/// Enrols a collector, and lets it in.
async fn collector(app: &App, scope: &Scope) -> Result<Scope> {
    let code = app.access().create_enrolment_code(scope, "").await?;
    let (_, credential) = app.access().enrol(code.expose(), "bench").await?;
    Ok(app
        .access()
        .authenticate_collector(credential.expose())
        .await?)
}

/// Writes a setting for another organization over and over, and says how long that took at most.
async fn wait_for_writer(store: Store, stop: Arc<AtomicBool>) -> Result<Duration> {
    let other = scope(OrganizationId::from_bytes([9; 16]));
    let mut longest = Duration::ZERO;
    for number in 0_u64.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let (text, started) = (number.to_string(), Instant::now());
        let written = store
            .of(&other)
            .write(move |w| w.put_setting("bench", &text));
        written.await?;
        longest = longest.max(started.elapsed());
        tokio::time::sleep(PACE).await;
    }
    Ok(longest)
}

fn scope(organization: OrganizationId) -> Scope {
    #[expect(
        clippy::disallowed_methods,
        reason = "the bench stands in for the authorization layer"
    )]
    Scope::grant(organization, Actor::System("bench"))
}
