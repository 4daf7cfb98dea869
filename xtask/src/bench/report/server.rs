//! Our own server, made for the measurement: a year of print jobs, sealed, served by the real
//! binary.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use jiff::civil::date;
use platen_domain::clock::{Clock as _, Timestamp};
use platen_domain::ids::KeyId;
use platen_domain::keys::{KeyRecord, SecretHash};
use platen_domain::prices::{AppliesTo, Micros, PriceBook, PriceList, Prices, Tariff};
use platen_domain::report_apis::ReportApi;
use platen_domain::scope::{Actor, Scope};
use platen_store::{PlacedRecord, Store, StoreOptions};

use super::super::traffic;
use super::ours::{Ours, Period};
use crate::clock::WallClock;
use crate::{demo, shell};

/// The key that opens the report; on loopback, for as long as the measurement lasts.
const KEY: &str = "873fe108995e37b81e0c64b44e895de045c9dcc71408c03d1e70b4e8ca47649f";

/// Jobs of one write.
const BATCH: usize = 2_000;

/// How long sealing and compressing may take.
const PATIENCE: Duration = Duration::from_mins(15);

/// Pause between two looks at what is sealed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The running server; it is ended when this is dropped.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Makes `rows` jobs in `directory`, starts the server and waits until all is sealed.
    pub(super) fn start(directory: &Path, rows: usize) -> Result<Self> {
        // What is shipped is what is measured.
        let cargo = ["build", "--quiet", "--profile=dist", "--package", "platen"];
        shell::run(&shell::cargo(), &cargo)?;
        let program = shell::target_directory().join("dist/platen");
        let program = program.to_string_lossy();
        let place = directory.join("server");
        let place_text = place.to_string_lossy();
        let init = [
            "init",
            "--directory",
            &place_text,
            "--organization",
            "Bench",
        ];
        let init = [&init[..], &["--time-zone", "UTC"]].concat();
        shell::capture(&program, &init)?;
        let data = place.join("data");
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(fill(&data, rows))?;
        let address = demo::free_address()?;
        let config = configuration(&place, address)?;
        let serve = ["serve", "--config", &config.to_string_lossy()].map(str::to_owned);
        let mut child = shell::command(&program, &serve)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        drain(child.stdout.take());
        drain(child.stderr.take());
        let server = Self { child, address };
        wait_until_sealed(&data)?;
        Ok(server)
    }

    /// As the measurement sees it.
    pub(super) fn ours(&self) -> Ours {
        let period = |name, from, to| Period {
            name,
            path: format!("/ReportApi/Reports/PrintJobs/{from}/{to}"),
        };
        Ours {
            address: self.address,
            authorizations: vec![format!("bearer {KEY}")],
            pid: self.child.id(),
            periods: vec![
                period("month", "2025-01-01", "2025-01-31"),
                period("all", "2025-01-01", "2025-12-31"),
            ],
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing in it is wanted any more.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Every block has its columns and is compressed.
fn wait_until_sealed(data: &Path) -> Result<()> {
    let started = Instant::now();
    let blocks = data.join("blocks/1");
    let (mut before, mut steady) = (0, 0);
    while started.elapsed() < PATIENCE {
        std::thread::sleep(LOOK_EVERY);
        let names: Vec<_> = std::fs::read_dir(&blocks)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        let count = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
        let columns = count(".columns");
        let whole = columns > 0 && count(".gz") == columns;
        steady = if whole && columns == before {
            steady + 1
        } else {
            0
        };
        before = columns;
        if steady > 3 {
            println!(
                "{columns} blocks sealed and compressed after {:.0} s",
                started.elapsed().as_secs_f64()
            );
            return Ok(());
        }
    }
    bail!("the server did not seal its days in time");
}

/// What the server says goes nowhere, but it must go.
fn drain(output: Option<impl std::io::Read + Send + 'static>) {
    if let Some(output) = output {
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                drop(line);
            }
        });
    }
}

fn configuration(place: &Path, address: SocketAddr) -> Result<PathBuf> {
    let config = place.join("bench.toml");
    let text = format!(
        "data_directory = \"data\"\nlisten = \"{address}\"\n\n[log]\nlevel = \"warn\"\n\n\
         [report]\nrequests_per_minute = 10000\nrequests_at_once = 200\n"
    );
    std::fs::write(&config, text)?;
    Ok(config)
}

async fn fill(data: &Path, rows: usize) -> Result<()> {
    let now = WallClock.now();
    let options = StoreOptions {
        now,
        ..StoreOptions::default()
    };
    let store = Store::open(data, options)?;
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method's path is not general over the reader's lifetime"
    )]
    let organizations = store.read(|reader| reader.organizations()).await?;
    let organization = organizations.first().context("there is no organization")?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the bench stands in for the authorization layer"
    )]
    let scope = Scope::grant(organization.id, Actor::System("bench"));
    let (within, key, list) = (scope.clone(), key(&scope, now), prices());
    store
        .write(move |writer| {
            writer.insert_key(&within, &key)?;
            writer.insert_price_list(&within, &list, now, "bench")
        })
        .await?;
    let prices = std::sync::Arc::new(PriceBook::new(vec![self::prices()]));
    let traffic = traffic::site("agent|bench");
    let mut records = traffic
        .jobs(date(2025, 1, 1), date(2025, 12, 31))
        .take(rows);
    let (started, mut taken) = (Instant::now(), 0);
    loop {
        let batch: Vec<PlacedRecord> = records.by_ref().take(BATCH).map(traffic::placed).collect();
        if batch.is_empty() {
            break;
        }
        taken += batch.len();
        let (scope, prices) = (scope.clone(), prices.clone());
        store
            .write(move |writer| writer.record_print_jobs(&scope, &batch, &prices, now))
            .await?;
    }
    store.close().await;
    println!(
        "{taken} jobs made in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

fn key(scope: &Scope, now: Timestamp) -> KeyRecord {
    KeyRecord {
        id: KeyId::from_bytes([7; 16]),
        organization: scope.organization(),
        api: ReportApi::PrintJobs,
        hash: SecretHash::of(KEY),
        prefix: KEY.chars().take(8).collect(),
        created_at: now,
        created_by: "bench".to_owned(),
        last_used_at: None,
        revoked_at: None,
    }
}

fn prices() -> PriceList {
    let tariff = Tariff {
        any: Prices {
            mono_side: Some(Micros(10_000)),
            color_side: Some(Micros(65_000)),
            sheet: Some(Micros(8_000)),
        },
        ..Tariff::default()
    };
    PriceList {
        version: 1,
        valid_from: Timestamp::from_millis(0),
        currency: "EUR".to_owned(),
        tariffs: [(AppliesTo::Default, tariff)].into(),
    }
}
