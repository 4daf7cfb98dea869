//! How fast balances are read and accounts are charged, every charge on disk before its answer,
//! while reports are read.

pub(super) mod data;
mod load;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Args;

use self::load::{Answers, Asked};
use super::client::{self, Request};
use super::cpu;
use super::print_jobs;
use super::server::{Place, Server};
use crate::chance::Chance;
use crate::client_application::ClientApplication;
use crate::shell;

/// Connections that read balances, where nothing else is asked.
const READERS: usize = 4;

/// Connections that charge side by side.
const CHARGERS: usize = 32;

/// How often each of the readers asks while there are charges: 200 times a second in all.
const PACE: Duration = Duration::from_millis(20);

/// What chance begins with.
const SEED: u64 = 7;

/// Neither reports nor requests are held back.
const SETTINGS: &str = "[report]\nrequests_per_minute = 10000\nrequests_at_once = 200\n\n\
                        [accounts]\nrequests_per_minute = 1000000\n";

/// The report that is read meanwhile.
const REPORT: &str = "/ReportApi/Reports/PrintJobs/2025-01-01/2025-12-31";

/// Options of the measurement.
#[derive(Args)]
pub(crate) struct Options {
    /// Entries of the ledger that are there before.
    #[arg(long, default_value_t = 1_000_000)]
    entries: u64,
    /// Print jobs that the report hands out.
    #[arg(long, default_value_t = 100_000)]
    jobs: usize,
    /// How long each case is measured.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
}

/// Measures and prints; the last line is for machines.
pub(super) fn run(options: &Options) -> Result<()> {
    let directory = shell::target_directory().join("bench/accounts");
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    let place = Place::make(&directory)?;
    let chance = Chance::new(SEED);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(fill(&place, options, &chance))?;
    let server = place.serve(SETTINGS)?;
    print_jobs::wait_until_sealed(&place.data())?;
    runtime.block_on(measure(&place, &server, options, &chance))
}

async fn fill(place: &Place, options: &Options, chance: &Chance) -> Result<()> {
    let (store, scope) = place.open().await?;
    print_jobs::fill(&store, &scope, options.jobs).await?;
    data::fill(&store, &scope, options.entries, chance).await?;
    store.close().await;
    Ok(())
}

async fn measure(place: &Place, server: &Server, options: &Options, chance: &Chance) -> Result<()> {
    let application = ClientApplication::generate(server.address, &place.set_up).await?;
    let bench = Bench {
        application: Arc::new(application),
        pid: server.pid(),
        duration: Duration::from_secs(options.seconds),
        chance,
    };
    println!("pid {}", bench.pid);
    // What the first requests find out does not count.
    bench.ask("warm-up", Asked::Balance, READERS).await?;
    let (balances, _) = bench.ask("balances", Asked::Balance, READERS).await?;
    let (one, _) = bench.ask("charges", Asked::Charge, 1).await?;
    let (_, cpu) = bench.ask("charges", Asked::Charge, CHARGERS).await?;
    let (charges, meanwhile) = bench.charge_while_reading(server).await?;
    println!(
        "accounts: balance_p50_ms={:.2} balance_p99_ms={:.2} charges_per_s={:.0} \
         charges_per_s_1={:.0} balance_p99_ms_while_charging={:.2} cpu_us_per_charge={:.0}",
        balances.percentile(50),
        balances.percentile(99),
        charges.rate(),
        one.rate(),
        meanwhile.percentile(99),
        cpu,
    );
    Ok(())
}

struct Bench<'b> {
    application: Arc<ClientApplication>,
    pid: u32,
    duration: Duration,
    chance: &'b Chance,
}

impl Bench<'_> {
    /// One kind of request and nothing else; with the server's CPU time of each in microseconds.
    async fn ask(&self, name: &str, asked: Asked, connections: usize) -> Result<(Answers, f64)> {
        let before = cpu::spent(self.pid)?;
        let answers = load::ask_for(
            &self.application,
            asked,
            connections,
            self.chance,
            self.duration,
        );
        let answers = answers.await?;
        let spent = cpu::spent(self.pid)?.saturating_sub(before);
        let cpu = spent.as_secs_f64() * 1e6 / f64::from(u32::try_from(answers.count())?);
        tell(&format!("{name}, {connections} connections"), &answers);
        println!("    {cpu:.0} us of the server's CPU time each");
        Ok((answers, cpu))
    }

    /// Charges while balances and a report are read.
    async fn charge_while_reading(&self, server: &Server) -> Result<(Answers, Answers)> {
        let stop: Arc<AtomicBool> = Arc::default();
        let reader = Reader::start(server, &stop);
        let (application, chance) = (&self.application, self.chance);
        let pace = Some(PACE);
        let stopped = || Arc::clone(&stop);
        let charging = load::ask(
            application,
            Asked::Charge,
            CHARGERS,
            None,
            chance,
            stopped(),
        );
        let reading = load::ask(
            application,
            Asked::Balance,
            READERS,
            pace,
            chance,
            stopped(),
        );
        let clock = async {
            tokio::time::sleep(self.duration).await;
            stop.store(true, Ordering::Relaxed);
        };
        let (charges, balances, ()) = tokio::join!(charging, reading, clock);
        let (charges, balances) = (charges?, balances?);
        reader.finish()?;
        tell(
            &format!("charges meanwhile, {CHARGERS} connections"),
            &charges,
        );
        tell(
            &format!("balances meanwhile, {READERS} connections"),
            &balances,
        );
        Ok((charges, balances))
    }
}

fn tell(name: &str, answers: &Answers) {
    println!(
        "{name}: {} answers, {:.0}/s, p50 {:.2} ms, p99 {:.2} ms",
        answers.count(),
        answers.rate(),
        answers.percentile(50),
        answers.percentile(99),
    );
}

/// Somebody who reads the report over and over.
struct Reader {
    thread: std::thread::JoinHandle<Result<()>>,
    bytes: Arc<AtomicU64>,
    started: Instant,
}

impl Reader {
    fn start(server: &Server, stop: &Arc<AtomicBool>) -> Self {
        let request = Request {
            server: server.address,
            path: REPORT.to_owned(),
            authorization: Some(format!("bearer {}", print_jobs::KEY)),
            encoding: "identity",
        };
        let (stop, bytes) = (Arc::clone(stop), Arc::<AtomicU64>::default());
        let read = Arc::clone(&bytes);
        let thread = std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                read.fetch_add(client::count(&request)?.bytes, Ordering::Relaxed);
            }
            Ok(())
        });
        Self {
            thread,
            bytes,
            started: Instant::now(),
        }
    }

    fn finish(self) -> Result<()> {
        let ended = self.thread.join().ok();
        ended.context("the reader panicked")??;
        let megabytes = self.bytes.load(Ordering::Relaxed) / 1_000_000;
        let seconds = self.started.elapsed().as_secs_f64();
        println!("{megabytes} MB of reports read meanwhile, within {seconds:.1} s");
        Ok(())
    }
}
