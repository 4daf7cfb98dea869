//! A year of print jobs in a store, with a price list and a key that opens their report.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use jiff::civil::date;
use platen_domain::clock::{Clock as _, Timestamp};
use platen_domain::ids::KeyId;
use platen_domain::keys::{KeyRecord, SecretHash};
use platen_domain::prices::{AppliesTo, Micros, PriceBook, PriceList, Prices, Tariff};
use platen_domain::report_apis::ReportApi;
use platen_domain::scope::Scope;
use platen_store::{PlacedRecord, Store};

use super::traffic;
use crate::clock::WallClock;

/// The key that opens the report; on loopback, for as long as the measurement lasts.
pub(super) const KEY: &str = "873fe108995e37b81e0c64b44e895de045c9dcc71408c03d1e70b4e8ca47649f";

/// How long sealing and compressing may take.
const PATIENCE: Duration = Duration::from_mins(15);

/// Pause between two looks at what is sealed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Jobs of one write.
const BATCH: usize = 2_000;

/// Takes `rows` jobs of the year 2025 in.
pub(super) async fn fill(store: &Store, scope: &Scope, rows: usize) -> Result<()> {
    let now = WallClock.now();
    let (within, key, list) = (scope.clone(), key(scope, now), prices());
    store
        .write(move |writer| {
            writer.insert_key(&within, &key)?;
            writer.insert_price_list(&within, &list, now, "bench")
        })
        .await?;
    let prices = Arc::new(PriceBook::new(vec![self::prices()]));
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
        let (scope, prices) = (scope.clone(), Arc::clone(&prices));
        store
            .write(move |writer| writer.record_print_jobs(&scope, &batch, &prices, now))
            .await?;
    }
    println!(
        "{taken} jobs made in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Waits until every block has its columns and is compressed.
pub(super) fn wait_until_sealed(data: &Path) -> Result<()> {
    let started = Instant::now();
    let blocks = data.join("blocks");
    let (mut before, mut steady) = (0, 0);
    while started.elapsed() < PATIENCE {
        std::thread::sleep(LOOK_EVERY);
        let names: Vec<_> = std::fs::read_dir(&blocks)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|directory| std::fs::read_dir(directory.path()).ok())
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
