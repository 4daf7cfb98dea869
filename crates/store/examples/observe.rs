//! What keeping an observation costs: 10,000 devices, then rounds of dynamic answers in which
//! one meter moved and every tenth device's toner did.
//!
//! `cargo run --release -p platen-store --example observe -- [devices] [rounds] [in flight]`

use std::borrow::Cow;
use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use platen_domain::clock::Timestamp;
use platen_domain::devices::Identity;
use platen_domain::ids::{OrganizationId, SeededIds};
use platen_domain::meters::{Function, MeterColor, MeterKey, MeterValue};
use platen_domain::organizations::Organization;
use platen_domain::readings::{Observation, ProfileRef, Transport};
use platen_domain::scope::{Actor, Scope};
use platen_domain::status::{DetectedErrors, DeviceState, Status};
use platen_domain::supplies::{Level, Supply, SupplyClass, SupplyType};
use platen_store::{Parts, Store, StoreOptions};
use tokio::sync::Semaphore;

/// Clock ticks a second of `/proc/self/stat` (Linux: always 100).
const TICKS_PER_SECOND: f64 = 100.0;

/// Devices that the collector takes in at once.
const DUE_AT_ONCE: u32 = 1_000;

/// The last page that a grid reaches begins behind so many rows.
const ROWS_BEFORE_LAST_PAGE: u32 = 9_499;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u32>());
    let devices = arguments.next().transpose()?.unwrap_or(10_000);
    let rounds = arguments.next().transpose()?.unwrap_or(5);
    let in_flight = arguments.next().transpose()?.unwrap_or(256);
    let directory = tempfile::tempdir()?;
    let store = Store::open(directory.path(), StoreOptions::default())?;
    let scope = found(&store).await?;
    for round in 0..=rounds {
        let wall = Instant::now();
        let cpu = cpu_seconds()?;
        run(&store, &scope, devices, round, in_flight).await?;
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
        let each = 1e6 / f64::from(devices);
        let what = if round == 0 { "first" } else { "again" };
        report(&format!(
            "{what}: devices={devices} wall_s={wall:.2} cpu_us_each={:.1} wall_us_each={:.1}",
            cpu * each,
            wall * each,
        ));
    }
    let wall = Instant::now();
    let cpu = cpu_seconds()?;
    let read = read_all(&store, &scope).await?;
    let each = 1e6 / f64::from(u32::try_from(read)?);
    report(&format!(
        "snapshots: devices={read} cpu_us_each={:.1} wall_us_each={:.1}",
        (cpu_seconds()? - cpu) * each,
        wall.elapsed().as_secs_f64() * each,
    ));
    let (within, wall) = (scope.clone(), Instant::now());
    let due = store.read(move |r| r.poll_targets(&within, None, DUE_AT_ONCE));
    let due = due.await?.0.len();
    report(&format!(
        "due first: devices={due} wall_ms={:.1}",
        wall.elapsed().as_secs_f64() * 1e3,
    ));
    let (within, wall) = (scope.clone(), Instant::now());
    let page = store.read(move |r| {
        let total = r.device_count(&within)?;
        let after = r.device_at(&within, ROWS_BEFORE_LAST_PAGE)?;
        Ok((total, r.snapshots(&within, after, 500, Parts::ALL)?))
    });
    let (total, page) = page.await?;
    report(&format!(
        "grid page: devices={total} rows={} wall_ms={:.1}",
        page.len(),
        wall.elapsed().as_secs_f64() * 1e3,
    ));
    store.close().await;
    let bytes = std::fs::metadata(directory.path().join("platen.db"))?.len();
    report(&format!("database: {bytes} bytes"));
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]
fn report(line: &str) {
    println!("{line}");
}

/// User and system time of this process.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, after_name) = stat.rsplit_once(')').ok_or("no process name")?;
    let ticks: f64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum();
    Ok(ticks / TICKS_PER_SECOND)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a measurement stands in for the authorization layer"
)]
async fn found(store: &Store) -> Result<Scope, Box<dyn Error>> {
    let organization = Organization {
        id: OrganizationId::from_bytes([1; 16]),
        name: "Bench".to_owned(),
        time_zone: "UTC".to_owned(),
        created_at: time(0),
    };
    let scope = Scope::grant(organization.id, Actor::System("bench"));
    store
        .write(move |w| w.insert_organization(&organization))
        .await?;
    Ok(scope)
}

/// Records one observation of every device, at most `in_flight` at a time.
async fn run(
    store: &Store,
    scope: &Scope,
    devices: u32,
    round: u32,
    in_flight: u32,
) -> Result<(), Box<dyn Error>> {
    let permits = Arc::new(Semaphore::new(in_flight as usize));
    let ids = Arc::new(SeededIds::new(7));
    let mut tasks = tokio::task::JoinSet::new();
    for device in 0..devices {
        let permit = Arc::clone(&permits).acquire_owned().await?;
        let (store, scope, ids) = (store.clone(), scope.clone(), Arc::clone(&ids));
        tasks.spawn(async move {
            let observation = observation(device, round);
            let at = observation.collected_at;
            let memory = vec![7; 300];
            let recorded = store
                .write(move |w| {
                    w.record_observation(&scope, &observation, at, &*ids, Some(&memory))
                })
                .await;
            drop(permit);
            recorded
        });
    }
    while let Some(recorded) = tasks.join_next().await {
        recorded??;
    }
    Ok(())
}

/// Reads every snapshot in pages of a thousand and returns how many there are.
async fn read_all(store: &Store, scope: &Scope) -> Result<usize, Box<dyn Error>> {
    let (mut after, mut count) = (None, 0);
    loop {
        let within = scope.clone();
        let page = store
            .read(move |r| r.snapshots(&within, after, 1_000, Parts::ALL))
            .await?;
        let Some(last) = page.last() else {
            return Ok(count);
        };
        after = Some(last.device.id);
        count += page.len();
    }
}

fn time(round: u32) -> Timestamp {
    Timestamp::from_millis(1_750_000_000_000).plus(Duration::from_secs(300 * u64::from(round)))
}

fn observation(device: u32, round: u32) -> Observation {
    let used = (device + round) / 10 % 100;
    Observation {
        address: IpAddr::from((0x7f50_0000 + device).to_be_bytes()),
        transport: Transport::SnmpV2c,
        collected_at: time(round),
        device_uptime_ticks: Some(round * 30_000),
        profile: ProfileRef {
            name: "standard".to_owned(),
            version: 1,
        },
        identity: (round == 0).then(|| identity(device)),
        meters: meters(device, round),
        has_color: Some(true),
        supplies: Some(
            ["black", "cyan", "magenta", "yellow"]
                .iter()
                .zip(1..)
                .map(|(color, index)| supply(index, color, if index == 1 { used } else { 0 }))
                .collect(),
        ),
        status: Some(Status {
            state: DeviceState::Idle,
            errors: Some(DetectedErrors::default()),
            hr_device_status: Some(2),
            hr_printer_status: Some(3),
            alerts: Vec::new(),
            console: vec!["Ready".to_owned()],
        }),
        raw: vec![42; 400],
    }
}

fn identity(device: u32) -> Identity {
    Identity {
        manufacturer: Some("Lexmark".to_owned()),
        model: Some("MX711".to_owned()),
        serial: Some(format!("70{device:010}")),
        mac: Some(format!(
            "00:21:b7:{:02x}:{:02x}:{:02x}",
            device >> 16 & 255,
            device >> 8 & 255,
            device & 255
        )),
        ..Identity::default()
    }
}

fn meters(device: u32, round: u32) -> Vec<MeterValue> {
    let meter = |function, color, value, instance| MeterValue {
        key: MeterKey::impressions(function, color),
        value,
        source: format!("1.3.6.1.2.1.43.10.2.1.4.1.{instance}"),
    };
    let total = u64::from(device * 100 + round);
    vec![
        meter(Function::Total, MeterColor::All, total, 1),
        meter(Function::Total, MeterColor::Color, 900, 2),
        meter(Function::Copy, MeterColor::All, 40, 3),
    ]
}

fn supply(index: u32, color: &str, used: u32) -> Supply {
    Supply {
        index,
        class: SupplyClass::Consumed,
        kind: SupplyType::Toner,
        colorants: vec![color.to_owned()],
        description: format!("{color} toner"),
        part_number: None,
        serial: None,
        unit: Some("percent".to_owned()),
        capacity: Some(100),
        level: Level::Percent(u8::try_from(100 - used.min(100)).unwrap_or(0)),
        raw_capacity: Some(100),
        raw_level: Some(i64::from(100 - used.min(100))),
        rule: Cow::Borrowed("rfc3805"),
    }
}
